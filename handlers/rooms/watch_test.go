package rooms_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Who looks after a session sees it by aliases, and no more than there is.
func TestWatch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	watch := func(code string) (here, waiting, muted int) {
		t.Helper()
		w, err := r.any().Watch(t.Context(), r.flow, r.view(), r.groups[code], "en")
		if err != nil {
			t.Fatal(err)
		}
		if w == nil {
			return -1, 0, 0
		}
		for _, p := range w.People {
			if p.Alias == "" || p.Doing != session.DoingNothing || p.Minutes != 2 {
				t.Errorf("somebody is %+v", p)
			}
			if p.Muted {
				muted++
			}
		}
		return w.Here, w.Waiting, muted
	}
	if here, _, _ := watch(openCode); here != -1 {
		t.Fatalf("before anybody came: %d", here)
	}
	one := r.person(1).comes(openCode)
	r.person(2).comes(openCode)
	r.pass(2 * time.Minute)
	if here, _, muted := watch(openCode); here != 2 || muted != 0 {
		t.Errorf("two are in: %d, %d muted", here, muted)
	}
	came, _, err := r.any().Order(t.Context(), r.flow, r.view(), r.groups[openCode], "Ada", session.Request{ID: "1", Verb: session.MuteSeat, Seat: one.seat()})
	if err != nil || came != session.On {
		t.Fatalf("muted: %s, %v", came, err)
	}
	if here, _, muted := watch(openCode); here != 2 || muted != 1 {
		t.Errorf("one is muted: %d, %d muted", here, muted)
	}
}
