package session

import (
	"slices"
	"time"
)

// told is which of the time's notes were said, by the end that they were about.
type told struct {
	Ten time.Time `json:",omitzero"`
	Two time.Time `json:",omitzero"`
	Up  time.Time `json:",omitzero"`
}

// end is when the session's time is up.
func (s *Session) end() time.Time {
	return s.Occurrence.End.Add(s.Extended)
}

// timeNotes says how much time is left: to the facilitators first.
func (s *Session) timeNotes() time.Time {
	if s.Over() {
		return time.Time{}
	}
	return first(first(
		s.timeNote(&s.Told.Ten, -10*time.Minute, func() { s.sayHosts("ten_left", 0, 0) }),
		s.timeNote(&s.Told.Two, -2*time.Minute, func() { s.sayEverywhere("two_left", 0) })),
		s.timeNote(&s.Told.Up, 0, func() { s.sayEverywhere("time_is_up", 0) }))
}

// timeNote says a note once for an end, unless its time was missed.
func (s *Session) timeNote(said *time.Time, from time.Duration, say func()) time.Time {
	at := s.end().Add(from)
	switch {
	case said.Equal(s.end()):
		return time.Time{}
	case at.After(s.Now):
		return at
	}
	*said = s.end()
	if s.Now.Sub(at) < missed {
		say()
	}
	return time.Time{}
}

// missed is how late a note about the time is not worth saying any more.
const missed = time.Minute

// How long after its time a session goes on at most, with its closing round and at
// all, and how long something is kept of it after that.
const (
	roundAfter = 5 * time.Minute
	overtime   = 10 * time.Minute
	afterwards = 15 * time.Minute
)

// theEnd closes a session whose time is over.
func (s *Session) theEnd() time.Time {
	if s.Over() {
		return time.Time{}
	}
	at := s.end().Add(overtime)
	if !s.Closing.IsZero() {
		at = first(at, later(s.end(), s.Closing).Add(roundAfter))
	}
	if at.After(s.Now) {
		return at
	}
	s.close()
	return s.Now
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// close ends the session: everybody belongs out.
func (s *Session) close() {
	s.Closed = s.Now
	s.enterMode(Open)
	s.Queue, s.Pairs, s.Ring, s.Notes = nil, nil, nil, nil
}

// Over says whether the session has ended.
func (s *Session) Over() bool {
	return !s.Closed.IsZero()
}

// Took returns how many took part, who hold nothing: those who were in a room with
// somebody else. Whoever came alone, or was not let in, did not.
func (s *Session) Took() int {
	return len(s.filter(func(p *seat) bool { return !p.host() && p.Met && p.Leg.Call != "" }))
}

// spare notes how long somebody is with the crisis line after the end.
func (s *Session) spare() time.Time {
	if s.Over() && slices.ContainsFunc(s.Seats, s.spared) {
		s.Spared = s.Now
	}
	return time.Time{}
}

// Gone is when nothing of the session is kept any more: 15 minutes after its end, or
// after the last moment at which it can end. Nobody is cut off from the crisis line.
func (s *Session) Gone() time.Time {
	switch {
	case s.Over() && slices.ContainsFunc(s.Seats, s.spared):
		return s.Spared.Add(bridgeMost + afterwards)
	case s.Over():
		return later(s.Closed, s.Spared).Add(afterwards)
	}
	return s.end().Add(overtime + afterwards)
}
