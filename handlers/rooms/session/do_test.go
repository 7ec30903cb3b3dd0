package session_test

import (
	"testing"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// The permission table: what each role gets that asks for a verb on a participant.
func TestPermissions(t *testing.T) {
	t.Parallel()
	roles := []session.Role{session.Participant, session.CoFacilitator, session.Facilitator, session.Coordinator}
	for verb, may := range map[session.Verb][4]bool{
		session.MuteSelf:   {true, true, true, false},
		session.Hand:       {true, true, true, false},
		session.Done:       {true, true, true, false},
		session.Tell:       {true, true, true, false},
		session.Leave:      {true, true, true, false},
		session.Rejoin:     {true, true, true, false},
		session.Look:       {true, true, true, true},
		session.Next:       {false, true, true, true},
		session.SetMode:    {false, true, true, true},
		session.Quiet:      {false, true, true, true},
		session.Lock:       {false, true, true, true},
		session.Unlock:     {false, true, true, true},
		session.Screen:     {false, true, true, true},
		session.Unscreen:   {false, true, true, true},
		session.Admit:      {false, true, true, true},
		session.MuteSeat:   {false, true, true, true},
		session.UnmuteSeat: {false, true, true, true},
		session.Talk:       {false, true, true, true},
		session.ToWait:     {false, true, true, true},
		session.Remove:     {false, true, true, true},
		session.RemoveSoon: {false, true, true, true},
		session.Keep:       {false, true, true, true},
		session.Pairs:      {false, true, true, true},
		session.Together:   {false, true, true, true},
		session.Extend:     {false, true, true, true},
		session.Backup:     {false, true, true, true},
		session.Crisis:     {false, true, true, true},
		session.Closing:    {false, true, true, true},
		session.Summon:     {false, true, true, true},
		session.Close:      {false, false, true, true},
		session.HandOver:   {false, false, true, true},
		"dance":            {false, false, false, false},
	} {
		for i, role := range roles {
			t.Run(string(verb)+" by "+string(role), func(t *testing.T) {
				t.Parallel()
				w := full(t, 3)
				w.host("sam")
				w.settle()
				r := session.Request{Role: role, Verb: verb, Seat: w.seat("ann"), Mode: session.Hands, Minutes: 5, Signal: session.Sound}
				by := map[session.Role]string{session.Participant: "ben", session.CoFacilitator: "sam", session.Facilitator: "rose"}[role]
				got := w.do(by, r)
				if allowed := got != session.NotAllowed; allowed != may[i] {
					t.Errorf("it is %s", got)
				}
			})
		}
	}
}

// Nobody acts on who is above them, and a participant not at all.
func TestRanks(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	w.host("sam")
	w.settle()
	same(t, "the facilitator's seat", w.do("sam", session.Request{Verb: session.Remove, Seat: w.seat("rose")}), session.NotAllowed)
	same(t, "their own seat", w.do("rose", session.Request{Verb: session.Remove, Seat: w.seat("rose")}), session.NotAllowed)
	same(t, "the co-facilitator's seat", w.do("rose", session.Request{Verb: session.Remove, Seat: w.seat("sam")}), session.OK)
	same(t, "no seat", w.do("rose", session.Request{Verb: session.Remove, Seat: 99}), session.Gone)
}

// The same request does nothing more, and gets the same answer.
func TestTwice(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	r := session.Request{ID: "one", By: w.seat("ann"), Verb: session.MuteSelf}
	for range 3 {
		w.change(func(s *session.Session) { same(t, "mute", s.Do(w.now, r), session.On) })
		same(t, "heard", w.audible(session.Main), []string{"ben", "rose"})
	}
	same(t, "mutings", w.muting, 1)
}

func TestSignal(t *testing.T) {
	t.Parallel()
	w := full(t, 2)
	same(t, "tell", w.do("ann", session.Request{Verb: session.Tell, Signal: session.Unsafe}), session.OK)
	same(t, "rose hears", w.heard("rose"), []string{"signal_unsafe"})
	same(t, "ben hears", w.heard("ben"), nil)
	same(t, "rose sees", w.load().Status(w.now, session.Facilitator).People[1].Signal, session.Unsafe)
	same(t, "ben sees", w.load().Status(w.now, session.Participant).People[1].Signal, "")
	w.hang("rose")
	same(t, "without a facilitator", w.do("ben", session.Request{Verb: session.Tell, Signal: session.Sound}), session.Nobody)
}
