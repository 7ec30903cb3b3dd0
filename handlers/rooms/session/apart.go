package session

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// pairPrefix is how places of pairs begin.
const pairPrefix = "pair"

// Pair is the place of the nth pair.
func Pair(n int) Place {
	return Place(fmt.Sprint(pairPrefix, n))
}

func (p Place) pair() bool {
	return strings.HasPrefix(string(p), pairPrefix)
}

// pairs is the time for which people talk by twos.
type pairs struct {
	Until  time.Time
	Warned bool `json:",omitempty"` // that a minute is left
}

// makePairs sends everybody but the facilitators into rooms by twos, the last three
// together if their number is odd.
func (s *Session) makePairs(d time.Duration) Outcome {
	people := s.filter(func(p *seat) bool { return p.able() && !p.host() })
	if len(people) < 2 {
		return Nobody
	}
	if s.Mode == Circle {
		s.enterMode(Open)
	}
	s.Pairs = &pairs{Until: s.Now.Add(d)}
	for i, p := range people {
		p.Place = Pair(min(i/2, len(people)/2-1) + 1)
		s.say(p, "pairs_begin", 0, int(d/time.Minute))
	}
	return OK
}

// together ends the pairs.
func (s *Session) together() {
	s.Pairs = nil
	for _, p := range s.Seats {
		if p.Place.pair() {
			p.Place = Main
		}
	}
}

// pairPlaces are the places of pairs in which somebody is.
func (s *Session) pairPlaces() []Place {
	var all []Place
	for _, p := range s.Seats {
		if p.Place.pair() && p.here() && !slices.Contains(all, p.Place) {
			all = append(all, p.Place)
		}
	}
	return all
}

// within returns who belongs into a place and is on the line.
func (s *Session) within(at Place) []*seat {
	return s.filter(func(p *seat) bool { return p.here() && p.Place == at })
}

// pairRooms ends the pairs in time, and lets nobody be alone in one.
func (s *Session) pairRooms() time.Time {
	if s.Pairs == nil {
		return time.Time{}
	}
	if !s.Pairs.Until.After(s.Now) {
		s.together()
		return s.Now
	}
	for _, at := range s.pairPlaces() {
		if alone := s.within(at); len(alone) == 1 {
			alone[0].Place = s.otherPair(at)
			return s.Now
		}
	}
	next := s.Pairs.Until
	if at := s.Pairs.Until.Add(-time.Minute); !s.Pairs.Warned {
		if at.After(s.Now) {
			return at
		}
		s.Pairs.Warned = true
		for _, place := range s.pairPlaces() {
			s.put(&note{Place: place, Note: Note{Prompt: "pairs_end"}})
		}
	}
	return next
}

// otherPair is where somebody goes whose partner is gone: to a pair with the fewest,
// or back into the room.
func (s *Session) otherPair(not Place) Place {
	best, fewest := Main, 0
	for _, at := range s.pairPlaces() {
		if n := len(s.within(at)); at != not && (fewest == 0 || n < fewest) {
			best, fewest = at, n
		}
	}
	return best
}

// bridge is a crisis line's leg in the side room.
type bridge struct {
	Label      string
	At         time.Time // since when it is called, or in
	In         bool      `json:",omitempty"`
	Dialled    bool      `json:",omitempty"`
	Conference string    `json:",omitempty"`
}

// How long a crisis line may take to be there.
const bridgeTime = 2 * time.Minute

// talk sends two into the side room, if it is free.
func (s *Session) talk(host, with *seat) Outcome {
	if len(s.within(Side)) > 0 || s.Bridge != nil || host == with {
		return NotNow
	}
	if !with.here() || !host.here() {
		return Nobody
	}
	for _, p := range []*seat{host, with} {
		p.Place = Side
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

// sideRoom lets nobody be alone in the side room, and forgets a crisis line that did
// not come.
func (s *Session) sideRoom() time.Time {
	var next time.Time
	if b := s.Bridge; b != nil && !b.In {
		if next = b.At.Add(bridgeTime); !next.After(s.Now) {
			s.finish(b.Label)
			s.Bridge = nil
			return s.Now
		}
	}
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

// bridged takes a callback about the crisis line's leg, and says whether it is one.
func (s *Session) bridged(e Event) bool {
	if s.Bridge == nil || e.Label == "" || e.Label != s.Bridge.Label {
		return false
	}
	switch e.Kind {
	case Joined:
		s.Bridge.joins(e.Conference, s.Now)
	case Left:
		s.finish(e.Label)
		s.Bridge = nil
	}
	return true
}

// abandoned says whether a conference has nobody in it but a crisis line that nobody
// needs any more.
func (s *Session) abandoned(c *conference) bool {
	return s.Bridge != nil && s.Bridge.In && s.Bridge.Conference == c.ID && c.Place == Side && !c.Ended &&
		(s.Over() || len(s.within(Side)) == 0)
}

func (b *bridge) joins(conference string, now time.Time) {
	if !b.In || b.Conference != conference {
		b.In, b.Conference, b.At = true, conference, now
	}
}

// unbridge is told that the crisis line's leg is not in a conference, and says
// whether that is news.
func (s *Session) unbridge(conference string) bool {
	b := s.Bridge
	if b == nil || !b.In || b.Conference != conference || s.Now.Sub(b.At) < inFlight {
		return false
	}
	s.finish(b.Label)
	s.Bridge = nil
	return true
}

func (s *Session) bridgeReported(a Act, r Report) {
	if s.Bridge == nil || s.Bridge.Label != a.Label {
		return
	}
	switch r {
	case Accepted:
		s.Bridge.Dialled = true
	case Refused, Missing:
		s.finish(a.Label)
		s.Bridge = nil
	}
}
