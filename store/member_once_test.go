package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// eightTimes does the same at once and returns what each got.
func eightTimes[T any](t *testing.T, do func() (T, error)) []T {
	t.Helper()
	got := make([]T, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			var err error
			if got[i], err = do(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return got
}

func allSame[T comparable](of []T) bool {
	return !slices.ContainsFunc(of, func(x T) bool { return x != of[0] })
}

func TestAnEventThatComesManyTimesAtOnceIsDoneOnce(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	byText := store.Enrolment{Event: l.event(noon), Number: number(t, ann), Group: l.groups[0], Confirmed: true, Preferences: english, Consent: agreed}
	codes := eightTimes(t, func() (store.Enrolled, error) { return l.Enrol(t.Context(), byText) })
	if !allSame(codes) || codes[0].Code == "" {
		t.Errorf("told differently: %v", codes)
	}
	byPhone := store.Enrolment{Event: l.event(noon), Number: number(t, bea), Group: l.groups[0], PIN: "482913", Preferences: english, Consent: agreed}
	handles := eightTimes(t, func() (store.Enrolled, error) { return l.Enrol(t.Context(), byPhone) })
	if !allSame(handles) || handles[0].Handle == "" {
		t.Errorf("told differently: %v", handles)
	}
	first := l.login(t, ann, "", codes[0].Code, noon)
	ins := eightTimes(t, func() (store.LoggedIn, error) { return l.LogIn(t.Context(), first) })
	if !allSame(ins) || ins[0].Result != store.LoginFirst {
		t.Errorf("signed in differently: %v", ins)
	}
	set := l.act(ins[0].Member)
	told := eightTimes(t, func() (string, error) { return l.SetPIN(t.Context(), set, "5829130") })
	if !allSame(told) || !handleShape.MatchString(told[0]) {
		t.Errorf("the member number is told differently: %v", told)
	}
	join := l.act(ins[0].Member)
	eightTimes(t, func() (int, error) { return 0, l.Join(t.Context(), join, l.groups[2], flows.AccessOpen) })
	confirmed := l.event(noon)
	eightTimes(t, func() (int, error) { return 0, l.Confirm(t.Context(), confirmed, number(t, bea), l.groups) })
	wrong := l.login(t, bea, "", "0", noon)
	eightTimes(t, func() (store.LoggedIn, error) { return l.LogIn(t.Context(), wrong) })

	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "active"})
	l.wantStates(t, bea, map[string]string{l.groups[0]: "active"})
	for query, want := range map[string]int{
		`SELECT count(*) FROM member`:                                 2,
		`SELECT count(*) FROM keys.member`:                            2,
		`SELECT count(*) FROM membership`:                             3,
		`SELECT count(*) FROM keys.membership`:                        3,
		`SELECT count(*) FROM outbox`:                                 1,
		`SELECT sum(count) FROM daily_count WHERE name = 'enrolled'`:  2,
		`SELECT sum(count) FROM daily_count WHERE name = 'confirmed'`: 1,
		`SELECT sum(count) FROM daily_count WHERE name = 'pin_right'`: 1,
		`SELECT sum(count) FROM daily_count WHERE name = 'pin_wrong'`: 1,
	} {
		if n := l.count(t, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	erase := store.Act{Event: l.event(noon), Member: ins[0].Member}
	eightTimes(t, func() (int, error) { return 0, l.Erase(t.Context(), erase, l.groups) })
	if n := l.count(t, `SELECT sum(count) FROM daily_count WHERE name = 'erased'`); n != 1 {
		t.Errorf("erased %d times", n)
	}
}

func TestANumberThatEnrolsManyTimesAtOnceIsOneMember(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	eightTimes(t, func() (store.Enrolled, error) {
		return l.Enrol(t.Context(), store.Enrolment{
			Event: l.event(noon), Number: number(t, ann), Group: l.groups[0], PIN: "482913", Preferences: english, Consent: agreed,
		})
	})
	l.confirm(t, ann)
	if members, places := l.count(t, `SELECT count(*) FROM member`), l.count(t, `SELECT count(*) FROM membership`); members != 1 || places != 1 {
		t.Errorf("%d members with %d memberships", members, places)
	}
}

func TestALateRepetitionUndoesNothing(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	stop := l.event(noon)
	for _, s := range []struct {
		event store.Event
		stop  bool
	}{{stop, true}, {l.event(noon), false}, {stop, true}} {
		if err := l.Stop(t.Context(), s.event, number(t, ann), s.stop, l.groups); err != nil {
			t.Fatal(err)
		}
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})

	forget := l.event(noon)
	for i := range 2 {
		if err := l.EraseNumber(t.Context(), forget, number(t, ann), l.groups); err != nil {
			t.Fatal(err)
		}
		if got := l.holdings(t, ann).Empty(); got != (i == 0) {
			t.Errorf("after the text that came %d times, nothing is held: %t", i+1, got)
		}
		l.byText(t, ann, l.groups[0])
	}
}

func TestEffectsAreKeptToTheHour(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	e := store.Enrolment{Event: l.event(noon.Add(29 * time.Minute)), Number: number(t, ann), Group: l.groups[0], Confirmed: true}
	l.enrol(t, e)
	if n := l.count(t, `SELECT count(*) FROM effect WHERE expires_at = $1`, noon.Add(25*time.Hour)); n != 2 {
		t.Errorf("%d of 2 effects are", n)
	}
}
