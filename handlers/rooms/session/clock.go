package session

import "time"

// begin is the start of every change: the session's clock goes on, never back.
func (s *Session) begin(now time.Time) {
	now = now.Round(0).UTC()
	if !now.After(s.Now) {
		return
	}
	if p := s.seat(s.Speaker); p != nil && s.onAir(p) && !s.Now.IsZero() {
		p.Air += now.Sub(s.Now)
	}
	s.Now = now
}

// onAir says whether the microphone of who has the turn or the floor is open.
func (s *Session) onAir(p *seat) bool {
	return (s.Mode == Circle || s.Mode == Hands) && p.Place == Main && p.Leg.State == in && p.Leg.Mic == open
}

// Tick does what has become due.
func (s *Session) Tick(now time.Time) {
	s.begin(now)
	s.settle(now)
}

// settle is the end of every change: whatever follows from it, and from the time, is
// done, until nothing more follows.
func (s *Session) settle(now time.Time) {
	s.begin(now)
	for range 10 {
		s.Next = time.Time{}
		for _, rule := range rules {
			s.Next = first(s.Next, rule(s))
		}
		if s.Next.IsZero() || s.Next.After(s.Now) {
			return
		}
	}
}

// rules are what follows from a session's state and the time. Each does what is due
// and returns when it has something to do again, zero for never: now, if what it
// did may be news to the others.
var rules = []func(*Session) time.Time{
	(*Session).removals,
	(*Session).quietLegs,
	(*Session).keepHosts,
	(*Session).openWithHost,
	(*Session).lineRule,
	(*Session).sideRoom,
	(*Session).spare,
	(*Session).pairRooms,
	(*Session).turns,
	(*Session).callStandIns,
	(*Session).timeNotes,
	(*Session).newKey,
	(*Session).theEnd,
	(*Session).oldNotes,
}

// Wake is when [Session.Tick] has something to do next, or [Session.Acts] to repeat.
func (s *Session) Wake() time.Time {
	wake := first(s.Next, s.Gone())
	for _, w := range s.wants() {
		wake = first(wake, w.at)
	}
	return wake
}

// quietLegs gives up on calls of which nothing was heard for too long, and in the
// end on their seats.
func (s *Session) quietLegs() time.Time {
	var next time.Time
	for _, p := range s.Seats {
		d, ok := patienceWith[p.Leg.State]
		if !ok || p.Place == Out {
			continue
		}
		if p.Leg.State == over {
			d = p.kept()
		}
		at := p.Leg.Since.Add(d)
		switch {
		case at.After(s.Now):
			next = first(next, at)
		case p.Leg.State == over:
			s.leaves(p)
			next = s.Now
		default:
			if p.Leg.State == coming {
				s.doubt(p.Leg.Place)
			}
			s.gone(p)
			next = s.Now
		}
	}
	return next
}

// patienceWith is how long nothing may be heard of a call in a state. One that is over
// has its seat kept for a while.
var patienceWith = map[legState]time.Duration{outside: atMenu, coming: onItsWay, out: outOfIt, over: lost}

// kept is how long the seat is kept of somebody whose call is over: not at all if
// nothing is known by which they could have it back, unless that call turns out to be
// on after all.
func (p *seat) kept() time.Duration {
	switch {
	case p.Who != nil || p.Facilitator != "":
		return lost
	case p.Leg.Ended:
		return 0
	}
	return atMenu
}

// keepHosts sees to it that somebody holds the session if there is a facilitator,
// and that nobody is silenced if there is none.
func (s *Session) keepHosts() time.Time {
	hosts := s.hosts()
	if len(hosts) > 0 {
		s.Hostless = time.Time{}
		return s.promote(hosts)
	}
	if s.Hostless.IsZero() {
		s.Hostless = s.Now
	}
	if s.Mode != Hands && s.Mode != Listen {
		return time.Time{}
	}
	if at := s.Hostless.Add(leaderless); at.After(s.Now) {
		return at
	}
	s.enterMode(Open)
	s.sayAll("mode_open", 0, 0)
	return s.Now
}

// leaderless is how long a facilitator may be away before a mode ends that needs
// one, or another takes over.
const leaderless = time.Minute

// promote makes the first of the co-facilitators the facilitator, if there is none
// any more.
func (s *Session) promote(hosts []*seat) time.Time {
	for _, p := range s.Seats {
		if p.Role != Facilitator || p.Place == Out {
			continue
		}
		if p.Leg.State != over {
			return time.Time{}
		}
		if at := p.Leg.Since.Add(leaderless); at.After(s.Now) {
			return at
		}
		p.Role = CoFacilitator
	}
	hosts[0].Role = Facilitator
	s.say(hosts[0], "handed_over", 0, 0)
	return s.Now
}

// openWithHost opens a session that waits for a facilitator when one is in.
func (s *Session) openWithHost() time.Time {
	if s.Opened || s.Over() {
		return time.Time{}
	}
	for _, p := range s.hosts() {
		if p.Place == Main && p.Leg.State == in && p.Leg.Place == Main {
			s.Opened = true
			s.sayAll("host_came", p.Number, 0)
			return s.Now
		}
	}
	return time.Time{}
}
