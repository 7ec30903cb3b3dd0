package store_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	ann = "+12025550143"
	bea = "+12025550144"
	cat = "+12025550145"
)

// noon is when most of these tests take place.
var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// lineUnderTest is one with four groups, the second of which needs approval.
type lineUnderTest struct {
	url    string
	db     *store.DB
	keys   *vault.Keyring
	id     string
	groups []string // ids, in the order of the file
	*store.Members
}

func setUpMembers(t testing.TB) *lineUnderTest {
	t.Helper()
	return setUpMembersAt(t, storetest.URL(t))
}

func setUpMembersAt(t testing.TB, url string) *lineUnderTest {
	t.Helper()
	l := &lineUnderTest{url: url, db: openURL(t, url), keys: storetest.Keyring(t)}
	l.id = ensureLine(t, l.db, l.keys)
	if _, err := l.db.ImportGroups(t.Context(), l.keys, l.id, sampleGroups(t)); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"482105", "317264", "850271", "604183"} {
		var id string
		if err := raw(t, url).QueryRowContext(t.Context(), `SELECT group_id FROM groups WHERE code = $1`, code).Scan(&id); err != nil {
			t.Fatal(err)
		}
		l.groups = append(l.groups, id)
	}
	l.Members = store.NewMembers(l.db, l.keys)
	return l
}

var events atomic.Int64

// event is one that nobody has seen before.
func (l *lineUnderTest) event(at time.Time) store.Event {
	return store.Event{Line: l.id, SID: fmt.Sprintf("CA%032d", events.Add(1)), Turn: 3, At: at}
}

func (l *lineUnderTest) act(member string) store.Act {
	return store.Act{Event: l.event(noon), Member: member}
}

var (
	english = flows.Preferences{Channel: flows.ByText, Language: "en", Zone: "America/New_York"}
	agreed  = flows.Consent{Wording: "4f5e#agree", Channel: flows.ByCall}
)

func (l *lineUnderTest) byPhone(t testing.TB, n, pin, group string) store.Enrolled {
	t.Helper()
	return l.enrol(t, store.Enrolment{Event: l.event(noon), Number: number(t, n), Group: group, PIN: pin, Preferences: english, Consent: agreed})
}

func (l *lineUnderTest) byText(t testing.TB, n, group string) store.Enrolled {
	t.Helper()
	return l.enrol(t, store.Enrolment{
		Event: l.event(noon), Number: number(t, n), Group: group, Confirmed: true, Preferences: english, Consent: agreed,
	})
}

func (l *lineUnderTest) enrol(t testing.TB, e store.Enrolment) store.Enrolled {
	t.Helper()
	told, err := l.Enrol(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return told
}

func (l *lineUnderTest) confirm(t testing.TB, n string) {
	t.Helper()
	if err := l.Confirm(t.Context(), l.event(noon), number(t, n), l.groups); err != nil {
		t.Fatal(err)
	}
}

// login is one from n's own phone, for which the carriers do not vouch.
func (l *lineUnderTest) login(t testing.TB, n, handle, pin string, at time.Time) store.Login {
	return store.Login{Event: l.event(at), Caller: number(t, n), Handle: handle, PIN: pin}
}

func (l *lineUnderTest) logIn(t testing.TB, login store.Login) store.LoggedIn {
	t.Helper()
	in, err := l.LogIn(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// member signs n in.
func (l *lineUnderTest) member(t testing.TB, n, pin string) string {
	t.Helper()
	in := l.logIn(t, l.login(t, n, "", pin, noon))
	if in.Member == "" {
		t.Fatalf("the PIN of a member is %s", in.Result)
	}
	return in.Member
}

func (l *lineUnderTest) load(t testing.TB, member string) flows.Member {
	t.Helper()
	loaded, err := l.Load(t.Context(), l.id, member, l.groups)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func (l *lineUnderTest) holdings(t testing.TB, n string) store.Holdings {
	t.Helper()
	h, err := l.Holdings(t.Context(), l.id, number(t, n), l.groups, noon)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (l *lineUnderTest) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	return count(t, raw(t, l.url), query, args...)
}

// states are those of n's memberships, by group.
func (l *lineUnderTest) states(t testing.TB, n string) map[string]string {
	t.Helper()
	states := map[string]string{}
	for _, g := range l.holdings(t, n).Groups {
		states[g.Group] = g.State
	}
	return states
}

func (l *lineUnderTest) wantStates(t testing.TB, n string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, l.states(t, n)); diff != "" {
		t.Errorf("the memberships (-want +got):\n%s", diff)
	}
}

var handleShape = regexp.MustCompile(`^[1-9][0-9]{5}$`)

func TestEnrolByPhone(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	told := l.byPhone(t, ann, "482913", l.groups[0])
	if !handleShape.MatchString(told.Handle) || told.Code != "" || !told.Ask {
		t.Errorf("told %+v", told)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "asked"})
	want := store.HeldMember{
		Enrolled: "2026-11", Seen: "2026-11", State: "asked", ErasedOn: "2026-12-01", Handle: told.Handle, PIN: "set",
		Consent:     flows.Consent{Wording: agreed.Wording, Channel: flows.ByCall, Month: "2026-11"},
		Preferences: english.Complete(),
	}
	h := l.holdings(t, ann)
	if diff := cmp.Diff(&want, h.Member); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]store.HeldSend{{Kind: "confirmation", Channel: "text", State: "due"}}, h.Outbox); diff != "" {
		t.Errorf("the outbox (-want +got):\n%s", diff)
	}

	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
	if h := l.holdings(t, ann); h.Member.State != "confirmed" || h.Member.ErasedOn != "" || h.Outbox[0].State != "lapsed" {
		t.Errorf("confirmed: %+v", h)
	}
	if n := l.count(t, `SELECT coalesce(sum(count), 0) FROM daily_count WHERE day = '2026-11-24' AND name IN ('enrolled', 'confirmed')`); n != 2 {
		t.Errorf("counted %d", n)
	}
}

func TestTheConfirmationIsPutIntoTheOutbox(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for n, channel := range map[string]flows.Channel{ann: flows.ByText, bea: flows.ByCall} {
		e := store.Enrolment{Event: l.event(noon), Number: number(t, n), PIN: "482913", Preferences: english, Consent: agreed}
		e.Preferences.Channel = channel
		l.enrol(t, e)
	}
	if n := l.count(t, `
		SELECT count(*) FROM outbox
		WHERE kind = 'confirmation' AND state = 'due' AND attempts = 0 AND expires_at = $1
		  AND due_at = CASE channel WHEN 'text' THEN $2::timestamptz ELSE $3 END`,
		noon.Add(24*time.Hour), noon, noon.Add(2*time.Minute)); n != 2 {
		t.Errorf("%d of two are as they should be", n)
	}
	l.byPhone(t, ann, "111222", l.groups[0]) // asked again, while the first is live
	if n := l.count(t, `SELECT count(*) FROM outbox`); n != 2 {
		t.Errorf("%d rows for two numbers", n)
	}
}

func TestEnrolByText(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	told := l.byText(t, ann, l.groups[0])
	if told.Handle != "" || !handleShape.MatchString(told.Code) || told.Ask {
		t.Errorf("told %+v", told)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
	if h := l.holdings(t, ann); h.Member.State != "confirmed" || h.Member.PIN != "code" || len(h.Outbox) != 0 {
		t.Errorf("held: %+v", h.Member)
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon.Add(24*time.Hour))); in.Result != store.LoginRefused {
		t.Errorf("a code after 24 hours is %s", in.Result)
	}
	in := l.logIn(t, l.login(t, ann, "", told.Code, noon.Add(24*time.Hour-time.Second)))
	if in.Result != store.LoginFirst {
		t.Fatalf("the code is %s", in.Result)
	}
	handle, err := l.SetPIN(t.Context(), l.act(in.Member), "482913")
	if err != nil || !handleShape.MatchString(handle) {
		t.Fatalf("the member number is %q, %v", handle, err)
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon)); in.Result != store.LoginRefused {
		t.Errorf("a code that was used is %s", in.Result)
	}
	if again := l.logIn(t, l.login(t, bea, handle, "482913", noon)); again.Result != store.LoginOK || again.Member != in.Member {
		t.Errorf("the PIN from another phone: %+v", again)
	}
	if handle, err = l.SetPIN(t.Context(), l.act(in.Member), "5829130"); err != nil || handle != "" {
		t.Errorf("the member number is told again: %q, %v", handle, err)
	}
	if in := l.logIn(t, l.login(t, ann, "", "5829130", noon)); in.Result != store.LoginOK {
		t.Errorf("the new PIN is %s", in.Result)
	}
}

func TestEnrollingAnEnrolledNumberChangesItsMembershipsAlone(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	first := l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	before := l.holdings(t, ann)

	byPhone := l.enrol(t, store.Enrolment{
		Event: l.event(noon), Number: number(t, ann), Group: l.groups[2], PIN: "771100",
		Preferences: flows.Preferences{Channel: flows.ByCall, Language: "es"}, Consent: agreed,
	})
	if !handleShape.MatchString(byPhone.Handle) || byPhone.Handle == first.Handle || byPhone.Code != "" || !byPhone.Ask {
		t.Errorf("told by phone: %+v", byPhone)
	}
	byText := l.byText(t, ann, l.groups[3])
	if byText.Handle != "" || !handleShape.MatchString(byText.Code) || byText.Ask {
		t.Errorf("told by text: %+v", byText)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "asked", l.groups[3]: "active"})
	if diff := cmp.Diff(before.Member, l.holdings(t, ann).Member); diff != "" {
		t.Errorf("the identity changed (-before +after):\n%s", diff)
	}
	for name, x := range map[string]store.Login{
		"the other PIN":      l.login(t, ann, "", "771100", noon),
		"the other handle":   l.login(t, bea, byPhone.Handle, "771100", noon),
		"both, from my own":  l.login(t, ann, byPhone.Handle, "482913", noon),
		"a code, with a PIN": l.login(t, ann, "", byText.Code, noon),
	} {
		if in := l.logIn(t, x); in.Result != store.LoginRefused || in.Member != "" {
			t.Errorf("%s: %+v", name, in)
		}
	}
	if n := l.count(t, `SELECT count(*) FROM member`); n != 1 {
		t.Errorf("there are %d members", n)
	}
	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "active", l.groups[3]: "active"})
}

func TestWhoHasNoPINGetsANewCode(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	old := l.byText(t, ann, l.groups[0])
	told := l.byText(t, ann, l.groups[0])
	if old.Code == told.Code {
		t.Skip("one in 900,000: the same code was drawn twice")
	}
	if in := l.logIn(t, l.login(t, ann, "", old.Code, noon)); in.Result != store.LoginRefused {
		t.Errorf("the old code is %s", in.Result)
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon)); in.Result != store.LoginFirst {
		t.Errorf("the new code is %s", in.Result)
	}
}

// Somebody enrols another's number, which they can fake, with a PIN that they know.
func TestWhoTextsIsNotBoundByACallInTheirName(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	faked := l.byPhone(t, ann, "482913", l.groups[2])
	told := l.byText(t, ann, l.groups[0])
	for name, x := range map[string]store.Login{
		"by number": l.login(t, ann, "", "482913", noon), "by handle": l.login(t, bea, faked.Handle, "482913", noon),
	} {
		if in := l.logIn(t, x); in.Result != store.LoginRefused {
			t.Errorf("the PIN of whoever called is %s %s", in.Result, name)
		}
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon)); in.Result != store.LoginFirst {
		t.Errorf("the code is %s", in.Result)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "asked"})
}

func TestAGroupThatNeedsApproval(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	group := l.groups[1]
	l.byText(t, ann, group)
	l.wantStates(t, ann, map[string]string{group: "applied"})
	l.byPhone(t, bea, "482913", group)
	l.wantStates(t, bea, map[string]string{group: "asked"})
	l.confirm(t, bea)
	l.wantStates(t, bea, map[string]string{group: "applied"})
	member := l.member(t, bea, "482913")
	if in, err := l.Belongs(t.Context(), l.id, member, group); err != nil || in {
		t.Errorf("who applied belongs: %t, %v", in, err)
	}
	if err := l.Invite(t.Context(), l.invitation(t, bea, group)); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, bea, map[string]string{group: "asked"})
	l.confirm(t, bea)
	l.wantStates(t, bea, map[string]string{group: "active"})
	if in, err := l.Belongs(t.Context(), l.id, member, group); err != nil || !in {
		t.Errorf("who was let in belongs: %t, %v", in, err)
	}
	if in, err := l.Belongs(t.Context(), l.id, member, l.groups[0]); err != nil || in {
		t.Errorf("to a group that they are not in: %t, %v", in, err)
	}
}

func TestLoadJoinLeaveAndQuick(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[2])
	l.confirm(t, ann)
	member := l.member(t, ann, "482913")
	if err := l.Join(t.Context(), l.act(member), l.groups[0], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
	if err := l.SetQuick(t.Context(), l.act(member), l.groups[2]); err != nil {
		t.Fatal(err)
	}
	want := flows.Member{
		Preferences: english.Complete(), Enrolled: "2026-11", Groups: []string{l.groups[0], l.groups[2]}, Quick: l.groups[2],
		Consent: flows.Consent{Wording: agreed.Wording, Channel: flows.ByCall, Month: "2026-11"},
	}
	if diff := cmp.Diff(want, l.load(t, member)); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
	quick := func(n, want string) {
		t.Helper()
		if got, err := l.Quick(t.Context(), l.id, number(t, n)); err != nil || got != want {
			t.Errorf("quick: %q, %v", got, err)
		}
	}
	quick(ann, l.groups[2])
	quick(bea, "")
	if got, err := l.Quick(t.Context(), l.id, vault.Number{}); err != nil || got != "" {
		t.Errorf("quick of a withheld number: %q, %v", got, err)
	}
	if err := l.Leave(t.Context(), l.act(member), l.groups[2]); err != nil {
		t.Fatal(err)
	}
	quick(ann, "")
	if got := l.load(t, member).Groups; !slices.Equal(got, l.groups[:1]) {
		t.Errorf("after leaving: %v", got)
	}
	for _, n := range []string{ann, bea} {
		if err := l.LeaveNumber(t.Context(), l.event(noon), number(t, n), l.groups[0]); err != nil {
			t.Error(err)
		}
	}
	if rows, keys := l.count(t, `SELECT count(*) FROM membership`), l.count(t, `SELECT count(*) FROM keys.membership`); rows+keys != 0 {
		t.Errorf("%d memberships and %d keys stay", rows, keys)
	}
	if _, err := l.Load(t.Context(), l.id, "00000000-0000-4000-8000-000000000000", l.groups); !isNotFound(err) {
		t.Errorf("load nobody: %v", err)
	}
	if err := l.Join(t.Context(), l.act(member), "00000000-0000-4000-8000-000000000000", flows.AccessOpen); !isNotFound(err) {
		t.Errorf("join no group: %v", err)
	}
	if n := l.count(t, `SELECT count(*) FROM keys.membership`); n != 0 {
		t.Error("a key was left of a membership that could not be made")
	}
}

func TestPreferencesReachTheMemberships(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	member := l.member(t, ann, "482913")
	if err := l.Prefer(t.Context(), l.act(member), flows.Preferences{Channel: flows.ByCall, Days: flows.Weekends, Clear: true}, l.groups); err != nil {
		t.Fatal(err)
	}
	want := flows.Preferences{Channel: flows.ByCall, Days: flows.Weekends, Clear: true, Language: "en", Zone: "America/New_York"}.Complete()
	if diff := cmp.Diff(want, l.load(t, member).Preferences); diff != "" {
		t.Errorf("of the identity (-want +got):\n%s", diff)
	}
	got, err := l.MembershipPreferences(t.Context(), l.id, l.pseudonyms(t)[0])
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("of the membership: %v (-want +got):\n%s", err, diff)
	}
	if n := l.count(t, `SELECT count(*) FROM membership WHERE channel = 'call'`); n != 1 {
		t.Error("the channel of the membership stayed")
	}
}

func (l *lineUnderTest) pseudonyms(t testing.TB) [][]byte {
	t.Helper()
	return column(t, l.url, `SELECT pseudonym FROM membership`)
}

func TestStopAndStart(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	l.byPhone(t, ann, "482913", l.groups[2]) // asks again
	stop := func(n string, stop bool) {
		t.Helper()
		if err := l.Stop(t.Context(), l.event(noon), number(t, n), stop, l.groups); err != nil {
			t.Fatal(err)
		}
	}
	stop(ann, true)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped", l.groups[2]: "asked"})
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); n != 0 {
		t.Error("who wants nothing is asked to confirm")
	}
	member := l.member(t, ann, "482913")
	if !l.load(t, member).Stopped {
		t.Error("they are not told that they are stopped")
	}
	l.byText(t, ann, l.groups[3])
	l.byPhone(t, ann, "482913", l.groups[3])
	if err := l.Join(t.Context(), l.act(member), l.groups[0], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped", l.groups[2]: "asked", l.groups[3]: "stopped"})
	if in, err := l.Belongs(t.Context(), l.id, member, l.groups[0]); err != nil || !in {
		t.Errorf("who is stopped does not belong: %v", err)
	}
	stop(ann, false)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "asked", l.groups[3]: "active"})
	stop(bea, true)
	if n := l.count(t, `SELECT count(*) FROM member`); n != 1 {
		t.Error("who is nobody left a row by saying stop")
	}
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// column is what a query of one column of bytes finds.
func column(t testing.TB, url, query string, args ...any) [][]byte {
	t.Helper()
	rows, err := raw(t, url).QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all [][]byte
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
