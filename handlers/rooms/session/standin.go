package session

import (
	"fmt"
	"slices"
	"time"
)

// ring is an attempt to get a facilitator to the session: one after the other is
// rung until one comes.
type ring struct {
	List   []string  `json:",omitempty"` // who is rung after this one
	Who    string    // is being rung
	Rung   []string  `json:",omitempty"` // and who was before
	ID     int       // of this ring
	Since  time.Time // it rings, or they are coming
	Coming bool      `json:",omitempty"`
	Taken  bool      `json:",omitempty"` // they took the call
	Person int       `json:",omitempty"` // who is taken to the side room with them
	Host   bool      `json:",omitempty"` // it is because the session has no host
}

// The times at which substitutes are rung for a session without a host, how long a
// ring and the way in may take, and when it is given up.
const (
	ringBefore = 5 * time.Minute
	ringAfter  = 10 * time.Minute
	ringTime   = 35 * time.Second // 25 of ringing, and what the carrier takes
	pinTime    = time.Minute      // to show the PIN in
	wayIn      = 2 * time.Minute
	giveUp     = 15 * time.Minute
	comesLate  = 5 * time.Minute // after the last ring
)

// callStandIns rings substitutes, and decides what becomes of a session that none
// comes to.
func (s *Session) callStandIns() time.Time {
	if s.Over() {
		s.Ring = nil
		return time.Time{}
	}
	if s.Ring != nil {
		return s.ringing()
	}
	if s.Opened {
		return time.Time{}
	}
	start := s.Occurrence.Start
	due := []time.Time{start.Add(-ringBefore), start.Add(ringAfter), start.Add(giveUp)}
	switch at := due[min(s.Rounds, 2)]; {
	case at.After(s.Now) && !s.Rested:
		return at
	case s.Rounds < 2:
		s.Rounds++
		if len(s.hosts()) == 0 {
			s.ringFor(&ring{Host: true, List: slices.Clone(s.Occurrence.Stand)})
		}
		return s.Now
	case s.Occurrence.PeerLed:
		s.openWithout()
	case at.After(s.Now):
		return at
	case len(s.hosts()) > 0:
		return time.Time{} // one is on the way in
	default:
		s.close()
		s.Unheld = true
	}
	return s.Now
}

// openWithout opens a session that has no host: by a script, in a circle.
func (s *Session) openWithout() {
	s.Opened = true
	s.startCircle(turnTime, false)
	s.sayAll("peer_led", 0, 0)
}

// ringFor begins to ring. It is false if there is nobody to ring.
func (s *Session) ringFor(r *ring) bool {
	s.Ring = r
	return s.ringNext()
}

// ringNext rings the next one who is not there anyway.
func (s *Session) ringNext() bool {
	r := s.Ring
	for len(r.List) > 0 {
		if r.ID != 0 {
			r.Rung = append(r.Rung, r.Who)
		}
		r.Who, r.List = r.List[0], r.List[1:]
		if s.facilitates(r.Who) {
			continue
		}
		s.Serial++
		r.ID, r.Since, r.Coming, r.Taken = s.Serial, s.Now, false, false
		return true
	}
	s.Rested = s.Rested || r.Host && s.Rounds == 2
	s.Ring = nil
	if r.ID != 0 {
		r.Rung, r.Since = append(r.Rung, r.Who), s.Now
		s.Rang = r
	}
	return false
}

// facilitates says whether the facilitator of an id is there.
func (s *Session) facilitates(id string) bool {
	return slices.ContainsFunc(s.hosts(), func(p *seat) bool { return p.Shown && p.Facilitator == id })
}

// ringing gives up on a ring that nobody answers, and ends them all when a host is
// there.
func (s *Session) ringing() time.Time {
	r := s.Ring
	if r.Host && s.Opened {
		s.Ring = nil
		return s.Now
	}
	at := r.Since.Add(ringTime)
	switch {
	case r.Coming:
		at = r.Since.Add(wayIn)
	case r.Taken:
		at = r.Since.Add(pinTime)
	}
	if at.After(s.Now) {
		return at
	}
	s.ringNext()
	return s.Now
}

// Rung is told what became of ringing a facilitator: coming says that they took the
// call and showed their PIN.
func (s *Session) Rung(now time.Time, facilitator string, coming bool) {
	s.begin(now)
	defer s.settle(now)
	switch r := s.Ring; {
	case r == nil || !r.rang(facilitator) || r.Coming:
	case coming:
		r.pick(facilitator)
		r.Coming, r.Since = true, s.Now
	case r.Who != facilitator:
	default:
		s.ringNext()
	}
}

// rang says whether a facilitator was rung in this round, or is.
func (r *ring) rang(facilitator string) bool {
	return facilitator != "" && (r.Who == facilitator || slices.Contains(r.Rung, facilitator))
}

// pick has somebody be the one who is waited for who was rung before.
func (r *ring) pick(facilitator string) {
	if r.Who != facilitator {
		r.Rung = append(r.Rung, r.Who)
		r.Who = facilitator
	}
}

// Answered is told that a facilitator has taken the call by which they are rung: they
// get a while to show their PIN.
func (s *Session) Answered(now time.Time, facilitator string) {
	s.begin(now)
	defer s.settle(now)
	if r := s.Ring; r != nil && r.Who == facilitator && !r.Coming && !r.Taken {
		r.Taken, r.Since = true, s.Now
	}
}

// arrives ends the ring for somebody who came, and takes them to whom they were rung
// for, also if they took their time.
func (s *Session) arrives(p *seat) {
	r := s.Ring
	if r == nil || !r.rang(p.Facilitator) {
		if r = s.Rang; r == nil || !r.rang(p.Facilitator) || s.Now.Sub(r.Since) >= comesLate {
			return
		}
	} else {
		s.Ring = nil
	}
	s.Rang = nil
	if with := s.seat(r.Person); with != nil {
		s.talk(p, with)
	}
}

// calls are the wishes to call somebody: a facilitator, or the crisis line once the
// person is there to meet it.
func (s *Session) calls() []want {
	var all []want
	if r := s.Ring; r != nil && !r.Coming && !r.Taken {
		key := fmt.Sprint("ring/", r.ID)
		w := s.want(key, s.Now, Act{Kind: ActRing, Facilitator: r.Who})
		if a := s.askedFor(key); a != nil && a.Came != Failed {
			w.at = r.Since.Add(ringTime) // one that may have been placed would ring twice
		}
		all = append(all, w)
	}
	met := slices.ContainsFunc(s.within(Side), func(p *seat) bool { return p.Leg.State == in && p.Leg.Place == Side })
	if b := s.Bridge; b != nil && !b.Dialled && !b.In && met {
		all = append(all, s.want("bridge/"+b.Label, s.Now, Act{Kind: ActBridge, Place: Side, Label: b.Label}))
	}
	return all
}

// ringReported goes on to the next facilitator if the call cannot be placed.
func (s *Session) ringReported(a Act, r Report) {
	if s.Ring != nil && s.Ring.Who == a.Facilitator && (r == Refused || r == Missing) {
		s.ringNext()
	}
}
