package session_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// in is a session with one in the room who wants their microphone closed, and the act
// for it.
func wantsMute(t *testing.T) (*session.Session, session.Act) {
	t.Helper()
	s := session.Begin(occurrence(), 7, at(0))
	s.Knock(at(0), session.Arrival{Call: "a", Who: []byte("a")})
	s.Enter(at(0), "a", "a1")
	s.Heard(at(0), session.Event{Kind: session.Joined, Conference: "c", Sequence: 1, Call: "a", Label: "a1"})
	same(t, "mute", s.Do(at(0), session.Request{By: 1, Verb: session.MuteSelf}), session.On)
	acts := s.Acts(at(0))
	if len(acts) != 1 || acts[0].Kind != session.ActMute || !acts[0].Muted {
		t.Fatalf("acts: %+v", acts)
	}
	return s, acts[0]
}

func TestActsAreRepeated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		report session.Report // "" for none
		after  time.Duration  // it is asked for again; 0 for never
	}{
		{"not reported", "", 10 * time.Second},
		{"done", session.Accepted, 0},
		{"failed", session.Failed, 2 * time.Second},
		{"refused", session.Refused, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, act := wantsMute(t)
			if tt.report != "" {
				s.Reported(at(0), act, tt.report)
			}
			if tt.after == 0 {
				same(t, "acts", s.Acts(at(5*time.Minute)), nil)
				return
			}
			same(t, "wakes", s.Wake(), at(tt.after))
			same(t, "too early", s.Acts(at(tt.after-time.Millisecond)), nil)
			same(t, "again", s.Acts(at(tt.after)), []session.Act{act})
		})
	}
}

// A microphone that is to be open again, while its closing is under way, is not
// asked for before that has come to an end: which came last could not be told.
func TestSecondThought(t *testing.T) {
	t.Parallel()
	s, act := wantsMute(t)
	s.Do(at(time.Second), session.Request{By: 1, Verb: session.MuteSelf})
	same(t, "acts", s.Acts(at(time.Second)), nil)
	s.Reported(at(2*time.Second), act, session.Accepted)
	acts := s.Acts(at(2 * time.Second))
	if len(acts) != 1 || acts[0].Muted || acts[0].ID == act.ID {
		t.Fatalf("acts: %+v", acts)
	}
}

// A facilitator is not rung twice because nobody knows whether they were.
func TestRingIsNotRepeated(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Host, o.Stand = true, []string{"s1", "s2"}
	s := session.Begin(o, 7, at(-5*time.Minute))
	rung := []string{}
	for d := -5 * time.Minute; d < -4*time.Minute; d += time.Second {
		s.Tick(at(d))
		for _, a := range s.Acts(at(d)) {
			rung = append(rung, a.Facilitator)
		}
	}
	same(t, "rung", rung, []string{"s1", "s2"})
}

// A word of a microphone that is older than what was asked for cannot make us believe
// that it is as it should be.
func TestOldEcho(t *testing.T) {
	t.Parallel()
	s, act := wantsMute(t)
	s.Reported(at(0), act, session.Failed)
	s.Heard(at(time.Second), session.Event{Kind: session.Muted, Conference: "c", Sequence: 2, Call: "a", Label: "a1", Muted: true})
	same(t, "asked again", len(s.Acts(at(2*time.Second))), 1)
}

// TestCircleGivesEachATurn lets people speak, pass, say nothing, drop and come back in
// a circle. At most one is heard at a time, and whoever was there and did not pass
// had a turn when it ends.
func TestCircleGivesEachATurn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := occurrence()
		o.Reversed = rapid.Bool().Draw(t, "reversed")
		w := newWorld(t, o, 0)
		names := people(rapid.IntRange(1, 8).Draw(t, "people"))
		for _, name := range names {
			w.arrive(name)
		}
		w.change(func(s *session.Session) {
			s.Do(w.now, session.Request{Role: session.Coordinator, Verb: session.SetMode, Mode: session.Circle})
		})
		heard, passed := map[string]bool{}, map[string]bool{}
		for range 60 * 60 {
			w.pass(time.Second)
			if w.load().Status(w.now, session.Participant).Mode != session.Circle {
				break
			}
			who := w.audible(session.Main)
			if len(who) > 1 {
				t.Fatalf("%v are heard at once", who)
			}
			for _, name := range who {
				heard[name] = true
			}
			if rapid.IntRange(0, 15).Draw(t, "something happens") != 0 {
				continue
			}
			name := rapid.SampledFrom(names).Draw(t, "who")
			p := w.person(name)
			switch what := rapid.IntRange(0, 3).Draw(t, "what"); {
			case p.call == "":
				w.arrive(name)
			case what == 0:
				w.hang(name)
			case what == 1:
				w.star(name)
				w.back(name)
			case what == 2:
				passed[name] = w.do(name, session.Request{Verb: session.Done}) != session.NotNow || passed[name]
			default:
				w.do(name, session.Request{Verb: session.Hand})
			}
		}
		if w.load().Over() {
			return
		}
		for _, name := range names {
			if !heard[name] && !passed[name] && w.person(name).room != nil {
				t.Fatalf("%s had no turn", name)
			}
		}
	})
}

// Who was removed and cannot be moved is hung up on.
func TestCannotBeMoved(t *testing.T) {
	t.Parallel()
	s, _ := wantsMute(t)
	s.Do(at(0), session.Request{Role: session.Coordinator, Verb: session.Remove, Seat: 1})
	acts := s.Acts(at(0))
	if len(acts) != 1 || acts[0].Kind != session.ActMove {
		t.Fatalf("acts: %+v", acts)
	}
	s.Reported(at(0), acts[0], session.Refused)
	acts = s.Acts(at(0))
	if len(acts) != 1 || acts[0].Kind != session.ActHangup || acts[0].Call != "a" {
		t.Fatalf("acts: %+v", acts)
	}
	s.Reported(at(0), acts[0], session.Accepted)
	same(t, "wakes at the first note", s.Wake(), at(50*time.Minute))
}

// A substitute who cannot be called is passed over, and a crisis line that cannot be
// called leaves a private talk.
func TestCallsThatAreRefused(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Stand = []string{"s1", "s2"}
	w := newWorld(t, o, 0)
	w.host("rose")
	w.arrive("ann")
	w.refuses = func(a session.Act) bool { return a.Facilitator == "s1" || a.Kind == session.ActBridge }
	same(t, "summon", w.do("rose", session.Request{Verb: session.Summon}), session.OK)
	same(t, "rung", w.rung, []string{"s2"})
	same(t, "crisis", w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")}), session.OK)
	same(t, "they talk", w.in(session.Side), []string{"ann", "rose"})
}

// The end finds even those whose way out was lost.
func TestConferenceIsEnded(t *testing.T) {
	t.Parallel()
	w := full(t, 1)
	w.refuses = func(a session.Act) bool { return a.Kind == session.ActMove || a.Kind == session.ActHangup }
	same(t, "close", w.do("rose", session.Request{Verb: session.Close}), session.OK)
	w.pass(30 * time.Second)
	same(t, "in the room", w.in(session.Main), []string{"ann", "rose"})
	w.pass(31 * time.Second)
	same(t, "conferences", len(w.confs), 0)
}
