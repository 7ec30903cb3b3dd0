package session

import (
	"testing"
	"time"
)

func TestForget(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)
	s := Begin(Occurrence{Lang: "en", Start: at, End: at.Add(time.Hour), Capacity: 10}, 1, at)
	who := func(n byte) []byte { return []byte{n} }
	for n, call := range []string{"lost", "in", "removed"} {
		s.Knock(at, Arrival{Call: call, Who: who(byte(n)), Lang: "en"})
		s.Enter(at, call, call)
	}
	s.Stepped(at, "lost", true)
	s.Do(at, Request{ID: "x", Role: Coordinator, Verb: Remove, Seat: s.SeatOf("removed")})
	for n, want := range []int{1, 1, 2, 0} {
		if got := s.Known(who(byte(n))); got != want {
			t.Errorf("%d is known %d times, want %d", n, got, want)
		}
		s.Forget(at, who(byte(n)))
	}
	if s.Known(nil) != 0 || s.Known(who(0)) != 0 || s.Known(who(1)) != 0 {
		t.Error("somebody is known still")
	}
	if s.SeatOf("lost") != 0 || s.SeatOf("in") == 0 {
		t.Error("a kept seat is kept, or one on the line is lost")
	}
	if door := s.Knock(at, Arrival{Call: "again", Who: who(2), Lang: "en"}); door != DoorRemoved {
		t.Errorf("who was removed finds the door %s once forgotten", door)
	}
}
