package session

import (
	"slices"
	"time"
)

// conference is what the carrier has told of one. A room may have several, one
// after the other: it ends when the last one leaves, if only for a moment.
type conference struct {
	ID    string // the carrier's; "" for one of which nothing was told
	Place Place
	Begun bool `json:",omitempty"` // whoever is in it hears each other, or silence
	// Doubt says that it may have begun without our hearing of it.
	Doubt bool `json:",omitempty"`
	Ended bool `json:",omitempty"`
	// Next is the first number that was not heard, Ahead the heard ones after it and
	// Gap since when there are any.
	Next  int       `json:",omitempty"`
	Ahead []int     `json:",omitempty"`
	Gap   time.Time `json:",omitzero"`
	// Known is the first number of what happened after the last list.
	Known int `json:",omitempty"`
	// Heard is when a callback was last heard of it, Listed when its list was last
	// asked for, and Mended when a list last told what no callback had.
	Heard  time.Time `json:",omitzero"`
	Listed time.Time `json:",omitzero"`
	Mended time.Time `json:",omitzero"`
	// Cleared says that the last one we knew of was sent out of it. Whoever comes into
	// it after that is not alone.
	Cleared bool `json:",omitempty"`
	// Suspect says that nothing was heard since.
	Suspect bool `json:",omitempty"`
}

// conferences is how many are remembered.
const conferences = 16

// conference returns the one of an id, and makes it if it is new.
func (s *Session) conference(p Place, id string) *conference {
	i := slices.IndexFunc(s.Rooms, func(c *conference) bool { return c.ID == id && c.Place == p })
	if i >= 0 {
		return s.Rooms[i]
	}
	if len(s.Rooms) >= conferences {
		old := max(0, slices.IndexFunc(s.Rooms, func(c *conference) bool { return len(s.legsIn(c)) == 0 }))
		s.Rooms = slices.Delete(s.Rooms, old, old+1)
	}
	c := &conference{ID: id, Place: p, Next: 1, Heard: s.Now}
	s.Rooms = append(s.Rooms, c)
	return c
}

// legsIn returns the seats whose legs are in a conference.
func (s *Session) legsIn(c *conference) []*seat {
	return s.filter(func(p *seat) bool {
		return p.Leg.State == in && p.Leg.Place == c.Place && p.Leg.Conference == c.ID
	})
}

// current is the conference that a place has now, nil if none is known: the last in
// which somebody is.
func (s *Session) current(p Place) *conference {
	for _, c := range slices.Backward(s.Rooms) {
		if c.Place == p && !c.Ended && c.ID != "" && len(s.legsIn(c)) > 0 {
			return c
		}
	}
	return nil
}

// doubt is told that somebody may have been in a place's conference.
func (s *Session) doubt(p Place) {
	if c := s.current(p); c != nil {
		c.Doubt = true
	}
}

// count takes the number of a callback.
func (c *conference) count(n int, now time.Time) {
	c.Heard = now
	if n < c.Next || slices.Contains(c.Ahead, n) || n <= 0 {
		return
	}
	c.Ahead = append(c.Ahead, n)
	slices.Sort(c.Ahead)
	for len(c.Ahead) > 0 && c.Ahead[0] == c.Next {
		c.Next++
		c.Ahead = c.Ahead[1:]
	}
	switch {
	case len(c.Ahead) == 0:
		c.Gap, c.Ahead = time.Time{}, nil
	case len(c.Ahead) > furthest:
		c.caughtUp()
	case c.Gap.IsZero():
		c.Gap = now
	}
}

// furthest is how many numbers are remembered that came too early.
const furthest = 32

// caughtUp forgets what was missing: a list has told what became of it.
func (c *conference) caughtUp() {
	if len(c.Ahead) > 0 {
		c.Next, c.Doubt = c.Ahead[len(c.Ahead)-1]+1, true
	}
	c.Ahead, c.Gap, c.Known = nil, time.Time{}, c.Next
}

// Heard takes a callback, which may be late, early, doubled or one that is missing
// others before it.
func (s *Session) Heard(now time.Time, e Event) {
	s.begin(now)
	defer s.settle(now)
	c := s.conference(e.Place, e.Conference)
	c.count(e.Sequence, s.Now)
	if s.bridged(c, e) {
		return
	}
	switch e.Kind {
	case Started:
		c.Begun = true
	case Ended:
		s.ended(c)
	case Joined:
		s.joined(c, e)
	case Left:
		s.left(e)
	case Muted:
		s.echoed(e)
	}
}

// ended is told that a conference is over, and everybody out of it.
func (s *Session) ended(c *conference) {
	for _, p := range s.legsIn(c) {
		p.Leg.State, p.Leg.Since, p.Leg.Dead = out, s.Now, true
	}
	c.Ended = true
	c.caughtUp()
	s.unbridge(c.ID)
}

func (s *Session) joined(c *conference, e Event) {
	p := s.of(e.Call)
	if p == nil {
		if !s.isFinished(e.Call) && !s.isFinished(e.Label) && !c.Ended {
			s.adopt(c, Leg{Call: e.Call, Label: e.Label, Muted: e.Muted})
		}
		return
	}
	if e.Label != p.Leg.Label || p.Leg.Dead || p.Leg.State == in {
		return
	}
	if e.Sequence > 0 && e.Sequence < c.Known {
		c.Suspect = true // a list has been here since, and did not show them
	}
	s.enters(p, c)
	if c.Ended {
		s.ended(c)
	}
}

// enters is told that a leg is in a conference.
func (s *Session) enters(p *seat, c *conference) {
	p.Leg.State, p.Leg.Since, p.Leg.Dead = in, s.Now, false
	p.Leg.Place, p.Leg.Conference = c.Place, c.ID
	c.Suspect = c.Suspect || c.Cleared
	for _, d := range s.Rooms {
		if d.Place == c.Place && d.ID != c.ID && len(s.legsIn(d)) > 0 {
			c.Suspect, d.Suspect = true, true // a place has but one at a time
		}
	}
	all := s.legsIn(c)
	for _, q := range all {
		q.Met = q.Met || len(all) > 1
	}
	if len(all) > 1 && slices.ContainsFunc(all, func(p *seat) bool { return p.Leg.Starts }) {
		c.Begun = true
	}
}

// adopt gives a seat to somebody who is in a conference without one: they came in
// while the session could not be asked.
func (s *Session) adopt(c *conference, l Leg) {
	if l.Call == "" {
		return
	}
	at := Main
	if s.Locked || s.Screened || !s.Closing.IsZero() || s.Banned.any() || s.Waits.any() {
		at = Waiting // nobody knows who it is
	}
	p := s.seatFor(nil, Arrival{Call: l.Call, Lang: s.Occurrence.Lang}, at)
	p.Leg.Label, p.Leg.Mic, p.Leg.Starts = l.Label, micOf(l.Muted), true
	s.enters(p, c)
}

func (s *Session) left(e Event) {
	p := s.of(e.Call)
	switch {
	case p == nil:
		s.finish(e.Call)
	case e.Label != p.Leg.Label:
	case e.HungUp:
		s.hangUp(p)
	case p.Leg.State == in || p.Leg.State == coming || p.Leg.State == over && !p.Leg.Dead:
		p.Leg.State, p.Leg.Since, p.Leg.Dead = out, s.Now, true
	}
}

// echoed takes word of a microphone. It is we alone who open and close them, so
// that a word can be old, and makes us ask again; it never proves that what we
// asked for is done.
func (s *Session) echoed(e Event) {
	if p := s.of(e.Call); p != nil && e.Label == p.Leg.Label && e.Muted != s.muted(p) {
		p.Leg.Mic = unknown
	}
}
