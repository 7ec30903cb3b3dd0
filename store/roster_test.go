package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// desk is who decides.
var desk = store.By{Actor: "Ada", At: noon}

func (l *lineUnderTest) newRoster() *store.Roster {
	return store.NewRoster(l.db, l.keys, func() time.Time { return noon })
}

func (l *lineUnderTest) roster(t testing.TB, group string) []store.RosterEntry {
	t.Helper()
	all, err := l.newRoster().List(t.Context(), l.id, group)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// the one entry of a group.
func (l *lineUnderTest) entry(t testing.TB, group string) store.RosterEntry {
	t.Helper()
	all := l.roster(t, group)
	if len(all) != 1 {
		t.Fatalf("%d are on the roster", len(all))
	}
	return all[0]
}

func (l *lineUnderTest) audited(t *testing.T) []string {
	t.Helper()
	return texts(t, l.look, `SELECT act || ' ' || detail FROM audit ORDER BY seq`)
}

func TestWhoWaitsIsLetIn(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	r, group := l.newRoster(), l.groups[1]
	l.byText(t, ann, group)
	waits := l.entry(t, group)
	if waits.State != "applied" || waits.Number < 10 || waits.Number > 99 {
		t.Fatalf("who waits: %+v", waits)
	}
	if again := l.entry(t, group); again != waits {
		t.Errorf("looked at again: %+v, then %+v", waits, again)
	}
	found, err := r.Numbered(t.Context(), l.id, l.groups, waits.Number)
	if err != nil || found != waits {
		t.Errorf("by number: %+v, %v", found, err)
	}
	if _, err := r.Numbered(t.Context(), l.id, l.groups[:1], waits.Number); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("by number, in another group: %v", err)
	}
	if err := r.Approve(t.Context(), l.id, desk, l.groups[0], waits.Key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("approved by another group: %v", err)
	}
	by := store.By{Actor: "Ada", Event: store.NewAuditID(), At: noon}
	for range 2 {
		if err := r.Approve(t.Context(), l.id, by, group, waits.Key); err != nil {
			t.Fatal(err)
		}
	}
	if in := l.entry(t, group); in.State != "active" || in.Number != 0 {
		t.Errorf("let in: %+v", in)
	}
	if got := l.audited(t); !slices.Equal(got, []string{"roster.approve group 317264"}) {
		t.Errorf("the log: %q", got)
	}
	if err := r.Decline(t.Context(), l.id, desk, group, waits.Key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("declined who is in: %v", err)
	}
}

func TestWhoIsDeclinedLeavesNothing(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	group := l.groups[1]
	l.byText(t, ann, group)
	if err := l.newRoster().Decline(t.Context(), l.id, desk, group, l.entry(t, group).Key); err != nil {
		t.Fatal(err)
	}
	if n := l.count(t, `SELECT (SELECT count(*) FROM membership) + (SELECT count(*) FROM keys.membership)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	l.byText(t, ann, group)
	l.wantStates(t, ann, map[string]string{group: "applied"})
}

// Nothing is sent to who said STOP while they waited, or were blocked.
func TestAStopHoldsWhileOneWaits(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	r, group := l.newRoster(), l.groups[1]
	l.byText(t, ann, group)
	l.stop(t, ann, true)
	key := l.entry(t, group).Key
	if err := r.Approve(t.Context(), l.id, desk, group, key); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, ann, map[string]string{group: "stopped"})
	for _, do := range []func() error{
		func() error { return r.Block(t.Context(), l.id, desk, group, key) },
		func() error { l.wantStates(t, ann, map[string]string{group: "blocked"}); return nil },
		func() error { return r.Unblock(t.Context(), l.id, desk, group, key) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	l.wantStates(t, ann, map[string]string{group: "stopped"})
	l.stop(t, ann, false)
	l.wantStates(t, ann, map[string]string{group: "active"})
}

func TestWhoIsBlockedIsNotAdmitted(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	r, group := l.newRoster(), l.groups[1]
	l.byPhone(t, ann, "482913", group)
	l.confirm(t, ann)
	member := l.member(t, ann, "482913")
	key := l.entry(t, group).Key
	if err := r.Approve(t.Context(), l.id, desk, group, key); err != nil {
		t.Fatal(err)
	}
	if err := r.Block(t.Context(), l.id, desk, group, key); err != nil {
		t.Fatal(err)
	}
	if in, err := l.Belongs(t.Context(), l.id, member, group); err != nil || in {
		t.Errorf("belongs: %t, %v", in, err)
	}
	if err := l.Join(t.Context(), l.act(member), group, flows.AccessApproval); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, ann, map[string]string{group: "blocked"})
}

// What is said of somebody is theirs to be told, and goes with them.
func TestWhatIsSaidOfSomebody(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	r, group := l.newRoster(), l.groups[0]
	l.byText(t, ann, group)
	key := l.entry(t, group).Key
	if err := r.SetAlias(t.Context(), l.id, desk, group, key, " Fern "); err != nil {
		t.Fatal(err)
	}
	if err := r.SetNote(t.Context(), l.id, desk, group, key, "Likes to be asked last."); err != nil {
		t.Fatal(err)
	}
	if e := l.entry(t, group); e.Alias != "Fern" || e.Note != "Likes to be asked last." {
		t.Errorf("kept: %+v", e)
	}
	if g := l.holdings(t, ann).Groups[0]; g.Alias != "Fern" || g.Note == "" {
		t.Errorf("told: %+v", g)
	}
	for _, note := range []string{strings.Repeat("é", 201), "call +1 202-555-0147", "two\nlines"} {
		if err := r.SetNote(t.Context(), l.id, desk, group, key, note); !errors.Is(err, store.ErrSaid) {
			t.Errorf("a note of %d letters: %v", len(note), err)
		}
	}
	if err := r.SetNote(t.Context(), l.id, desk, group, key, strings.Repeat("<", 200)); err != nil {
		t.Errorf("a note that grows when it is written down: %v", err)
	}
	if n := l.count(t, `SELECT count(*) FROM membership WHERE encode(said, 'escape') LIKE '%Fern%'`); n != 0 {
		t.Error("it is not sealed")
	}
}

// Many who wait have numbers of three digits, and nobody that of another.
func TestEachWhoWaitsHasANumber(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for i := range 50 {
		l.byText(t, strings.Replace("+120255501NN", "NN", string([]byte{byte('0' + i/10), byte('0' + i%10)}), 1), l.groups[1])
	}
	seen := map[int]bool{}
	for _, e := range l.roster(t, l.groups[1]) {
		if seen[e.Number] || e.Number < 10 {
			t.Errorf("a number is %d, again: %t", e.Number, seen[e.Number])
		}
		seen[e.Number] = true
	}
	in, waiting, err := l.newRoster().Count(t.Context(), l.id, l.groups[1])
	if err != nil || in != 0 || waiting != 50 || len(seen) != 50 {
		t.Errorf("%d in, %d wait, %d numbers, %v", in, waiting, len(seen), err)
	}
	first := l.roster(t, l.groups[1])[0]
	if err := l.newRoster().Approve(t.Context(), l.id, desk, first.Group, first.Key); err != nil {
		t.Fatal(err)
	}
	if all, err := l.newRoster().Waiting(t.Context(), l.id, l.groups); err != nil || len(all) != 49 {
		t.Errorf("%d wait then, %v", len(all), err)
	}
}

// asks is somebody who asks by phone to be let into a group, and may be called.
func (l *lineUnderTest) asks(t testing.TB, n, group string) {
	t.Helper()
	l.enrol(t, store.Enrolment{Event: l.event(noon), Number: number(t, n), Group: group, PIN: annPIN, Preferences: english, Consent: agreed, MayCall: true})
	l.confirm(t, n)
}

// Whoever let coordinators call them can be reached while they wait, and not after.
func TestWhoMayBeCalled(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	r, group := l.newRoster(), l.groups[1]
	l.asks(t, ann, group)
	l.byText(t, bea, group)
	for _, e := range l.roster(t, group) {
		n, _, err := r.Reach(t.Context(), l.id, group, e.Key)
		fresh, calls := r.Calls(t.Context(), l.id, desk, group, e.Key)
		if e.MayCall {
			if err != nil || calls != nil || !fresh || !n.Equal(number(t, ann)) {
				t.Errorf("who may be called: %v, %t, %v", err, fresh, calls)
			}
			if _, _, err := r.Reach(t.Context(), l.id, l.groups[0], e.Key); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("by another group: %v", err)
			}
			if err := r.Approve(t.Context(), l.id, desk, group, e.Key); err != nil {
				t.Fatal(err)
			}
			_, _, err = r.Reach(t.Context(), l.id, group, e.Key)
			_, calls = r.Calls(t.Context(), l.id, desk, group, e.Key)
		}
		if !errors.Is(err, store.ErrNotFound) || !errors.Is(calls, store.ErrNotFound) {
			t.Errorf("who may not: %v, %v", err, calls)
		}
	}
}

// STOP takes back that coordinators may call, for good: who starts again is asked again.
func TestWhoSaidStopIsNotCalled(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	r, group := l.newRoster(), l.groups[1]
	l.asks(t, ann, group)
	key := l.roster(t, group)[0].Key
	for _, stop := range []bool{true, false} {
		if err := l.Stop(t.Context(), l.event(noon), number(t, ann), stop, l.groups); err != nil {
			t.Fatal(err)
		}
		_, _, reach := r.Reach(t.Context(), l.id, group, key)
		_, calls := r.Calls(t.Context(), l.id, desk, group, key)
		if !errors.Is(reach, store.ErrNotFound) || !errors.Is(calls, store.ErrNotFound) || l.roster(t, group)[0].MayCall {
			t.Errorf("stopped %t: %v, %v", stop, reach, calls)
		}
	}
}
