package session_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

var start = time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)

func at(d time.Duration) time.Time { return start.Add(d) }

func occurrence() session.Occurrence {
	return session.Occurrence{Line: "l", Group: "g", Name: "room", Lang: "en", Start: start, End: at(time.Hour), Capacity: 10}
}

func people(n int) []string {
	return []string{"ann", "ben", "cleo", "dan", "eva", "finn", "gil", "hal"}[:n]
}

// circle of n people and a facilitator, in the open mode.
func full(t *testing.T, n int) *world {
	t.Helper()
	w := newWorld(t, occurrence(), 0)
	w.host("rose")
	for _, name := range people(n) {
		if d := w.arrive(name); d != session.DoorOK {
			t.Fatalf("%s finds %s", name, d)
		}
	}
	w.settle()
	return w
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestOpenRoom(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	same(t, "in the room", w.in(session.Main), []string{"ann", "ben", "cleo", "rose"})
	same(t, "heard", w.audible(session.Main), []string{"ann", "ben", "cleo", "rose"})
	same(t, "mute", w.do("ann", session.Request{Verb: session.MuteSelf}), session.On)
	same(t, "heard", w.audible(session.Main), []string{"ben", "cleo", "rose"})
	same(t, "star", w.star("ann"), session.WhereMenu)
	w.pass(3 * time.Second)
	w.back("ann")
	same(t, "in the room", w.in(session.Main), []string{"ann", "ben", "cleo", "rose"})
	same(t, "heard", w.audible(session.Main), []string{"ben", "cleo", "rose"})
	same(t, "lists", w.lists, 0)
}

// Aliases are all different, and other ones in another session.
func TestAliases(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Capacity = 0
	seen := map[int]bool{}
	firsts := map[int]bool{}
	for seed := range uint64(20) {
		s := session.Begin(o, seed, at(0))
		for i := range 70 {
			s.Knock(at(0), session.Arrival{Call: fmt.Sprint("c", i), Lang: "es"})
		}
		clear(seen)
		for _, p := range s.Status(at(0), session.Participant).People {
			seen[p.Number] = true
		}
		same(t, "aliases", len(seen), 70)
		same(t, "language", s.Language(3), "es")
		firsts[s.Status(at(0), session.Participant).People[0].Number] = true
	}
	if len(firsts) < 10 {
		t.Errorf("twenty sessions begin with %d aliases", len(firsts))
	}
}
