package session_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

var start = time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)

func at(d time.Duration) time.Time { return start.Add(d) }

func occurrence() session.Occurrence {
	return session.Occurrence{Line: "l", Group: "g", Name: "room", Lang: "en", Start: start, End: at(time.Hour), Capacity: 10}
}

func TestSmoke(t *testing.T) {
	t.Parallel()
	s := session.Begin(occurrence(), 7, at(0))
	if d := s.Knock(at(0), session.Arrival{Call: "a", Who: []byte("a"), Lang: "en"}); d != session.DoorOK {
		t.Fatal(d)
	}
	e, ok := s.Enter(at(0), "a", "a1")
	if !ok || e.Label != "a1" || e.Muted || !e.Starts {
		t.Fatalf("%+v", e)
	}
	s.Heard(at(1), session.Event{Kind: session.Joined, Conference: "c", Sequence: 1, Call: "a", Label: "a1", At: at(1)})
	if acts := s.Acts(at(2)); len(acts) != 0 {
		t.Fatal(acts)
	}
	b, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := session.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s.Status(at(3), session.Facilitator), again.Status(at(3), session.Facilitator)); d != "" {
		t.Fatal(d)
	}
}
