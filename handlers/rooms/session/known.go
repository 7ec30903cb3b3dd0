package session

import (
	"bytes"
	"time"
)

// Known is how often somebody is known in the session by their number: by the seats
// that they have or had, and by having been told to stay out.
func (s *Session) Known(who []byte) int {
	if who == nil {
		return 0
	}
	n := len(s.filter(func(p *seat) bool { return bytes.Equal(p.Who, who) }))
	if s.Banned.knows(who) {
		n++
	}
	if s.Waits.knows(who) {
		n++
	}
	return n
}

// Forget has somebody not be known by their number any more. The seat of who lost
// the line is not kept for them; who is on the line stays. Who was told to stay out
// does: being forgotten is no way back in before the end.
func (s *Session) Forget(now time.Time, who []byte) {
	s.begin(now)
	defer s.settle(now)
	for _, p := range s.Seats {
		if who == nil || !bytes.Equal(p.Who, who) {
			continue
		}
		p.Who = nil
		if p.Leg.State == over && p.Place != Out {
			s.leaves(p)
		}
	}
}
