package session

import (
	"slices"
	"time"
)

// Status is what a session looks like, to who may see it. It holds no number, no
// call, and no time of anybody's voice.
type Status struct {
	Opened, Ended bool
	Mode          Mode
	Locked        bool
	Screened      bool // newcomers wait
	Left          time.Duration
	Speaker       int // seat, 0 for none
	Queue         []int
	Order         []int // of the circle, from the next on
	People        []Person
	Silent        []int // seats that have not had the microphone, in a circle or with hands: for facilitators alone
	Key           string
	Side          []int // who is in the side room
	Pairs         bool
}

// Person is a seat as others see it.
type Person struct {
	Seat    int
	Alias   string // a facilitator's own who has shown their PIN, "" for one of the list
	Number  int    // of the alias in the list
	Role    Role
	Place   Place
	Present bool // in a room or at a menu; false of who lost the line
	Muted   bool
	Hand    int // place in the queue, 0 for none
	Signal  Signal
	Sent    bool // to wait, by a facilitator
	Met     bool // they have been in a room with somebody else
}

// Status is what a role may see of the session.
func (s *Session) Status(now time.Time, r Role) Status {
	host := rank(r) >= rank(CoFacilitator)
	st := Status{
		Opened: s.Opened, Ended: s.Over(), Mode: s.Mode, Locked: s.Locked, Screened: s.Screened,
		Left: max(0, s.end().Sub(now)), Speaker: s.Speaker, Queue: slices.Clone(s.Queue), Pairs: s.Pairs != nil,
	}
	st.Order = s.order()
	for _, p := range s.Seats {
		if p.Place == Out {
			continue
		}
		st.People = append(st.People, s.person(p, host))
		if !host {
			continue
		}
		if p.Place == Side {
			st.Side = append(st.Side, p.Number)
		}
		if turns := s.Mode == Circle || s.Mode == Hands; turns && p.Air == 0 && p.here() && !p.host() {
			st.Silent = append(st.Silent, p.Number)
		}
	}
	if host {
		st.Key = s.Key()
	}
	return st
}

// order is who has their turn next in a circle, and after that.
func (s *Session) order() []int {
	if c := s.Circle; c != nil {
		return slices.Concat(c.Missed, c.Order, c.Passed)
	}
	return nil
}

// handOf is which place a raised hand has, 0 for none: in the queue, which in a circle
// comes after those who have their turn anyway.
func (s *Session) handOf(p *seat) int {
	if !slices.Contains(s.Queue, p.Number) {
		return 0
	}
	var all []int
	for _, n := range slices.Concat(s.order(), s.Queue) {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return slices.Index(all, p.Number) + 1
}

// person is a seat as others see it. A signal is for the facilitators.
func (s *Session) person(p *seat, host bool) Person {
	q := Person{
		Seat: p.Number, Alias: p.Alias, Number: p.Word, Role: p.Role, Place: p.Place,
		Present: p.Leg.State != over, Muted: s.muted(p), Hand: s.handOf(p), Sent: p.Sent, Met: p.Met,
	}
	if !p.Shown {
		q.Alias = ""
	}
	if host {
		q.Signal = p.Signal
	}
	return q
}
