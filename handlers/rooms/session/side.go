package session

import "time"

// talk sends two into the side room, if it is free.
func (s *Session) talk(host, with *seat) Outcome {
	if len(s.within(Side)) > 0 || s.Bridge != nil || host == with {
		return NotNow
	}
	if !with.here() || !host.here() {
		return Nobody
	}
	for _, p := range []*seat{host, with} {
		p.Place, p.Shut = Side, false
		p.Signal, p.Signalled = "", time.Time{}
	}
	s.say(with, "asked_to_talk", host.Number, 0)
	return OK
}

// backFrom brings everybody back from the side room. With a crisis line in it a
// facilitator goes alone, and the person stays with the line.
func (s *Session) backFrom(p *seat) {
	if s.Bridge != nil && p.host() {
		p.Place = Main
		return
	}
	for _, p := range s.Seats {
		if p.Place == Side {
			p.Place = Main
		}
	}
}

// sideRoom lets nobody be alone in the side room but with the crisis line.
func (s *Session) sideRoom() time.Time {
	var next time.Time
	for _, p := range s.Seats {
		switch {
		case p.Place != Side || p.Leg.State != over:
		case s.gaveUp(p): // they may be there all the same
			next = first(next, p.Leg.Since.Add(onItsWay))
		default:
			p.Place = Main // where they belong when they ring back
			return s.Now
		}
	}
	if there := s.aside(); len(there) == 1 && s.Bridge == nil {
		there[0].Place = Main
		return s.Now
	}
	return next
}

// aside is who belongs into the side room and is there, or may be for all that is known.
func (s *Session) aside() []*seat {
	return s.filter(func(p *seat) bool { return p.Place == Side && (p.here() || s.gaveUp(p)) })
}
