package session_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

func (w *world) mode(m session.Mode) session.Outcome {
	return w.do("rose", session.Request{Verb: session.SetMode, Mode: m})
}

func TestHands(t *testing.T) {
	t.Parallel()
	w := full(t, 4)
	same(t, "mode", w.mode(session.Hands), session.OK)
	same(t, "heard", w.audible(session.Main), []string{"rose"})
	same(t, "hand", w.do("cleo", session.Request{Verb: session.Hand}), session.On)
	same(t, "hand", w.do("ann", session.Request{Verb: session.Hand}), session.On)
	w.pass(10 * time.Second)
	same(t, "told the facilitator", w.heard("rose"), []string{"mode_hands", "hand_up_note", "hand_up_note"})
	same(t, "unmute", w.do("ben", session.Request{Verb: session.MuteSelf}), session.NotNow)

	same(t, "next", w.do("rose", session.Request{Verb: session.Next}), session.OK)
	same(t, "heard", w.audible(session.Main), []string{"cleo", "rose"})
	w.star("cleo")
	w.pass(5 * time.Second)
	w.back("cleo")
	same(t, "heard after star", w.audible(session.Main), []string{"cleo", "rose"})
	same(t, "done", w.do("cleo", session.Request{Verb: session.Done}), session.OK)
	same(t, "heard", w.audible(session.Main), []string{"rose"})
	same(t, "next", w.do("rose", session.Request{Verb: session.Next}), session.OK)
	same(t, "heard", w.audible(session.Main), []string{"ann", "rose"})
	same(t, "next", w.do("rose", session.Request{Verb: session.Next}), session.Nobody)

	w.hang("ann")
	w.pass(16 * time.Second)
	same(t, "has the floor", w.load().Status(w.now, session.Facilitator).Speaker, 0)
	w.arrive("ann")
	same(t, "the first in the queue", w.load().Status(w.now, session.Facilitator).Queue, []int{2})
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	same(t, "quiet", w.do("rose", session.Request{Verb: session.Quiet}), session.OK)
	same(t, "quiet again", w.do("rose", session.Request{Verb: session.Quiet}), session.Already)
	same(t, "heard", w.audible(session.Main), []string{"rose"})
	same(t, "unmute", w.do("ann", session.Request{Verb: session.MuteSelf}), session.Off)
	same(t, "heard", w.audible(session.Main), []string{"ann", "rose"})
	same(t, "mute", w.do("rose", session.Request{Verb: session.MuteSeat, Seat: w.seat("ann")}), session.On)
	same(t, "unmute", w.do("ann", session.Request{Verb: session.MuteSelf}), session.Held)
	same(t, "open", w.mode(session.Open), session.OK)
	same(t, "heard", w.audible(session.Main), []string{"ben", "cleo", "rose"})
}

// A circle of four: ben passes in advance and then for good, cleo passes and speaks
// after all, dan leaves most of his time.
func TestCircle(t *testing.T) {
	t.Parallel()
	w := full(t, 4)
	same(t, "circle", w.mode(session.Circle), session.OK)
	same(t, "heard while the order is read", w.audible(session.Main), nil)
	same(t, "ben passes", w.do("ben", session.Request{Verb: session.Done}), session.On)
	w.pass(12 * time.Second)
	same(t, "the order is read", w.heard("dan"), []string{"circle_order"})

	same(t, "first turn", w.audible(session.Main), []string{"rose"})
	w.pass(time.Minute)
	same(t, "rose is done", w.do("rose", session.Request{Verb: session.Done}), session.OK)
	same(t, "second turn", w.audible(session.Main), []string{"ann"})
	same(t, "ann hears", w.heard("ann"), []string{"circle_order", "your_turn"})
	// Rose left two minutes, to be shared by ann, ben, cleo and dan.
	w.pass(3*time.Minute + 29*time.Second)
	same(t, "ann hears", w.heard("ann"), nil)
	w.pass(2 * time.Second)
	same(t, "ann hears", w.heard("ann"), []string{"chime"})
	w.pass(30 * time.Second)
	same(t, "ann hears", w.heard("ann"), []string{"chime"})
	same(t, "still ann's", w.audible(session.Main), []string{"ann"})
	w.pass(30 * time.Second)

	same(t, "ben is passed over", w.audible(session.Main), []string{"cleo"})
	same(t, "cleo passes", w.do("cleo", session.Request{Verb: session.Done}), session.On)
	same(t, "dan's", w.audible(session.Main), []string{"dan"})
	w.pass(time.Minute)
	same(t, "dan is done", w.do("dan", session.Request{Verb: session.Done}), session.OK)
	same(t, "dan is done again", w.do("dan", session.Request{Verb: session.Done}), session.NotNow)

	same(t, "who has not spoken", w.load().Status(w.now, session.Facilitator).Silent, []int{w.seat("ben")})
	same(t, "ben is asked", w.heard("ben"), []string{"circle_order", "asked_again"})
	same(t, "closed while he is asked", w.audible(session.Main), nil)
	w.pass(21 * time.Second)
	same(t, "cleo is asked", w.heard("cleo"), []string{"circle_order", "your_turn", "asked_again"})
	same(t, "closed while she is asked", w.audible(session.Main), nil)
	same(t, "cleo wants to", w.do("cleo", session.Request{Verb: session.Hand}), session.On)
	same(t, "cleo's after all", w.audible(session.Main), []string{"cleo"})
	w.pass(20 * time.Second)
	same(t, "cleo is done", w.do("cleo", session.Request{Verb: session.Done}), session.OK)

	w.pass(time.Second)
	same(t, "open again", w.audible(session.Main), []string{"ann", "ben", "cleo", "dan", "rose"})
	same(t, "dan hears", w.heard("dan"), []string{"your_turn", "circle_done"})
	same(t, "told of in turns alone", w.load().Status(w.now, session.Facilitator).Silent, nil)
	same(t, "lists", w.lists, 0)
}

func TestCircleBeginsAtTheOtherEnd(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Reversed = true
	w := newWorld(t, o, 0)
	w.host("rose")
	w.arrive("ann")
	w.arrive("ben")
	w.mode(session.Circle)
	same(t, "order", w.load().Status(w.now, session.Facilitator).Order, []int{3, 2, 1})
}

// Who loses the line in their turn has it again, for the time that was left.
func TestDroppedSpeaker(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Circle)
	w.pass(10 * time.Second)
	w.do("rose", session.Request{Verb: session.Done}) // a pass: nothing was said
	same(t, "ann's turn", w.audible(session.Main), []string{"ann"})
	w.pass(time.Minute)
	alias := w.load().Status(w.now, session.Participant).People[1].Number
	w.hang("ann")
	same(t, "nobody at once", w.audible(session.Main), nil)
	w.pass(16 * time.Second)
	same(t, "ben's turn", w.audible(session.Main), []string{"ben"})
	w.pass(4 * time.Minute / 3)
	same(t, "ann is let in", w.arrive("ann"), session.DoorOK)
	same(t, "with her alias", w.load().Status(w.now, session.Participant).People[1].Number, alias)
	same(t, "still ben's turn", w.audible(session.Main), []string{"ben"})
	w.do("ben", session.Request{Verb: session.Done})
	w.pass(time.Second)
	same(t, "ann's turn", w.audible(session.Main), []string{"ann"})
	w.heard("ann")
	w.pass(2 * time.Minute)
	same(t, "her time is up", w.heard("ann"), []string{"chime"})
}

func TestDroppedWithinSeconds(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Circle)
	w.pass(10 * time.Second)
	w.do("rose", session.Request{Verb: session.Done})
	w.hang("ann")
	w.pass(10 * time.Second)
	w.arrive("ann")
	w.settle()
	same(t, "still ann's turn", w.audible(session.Main), []string{"ann"})
}

func TestListenNeedsAFacilitator(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Listen)
	same(t, "heard", w.audible(session.Main), []string{"rose"})
	w.hang("rose")
	w.pass(50 * time.Second)
	same(t, "heard", w.audible(session.Main), nil)
	w.pass(11 * time.Second)
	same(t, "heard", w.audible(session.Main), []string{"ann", "ben"})
}

func TestClosingRound(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	same(t, "closing", w.do("rose", session.Request{Verb: session.Closing}), session.OK)
	same(t, "door", w.arrive("cleo"), session.DoorLate)
	w.pass(10 * time.Second)
	for _, name := range []string{"rose", "ann", "ben"} {
		same(t, "heard", w.audible(session.Main), []string{name})
		w.pass(30 * time.Second)
		same(t, "over", w.load().Over(), false)
		w.do(name, session.Request{Verb: session.Done})
		w.pass(time.Second)
	}
	same(t, "over", w.load().Over(), true)
	same(t, "in the room", w.in(session.Main), nil)
	same(t, "gone", w.load().Gone(), w.now.Add(-time.Second).Add(15*time.Minute))
}

func TestTheEnd(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.pass(50*time.Minute + time.Second)
	same(t, "rose hears", w.heard("rose"), []string{"ten_left"})
	same(t, "ann hears", w.heard("ann"), nil)
	same(t, "extend", w.do("rose", session.Request{Verb: session.Extend, Minutes: 10}), session.OK)
	same(t, "extend too far", w.do("rose", session.Request{Verb: session.Extend, Minutes: 25}), session.NotNow)
	w.pass(18 * time.Minute)
	same(t, "ann hears", w.heard("ann"), []string{"extended", "two_left"})
	same(t, "rose hears", w.heard("rose"), []string{"extended", "ten_left", "two_left"})
	w.pass(2 * time.Minute)
	same(t, "ann hears", w.heard("ann"), []string{"time_is_up"})
	w.pass(9 * time.Minute)
	same(t, "in the room", w.in(session.Main), []string{"ann", "ben", "rose"})
	w.pass(time.Minute)
	same(t, "in the room", w.in(session.Main), nil)
	same(t, "door", w.arrive("cleo"), session.DoorLate)
}

// A facilitator may speak outside their turn. Who closes their microphone after that
// is not heard when the circle ends.
func TestFacilitatorInACircle(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.mode(session.Circle)
	w.pass(10 * time.Second)
	w.do("rose", session.Request{Verb: session.Done})
	w.pass(time.Second)
	same(t, "ann's turn", w.audible(session.Main), []string{"ann"})
	same(t, "opens", w.do("rose", session.Request{Verb: session.MuteSelf}), session.Off)
	same(t, "both", w.audible(session.Main), []string{"ann", "rose"})
	same(t, "closes", w.do("rose", session.Request{Verb: session.MuteSelf}), session.On)
	same(t, "ann's turn", w.audible(session.Main), []string{"ann"})
	w.mode(session.Open)
	same(t, "the others", w.audible(session.Main), []string{"ann", "ben"})
}
