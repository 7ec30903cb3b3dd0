package store_test

import (
	"sync"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// An erasure, a login and the outbox take the same rows, for each number anew.
func TestNobodyWaitsForEachOther(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	box := store.NewOutbox(l.db, l.keys)
	for range 40 {
		handle := l.byPhone(t, ann, "482913", l.groups[0]).Handle
		login := l.login(t, ann, handle, "000000", noon)
		login.Verified = true
		for range 2 { // the counters are there
			login.Event = l.event(noon)
			if _, err := l.LogIn(t.Context(), login); err != nil {
				t.Fatal(err)
			}
		}
		claimed, err := box.Claim(t.Context(), noon, l.id, flows.ByText, texts1k, 1)
		if err != nil || len(claimed) != 1 {
			t.Fatal(claimed, err)
		}
		outgoing := claimed[0]
		acts := []func() error{
			func() error { return l.EraseNumber(t.Context(), l.event(noon), number(t, ann), l.groups) },
			func() error { return errOf(box.Intend(t.Context(), noon, &outgoing, number(t, ann), generous)) },
			func() error { return l.SpendOnly(t.Context(), login) },
			func() error { return l.Stop(t.Context(), l.event(noon), number(t, ann), true, l.groups) },
			func() error { return l.Confirm(t.Context(), l.event(noon), number(t, ann), l.groups) },
		}
		login.Event = l.event(noon)
		var all sync.WaitGroup
		for _, act := range acts {
			all.Go(func() {
				if err := act(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if err := l.EraseNumber(t.Context(), l.event(noon), number(t, ann), l.groups); err != nil {
			t.Fatal(err)
		}
	}
	if n := l.count(t, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); n != 0 {
		t.Errorf("%d times two waited for each other", n)
	}
}

func TestATransactionThatGaveWayIsDoneAgainOnce(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"40P01", "40001"} {
		l := setUpMembers(t)
		do(t, l.look, `
			CREATE SEQUENCE tries;
			CREATE FUNCTION give_way() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				IF nextval('tries') IN (1, 3, 4) THEN RAISE EXCEPTION 'gave way' USING ERRCODE = '`+code+`'; END IF;
				RETURN NULL;
			END $$;
			CREATE TRIGGER give_way AFTER INSERT ON keys.member FOR EACH ROW EXECUTE FUNCTION give_way()`)
		l.byText(t, ann, l.groups[0])
		if h := l.holdings(t, ann); h.Member == nil || len(h.Groups) != 1 {
			t.Errorf("%s: held %+v", code, h)
		}
		e := store.Enrolment{Event: l.event(noon), Number: number(t, bea), PIN: "482913", Preferences: english, Consent: agreed}
		if _, err := l.Enrol(t.Context(), e); err == nil {
			t.Errorf("%s: it is tried more than twice", code)
		}
		l.enrol(t, e)
	}
}

// Whatever members do keeps them for a year.
func TestWhateverAMemberDoesIsSeen(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	member := l.logIn(t, l.login(t, ann, "", l.byText(t, ann, l.groups[0]).Code, noon)).Member
	at := noon
	act := func() store.Act {
		at = at.AddDate(0, 1, 0)
		return store.Act{Event: l.event(at), Member: member}
	}
	for name, do := range map[string]func() error{
		"text": func() error {
			return errOf(l.Enrol(t.Context(), store.Enrolment{Event: act().Event, Number: number(t, ann), Confirmed: true, Preferences: english}))
		},
		"OK":      func() error { return l.Confirm(t.Context(), act().Event, number(t, ann), l.groups) },
		"STOP":    func() error { return l.Stop(t.Context(), act().Event, number(t, ann), true, l.groups) },
		"LEAVE":   func() error { return l.LeaveNumber(t.Context(), act().Event, number(t, ann), l.groups[3]) },
		"join":    func() error { return l.Join(t.Context(), act(), l.groups[2], "") },
		"leave":   func() error { return l.Leave(t.Context(), act(), l.groups[2]) },
		"prefer":  func() error { return l.Prefer(t.Context(), act(), english, l.groups) },
		"quick":   func() error { return l.SetQuick(t.Context(), act(), l.groups[0]) },
		"set PIN": func() error { return errOf(l.SetPIN(t.Context(), act(), "482913")) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		if seen := l.holdings(t, ann).Member.Seen; seen != at.Format("2006-01") {
			t.Errorf("%s in %s: last seen in %s", name, at.Format("2006-01"), seen)
		}
	}
	l.byPhone(t, ann, "482913", l.groups[0])
	if _, err := l.Enrol(t.Context(), store.Enrolment{Event: act().Event, Number: number(t, ann), PIN: "482913", Preferences: english}); err != nil {
		t.Fatal(err)
	}
	if seen := l.holdings(t, ann).Member.Seen; seen == at.Format("2006-01") {
		t.Error("a call in their name keeps them")
	}
}
