package session

import (
	"slices"
	"time"
)

// bridge is a crisis line's leg in the side room.
type bridge struct {
	Label      string
	Call       string    `json:",omitempty"` // once it is in
	At         time.Time // since when it is wanted, called, or in
	In         bool      `json:",omitempty"`
	Dialled    bool      `json:",omitempty"`
	Told       bool      `json:",omitempty"` // that there is no answer
	Conference string    `json:",omitempty"`
}

// How long the crisis line may take until a list is to tell whether it came, and until
// it is said that it did not; how long one is waited for that was not called, and of
// which nobody could tell; and how long it may stay.
const (
	bridgeRings = 35 * time.Second
	bridgeLate  = 40 * time.Second
	bridgeTime  = 2 * time.Minute
	bridgeLost  = 10 * time.Minute
	bridgeMost  = 4 * time.Hour
)

// call wants the crisis line in the side room.
func (s *Session) callLine() {
	s.Serial++
	s.Bridge = &bridge{Label: label(s.Seed, s.Serial), At: s.Now}
	s.Lines = append(s.Lines, s.Bridge.Label)
	s.Lines = s.Lines[max(0, len(s.Lines)-lines):]
}

// lines is how many of the crisis line's legs are remembered, in and past.
const lines = 16

// isLine says whether a leg is one of the crisis line's, and no caller's.
func (s *Session) isLine(l Leg) bool {
	return slices.Contains(s.Lines, l.Label) || s.Bridge != nil && l.Call != "" && s.Bridge.Call == l.Call
}

// lineRule says when the crisis line has not come, and gives up on it: when a list
// does not show it, or none ever comes.
func (s *Session) lineRule() time.Time {
	b := s.Bridge
	switch {
	case b == nil || b.In:
		return time.Time{}
	case !b.Dialled:
		return s.unlessIn(b.At.Add(bridgeTime))
	case !b.Told:
		if at := b.At.Add(bridgeLate); at.After(s.Now) {
			return at
		}
		s.noAnswer()
	}
	return s.unlessIn(b.At.Add(bridgeLost))
}

// unlessIn gives up on the crisis line at a time.
func (s *Session) unlessIn(at time.Time) time.Time {
	if at.After(s.Now) {
		return at
	}
	s.Bridge = nil
	return s.Now
}

// noAnswer tells who is in the side room that the crisis line did not come, once.
func (s *Session) noAnswer() {
	if s.Bridge.Told {
		return
	}
	s.Bridge.Told = true
	for _, p := range s.within(Side) {
		s.say(p, "crisis_no_answer", p.Number, 0)
	}
}

// noBridge is told that the crisis line does not come, or no longer is there.
func (s *Session) noBridge() {
	if !s.Bridge.In {
		s.noAnswer()
	}
	s.Bridge = nil
}

// bridged takes a callback about the crisis line's leg, and says whether it is one.
func (s *Session) bridged(c *conference, e Event) bool {
	l := Leg{Call: e.Call, Label: e.Label}
	if !s.isLine(l) {
		return false
	}
	switch e.Kind {
	case Joined:
		if !s.lineIn(c, l) {
			return true
		}
		if e.Sequence > 0 && e.Sequence < c.Known {
			c.Suspect = true // a list has been here since, and did not show it
		}
	case Left:
		s.finish(e.Label)
		if s.Bridge != nil && s.Bridge.Label == e.Label {
			s.noBridge()
		}
	}
	return true
}

// lineIn is told that a leg of the crisis line is in a conference, also one that we
// had given up on, and says whether it counts: one that has left is never in again.
func (s *Session) lineIn(c *conference, l Leg) bool {
	if s.isFinished(l.Label) {
		return false
	}
	if s.Bridge == nil {
		s.Bridge = &bridge{Label: l.Label, At: s.Now, Dialled: true}
	}
	if b := s.Bridge; b.Label == l.Label {
		b.joins(c.ID, l.Call, s.Now)
	}
	return true
}

func (b *bridge) joins(conference, call string, now time.Time) {
	if !b.In || b.Conference != conference {
		b.In, b.Conference, b.At = true, conference, now
	}
	b.Call = call
}

// listedLine takes from the list of a conference whether the crisis line is in it, and
// says whether that is news.
func (s *Session) listedLine(c *conference, legs []Leg) bool {
	b := s.Bridge
	switch {
	case b == nil || slices.ContainsFunc(legs, func(l Leg) bool { return l.Label == b.Label }):
		return false
	case b.In:
		return s.unbridge(c.ID)
	case c.Place == Side && b.Dialled && s.Now.Sub(b.At) >= bridgeRings:
		s.noBridge()
		return true
	}
	return false
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

// lateLine is since when a list of the side room is wanted for the crisis line's sake;
// ok is false if none is.
func (s *Session) lateLine() (at time.Time, ok bool) {
	b := s.Bridge
	if b == nil || b.In || !b.Dialled {
		return time.Time{}, false
	}
	return b.At.Add(bridgeRings), true
}

// abandoned says whether a conference has nobody in it but a crisis line that nobody
// needs any more.
func (s *Session) abandoned(c *conference) bool {
	return s.Bridge != nil && s.Bridge.In && s.Bridge.Conference == c.ID && c.Place == Side && !c.Ended &&
		len(s.aside()) == 0
}

func (s *Session) bridgeReported(a Act, r Report) {
	b := s.Bridge
	if b == nil || b.Label != a.Label || b.In {
		return
	}
	switch r {
	case Accepted:
		b.Dialled, b.At = true, s.Now
	case Refused, Missing:
		s.finish(a.Label)
		s.noBridge()
	}
}
