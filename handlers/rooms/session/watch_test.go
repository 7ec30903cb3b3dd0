package session_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// What is asked of the carrier is not done before it says so.
func TestWhatIsAskedIsNotDoneYet(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	ann := w.seat("ann")
	doing := func() session.Doing { return w.load().Watch(w.now).Came[ann].Doing }
	var during []session.Doing
	w.acting = func(session.Act) { during = append(during, doing()) }
	same(t, "before", doing(), session.DoingNothing)
	w.do("rose", session.Request{Verb: session.MuteSeat, Seat: ann})
	same(t, "while it is asked", during[0], session.DoingAsked)
	same(t, "once it is done", doing(), session.DoingNothing)
	same(t, "her microphone", w.load().Watch(w.now).People[ann-1].Muted, true)
}

func TestWhatTheCarrierRefusesHasFailed(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	ann := w.seat("ann")
	w.refuses = func(a session.Act) bool { return a.Kind != session.ActSay }
	w.do("rose", session.Request{Verb: session.MuteSeat, Seat: ann})
	same(t, "muting", w.load().Watch(w.now).Came[ann].Doing, session.DoingFailed)
	w.do("rose", session.Request{Verb: session.Remove, Seat: ann})
	watched := w.load().Watch(w.now)
	same(t, "who is to be out", len(watched.Leaving), 1)
	same(t, "removing", watched.Came[ann].Doing, session.DoingFailed)
	w.refuses = nil
	w.pass(2 * time.Minute)
	same(t, "who is to be out then", len(w.load().Watch(w.now).Leaving), 0)
}

func TestWhereACallIs(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	ann := w.seat("ann")
	at := func() session.At { return w.load().Watch(w.now).Came[ann].At }
	same(t, "in", at(), session.AtRoom)
	w.star("ann")
	same(t, "by the star", at(), session.AtMenu)
	w.back("ann")
	w.do("rose", session.Request{Verb: session.ToWait, Seat: ann})
	same(t, "sent to wait", at(), session.AtDoor)
	w.hang("ann")
	same(t, "hung up", at(), session.AtGone)
	w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ben")})
	same(t, "the crisis line", w.load().Watch(w.now).Line, session.LineThere)
}
