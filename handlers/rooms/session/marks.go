package session

import (
	"bytes"
	"slices"
)

// marks are of people who are to stay out, or to wait: by their calls, by their
// numbers as far as they are known, and by their ids as facilitators.
type marks struct {
	Calls []string `json:",omitempty"`
	Whos  [][]byte `json:",omitempty"`
	Hosts []string `json:",omitempty"`
}

// add marks who has a seat.
func (m *marks) add(p *seat) {
	if p.Leg.Call != "" && !slices.Contains(m.Calls, p.Leg.Call) {
		m.Calls = append(m.Calls, p.Leg.Call)
	}
	if p.Who != nil && !m.knows(p.Who) {
		m.Whos = append(m.Whos, p.Who)
	}
	if p.Facilitator != "" && !slices.Contains(m.Hosts, p.Facilitator) {
		m.Hosts = append(m.Hosts, p.Facilitator)
	}
}

// drop forgets that who has a seat was marked.
func (m *marks) drop(p *seat) {
	m.Calls = slices.DeleteFunc(m.Calls, func(call string) bool { return call == p.Leg.Call })
	m.Whos = slices.DeleteFunc(m.Whos, func(who []byte) bool { return bytes.Equal(who, p.Who) })
	m.Hosts = slices.DeleteFunc(m.Hosts, func(id string) bool { return id == p.Facilitator })
}

// has says whether somebody is marked: by this call, or another from the same number.
func (m *marks) has(a Arrival) bool {
	return slices.Contains(m.Calls, a.Call) || m.knows(a.Who)
}

func (m *marks) knows(who []byte) bool {
	return who != nil && slices.ContainsFunc(m.Whos, func(w []byte) bool { return bytes.Equal(w, who) })
}

func (m *marks) any() bool { return len(m.Calls) > 0 }

// IsZero says whether there is nothing to encode.
func (m marks) IsZero() bool { return len(m.Calls)+len(m.Whos)+len(m.Hosts) == 0 }

// mustWait says whether somebody was sent to wait, and not let in since. A facilitator
// waits for nobody else of their number.
func (s *Session) mustWait(a Arrival) bool {
	if a.Facilitator != "" {
		return slices.Contains(s.Waits.Hosts, a.Facilitator)
	}
	return s.Waits.has(a)
}

// sends somebody to wait, until a facilitator lets them in.
func (s *Session) toDoor(p *seat) {
	s.leaves(p)
	p.Place = Waiting
}

// keepOut keeps somebody out until the end.
func (s *Session) keepOut(p *seat) {
	s.leaves(p)
	p.Removed = true
	s.Banned.add(p)
}
