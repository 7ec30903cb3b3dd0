package session

import (
	"fmt"
	"slices"
	"time"
)

// note is something that is to be said.
type note struct {
	ID    int
	At    time.Time // not before
	Until time.Time // nor after
	Seat  int       `json:",omitempty"` // who hears it, 0 for all in a place
	Place Place     `json:",omitempty"`
	Note  Note
}

// How long a note is worth saying, and what lies between two for the same ears.
const (
	noteLife  = 30 * time.Second
	noteApart = 5 * time.Second
	// notesMost is how many notes wait at most.
	notesMost = 64
)

// say tells one person something, as soon as they are where they belong.
func (s *Session) say(p *seat, prompt string, about, n int) {
	s.put(&note{Seat: p.Number, Note: Note{Prompt: prompt, Seat: about, N: n}})
}

// sayHosts tells the facilitators something.
func (s *Session) sayHosts(prompt string, about, n int) {
	for _, p := range s.hosts() {
		s.say(p, prompt, about, n)
	}
}

// sayAll tells the room something.
func (s *Session) sayAll(prompt string, about, n int) {
	s.put(&note{Place: Main, Note: Note{Prompt: prompt, Seat: about, N: n}})
}

// sayEverywhere tells the room and the pairs something. A private talk is let be.
func (s *Session) sayEverywhere(prompt string, n int) {
	s.sayAll(prompt, 0, n)
	for _, at := range s.pairPlaces() {
		s.put(&note{Place: at, Note: Note{Prompt: prompt, N: n}})
	}
}

// put keeps a note until it is said, after what the same ears hear before it.
func (s *Session) put(n *note) {
	if s.Over() || len(s.Notes) >= notesMost {
		return
	}
	s.Serial++
	n.ID, n.At = s.Serial, s.Now
	if n.Note.Prompt != "chime" {
		for _, before := range s.Notes {
			if before.Seat == n.Seat && before.Place == n.Place {
				n.At = later(n.At, before.At.Add(noteApart))
			}
		}
	}
	n.Until = n.At.Add(noteLife)
	s.Notes = append(s.Notes, n)
}

// oldNotes forgets what is not worth saying any more.
func (s *Session) oldNotes() time.Time {
	s.Notes = slices.DeleteFunc(s.Notes, func(n *note) bool { return !n.Until.After(s.Now) })
	return time.Time{}
}

// notes are the wishes to say what can be heard.
func (s *Session) notes() []want {
	var all []want
	for _, n := range s.Notes {
		act := Act{Kind: ActSayAll, Place: n.Place, Note: n.Note, Seat: n.Seat}
		if n.Seat == 0 {
			c := s.current(n.Place)
			if c == nil || !c.Begun {
				continue
			}
			act.Conference = c.ID
		} else {
			p := s.seat(n.Seat)
			if _, moves := s.misplaced(p); p.Leg.State != in || p.Leg.Conference == "" || moves {
				continue
			}
			act.Kind, act.Place, act.Conference = ActSay, p.Leg.Place, p.Leg.Conference
			act.Call, act.Label = p.Leg.Call, p.Leg.Label
		}
		all = append(all, s.want(fmt.Sprint("say/", n.ID), n.At, act))
	}
	return all
}

// noteReported forgets a note that was said or never can be.
func (s *Session) noteReported(a Act, r Report) {
	if r == Failed {
		return
	}
	k := slices.IndexFunc(s.Asked, func(k *asked) bool { return k.ID == a.ID })
	if k < 0 {
		return
	}
	key := s.Asked[k].Key
	s.Notes = slices.DeleteFunc(s.Notes, func(n *note) bool { return fmt.Sprint("say/", n.ID) == key })
}
