package session_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

func TestDoors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(w *world)
		want session.Door
	}{
		{"open", func(*world) {}, session.DoorOK},
		{"locked", func(w *world) { w.do("rose", session.Request{Verb: session.Lock}) }, session.DoorLocked},
		{"unlocked", func(w *world) {
			w.do("rose", session.Request{Verb: session.Lock})
			w.do("rose", session.Request{Verb: session.Unlock})
		}, session.DoorOK},
		{"screened", func(w *world) { w.do("rose", session.Request{Verb: session.Screen}) }, session.DoorWaits},
		{"full", func(w *world) {
			for i := range 7 {
				w.arrive(fmt.Sprint("more", i))
			}
		}, session.DoorFull},
		{"full with one who lost the line", func(w *world) {
			for i := range 7 {
				w.arrive(fmt.Sprint("more", i))
			}
			w.hang("more3")
		}, session.DoorFull},
		{"one has left", func(w *world) {
			for i := range 7 {
				w.arrive(fmt.Sprint("more", i))
			}
			w.do("more3", session.Request{Verb: session.Leave})
		}, session.DoorOK},
		{"one lost the line long ago", func(w *world) {
			for i := range 7 {
				w.arrive(fmt.Sprint("more", i))
			}
			w.hang("more3")
			w.pass(10*time.Minute + time.Second)
		}, session.DoorOK},
		{"closed", func(w *world) { w.do("rose", session.Request{Verb: session.Close}) }, session.DoorLate},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := full(t, 2)
			tt.do(w)
			same(t, "door", w.arrive("zoe"), tt.want)
		})
	}
}

// Who lost the line passes a door that has been closed since; a facilitator any.
func TestReturnThroughAClosedDoor(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	before := w.load().Status(w.now, session.Participant).People
	w.hang("ann")
	w.hang("rose")
	w.do("ben", session.Request{Verb: session.Hand})
	w.change(func(s *session.Session) {
		s.Do(w.now, session.Request{ID: "x", Role: session.Coordinator, Verb: session.Lock})
	})
	same(t, "ann", w.arrive("ann"), session.DoorOK)
	w.person("rose").id = ""
	same(t, "rose without her PIN", w.arrive("rose"), session.DoorOK)
	same(t, "rose may not", w.do("rose", session.Request{Verb: session.Unlock}), session.NotAllowed)
	w.hang("rose")
	same(t, "rose with it", w.host("rose"), session.DoorOK)
	same(t, "rose may", w.do("rose", session.Request{Verb: session.Unlock}), session.OK)
	after := w.load().Status(w.now, session.Participant).People
	after[2].Hand = 0
	same(t, "seats", after, before)
}

func TestRemoved(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	w.person("ben").who = nil
	seat, call := w.seat("cleo"), w.person("cleo").call
	same(t, "remove", w.do("rose", session.Request{Verb: session.Remove, Seat: seat}), session.OK)
	same(t, "in the room", w.in(session.Main), []string{"ann", "ben", "rose"})
	same(t, "rings again", w.arrive("cleo"), session.DoorRemoved)
	w.change(func(s *session.Session) {
		same(t, "the same call", s.Knock(w.now, session.Arrival{Call: call}), session.DoorRemoved)
		same(t, "where", s.Stepped(w.now, call, false), session.WhereRemoved)
		_, ok := s.Enter(w.now, call, "again")
		same(t, "enters", ok, false)
		same(t, "verb", s.Do(w.now, session.Request{By: seat, Verb: session.MuteSelf}), session.Gone)
	})
	w.person("zoe").who = nil
	same(t, "a withheld number", w.arrive("zoe"), session.DoorWaits)
	same(t, "another number", w.arrive("yan"), session.DoorOK)
	w.settle()
	w.pass(10 * time.Second)
	same(t, "rose hears", w.heard("rose"), []string{"one_waiting"})
	same(t, "admit", w.do("rose", session.Request{Verb: session.Admit}), session.OK)
	same(t, "in the room", w.in(session.Main), []string{"ann", "ben", "rose", "yan", "zoe"})
}

// Before the host people wait together, unheard; the host's coming opens the room.
func TestHostOpens(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Host = true
	w := newWorld(t, o, -4*time.Minute)
	w.arrive("ann")
	w.arrive("ben")
	same(t, "begun", w.conf(session.Main).begun, false)
	same(t, "opened", w.load().Status(w.now, session.Participant).Opened, false)
	w.host("rose")
	w.settle()
	same(t, "begun", w.conf(session.Main).begun, true)
	same(t, "opened", w.load().Status(w.now, session.Participant).Opened, true)
	same(t, "ann hears", w.heard("ann"), []string{"host_came"})
}

// Without a host substitutes are rung one after the other, in two rounds.
func TestSubstitutes(t *testing.T) {
	t.Parallel()
	for _, peerLed := range []bool{true, false} {
		t.Run(fmt.Sprint("peer-led ", peerLed), func(t *testing.T) {
			t.Parallel()
			o := occurrence()
			o.Host, o.PeerLed, o.Stand = true, peerLed, []string{"s1", "s2"}
			w := newWorld(t, o, -10*time.Minute)
			w.arrive("ann")
			w.arrive("ben")
			w.pass(5*time.Minute - time.Second)
			same(t, "rung early", w.rung, nil)
			w.pass(2 * time.Second)
			same(t, "rung", w.rung, []string{"s1"})
			w.change(func(s *session.Session) { s.Rung(w.now, "s1", false) })
			same(t, "rung", w.rung, []string{"s1", "s2"})
			w.pass(5*time.Minute + 5*time.Second)
			same(t, "rung", w.rung, []string{"s1", "s2"})
			w.pass(11*time.Minute + 10*time.Second)
			same(t, "rung again", w.rung, []string{"s1", "s2", "s1", "s2"})
			st := w.load().Status(w.now, session.Participant)
			if peerLed {
				same(t, "mode", st.Mode, session.Circle)
				same(t, "begun", w.conf(session.Main).begun, true)
				same(t, "ann hears", w.heard("ann")[:1], []string{"peer_led"})
				return
			}
			w.pass(5 * time.Minute)
			same(t, "ended", w.load().Over(), true)
			same(t, "in the room", w.in(session.Main), nil)
		})
	}
}

func TestSubstituteComes(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Host, o.Stand = true, []string{"id s1", "id s2"}
	w := newWorld(t, o, -5*time.Minute)
	w.arrive("ann")
	w.change(func(s *session.Session) { s.Rung(w.now, "id s1", true) })
	w.pass(time.Minute)
	w.host("s1")
	w.pass(20 * time.Minute)
	same(t, "rung", w.rung, []string{"id s1"})
	same(t, "opened", w.load().Status(w.now, session.Participant).Opened, true)
}

// The one who is left alone is moved, so that they are told: at once when the other
// has hung up, and not while the other is at the menu.
func TestAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, occurrence(), 0)
	w.arrive("ann")
	w.arrive("ben")
	w.star("ben")
	w.pass(30 * time.Second)
	same(t, "ann is let be", w.conf(session.Main).begun, true)
	w.back("ben")
	w.hang("ben")
	same(t, "ann waits", w.conf(session.Main).begun, false)
	same(t, "ann is in", w.in(session.Main), []string{"ann"})
	w.pass(30 * time.Minute)
	same(t, "turns", w.person("ann").turn, 2)
}

// A quiet room is looked at every ten minutes, a busy one never.
func TestLists(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	for range 30 {
		w.pass(time.Minute)
		w.star("ann")
		w.pass(5 * time.Second)
		w.back("ann")
	}
	same(t, "lists", w.lists, 0)
	w.pass(10*time.Minute + time.Second)
	same(t, "lists", w.lists, 1)
}

// Whoever came in while the session could not be asked has a seat by the callback.
func TestAdopted(t *testing.T) {
	t.Parallel()
	w := full(t, 1)
	w.change(func(s *session.Session) {
		s.Heard(w.now, session.Event{Kind: session.Joined, Conference: w.conf(session.Main).id, Sequence: 4, Call: "x", Label: "x1"})
	})
	i := slices.IndexFunc(w.load().Status(w.now, session.Participant).People, func(p session.Person) bool { return p.Seat == 3 })
	same(t, "has a seat", i, 2)
	same(t, "of the call", w.load().SeatOf("x"), 3)
}

func TestKey(t *testing.T) {
	t.Parallel()
	s := session.Begin(occurrence(), 7, at(0))
	key := s.Status(at(0), session.Facilitator).Key
	same(t, "not for all", s.Status(at(0), session.Participant).Key, "")
	same(t, "fits", s.KeyFits(key), true)
	for range 20 {
		same(t, "fits", s.KeyFits(key), true)
		same(t, "fits", s.KeyFits("0000"), false)
	}
	same(t, "fits after twenty wrong ones", s.KeyFits(key), false)
	same(t, "the other fits", s.KeyFits(s.Status(at(0), session.Facilitator).Key), true)
}

// Who rings again before anybody knows that they lost the line has another seat until
// that is known, and then their own.
func TestRangAgainAtOnce(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.do("ann", session.Request{Verb: session.Hand})
	was := w.load().Status(w.now, session.Participant).People
	old := w.person("ann").call
	w.person("ann").calls++
	w.person("ann").call = "ann again"
	w.change(func(s *session.Session) {
		same(t, "door", s.Knock(w.now, session.Arrival{Call: "ann again", Who: w.person("ann").who}), session.DoorOK)
		s.Enter(w.now, "ann again", "again")
		same(t, "seat", s.SeatOf("ann again"), 4)
	})
	w.change(func(s *session.Session) { s.Stepped(w.now, old, true) })
	same(t, "seat", w.load().SeatOf("ann again"), 2)
	same(t, "people", w.load().Status(w.now, session.Participant).People, was)
}

// A word of somebody's coming that is older than a list without them is looked into.
func TestComingOlderThanAList(t *testing.T) {
	t.Parallel()
	w := full(t, 1)
	c := w.conf(session.Main)
	w.change(func(s *session.Session) {
		s.Knock(w.now, session.Arrival{Call: "x", Who: []byte("x")})
		s.Enter(w.now, "x", "x1")
	})
	late := c.seq + 1
	c.seq += 2 // x has come and gone, and neither was told
	w.tell(c, session.Event{Kind: "hold"})
	w.pass(6 * time.Second)
	w.change(func(s *session.Session) {
		s.Heard(w.now, session.Event{Kind: session.Joined, Conference: c.id, Sequence: late, Call: "x", Label: "x1"})
	})
	w.pass(time.Minute)
	same(t, "people present", slices.ContainsFunc(w.load().Status(w.now, session.Participant).People, func(p session.Person) bool {
		return p.Seat == 3 && p.Present
	}), false)
}
