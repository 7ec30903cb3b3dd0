package session

import (
	"slices"
	"time"
)

// turns keeps turns and the floor: it gives, limits and takes them.
func (s *Session) turns() time.Time {
	if s.Over() {
		return time.Time{}
	}
	if s.Speaker != 0 {
		return s.turn()
	}
	c := s.Circle
	if c == nil {
		return time.Time{}
	}
	if c.Begins.After(s.Now) {
		return c.Begins
	}
	s.advance()
	return s.Now
}

// turn looks after the one that is on.
func (s *Session) turn() time.Time {
	p := s.seat(s.Speaker)
	if !p.able() {
		if s.Away.IsZero() {
			s.Away = s.Now
		}
		if at := s.Away.Add(awayTime); at.After(s.Now) {
			return at
		}
		s.interrupt(p)
		return s.Now
	}
	s.Away = time.Time{}
	c := s.Circle
	switch {
	case c == nil:
		return time.Time{}
	case !c.Asked.IsZero():
		if at := c.Asked.Add(askTime); at.After(s.Now) {
			return at
		}
		s.drop()
		return s.Now
	}
	limit := c.Began.Add(c.Limit)
	for at := limit.Add(time.Duration(c.Chimes) * chimeAgain); c.Chimes < c.chimes(); at = at.Add(chimeAgain) {
		if at.After(s.Now) {
			return at
		}
		c.Chimes++
		s.say(p, "chime", 0, 0)
	}
	if at := limit.Add(c.over()); at.After(s.Now) {
		return at
	}
	s.drop()
	s.say(p, "turn_over", p.Number, 0)
	return s.Now
}

// interrupt takes the turn or the floor from somebody who is away. They have it next
// when they are back, with the time that was left.
func (s *Session) interrupt(p *seat) {
	if c := s.Circle; c == nil {
		s.Queue = slices.Insert(s.Queue, 0, p.Number)
	} else {
		if c.Asked.IsZero() {
			p.Rest = max(c.Began.Add(c.Limit).Sub(s.Away), passUnder)
		}
		c.Missed = append(c.Missed, p.Number)
	}
	s.drop()
}

// drop ends the turn or takes the floor, whose ever it is.
func (s *Session) drop() {
	s.Speaker, s.Away = 0, time.Time{}
	if c := s.Circle; c != nil {
		c.Began, c.Limit, c.Chimes, c.Air, c.Asked = time.Time{}, 0, 0, 0, time.Time{}
	}
}
