package session

import (
	"slices"
	"time"
)

// leg is what is known of somebody's call.
type leg struct {
	Call  string
	State legState
	Since time.Time // it is in this state
	// Label is the one of its last entry, Place where that led to, and Dead says that
	// it has come out since: nothing that is told of the label afterwards is news.
	Label string `json:",omitempty"`
	Place Place  `json:",omitempty"`
	Dead  bool   `json:",omitempty"`
	// Ended says that the call is over, as we were told.
	Ended bool `json:",omitempty"`
	// Starts says that it entered as one with whom a conference may start.
	Starts bool `json:",omitempty"`
	// Back says that it came from the side room, or from a pair.
	Back bool `json:",omitempty"`
	// Mic is how the carrier was last asked to have its microphone.
	Mic        mic    `json:",omitempty"`
	Conference string `json:",omitempty"`
	// Sent is when it was first asked to be moved since it entered, Gave when the
	// carrier last agreed.
	Sent time.Time `json:",omitzero"`
	Gave time.Time `json:",omitzero"`
	// Stuck says that it cannot be moved.
	Stuck bool `json:",omitempty"`
}

// legState is where a call is.
type legState string

const (
	outside legState = "outside" // at a menu, or at the door
	coming  legState = "coming"  // on its way into a conference
	in      legState = "in"      // a conference
	queued  legState = "queued"
	out     legState = "out" // of its conference: by its star, or it is over
	over    legState = "over"
)

// mic is how a microphone is. What is not known is asked for again.
type mic string

const (
	unknown mic = ""
	open    mic = "open"
	closed  mic = "closed"
)

func micOf(muted bool) mic {
	if muted {
		return closed
	}
	return open
}

// How long a leg may be silent: at a menu, on its way, and out of a conference
// without a word from where it went. Who is in the queue is asked to come in anew
// after a while: a leg in a queue tells nothing when it ends.
const (
	atMenu    = 3 * time.Minute
	onItsWay  = time.Minute
	outOfIt   = 10 * time.Second
	inTheLine = 5 * time.Minute
	// inFlight is how old a list or a webhook may be when it is dealt with.
	inFlight = 5 * time.Second
)

// Enter is where the leg of a call goes now, by which label. Ok is false of a call
// that has no seat here: it has to knock.
func (s *Session) Enter(now time.Time, call, label string) (e Entry, ok bool) {
	s.settle(now)
	defer s.settle(now)
	p := s.of(call)
	if p == nil || s.place(p) == Out {
		return Entry{}, false
	}
	again := p.Leg.Label == label // the same webhook once more
	back := p.Place == Main && (p.Leg.Place == Side || p.Leg.Place.pair())
	if again {
		back = p.Leg.Back
	}
	e = Entry{Back: back, Place: p.Place, Label: label, Muted: s.muted(p), Starts: s.Opened || p.host() || p.Place != Main}
	if again && p.Leg.State == in {
		return e, true // after the leg went
	}
	p.Leg = leg{
		Call: call, State: coming, Since: s.Now, Label: label,
		Place: e.Place, Mic: micOf(e.Muted), Starts: e.Starts, Back: e.Back,
	}
	if e.Place == Waiting {
		p.Leg.State = queued
	}
	s.settle(now) // that they are back may end their turn
	e.Muted = s.muted(p)
	p.Leg.Mic = micOf(e.Muted)
	return e, true
}

// Stepped is told that a leg has come out of a room. Over says that the call has
// ended with it.
func (s *Session) Stepped(now time.Time, call string, over bool) Where {
	s.begin(now)
	defer s.settle(now)
	p := s.of(call)
	if p == nil {
		s.finish(call) // word of how it came in may be late
		return s.elsewhere(call)
	}
	where := s.after(p)
	if p.Leg.State == coming {
		s.doubt(p.Leg.Place)
	}
	if over {
		s.hangUp(p)
		return where
	}
	if !p.Leg.Ended { // else it is word from before the call was over
		p.Leg.State, p.Leg.Since, p.Leg.Dead = outside, s.Now, true
	}
	return where
}

// Revive is told that somebody does something at their menu: their leg counts as on
// the line, also if we had given up on it, unless their call is over. It says whether
// the call has a seat.
func (s *Session) Revive(now time.Time, call string) bool {
	s.begin(now)
	defer s.settle(now)
	p := s.of(call)
	if p == nil || p.Place == Out {
		return false
	}
	s.revive(p)
	return true
}

func (s *Session) revive(p *seat) {
	switch p.Leg.State {
	case outside, out:
		p.Leg.State, p.Leg.Since = outside, s.Now
	case over:
		if !p.Leg.Ended {
			p.Leg.State, p.Leg.Since, p.Leg.Dead = outside, s.Now, true
		}
	}
}

// elsewhere is where a call without a seat goes on.
func (s *Session) elsewhere(call string) Where {
	switch {
	case slices.Contains(s.Banned.Calls, call):
		return WhereRemoved
	case s.Over():
		return s.ending()
	}
	return WhereUnknown
}

// ending is where everybody goes on when the session is over.
func (s *Session) ending() Where {
	if s.Unheld {
		return WhereUnheld
	}
	return WhereEnded
}

// after is where a leg goes on that has come out.
func (s *Session) after(p *seat) Where {
	switch {
	case p.Removed:
		return WhereRemoved
	case s.Over() && !s.spared(p):
		return s.ending()
	case p.Place == Out:
		return WhereUnknown
	case p.Place == Waiting:
		return WhereWaits
	}
	if wrong := p.Leg.State != outside && p.Leg.Label != "" && p.Leg.Place != p.Place; wrong && p.Leg.Sent.IsZero() {
		p.Leg.Sent = s.Now // so that the same webhook hears the same once more
	}
	if !p.Leg.Sent.IsZero() {
		return WhereRoom
	}
	return WhereMenu
}
