package session

import "time"

// Watched is a session as who looks after it sees it: what is wished, and how far the
// carrier is with it.
type Watched struct {
	Status
	Closing bool // the last round is on
	Ringing bool // a facilitator is being rung, or on the way in
	Line    Line // the crisis line
	Came    map[int]Watching
	// Leaving are seats that are to be out, and whose calls are not yet.
	Leaving []Person
}

// Line is how far a call to the crisis line is.
type Line string

// The crisis line is not called, is called, or is in the side room.
const (
	LineNone   Line = ""
	LineCalled Line = "called"
	LineThere  Line = "there"
)

// Watching is what is known of a seat's call.
type Watching struct {
	Since time.Time // they came
	At    At
	Doing Doing
	Goes  bool // they are removed in a moment, and can be kept
}

// At is where a call is, as the carrier told.
type At string

// The places of a call.
const (
	AtMenu At = "menu" // or on the way
	AtRoom At = "room" // where it belongs or not
	AtDoor At = "door"
	AtGone At = "gone" // it lost the line
)

// Doing is whether what is wished of a call has come about.
type Doing string

// The carrier told that all is as it should be; was asked; or could not.
const (
	DoingNothing Doing = ""
	DoingAsked   Doing = "asked"
	DoingFailed  Doing = "failed"
)

// failsAfter is how often something is asked for until it counts as failed, though it
// is asked for again.
const failsAfter = 3

// Watch is the session as of now, for who looks after it.
func (s *Session) Watch(now time.Time) Watched {
	w := Watched{
		Status: s.Status(now, Coordinator), Closing: !s.Closing.IsZero(), Ringing: s.Ring != nil, Came: map[int]Watching{},
	}
	if b := s.Bridge; b != nil {
		if w.Line = LineCalled; b.In {
			w.Line = LineThere
		}
	}
	for _, p := range s.Seats {
		if p.Place == Out && p.Leg.State != in {
			continue
		}
		w.Came[p.Number] = Watching{Since: p.Came, At: s.at(p), Doing: s.doing(p), Goes: !p.Goes.IsZero()}
		if p.Place == Out {
			w.Leaving = append(w.Leaving, s.person(p, true))
		}
	}
	return w
}

func (s *Session) at(p *seat) At {
	switch p.Leg.State {
	case in:
		return AtRoom
	case queued:
		return AtDoor
	case over:
		return AtGone
	}
	return AtMenu
}

// doing compares what is wished of a call with what the carrier told of it.
func (s *Session) doing(p *seat) Doing {
	w, moves := s.move(p)
	if !moves {
		w, moves = s.microphone(p)
	}
	switch {
	case !moves:
		return DoingNothing
	case p.Leg.Stuck:
		return DoingFailed
	}
	if a := s.askedFor(w.key); a != nil && (a.Came == Refused || a.Came == Failed && a.Tries >= failsAfter) {
		return DoingFailed
	}
	return DoingAsked
}
