package session

import (
	"hash/fnv"
	"slices"
	"time"
)

// seat returns the seat of a number, nil if there is none.
func (s *Session) seat(n int) *seat {
	if n < 1 || n > len(s.Seats) {
		return nil
	}
	return s.Seats[n-1]
}

// of returns the seat of a call, nil if it has none.
func (s *Session) of(call string) *seat {
	for _, p := range s.Seats {
		if call != "" && p.Leg.Call == call {
			return p
		}
	}
	return nil
}

// SeatOf returns the seat of a call, 0 if it has none.
func (s *Session) SeatOf(call string) int {
	if p := s.of(call); p != nil && p.Place != Out {
		return p.Number
	}
	return 0
}

// Language is the language of a seat; of none, that of the room.
func (s *Session) Language(seat int) string {
	if p := s.seat(seat); p != nil && p.Lang != "" {
		return p.Lang
	}
	return s.Occurrence.Lang
}

// draw returns the nth number that a seed gives.
// Source: https://prng.di.unimi.it/splitmix64.c
func draw(seed, n uint64) uint64 {
	z := seed + (n+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func hash(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

// here says whether somebody is on the line and belongs into a room.
func (p *seat) here() bool {
	return p.Leg.State != over && p.Place != Out && p.Place != Waiting
}

// host says whether somebody holds the session, if they are there.
func (p *seat) host() bool {
	return p.Role == Facilitator || p.Role == CoFacilitator
}

// able says whether somebody could speak in the room: they are in it, on their way
// or at their menu.
func (p *seat) able() bool {
	return p.here() && p.Place == Main && p.Leg.State != out
}

// hosts returns the seats of the facilitators who are there.
func (s *Session) hosts() []*seat {
	return s.filter(func(p *seat) bool { return p.host() && p.here() })
}

func (s *Session) filter(keep func(*seat) bool) []*seat {
	var some []*seat
	for _, p := range s.Seats {
		if keep(p) {
			some = append(some, p)
		}
	}
	return some
}

// place is where somebody belongs now.
func (s *Session) place(p *seat) Place {
	if s.Over() && !s.spared(p) {
		return Out
	}
	return p.Place
}

// spared says whether somebody is with the crisis line, where the end of the session
// leaves them.
func (s *Session) spared(p *seat) bool {
	return s.Bridge != nil && p.Place == Side && (p.here() || s.gaveUp(p))
}

// muted says whether somebody's microphone belongs closed.
func (s *Session) muted(p *seat) bool {
	switch {
	case !p.Goes.IsZero() && !s.spared(p):
		return true
	case p.Place == Side:
		return p.Shut // alone with a facilitator, whatever their microphone was before
	case p.Self, p.Held:
		return true
	case p.Place != Main:
		return false
	}
	switch s.Mode {
	case Hands:
		return !p.host() && s.Speaker != p.Number
	case Circle:
		return !s.speaks(p) && !(p.host() && p.Apart)
	case Listen:
		return !p.host()
	}
	return p.Hushed
}

// speaks says whether it is somebody's turn in a circle and they want it.
func (s *Session) speaks(p *seat) bool {
	return s.Speaker == p.Number && s.Circle != nil && s.Circle.Asked.IsZero()
}

// leaves is told that somebody is gone for good.
func (s *Session) leaves(p *seat) {
	p.Place, p.Gone, p.After = Out, s.Now, 0
	s.unqueue(p.Number)
	if s.Speaker == p.Number {
		s.drop()
	}
	if c := s.Circle; c != nil {
		c.forget(p.Number)
	}
}

// hangUp is told that somebody's call is over. Their seat stays for a while.
func (s *Session) hangUp(p *seat) {
	p.Leg.Dead, p.Leg.Ended = true, true
	if p.Leg.State != over {
		s.gone(p)
	}
}

// gone notes that a call is over, or counts as over. Whoever rang again before that
// was known has their old seat back.
func (s *Session) gone(p *seat) {
	p.Leg.State, p.Leg.Since = over, s.Now
	if !p.Leg.Dead {
		return // they may be in a room all the same: the other may be of their household
	}
	for _, q := range s.Seats {
		if p.Place != Out && q.After == p.Number && q.Place != Out && q.Leg.State != over && s.Now.Sub(q.Came) < rangAgain {
			s.merge(p, q)
			return
		}
	}
}

// rangAgain is how long after somebody rang their earlier call may turn out to be
// over, for the two to count as one who lost the line.
const rangAgain = 2 * time.Minute

// merge gives a seat to who holds another. Nobody is unmuted by it.
func (s *Session) merge(p, q *seat) {
	s.finish(p.Leg.Call)
	p.Leg, q.Leg = q.Leg, leg{State: over, Dead: true, Ended: true}
	p.Role, p.Shown, p.Lang, p.Slow = q.Role, q.Shown, q.Lang, q.Slow
	if q.Facilitator != "" {
		p.Facilitator, p.Alias = q.Facilitator, q.Alias
	}
	if p.Goes.IsZero() {
		p.Goes = q.Goes
	}
	p.Self, p.Held, p.Met = p.Self || q.Self, p.Held || q.Held, p.Met || q.Met
	q.After = 0
	switch {
	case q.Sent:
		s.toDoor(p)
		p.Sent = true
	case q.Place == Side:
		p.Place, p.Shut = Side, q.Shut
	}
	s.leaves(q)
}

// finish remembers a call, or a label, that is over and has no seat any more.
func (s *Session) finish(call string) {
	if call == "" || s.isFinished(call) {
		return
	}
	s.Finished = append(s.Finished, hash(call))
	if more := len(s.Finished) - finished; more > 0 {
		s.Finished = slices.Delete(s.Finished, 0, more)
	}
}

func (s *Session) isFinished(call string) bool {
	return slices.Contains(s.Finished, hash(call))
}

// finished is how many calls are remembered that are over.
const finished = 64

// lost is how long the seat is kept of somebody who lost the line.
const lost = 10 * time.Minute
