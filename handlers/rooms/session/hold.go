package session

import (
	"slices"
	"time"
)

// next gives the word to who comes next, or to the seat that is named.
func (s *Session) next(_, _ *seat, r Request) Outcome {
	on := s.seat(r.Seat)
	if r.Seat != 0 && (on == nil || !on.able()) {
		return Gone
	}
	switch {
	case s.Pairs != nil, s.Mode == Listen:
		return NotNow
	case s.Mode == Circle:
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
	s.drop()
	s.Speaker, on.Held, on.Hushed = on.Number, false, false
	s.sayAll("next_is", on.Number, 0)
	return OK
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

// admit lets in who waits: the seat that is named, or all.
func (s *Session) admit(_, _ *seat, r Request) Outcome {
	all := s.filter(func(p *seat) bool { return p.Place == Waiting && (r.Seat == 0 || p.Number == r.Seat) })
	if len(all) == 0 {
		return Nobody
	}
	for _, p := range all {
		p.Place = Main
		s.join(p)
	}
	return OK
}

// muteSeat closes somebody's microphone, or lets them open it again.
func (s *Session) muteSeat(_, on *seat, _ Request) Outcome {
	if on.Hushed {
		on.Hushed = false
		return Off
	}
	on.Held = !on.Held
	return onOff(on.Held)
}

// toWait sends somebody to the waiting room.
func (s *Session) toWait(by, on *seat, _ Request) Outcome {
	switch {
	case on.Place == Waiting:
		return Already
	case on == by:
		return NotAllowed
	}
	s.leaves(on)
	on.Place = Waiting
	return OK
}

// remove keeps somebody out until the end: their seat, their call and their number.
func (s *Session) remove(by, on *seat, _ Request) Outcome {
	if on == by {
		return NotAllowed
	}
	s.leaves(on)
	on.Removed = true
	s.Banned.Calls = append(s.Banned.Calls, on.Leg.Call)
	if on.Who != nil {
		s.Banned.Whos = append(s.Banned.Whos, on.Who)
	}
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

// summon rings the substitutes, one after the other.
func (s *Session) summon(by, _ *seat, _ Request) Outcome {
	if s.Ring != nil {
		return Already
	}
	if !s.ringFor(&ring{List: slices.Clone(s.Occurrence.Stand)}) {
		return Nobody
	}
	if by != nil {
		s.say(by, "substitute_called", 0, 0)
	}
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

// backup rings another facilitator, who meets the person in the side room.
func (s *Session) backup(_, on *seat, _ Request) Outcome {
	switch {
	case !on.here():
		return Nobody
	case len(s.within(Side)) > 0 || s.Bridge != nil:
		return NotNow
	case !s.ringFor(&ring{List: slices.Clone(s.Occurrence.Stand), Person: on.Number}):
		return Nobody
	}
	return OK
}

// talkWith takes somebody to the side room.
func (s *Session) talkWith(by, on *seat, _ Request) Outcome {
	return s.talk(by, on)
}

// crisis takes somebody to the side room and calls the crisis line into it. The
// facilitator who asks comes along, or the one who is there.
func (s *Session) crisis(by, on *seat, _ Request) Outcome {
	there := s.within(Side)
	if by == nil && len(s.hosts()) > 0 {
		by = s.hosts()[0]
	}
	switch {
	case s.Bridge != nil:
		return Already
	case by == nil || by == on || !on.here():
		return Nobody
	case slices.Contains(there, on): // they have been talking already
	case len(there) > 0:
		return NotNow
	default:
		s.talk(by, on)
	}
	s.Serial++
	s.Bridge = &bridge{Label: label(s.Seed, s.Serial), At: s.Now}
	return OK
}

// handOver makes somebody the facilitator. Who was stays at their side.
func (s *Session) handOver(_, on *seat, _ Request) Outcome {
	switch {
	case on.Role == Facilitator:
		return Already
	case !on.here():
		return Gone
	}
	for _, p := range s.Seats {
		if p.Role == Facilitator {
			p.Role = CoFacilitator
		}
	}
	on.Role = Facilitator
	s.say(on, "handed_over", on.Number, 0)
	return OK
}

func (s *Session) closeNow(_, _ *seat, _ Request) Outcome {
	s.close()
	return OK
}
