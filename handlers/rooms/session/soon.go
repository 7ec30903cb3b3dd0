package session

import "time"

// takenBack is how long a removal from a screen may be taken back: a button is pressed
// by mistake more easily than two keys in a row are.
const takenBack = 5 * time.Second

// removeSoon has somebody be removed in a moment, unless that is taken back. Nobody
// hears them from now on.
func (s *Session) removeSoon(by, on *seat, _ Request) Outcome {
	switch {
	case on == by:
		return NotAllowed
	case s.spared(on):
		return NotNow // nobody is cut off from the crisis line
	case !on.Goes.IsZero():
		return Already
	}
	on.Goes = s.Now.Add(takenBack)
	return OK
}

// keep takes that back.
func (s *Session) keep(_, on *seat, _ Request) Outcome {
	if on.Goes.IsZero() {
		return Already
	}
	on.Goes = time.Time{}
	return OK
}

// removals removes whom nobody kept in time. Who has hung up meanwhile is kept out all
// the same; who was brought to the crisis line stays with it.
func (s *Session) removals() time.Time {
	var next time.Time
	for _, p := range s.Seats {
		switch {
		case p.Goes.IsZero():
		case s.spared(p):
			p.Goes = time.Time{}
			next = s.Now
		case p.Goes.After(s.Now):
			next = first(next, p.Goes)
		default:
			p.Goes = time.Time{}
			s.remove(nil, p, Request{})
			next = s.Now
		}
	}
	return next
}
