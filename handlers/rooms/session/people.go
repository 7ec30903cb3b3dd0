package session

import "slices"

// admit lets in who waits: the seat that is named, or all.
func (s *Session) admit(_, _ *seat, r Request) Outcome {
	all := s.filter(func(p *seat) bool { return p.Place == Waiting && (r.Seat == 0 || p.Number == r.Seat) })
	if len(all) == 0 {
		return Nobody
	}
	for _, p := range all {
		p.Place, p.Sent = Main, false
		s.Waits.drop(p)
		s.join(p)
	}
	return OK
}

// muteSeat closes somebody's microphone.
func (s *Session) muteSeat(_, on *seat, _ Request) Outcome {
	if on.Held {
		return Already
	}
	on.Held = true
	s.say(on, "you_were_muted", on.Number, 0)
	return On
}

// unmuteSeat lets somebody open their microphone again.
func (s *Session) unmuteSeat(_, on *seat, _ Request) Outcome {
	if !on.Held && !on.Hushed {
		return Already
	}
	on.Held, on.Hushed = false, false
	return Off
}

// toWait sends somebody to the waiting room.
func (s *Session) toWait(by, on *seat, _ Request) Outcome {
	switch {
	case on == by:
		return NotAllowed
	case on.Sent:
		return Already
	}
	s.toDoor(on)
	on.Sent = true
	s.Waits.add(on)
	return OK
}

// remove keeps somebody out until the end: their call and their number, with all
// other seats that it has but a facilitator's.
func (s *Session) remove(by, on *seat, _ Request) Outcome {
	if on == by {
		return NotAllowed
	}
	s.keepOut(on)
	for _, p := range s.Seats {
		if p != by && p.Place != Out && !p.host() && s.Banned.knows(p.Who) {
			s.keepOut(p)
		}
	}
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

// talkWith takes somebody to the side room, with the facilitator who asks or the one
// who is there.
func (s *Session) talkWith(by, on *seat, _ Request) Outcome {
	if by = s.hostFor(by); by == nil {
		return Nobody
	}
	return s.talk(by, on)
}

// hostFor is who asks, or for who asks from outside a facilitator who is there; nil
// when none is.
func (s *Session) hostFor(by *seat) *seat {
	if hosts := s.hosts(); by == nil && len(hosts) > 0 {
		return hosts[0]
	}
	return by
}

// crisis takes somebody to the side room and calls the crisis line into it. The
// facilitator who asks comes along, or the one who is there.
func (s *Session) crisis(by, on *seat, _ Request) Outcome {
	there := s.within(Side)
	by = s.hostFor(by)
	switch {
	case s.Bridge != nil:
		return Already
	case by == nil || by == on || !on.here():
		return Nobody
	case slices.Contains(there, on): // they have been talking already
	case len(there) > 0:
		return NotNow
	default:
		if came := s.talk(by, on); came != OK {
			return came
		}
	}
	s.callLine()
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
