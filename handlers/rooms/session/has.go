package session

import (
	"slices"
	"time"
)

// Has says whether a call has a seat, or had one that it left.
func (s *Session) Has(call string) bool { return s.of(call) != nil }

// idle is how long somebody may be at their menu before [Session.Revive] has to be
// told that they do something there.
const idle = 10 * time.Second

// Idle says whether [Session.Revive] is news of a call: it has been at its menu for a
// while, or we have given up on it.
func (s *Session) Idle(now time.Time, call string) bool {
	p := s.of(call)
	if p == nil || p.Place == Out {
		return false
	}
	return p.Leg.State == outside && now.Sub(p.Leg.Since) >= idle || p.Leg.State == over && !p.Leg.Ended
}

// Ear is somebody who hears what is said into a conference.
type Ear struct {
	Seat int
	Call string
	Manner
}

// Manner is how somebody is spoken to.
type Manner struct {
	Lang string
	Slow bool
}

// MannerOf is how a seat is spoken to; none, as the room as a whole is.
func (s *Session) MannerOf(seat int) Manner {
	m := Manner{Lang: s.Language(seat)}
	if p := s.seat(seat); p != nil {
		m.Slow = p.Slow
	}
	return m
}

// Ears are those who are in a conference.
func (s *Session) Ears(conference string) []Ear {
	var all []Ear
	for _, p := range s.Seats {
		if p.Leg.State == in && p.Leg.Conference == conference && conference != "" {
			all = append(all, Ear{Seat: p.Number, Call: p.Leg.Call, Manner: s.MannerOf(p.Number)})
		}
	}
	return all
}

// RoleOf is the role of a seat, Participant if there is none.
func (s *Session) RoleOf(number int) Role {
	if p := s.seat(number); p != nil {
		return p.Role
	}
	return Participant
}

// Manners are those of who is in a conference, each once.
func Manners(ears []Ear) []Manner {
	var all []Manner
	for _, e := range ears {
		if !slices.Contains(all, e.Manner) {
			all = append(all, e.Manner)
		}
	}
	return all
}

// RingsFor is the seat of whom a facilitator is rung to talk with, 0 if they are rung
// to lead, or nobody is.
func (s *Session) RingsFor() int {
	if s.Ring == nil {
		return 0
	}
	return s.Ring.Person
}
