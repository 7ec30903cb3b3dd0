package session

import (
	"slices"
	"time"
)

// next gives the word to who comes next, or to the seat that is named.
func (s *Session) next(by, _ *seat, r Request) Outcome {
	on := s.seat(r.Seat)
	if r.Seat != 0 && (on == nil || !on.able()) {
		return Gone
	}
	switch {
	case s.Pairs != nil, s.Mode == Listen:
		return NotNow
	case s.Mode == Circle:
		s.turnOver(by, on)
		return s.nextTurn(on)
	}
	if on == nil {
		i := slices.IndexFunc(s.Queue, func(n int) bool { return s.seat(n).able() })
		if i < 0 {
			return Nobody
		}
		on = s.seat(s.Queue[i])
	}
	s.unqueue(on.Number)
	s.turnOver(by, on)
	s.drop()
	s.Speaker, on.Held, on.Hushed = on.Number, false, false
	s.sayAll("next_is", on.Number, 0)
	return OK
}

// turnOver tells who has the turn or the floor that another has it now, unless they
// asked for that, or have it again.
func (s *Session) turnOver(by, next *seat) {
	if p := s.seat(s.Speaker); p != nil && p != by && p != next {
		s.say(p, "turn_over", p.Number, 0)
	}
}

// nextTurn ends the turn that is on, for the next one or for the seat that is named.
func (s *Session) nextTurn(on *seat) Outcome {
	c := s.Circle
	if s.Speaker != 0 {
		s.endTurn()
	}
	c.Begins = s.Now
	if on != nil {
		c.forget(on.Number)
		on.Held = false
		c.Missed = slices.Insert(c.Missed, 0, on.Number)
		if on.Passes {
			on.Passes, on.Passed = false, true // nobody is unmuted against that: they are asked
		}
	}
	return OK
}

// setMode changes who may speak. The open mode once more lets everybody speak who
// was silenced along with all others.
func (s *Session) setMode(_, _ *seat, r Request) Outcome {
	switch {
	case !slices.Contains([]Mode{Open, Hands, Circle, Listen}, r.Mode):
		return NotAllowed
	case !s.Closing.IsZero():
		return NotNow
	case s.Mode == r.Mode && r.Mode != Open:
		return Already
	}
	if s.Pairs != nil {
		s.together()
	}
	if r.Mode == Circle {
		if !s.startCircle(turnTime, false) {
			return Nobody
		}
		s.sayAll("circle_order", 0, 0)
		return OK
	}
	s.enterMode(r.Mode)
	s.sayAll("mode_"+string(r.Mode), 0, 0)
	return OK
}

// quiet closes every microphone but the speaker's and the facilitators'. Everybody
// may open theirs again.
func (s *Session) quiet(_, _ *seat, _ Request) Outcome {
	changed := false
	for _, p := range s.Seats {
		if p.Place == Main && !p.host() && p.Number != s.Speaker && !s.muted(p) {
			p.Hushed, changed = true, true
		}
	}
	if !changed {
		return Already
	}
	s.sayAll("quiet_note", 0, 0)
	return OK
}

func (s *Session) lock(_, _ *seat, _ Request) Outcome {
	if s.Locked {
		return Already
	}
	s.Locked = true
	s.sayAll("locked_note", 0, 0)
	return OK
}

func (s *Session) unlock(_, _ *seat, _ Request) Outcome {
	return set(&s.Locked, false)
}

func (s *Session) screen(_, _ *seat, _ Request) Outcome {
	return set(&s.Screened, true)
}

func (s *Session) unscreen(_, _ *seat, _ Request) Outcome {
	return set(&s.Screened, false)
}

func set(to *bool, on bool) Outcome {
	if *to == on {
		return Already
	}
	*to = on
	return OK
}

// pairUp sends people into rooms by twos.
func (s *Session) pairUp(_, _ *seat, r Request) Outcome {
	switch {
	case r.Minutes < 1 || r.Minutes > pairsMost:
		return NotAllowed
	case s.Pairs != nil || !s.Closing.IsZero() || !s.Opened:
		return NotNow
	}
	return s.makePairs(time.Duration(r.Minutes) * time.Minute)
}

// The most minutes that pairs may talk, and that a session may be extended by.
const (
	pairsMost  = 30
	extendMost = 30
)

func (s *Session) endPairs(_, _ *seat, _ Request) Outcome {
	if s.Pairs == nil {
		return Already
	}
	s.together()
	return OK
}

// extend moves the end.
func (s *Session) extend(_, _ *seat, r Request) Outcome {
	by := time.Duration(r.Minutes) * time.Minute
	switch {
	case r.Minutes < 1 || r.Minutes > extendMost:
		return NotAllowed
	case !s.Closing.IsZero() || s.Extended+by > extendMost*time.Minute:
		return NotNow
	}
	s.Extended += by
	s.sayAll("extended", 0, r.Minutes)
	return OK
}

// closing begins the last round. Newcomers are late from now on.
func (s *Session) closing(_, _ *seat, _ Request) Outcome {
	if !s.Closing.IsZero() {
		return Already
	}
	s.Closing = s.Now
	if s.Pairs != nil {
		s.together()
	}
	if !s.startCircle(closingTurn, true) {
		s.close()
		return OK
	}
	s.sayAll("closing_round", 0, 0)
	return OK
}

func (s *Session) closeNow(_, _ *seat, _ Request) Outcome {
	s.close()
	return OK
}
