package session_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Who is to be removed falls silent at once, and is out after five seconds; who is kept
// before is as they were.
func TestARemovalCanBeTakenBack(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	ann := w.seat("ann")
	soon := func() session.Outcome { return w.do("rose", session.Request{Verb: session.RemoveSoon, Seat: ann}) }
	keep := func() session.Outcome { return w.do("rose", session.Request{Verb: session.Keep, Seat: ann}) }
	is := func() session.Watching { return w.load().Watch(w.now).Came[ann] }
	muted := func() bool { return w.load().Watch(w.now).People[ann-1].Muted }

	same(t, "keeping who is not going", keep(), session.Already)
	same(t, "removing", soon(), session.OK)
	same(t, "removing twice", soon(), session.Already)
	w.pass(4 * time.Second)
	same(t, "she goes", is().Goes, true)
	same(t, "she is muted", muted(), true)
	same(t, "keeping", keep(), session.OK)
	w.pass(time.Minute)
	same(t, "she stays", w.load().SeatOf(w.person("ann").call), ann)
	same(t, "she goes on", is().Goes || muted(), false)

	same(t, "removing again", soon(), session.OK)
	same(t, "when it is due", w.load().Wake().After(w.now.Add(5*time.Second)), false)
	w.pass(6 * time.Second)
	same(t, "she is out", w.load().SeatOf(w.person("ann").call), 0)
	same(t, "keeping who is out", keep(), session.Gone)
}

// Who hangs up before they are removed is kept out all the same.
func TestWhoHangsUpIsRemovedAllTheSame(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	call := w.person("ann").call
	w.do("rose", session.Request{Verb: session.RemoveSoon, Seat: w.seat("ann")})
	w.hang("ann")
	w.pass(6 * time.Second)
	same(t, "her number is kept out", w.load().Known(w.person("ann").who) > 1, true)
	same(t, "her seat", w.load().SeatOf(call), 0)
}

// Nobody is cut off from the crisis line by a removal that was on its way.
func TestTheCrisisLineStaysWithWhoWasToGo(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	ann := w.seat("ann")
	w.do("rose", session.Request{Verb: session.RemoveSoon, Seat: ann})
	w.do("rose", session.Request{Verb: session.Crisis, Seat: ann})
	w.pass(6 * time.Second)
	same(t, "she is with the crisis line", w.load().SeatOf(w.person("ann").call), ann)
	same(t, "removing her", w.do("rose", session.Request{Verb: session.RemoveSoon, Seat: ann}), session.NotNow)
}
