package session_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// A microphone in the side room is its own: what it was in the room neither holds there
// nor is changed by it.
func TestMicrophoneAside(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	w.do("ann", session.Request{Verb: session.MuteSelf})
	w.do("rose", session.Request{Verb: session.Talk, Seat: w.seat("ann")})
	same(t, "aside", w.audible(session.Side), []string{"ann", "rose"})
	same(t, "ann closes hers", w.do("ann", session.Request{Verb: session.MuteSelf}), session.On)
	same(t, "aside", w.audible(session.Side), []string{"rose"})
	w.do("ann", session.Request{Verb: session.Rejoin})
	same(t, "in the room it is closed as before", w.audible(session.Main), []string{"ben", "cleo", "rose"})
	w.do("rose", session.Request{Verb: session.Talk, Seat: w.seat("ann")})
	same(t, "aside once more", w.audible(session.Side), []string{"ann", "rose"})
}

// Who was sent to wait is let in by a facilitator, and by nothing else.
func TestSentToWait(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		back func(w *world)
	}{
		{"by leaving and coming back", func(w *world) {
			w.leavesQueue("ann")
			w.do("ann", session.Request{Verb: session.Leave})
			w.knock(w.person("ann"))
		}},
		{"by coming back from the menu", func(w *world) { w.leavesQueue("ann"); w.back("ann") }},
		{"by ringing again", func(w *world) { w.hang("ann"); w.arrive("ann") }},
		{"by ringing again when the seat is gone", func(w *world) { w.hang("ann"); w.pass(30 * time.Minute); w.arrive("ann") }},
		{"by leaving and ringing again", func(w *world) {
			w.leavesQueue("ann")
			w.do("ann", session.Request{Verb: session.Leave})
			w.hang("ann")
			w.arrive("ann")
		}},
		{"with the number withheld", func(w *world) { w.hang("ann"); w.person("ann").who = nil; w.arrive("ann") }},
		{"on a second telephone line", func(w *world) {
			w.person("twin").who = w.person("ann").who
			w.arrive("twin")
			w.hang("ann")
			w.hang("twin")
			w.arrive("ann")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := full(t, 2)
			same(t, "to wait", w.do("rose", session.Request{Verb: session.ToWait, Seat: w.seat("ann")}), session.OK)
			tt.back(w)
			w.settle()
			same(t, "in the room", w.in(session.Main), []string{"ben", "rose"})
			same(t, "ann is", w.person("ann").at, "queue")
			same(t, "admit", w.do("rose", session.Request{Verb: session.Admit}), session.OK)
			same(t, "in the room", w.in(session.Main), []string{"ann", "ben", "rose"})
			w.hang("ann")
			same(t, "after that she comes and goes", w.arrive("ann"), session.DoorOK)
		})
	}
}

// leavesQueue is somebody who presses a key while they wait.
func (w *world) leavesQueue(name string) {
	p := w.person(name)
	p.at = "menu"
	w.change(func(s *session.Session) { s.Stepped(w.now, p.call, false) })
}

// A facilitator who takes their time in the menus is there.
func TestSlowFacilitator(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Hands)
	w.star("rose")
	for range 10 {
		w.pass(2 * time.Minute)
		w.change(func(s *session.Session) { same(t, "has a seat", s.Revive(w.now, w.person("rose").call), true) })
	}
	same(t, "mode", w.load().Status(w.now, session.Facilitator).Mode, session.Hands)
	w.pass(4 * time.Minute) // given up on, and there all the same
	same(t, "crisis", w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")}), session.OK)
	w.back("rose")
	same(t, "aside", w.in(session.Side), []string{"ann", "rose"})
	call := w.person("rose").call
	w.hang("rose")
	w.change(func(s *session.Session) {
		s.Revive(w.now, call)
		same(t, "who hung up is not", s.Status(w.now, session.Facilitator).People[0].Present, false)
	})
}

// The end of a session leaves those who are with the crisis line, until that is over.
func TestCrisisOutlastsTheEnd(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")})
	w.do("rose", session.Request{Verb: session.Rejoin})
	same(t, "close", w.do("rose", session.Request{Verb: session.Close}), session.OK)
	same(t, "the others are out", w.in(session.Main), nil)
	w.pass(40 * time.Minute)
	same(t, "star", w.star("ann"), session.WhereMenu)
	w.back("ann")
	same(t, "ann stays", w.in(session.Side), []string{"ann"})
	c := w.conf(session.Side)
	label := c.bridge
	c.bridge = ""
	w.tell(c, session.Event{Kind: session.Left, Call: "crisis" + label, Label: label, HungUp: true})
	w.settle()
	same(t, "then she is out", len(w.confs), 0)
	same(t, "gone", w.load().Gone(), w.now.Add(15*time.Minute))
}

// Who has had enough of it goes, and the crisis line with the last one.
func TestCrisisAfterTheEnd(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")})
	w.do("rose", session.Request{Verb: session.Close})
	same(t, "aside", w.in(session.Side), []string{"ann", "rose"})
	same(t, "no other verb", w.do("rose", session.Request{Verb: session.Talk, Seat: w.seat("ann")}), session.Gone)
	same(t, "rejoin", w.do("rose", session.Request{Verb: session.Rejoin}), session.OK)
	same(t, "aside", w.in(session.Side), []string{"ann"})
	same(t, "leave", w.do("ann", session.Request{Verb: session.Leave}), session.OK)
	same(t, "conferences", len(w.confs), 0)
}

// A crisis line of whose coming no word was heard is found by a list, and is nobody who
// sits in the group.
func TestCrisisLineComesUnheard(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	w.deaf = true
	w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")})
	w.deaf = false
	w.pass(5 * time.Minute)
	same(t, "ann hears", w.heard("ann"), []string{"asked_to_talk"})
	w.do("rose", session.Request{Verb: session.Rejoin})
	w.pass(10 * time.Minute)
	same(t, "ann stays", w.in(session.Side), []string{"ann"})
	same(t, "people", len(w.load().Status(w.now, session.Facilitator).People), 4)
}

// A crisis line that does not answer is told of: at once when the carrier says so, else
// when a list does.
func TestCrisisHasNoAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		refuse bool
		report session.Report
		within time.Duration
	}{
		{"refused", true, session.Refused, 6 * time.Second},
		{"busy", false, session.Accepted, 40 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := full(t, 3)
			w.refuses = func(a session.Act) bool { return tt.refuse && a.Kind == session.ActBridge }
			w.busy = !tt.refuse
			w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")})
			w.pass(tt.within)
			same(t, "ann hears", w.heard("ann"), []string{"asked_to_talk", "crisis_no_answer"})
			same(t, "rose hears", w.heard("rose"), []string{"crisis_no_answer"})
			same(t, "ben hears", w.heard("ben"), nil)
			same(t, "again", w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")}), session.OK)
		})
	}
}

// A crisis line that comes after all, when it was given up, is let go, or is with who is
// there.
func TestCrisisLineComesLate(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	w.busy = true
	w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")})
	w.pass(time.Minute)
	c := w.conf(session.Side)
	c.bridge = w.called
	w.tell(c, session.Event{Kind: session.Joined, Call: "crisis" + w.called, Label: w.called})
	w.settle()
	w.do("rose", session.Request{Verb: session.Rejoin})
	w.pass(10 * time.Minute)
	same(t, "ann stays with it", w.in(session.Side), []string{"ann"})
	same(t, "people", len(w.load().Status(w.now, session.Facilitator).People), 4)
	w.do("ann", session.Request{Verb: session.Rejoin})
	same(t, "conferences", len(w.confs), 1)
}

// Somebody of whom nobody could be told waits, if newcomers are looked at.
func TestAdoptedAtTheDoor(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]session.Request{
		"locked":   {Verb: session.Lock},
		"screened": {Verb: session.Screen},
		"closing":  {Verb: session.Closing},
		"removed":  {Verb: session.Remove, Seat: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := full(t, 2)
			same(t, name, w.do("rose", do), session.OK)
			w.change(func(s *session.Session) {
				s.Heard(w.now, session.Event{Kind: session.Joined, Conference: w.conf(session.Main).id, Sequence: 9, Call: "x", Label: "x1"})
				all := s.Status(w.now, session.Facilitator).People
				same(t, "place", all[len(all)-1].Place, session.Waiting)
			})
		})
	}
}

// Who is removed is removed with the other seats of their number, but a facilitator's.
func TestRemovedTwice(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	for _, name := range []string{"twin", "third"} {
		w.person(name).who = w.person("ann").who
	}
	w.arrive("twin")
	w.host("third")
	w.do("rose", session.Request{Verb: session.Remove, Seat: w.seat("ann")})
	same(t, "in the room", w.in(session.Main), []string{"ben", "rose", "third"})
	same(t, "door", w.arrive("twin"), session.DoorRemoved)
}

// The seat of somebody who can never have it back is free when their call is over.
func TestWithheldSeatIsFree(t *testing.T) {
	t.Parallel()
	w := full(t, 1)
	for range 20 {
		w.person("zoe").who = nil
		same(t, "door", w.arrive("zoe"), session.DoorOK)
		w.hang("zoe")
	}
	same(t, "seats", len(w.load().Status(w.now, session.Facilitator).People), 2)
}

// A group that goes on for long, with many who come and go, does not grow.
func TestSeatsAreReused(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.End = at(12 * time.Hour)
	w := newWorld(t, o, 0)
	w.host("rose")
	w.arrive("ann")
	size, words := 0, map[int]bool{}
	for i := range 300 {
		name := "guest" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		w.arrive(name)
		words[w.load().Status(w.now, session.Participant).People[2].Number] = true
		w.pass(time.Minute)
		w.do(name, session.Request{Verb: session.Leave})
		w.hang(name)
		if i == 150 {
			size = len(w.state())
		}
	}
	if last := len(w.state()); last > size+1024 {
		t.Errorf("it has grown from %d to %d bytes", size, last)
	}
	if len(words) < 40 {
		t.Errorf("three hundred had %d aliases", len(words))
	}
	w.mode(session.Circle)
	same(t, "order", w.load().Status(w.now, session.Facilitator).Order, []int{1, 2})
}

// What a facilitator is called shows while they have shown their PIN in this call.
func TestAliasNeedsThePIN(t *testing.T) {
	t.Parallel()
	w := full(t, 1)
	alias := func() string { return w.load().Status(w.now, session.Participant).People[0].Alias }
	same(t, "with it", alias(), "rose")
	w.hang("rose")
	w.person("rose").id = ""
	w.arrive("rose")
	same(t, "without it", alias(), "")
	w.hang("rose")
	w.host("rose")
	same(t, "with it again", alias(), "rose")
}

// Who went out by themselves comes back in the same call, though the door was closed.
func TestOutAndBack(t *testing.T) {
	t.Parallel()
	for name, close := range map[string]func(w *world){
		"locked": func(w *world) { w.do("rose", session.Request{Verb: session.Lock}) },
		"full": func(w *world) {
			for _, more := range []string{"m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"} {
				w.arrive(more)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := full(t, 2)
			w.star("ann")
			w.do("ann", session.Request{Verb: session.Leave})
			close(w)
			same(t, "another", w.arrive("zoe") == session.DoorOK, false)
			same(t, "ann", w.knock(w.person("ann")), session.DoorOK)
			w.do("rose", session.Request{Verb: session.Remove, Seat: w.seat("ann")})
			same(t, "who was removed", w.knock(w.person("ann")), session.DoorRemoved)
		})
	}
}

// Another key is told to the facilitators who are there.
func TestNewKeyIsTold(t *testing.T) {
	t.Parallel()
	w := full(t, 1)
	for range 20 {
		w.change(func(s *session.Session) { s.KeyFits("0000") })
	}
	w.settle()
	same(t, "rose hears", w.heard("rose"), []string{"new_key"})
	same(t, "ann hears", w.heard("ann"), nil)
}

// Two are not heard at a change of turns: the next opens when the last is closed, or did
// not close for a while.
func TestCloseBeforeOpen(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Hands)
	for _, name := range []string{"ann", "ben"} {
		w.do(name, session.Request{Verb: session.Hand})
	}
	w.do("rose", session.Request{Verb: session.Next})
	same(t, "heard", w.audible(session.Main), []string{"ann", "rose"})
	s := w.load()
	s.Do(w.now, session.Request{ID: "next", Role: session.Coordinator, Verb: session.Next})
	mics := func(after time.Duration) (all []session.Act) {
		for _, a := range s.Acts(w.now.Add(after)) {
			if a.Kind == session.ActMute {
				all = append(all, a)
			}
		}
		return all
	}
	first := mics(0)
	same(t, "first", len(first), 1)
	same(t, "closes", first[0].Muted, true)
	same(t, "meanwhile", len(mics(2*time.Second)), 0)
	s.Reported(w.now.Add(2*time.Second), first[0], session.Accepted)
	then := mics(2 * time.Second)
	same(t, "then", len(then), 1)
	same(t, "opens", then[0].Muted, false)
	same(t, "whose", then[0].Call, w.person("ben").call)
}

// notes are what somebody heard, without the chimes.
func (w *world) notes(name string) []string {
	return slices.DeleteFunc(w.heard(name), func(n string) bool { return n == "chime" })
}

// Whose turn or floor another has now is told, unless they gave it up themselves.
func TestTurnOver(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	w.mode(session.Hands)
	for _, name := range []string{"ann", "ben", "cleo"} {
		w.do(name, session.Request{Verb: session.Hand})
	}
	w.do("rose", session.Request{Verb: session.Next})
	w.pass(time.Second)
	w.do("rose", session.Request{Verb: session.Next})
	w.pass(20 * time.Second)
	same(t, "ann hears", w.notes("ann"), []string{"mode_hands", "next_is", "turn_over", "next_is"})
	same(t, "ben lowers his hand", w.do("ben", session.Request{Verb: session.Hand}), session.Off)
	same(t, "nobody has the floor", w.load().Status(w.now, session.Facilitator).Speaker, 0)
	same(t, "who did not speak", w.load().Status(w.now, session.Facilitator).Silent, []int{w.seat("cleo")})
	w.mode(session.Circle)
	w.pass(15 * time.Second)
	w.notes("rose")
	w.pass(4 * time.Minute)
	same(t, "rose hears", w.notes("rose"), []string{"turn_over"})
}

func TestListen(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Listen)
	w.do("ann", session.Request{Verb: session.Hand})
	w.pass(6 * time.Second)
	same(t, "rose hears", w.heard("rose"), []string{"mode_listen", "hand_up_note"})
	same(t, "next", w.do("rose", session.Request{Verb: session.Next}), session.NotNow)
}

// A hand that is raised in a circle has the place that its owner has.
func TestHandInACircle(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	w.mode(session.Circle)
	w.pass(15 * time.Second)
	same(t, "hand", w.do("cleo", session.Request{Verb: session.Hand}), session.On)
	same(t, "place", w.load().Status(w.now, session.Participant).People[3].Hand, 3)
	w.do("rose", session.Request{Verb: session.Next})
	same(t, "place", w.load().Status(w.now, session.Participant).People[3].Hand, 2)
}

func TestPairsStopACircle(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Circle)
	w.pass(30 * time.Second)
	w.notes("ann")
	w.do("rose", session.Request{Verb: session.Pairs, Minutes: 5})
	w.pass(10 * time.Second)
	same(t, "ann hears", w.notes("ann"), []string{"circle_stopped", "pairs_begin"})
}

// A turn of the closing round is a minute, and a quarter of one after the chime.
func TestClosingTurns(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.do("rose", session.Request{Verb: session.Closing})
	w.pass(9 * time.Second)
	w.do("rose", session.Request{Verb: session.Done})
	w.pass(time.Second)
	same(t, "heard", w.audible(session.Main), []string{"ann"})
	w.heard("ann")
	w.pass(58 * time.Second)
	same(t, "ann hears", w.heard("ann"), nil)
	w.pass(2 * time.Second)
	same(t, "ann hears", w.heard("ann"), []string{"chime"})
	w.pass(15 * time.Second)
	same(t, "heard", w.audible(session.Main), []string{"ben"})
	same(t, "ann hears", w.heard("ann"), []string{"turn_over"})
}

// A facilitator who was rung for somebody is taken to them: with the PIN a minute after
// they took the call, and also when another was rung in between.
func TestSlowBackup(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		answered bool
		after    time.Duration
		rung     []string
	}{
		{"took the call", true, 80 * time.Second, []string{"id sam"}},
		{"while the next one rings", false, 50 * time.Second, []string{"id sam", "id tia"}},
		{"when all have rung", false, 2 * time.Minute, []string{"id sam", "id tia"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := occurrence()
			o.Stand = []string{"id sam", "id tia"}
			w := newWorld(t, o, 0)
			w.host("rose")
			w.arrive("ann")
			w.do("rose", session.Request{Verb: session.Backup, Seat: w.seat("ann")})
			w.pass(25 * time.Second)
			if tt.answered {
				w.change(func(s *session.Session) { s.Answered(w.now, "id sam") })
			}
			w.pass(tt.after - 25*time.Second)
			same(t, "rung", w.rung, tt.rung)
			w.change(func(s *session.Session) { s.Rung(w.now, "id sam", true) })
			w.host("sam")
			w.settle()
			same(t, "aside", w.in(session.Side), []string{"ann", "sam"})
		})
	}
}

// Nobody came to hold it: that is told apart from an end.
func TestUnheld(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Host = true
	w := newWorld(t, o, 0)
	w.arrive("ann")
	call := w.person("ann").call
	w.pass(16 * time.Minute)
	w.change(func(s *session.Session) { same(t, "where", s.Stepped(w.now, call, false), session.WhereUnheld) })
}

// Who comes into a room that others have left was never in company there.
func TestMet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, occurrence(), 0)
	met := func(name string) bool {
		for _, p := range w.load().Status(w.now, session.Participant).People {
			if p.Seat == w.seat(name) {
				return p.Met
			}
		}
		return false
	}
	w.arrive("ann")
	w.settle()
	same(t, "ann, the first", met("ann"), false)
	w.arrive("ben")
	w.settle()
	same(t, "ann, with ben", met("ann"), true)
	same(t, "ben, with ann", met("ben"), true)
	w.hang("ann")
	w.hang("ben")
	w.pass(time.Minute)
	w.arrive("cleo")
	w.settle()
	same(t, "cleo, after them", met("cleo"), false)
}
