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
	people := inOrder(s.filter(func(p *seat) bool { return p.able() && !p.host() }))
	if len(people) < 2 {
		return Nobody
	}
	if s.Mode == Circle {
		s.enterMode(Open)
		for _, p := range people {
			s.say(p, "circle_stopped", 0, 0)
		}
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
