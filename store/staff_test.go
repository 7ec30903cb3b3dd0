package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store"
)

// staffed is a line whose second group Hazel holds, by ann's number, and Juniper, by
// bea's.
type staffed struct {
	*lineUnderTest
	*store.Staff
	group string
}

func setUpStaff(t testing.TB) staffed {
	t.Helper()
	l := setUpMembers(t)
	return staffed{l, store.NewStaff(l.db, l.keys), l.groups[1]}
}

const juniperPIN = "2619403"

// from is an attempt at the group from a number, for which the carriers do not vouch;
// "" withholds it.
func (s staffed) from(t testing.TB, n, pin string) store.SignIn {
	in := store.SignIn{Event: s.event(noon), Group: s.group, PIN: pin}
	if n != "" {
		in.Caller = number(t, n)
	}
	return in
}

// signIn returns whose PIN it is, "" for nobody's.
func (s staffed) signIn(t testing.TB, in store.SignIn) string {
	t.Helper()
	id, alias, ok, err := s.SignIn(t.Context(), in)
	if err != nil || ok != (id != "") || ok != (alias != "") {
		t.Fatal(id, alias, ok, err)
	}
	return alias
}

// tries signs in n times, at as many events.
func (s staffed) tries(t testing.TB, n int, in store.SignIn) (whose []string) {
	t.Helper()
	for range n {
		in.Event = s.event(in.At)
		whose = append(whose, s.signIn(t, in))
	}
	return whose
}

func TestSignInFindsTheFacilitatorOrRefuses(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	ofAnother, gone := s.from(t, cat, hazelPIN), s.from(t, cat, hazelPIN)
	ofAnother.Group, gone.Group = s.groups[0], "00000000-0000-4000-8000-000000000000"
	nobodys := s.from(t, cat, hazelPIN)
	nobodys.Group = s.groups[2]
	for name, c := range map[string]struct {
		in   store.SignIn
		want string
	}{
		"the first":          {s.from(t, ann, hazelPIN), "Hazel"},
		"the second":         {s.from(t, bea, juniperPIN), "Juniper"},
		"another phone":      {s.from(t, cat, juniperPIN), "Juniper"},
		"withheld":           {s.from(t, "", hazelPIN), "Hazel"},
		"wrong":              {s.from(t, ann, "482913"), ""},
		"empty":              {s.from(t, ann, ""), ""},
		"another group's":    {ofAnother, ""},
		"without any":        {nobodys, ""},
		"no group like that": {gone, ""},
	} {
		if got := s.signIn(t, c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	for name, want := range map[string]int{"pin_right": 4, "pin_wrong": 5, "pin_refused": 0} {
		if n := s.count(t, `SELECT coalesce(sum(count), 0) FROM daily_count WHERE name = $1`, name); n != want {
			t.Errorf("%s: %d, want %d", name, n, want)
		}
	}
}

func TestAFacilitatorHasTheBudgetsOfAMember(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	if got := s.tries(t, 7, s.from(t, cat, hazelPIN)); slices.Contains(got, "") {
		t.Errorf("right seven times: %q", got)
	}
	s.tries(t, 5, s.from(t, cat, "000000"))
	if s.signIn(t, s.from(t, cat, hazelPIN)) != "" {
		t.Error("the PIN was looked at after five wrong ones")
	}
	if n := s.count(t, `SELECT count FROM daily_count WHERE name = 'pin_refused'`); n != 1 {
		t.Errorf("%d were not looked at", n)
	}
	later := s.from(t, cat, hazelPIN)
	later.At = noon.Add(4 * time.Minute)
	if s.signIn(t, later) != "Hazel" {
		t.Error("none came back")
	}

	spend := func(what string, of []byte, spent int) {
		t.Helper()
		mark := s.AttemptMark(s.id, noon, what, of)
		if what == "staff group" { // whatever day it is
			mark = s.keys.Mark("staff attempt", s.id, "group", s.group)
		}
		do(t, s.look, `INSERT INTO attempt (line_id, counter, spent, total, since, expires_at) VALUES ($1, $2, $3, 0, $4, $4)
			ON CONFLICT (line_id, counter) DO UPDATE SET spent = excluded.spent`, s.id, mark, spent, noon)
	}
	spend("staff withheld", nil, 30)
	if s.signIn(t, s.from(t, "", hazelPIN)) != "" || s.signIn(t, s.from(t, bea, hazelPIN)) != "Hazel" {
		t.Error("the thirty-first withheld number is looked at, or one that is not withheld is refused")
	}
	own := s.from(t, ann, hazelPIN)
	own.Verified = true
	stranger := s.from(t, "+12025550155", hazelPIN)
	stranger.Verified = true
	for what, of := range map[string][]byte{"staff group": []byte(s.group), "staff line": nil} {
		spend(what, of, 300)
		if s.signIn(t, s.from(t, bea, hazelPIN)) != "" || s.signIn(t, stranger) != "" {
			t.Errorf("%s has no end", what)
		}
		own.Event = s.event(noon)
		if s.signIn(t, own) != "Hazel" {
			t.Errorf("%s: others shut a facilitator out of their own phone", what)
		}
		spend(what, of, 0)
	}
	// What is spent of members' is nothing to facilitators, and the other way round.
	s.spend(t, "line", 300)
	if s.signIn(t, s.from(t, bea, hazelPIN)) != "Hazel" {
		t.Error("members' attempts count for facilitators")
	}
}

// Whoever guesses slowly, from another number each time, has as few guesses at a group
// in a month as at one member's PIN; and from a facilitator's own phone, as few besides.
func TestAGroupsPINsAreFrozenForAMonth(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	at := noon
	slowly := func(n int, verified bool, from func(i int) string) {
		t.Helper()
		for i := range n {
			at = at.Add(3 * time.Hour)
			in := s.from(t, from(i), "000000")
			in.Verified, in.Event = verified, s.event(at)
			if err := s.SpendStaffOnly(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
	}
	right := func(n string, verified bool) string {
		in := s.from(t, n, hazelPIN)
		in.Verified, in.Event = verified, s.event(at)
		return s.signIn(t, in)
	}
	strangers := func(i int) string { return fmt.Sprintf("+120255501%02d", i) }
	own := func(int) string { return ann }
	if slowly(16, false, strangers); right(cat, false) != "Hazel" {
		t.Error("16 guesses freeze the PINs")
	}
	// Of 20, one comes back in a day and a half.
	if slowly(10, false, strangers); right(cat, false) != "" {
		t.Error("26 guesses in three days do not freeze the PINs")
	}
	if right(ann, true) != "Hazel" {
		t.Error("others freeze a facilitator's own phone")
	}
	if slowly(26, true, own); right(ann, true) != "" || right(bea, true) != "Hazel" {
		t.Error("a facilitator's phone that guesses goes on, or another's does not")
	}
	// A PIN that a coordinator gives ends it.
	again := sampleGroups(t)
	group := slices.IndexFunc(again, func(g store.Group) bool { return len(g.Facilitators) == 2 })
	for i, f := range again[group].Facilitators {
		if f.Alias == "Juniper" {
			again[group].Facilitators[i] = f.WithPIN("51904738")
		}
	}
	if _, err := s.db.ImportGroups(t.Context(), s.keys, s.id, again); err != nil {
		t.Fatal(err)
	}
	at = at.Add(24 * time.Hour) // a day's budget goes on
	if right(ann, true) != "Hazel" || right(cat, false) != "Hazel" {
		t.Error("a new PIN does not end the freeze")
	}
}

func TestASignInCountsOncePerEvent(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	wrong, right := s.from(t, cat, "000000"), s.from(t, cat, hazelPIN)
	for range 8 {
		if s.signIn(t, wrong) != "" || s.signIn(t, right) != "Hazel" {
			t.Fatal("a repetition is told something else")
		}
	}
	if h := s.holdings(t, cat); h.Attempts != 1 {
		t.Errorf("%d attempts of one wrong event", h.Attempts)
	}
	// Between its two transactions it is taken up, not counted again.
	half := s.from(t, cat, hazelPIN)
	for range 6 {
		if err := s.SpendStaffOnly(t.Context(), half); err != nil {
			t.Fatal(err)
		}
	}
	if s.signIn(t, half) != "Hazel" || s.holdings(t, cat).Attempts != 1 {
		t.Error("what was interrupted is not taken up, or counted again")
	}
}

// Who is no facilitator any more, or has another PIN by now, is not signed in by what
// was right before.
func TestASignInIsOfNow(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	for name, c := range map[string]struct {
		do string
		ok bool
	}{
		"nothing":     {`SELECT`, true},
		"another PIN": {`UPDATE facilitator SET pin_hash = (SELECT pin_hash FROM facilitator WHERE alias = 'Juniper') WHERE alias = 'Hazel'`, false},
	} {
		hash := texts(t, s.look, `SELECT pin_hash FROM facilitator WHERE alias = 'Hazel'`)[0]
		if ok, err := s.SignInMeanwhile(t.Context(), s.from(t, cat, hazelPIN), func() { do(t, s.look, c.do) }); ok != c.ok || err != nil {
			t.Errorf("%s meanwhile: %t, %v", name, ok, err)
		}
		do(t, s.look, `UPDATE facilitator SET pin_hash = $1 WHERE alias = 'Hazel'`, hash)
	}
	right := s.from(t, cat, hazelPIN)
	if s.signIn(t, right) != "Hazel" {
		t.Fatal("refused")
	}
	do(t, s.look, `DELETE FROM facilitator WHERE alias = 'Hazel'`)
	if got := s.signIn(t, right); got != "" {
		t.Errorf("%s, who is gone, is told again that they are in", got)
	}
}

func TestSignInFailsClosed(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if id, _, ok, err := s.SignIn(ctx, s.from(t, ann, hazelPIN)); err == nil || ok || id != "" {
		t.Errorf("without a database: %t, %v", ok, err)
	}
	do(t, s.look, `DROP TABLE attempt`)
	if id, _, ok, err := s.SignIn(t.Context(), s.from(t, ann, hazelPIN)); err == nil || ok || id != "" {
		t.Errorf("without counters: %t, %v", ok, err)
	}
}

// What is counted of somebody who tried is told, and forgotten with them.
func TestAttemptsOfFacilitatorsAreHeldAndForgotten(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	own := s.from(t, ann, "000000")
	own.Verified = true
	s.signIn(t, own)
	s.signIn(t, s.from(t, ann, "000000"))
	if h := s.holdings(t, ann); h.Attempts != 2 {
		t.Errorf("%d attempts are told", h.Attempts)
	}
	if err := s.EraseNumber(t.Context(), s.event(noon), number(t, ann), s.groups); err != nil {
		t.Fatal(err)
	}
	if h := s.holdings(t, ann); !h.Empty() {
		t.Errorf("after it: %+v", h)
	}
	// The group's own counters, of a day and of a month, her phone's in the group, of
	// which she stays a facilitator, and the line's are nobody's number's.
	if n := s.count(t, `SELECT count(*) FROM attempt`); n != 4 {
		t.Errorf("%d counters are left", n)
	}
}

func TestFacilitatorsComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	s := setUpStaff(t)
	told := func() []string {
		t.Helper()
		all, err := s.db.Facilitators(t.Context(), s.keys, s.id, s.group)
		if err != nil {
			t.Fatal(err)
		}
		var who []string
		for _, f := range all {
			whose := map[bool]string{f.Number.Equal(number(t, ann)): "ann", f.Number.Equal(number(t, bea)): "bea"}[true]
			who = append(who, f.ID+" "+f.Alias+" "+whose)
		}
		return who
	}
	ids := texts(t, s.look, `SELECT facilitator_id FROM facilitator WHERE group_id = $1 ORDER BY alias`, s.group)
	hazel, juniper := ids[0]+" Hazel ann", ids[1]+" Juniper bea"
	if diff := cmp.Diff([]string{hazel, juniper}, told()); diff != "" {
		t.Errorf("as imported:\n%s", diff)
	}
	again := sampleGroups(t)
	at := slices.IndexFunc(again, func(g store.Group) bool { return len(g.Facilitators) == 2 })
	slices.Reverse(again[at].Facilitators)
	done, err := s.db.ImportGroups(t.Context(), s.keys, s.id, again)
	if err != nil || !slices.Equal(done.Changed, []string{"317264"}) {
		t.Errorf("another order: %+v, %v", done, err)
	}
	if diff := cmp.Diff([]string{juniper, hazel}, told()); diff != "" {
		t.Errorf("in another order:\n%s", diff)
	}
	if done, err = s.db.ImportGroups(t.Context(), s.keys, s.id, again); err != nil || len(done.Changed) != 0 {
		t.Errorf("the same again: %+v, %v", done, err)
	}
	// As they were before there was an order.
	do(t, s.look, `UPDATE facilitator SET ordinal = 0`)
	if diff := cmp.Diff([]string{hazel, juniper}, told()); diff != "" {
		t.Errorf("without an order:\n%s", diff)
	}
	do(t, s.look, `UPDATE facilitator SET number = '\x00' WHERE alias = 'Juniper'`)
	if _, err := s.db.Facilitators(t.Context(), s.keys, s.id, s.group); err == nil || strings.Contains(err.Error(), "Juniper") {
		t.Errorf("a number that cannot be opened: %v", err)
	}
	if s.signIn(t, s.from(t, cat, hazelPIN)) != "Hazel" {
		t.Error("one damaged number shuts the others out")
	}
	if all, err := s.db.Facilitators(t.Context(), s.keys, s.id, s.groups[2]); err != nil || all != nil {
		t.Errorf("of a group without any: %v, %v", all, err)
	}
}

// Not in parallel, so that it measures itself: see [TestRefusalsTakeAsLong].
func TestRefusedFacilitatorsWaitAsLong(t *testing.T) {
	s := setUpStaff(t)
	const frozen = "+12025550156"
	s.tries(t, 5, s.from(t, frozen, "000000"))
	kinds := map[string]func(i int) store.SignIn{}
	for name, group := range map[string]string{
		"wrong": s.group, "one": s.groups[0], "none": s.groups[2], "no such group": "00000000-0000-4000-8000-000000000000",
	} {
		kinds[name] = func(i int) store.SignIn {
			in := s.from(t, cat, "000000")
			in.Group, in.Event = group, s.event(noon.AddDate(0, 0, 2*i))
			return in
		}
	}
	kinds["frozen"] = func(int) store.SignIn { return s.from(t, frozen, "000000") }
	var late map[string]time.Duration
	for try := range timingTries {
		if late = s.refuseStaff(t, kinds, try*timingTrials); len(late) == 0 {
			break
		}
	}
	for name, d := range late {
		t.Errorf("%s takes %v longer than a wrong PIN", name, d)
	}
}

// refuseStaff returns the kinds of refusal that take another time than that of a wrong PIN.
func (s staffed) refuseStaff(t *testing.T, kinds map[string]func(int) store.SignIn, from int) map[string]time.Duration {
	t.Helper()
	took := map[string][]time.Duration{}
	for i := range timingTrials {
		for name, kind := range kinds {
			in := kind(from + i)
			start := time.Now()
			if s.signIn(t, in) != "" {
				t.Fatalf("%s: not refused", name)
			}
			took[name] = append(took[name], time.Since(start))
		}
	}
	return unlike(t, took)
}
