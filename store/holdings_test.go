package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// What an attempt at the desk's menu leaves of a caller's number is disclosed, and goes
// with it: what stays is of the handle and the line.
func TestAttemptsAtTheDeskAreForgotten(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   store.PhoneSignIn
		left int
	}{
		"from their own":        {store.PhoneSignIn{Verified: true}, 2},
		"by nothing but it":     {store.PhoneSignIn{}, 3},
		"by somebody's account": {store.PhoneSignIn{Handle: "999999"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPaths(t, storetest.URL(t))
			withAccount(t, p)
			in := tt.in
			in.Event, in.Caller, in.PIN = store.Event{Line: p.id, SID: "CA1", At: noon}, p.ann, "000000"
			before := count(t, p.look, `SELECT count(*) FROM attempt`)
			if _, ok, err := p.accounts.SignInByPhone(t.Context(), in); err != nil || ok {
				t.Fatal(ok, err)
			}
			if h := must(p.Members.Holdings(t.Context(), p.id, p.ann, p.groups, noon)); h.Attempts != 1 {
				t.Errorf("%d attempts are held", h.Attempts)
			}
			if err := p.Members.EraseNumber(t.Context(), store.Event{Line: p.id, SID: "SM1", At: noon}, p.ann, p.groups); err != nil {
				t.Fatal(err)
			}
			if n := count(t, p.look, `SELECT count(*) FROM attempt`) - before; n != tt.left {
				t.Errorf("%d counters are left", n)
			}
		})
	}
}

func TestHoldingsOfStaffAndOfWhoLeftAMessage(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	leftVoice(t, p)
	message := p.row
	withAccount(t, p)
	h := must(p.Members.Holdings(t.Context(), p.id, p.ann, p.groups, noon))
	want := store.Holdings{
		Voice:   []store.VoiceOf{{ID: message, At: noon, Seconds: 7}},
		Account: &store.HeldAccount{Name: "Ada", Role: store.RoleCoordinator, State: store.AccountActive, PIN: true},
	}
	if diff := cmp.Diff(want, h); diff != "" || h.Empty() {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if h := must(p.Members.Holdings(t.Context(), p.id, p.bea, p.groups, noon)); !h.Empty() {
		t.Errorf("of another: %+v", h)
	}
}

func TestHoldingsOfWhoWasAskedToCover(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	c := store.NewCovers(l.db, l.keys)
	if _, err := c.Ask(t.Context(), l.id, ada, l.groups[1], nextThursday(t, l)); err != nil {
		t.Fatal(err)
	}
	sentTo(t, l, noon)
	for _, code := range []string{"", askedWith(t, l, hazel)} {
		if _, _, err := c.Answer(t.Context(), l.event(noon), number(t, hazel), store.CoverAnswer{Code: code}); err != nil {
			t.Fatal(err)
		}
	}
	want := []store.HeldSend{{Kind: "cover", Channel: "text", State: "accepted", Answer: "out"}}
	h, err := l.Holdings(t.Context(), l.id, number(t, hazel), l.groups, noon)
	if diff := cmp.Diff(want, h.Cover); diff != "" || err != nil || h.Empty() || h.Attempts != 1 {
		t.Errorf("%d wrong answers, %v (-want +got):\n%s", h.Attempts, err, diff)
	}
}
