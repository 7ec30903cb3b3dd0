package session_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

func TestPrivateTalk(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	w.do("rose", session.Request{Verb: session.MuteSeat, Seat: w.seat("ann")})
	same(t, "ann hears", w.heard("ann"), []string{"you_were_muted"})
	same(t, "talk", w.do("rose", session.Request{Verb: session.Talk, Seat: w.seat("ann")}), session.OK)
	same(t, "aside", w.audible(session.Side), []string{"ann", "rose"})
	same(t, "the others", w.in(session.Main), []string{"ben", "cleo"})
	same(t, "ann hears", w.heard("ann"), []string{"asked_to_talk"})
	same(t, "star", w.star("ann"), session.WhereMenu)
	same(t, "the others hear nobody", w.in(session.Main), []string{"ben", "cleo"})
	w.back("ann")
	same(t, "aside", w.in(session.Side), []string{"ann", "rose"})
	w.star("ann")
	same(t, "rejoin", w.do("ann", session.Request{Verb: session.Rejoin}), session.OK)
	same(t, "rose is back", w.in(session.Main), []string{"ben", "cleo", "rose"})
	w.back("ann")
	same(t, "ann is back, still muted", w.audible(session.Main), []string{"ben", "cleo", "rose"})
	same(t, "in the room", w.in(session.Main), []string{"ann", "ben", "cleo", "rose"})
}

func TestPrivateTalkEndsWithTheLine(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.do("rose", session.Request{Verb: session.Talk, Seat: w.seat("ann")})
	w.hang("ann")
	same(t, "rose is back", w.in(session.Main), []string{"ben", "rose"})
	w.arrive("ann")
	same(t, "so is ann", w.in(session.Main), []string{"ann", "ben", "rose"})
}

func TestPairs(t *testing.T) {
	t.Parallel()
	w := full(t, 5)
	same(t, "pairs", w.do("rose", session.Request{Verb: session.Pairs, Minutes: 3}), session.OK)
	same(t, "first", w.in(session.Pair(1)), []string{"ann", "ben"})
	same(t, "last", w.in(session.Pair(2)), []string{"cleo", "dan", "eva"})
	same(t, "rose", w.in(session.Main), []string{"rose"})
	same(t, "ann hears", w.heard("ann"), []string{"pairs_begin"})
	w.hang("ben")
	same(t, "nobody is alone", w.in(session.Pair(2)), []string{"ann", "cleo", "dan", "eva"})
	w.pass(2*time.Minute + time.Second)
	same(t, "dan hears", w.heard("dan"), []string{"pairs_begin", "pairs_end"})
	w.pass(time.Minute)
	same(t, "together", w.in(session.Main), []string{"ann", "cleo", "dan", "eva", "rose"})
}

// A facilitator brings somebody to the crisis line, and leaves them with it.
func TestCrisis(t *testing.T) {
	t.Parallel()
	w := full(t, 3)
	same(t, "crisis", w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")}), session.OK)
	same(t, "aside", w.in(session.Side), []string{"ann", "rose"})
	line := w.conf(session.Side).bridge
	if line == "" {
		t.Fatal("the crisis line was not called")
	}
	same(t, "star", w.star("rose"), session.WhereMenu)
	w.back("rose")
	same(t, "the star is no way back", w.in(session.Side), []string{"ann", "rose"})
	w.star("rose")
	same(t, "rejoin", w.do("rose", session.Request{Verb: session.Rejoin}), session.OK)
	w.back("rose")
	same(t, "ann stays", w.in(session.Side), []string{"ann"})
	w.pass(5 * time.Minute)
	same(t, "ann stays", w.in(session.Side), []string{"ann"})
	c := w.conf(session.Side)
	c.bridge = ""
	w.tell(c, session.Event{Kind: session.Left, Call: "crisis" + line, Label: line, HungUp: true})
	w.settle()
	same(t, "all are back", w.in(session.Main), []string{"ann", "ben", "cleo", "rose"})
}

// The crisis line is not left in an empty room.
func TestCrisisLineIsLetGo(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.do("rose", session.Request{Verb: session.Crisis, Seat: w.seat("ann")})
	for _, name := range []string{"rose", "ann"} {
		w.star(name)
		w.do(name, session.Request{Verb: session.Rejoin})
	}
	same(t, "conferences", len(w.confs), 1)
}

func TestBackup(t *testing.T) {
	t.Parallel()
	o := occurrence()
	o.Stand = []string{"id rose", "id sam"}
	w := newWorld(t, o, 0)
	w.host("rose")
	w.arrive("ann")
	w.arrive("ben")
	same(t, "backup", w.do("rose", session.Request{Verb: session.Backup, Seat: w.seat("ann")}), session.OK)
	same(t, "rung", w.rung, []string{"id sam"})
	same(t, "ann is not alone meanwhile", w.in(session.Main), []string{"ann", "ben", "rose"})
	w.change(func(s *session.Session) { s.Rung(w.now, "id sam", true) })
	w.host("sam")
	w.settle()
	same(t, "aside", w.in(session.Side), []string{"ann", "sam"})
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	same(t, "hand over", w.do("rose", session.Request{Verb: session.HandOver, Seat: w.seat("ann")}), session.OK)
	same(t, "ann hears", w.heard("ann"), []string{"handed_over"})
	same(t, "ann may", w.do("ann", session.Request{Verb: session.Lock}), session.OK)
	same(t, "rose still may", w.do("rose", session.Request{Verb: session.Unlock}), session.OK)
	same(t, "but not close", w.do("rose", session.Request{Verb: session.Close}), session.NotAllowed)
	w.hang("ann")
	w.pass(61 * time.Second)
	same(t, "until ann is away", w.do("rose", session.Request{Verb: session.Close}), session.OK)
}
