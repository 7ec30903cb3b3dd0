package session

import (
	"slices"
	"time"
)

// Listed takes the list of a conference's legs, as true as of now; of a conference
// that has ended there are none.
func (s *Session) Listed(now time.Time, p Place, conf string, legs []Leg) {
	s.begin(now)
	defer s.settle(now)
	c := s.conference(p, conf)
	c.Listed = s.Now
	news := false
	for _, l := range legs {
		news = s.listed(c, l) || news
	}
	for _, p := range s.legsIn(c) {
		there := slices.ContainsFunc(legs, func(l Leg) bool { return l.Call == p.Leg.Call })
		if !there {
			s.unlisted(p)
			news = true
		}
	}
	news = s.listedLine(c, legs) || news
	c.caughtUp()
	c.Ended, c.Cleared = len(legs) == 0 && len(s.legsIn(c)) == 0, false
	switch {
	case news:
		c.Suspect, c.Mended = true, s.Now
	case c.Heard.After(c.Mended):
		c.Suspect = false
	}
}

// listed takes one leg of a list, and says whether it was news.
func (s *Session) listed(c *conference, l Leg) bool {
	if s.isLine(l) {
		s.lineIn(c, l)
		return false
	}
	p := s.of(l.Call)
	if p == nil {
		s.adopt(c, l)
		return true
	}
	if l.Label == p.Leg.Label && l.Muted != s.muted(p) {
		p.Leg.Mic = unknown
	}
	known := l.Label == p.Leg.Label
	switch {
	case known && p.Leg.State == in && p.Leg.Conference == c.ID:
		return false
	case known && !p.Leg.Dead:
	case s.Now.Sub(p.Leg.Since) < inFlight:
		return true // the list may be older than what we know: the next one will tell
	}
	if !known {
		p.Leg.Label, p.Leg.Mic = l.Label, unknown
	}
	s.enters(p, c)
	return true
}

// unlisted is told that somebody's leg is not in the conference where it was. It may
// have come in after the list was made.
func (s *Session) unlisted(p *seat) {
	if s.Now.Sub(p.Leg.Since) < inFlight {
		return
	}
	p.Leg.State, p.Leg.Since, p.Leg.Dead = out, s.Now, true
	if p.Leg.Sent.IsZero() {
		s.gone(p)
	}
}

// How late callbacks may be before a list is asked for: of a leg that is on its way
// or was sent away, of a gap in their numbers, and of a room that is silent. While
// they are late it is asked for again.
const (
	lateLeg   = 10 * time.Second
	lateGap   = 5 * time.Second
	lateRoom  = 10 * time.Minute
	listAgain = 30 * time.Second
)

// lists are the lists that are wanted, of conferences whose callbacks are late.
func (s *Session) lists() []want {
	var all []want
	for _, c := range s.Rooms {
		if late, ok := s.late(c); ok {
			all = append(all, s.list(c.Place, c.ID, late))
		}
	}
	for _, p := range s.Seats {
		if !s.missing(p) {
			continue
		}
		all = append(all, s.list(p.Leg.Place, s.idOf(p.Leg.Place), p.Leg.Since.Add(lateLeg)))
	}
	if at, ok := s.lateLine(); ok {
		all = append(all, s.list(Side, s.idOf(Side), at))
	}
	return all
}

// idOf is the carrier's id of the conference that a place has now, "" if none is known:
// it is found by its name.
func (s *Session) idOf(p Place) string {
	if c := s.current(p); c != nil {
		return c.ID
	}
	return ""
}

// missing says whether nothing was heard of a leg since it went on its way. Somebody
// whom we gave up on may be in all the same.
func (s *Session) missing(p *seat) bool {
	return p.Leg.State == coming || s.gaveUp(p)
}

// gaveUp says whether somebody counts as lost of whose leg nobody has told that it came
// out of where it went.
func (s *Session) gaveUp(p *seat) bool {
	return p.Leg.State == over && !p.Leg.Dead && p.Leg.Label != "" && s.Now.Sub(p.Leg.Since) < onItsWay
}

// late is when callbacks of a conference count as late; ok is false if none are
// expected.
func (s *Session) late(c *conference) (at time.Time, ok bool) {
	if c.Ended || c.ID == "" {
		return time.Time{}, false
	}
	if !c.Gap.IsZero() {
		at, ok = first(at, c.Gap.Add(lateGap)), true
	}
	for _, p := range s.legsIn(c) {
		if !p.Leg.Gave.IsZero() {
			at, ok = first(at, p.Leg.Gave.Add(lateLeg)), true
		}
		if c.Suspect {
			at, ok = first(at, c.Heard), true
		}
		at, ok = first(at, c.Heard.Add(lateRoom)), true
	}
	return at, ok
}

// list is the wish for a list, not before it may be asked for again.
func (s *Session) list(p Place, id string, at time.Time) want {
	for _, c := range s.Rooms {
		if c.Place == p && c.ID == id && !c.Listed.IsZero() {
			at = later(at, c.Listed.Add(listAgain))
		}
	}
	return want{key: "list/" + string(p) + "/" + id, at: at, act: Act{Kind: ActList, Place: p, Conference: id}}
}

// first is the earlier of two times, of which zero is none.
func first(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
