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
		if p.Place == Side && p.Leg.State == over {
			p.Place = Main // where they belong when they ring back
			next = s.Now
		}
	}
	if there := s.within(Side); len(there) == 1 && s.Bridge == nil {
		there[0].Place = Main
		return s.Now
	}
	return next
}
