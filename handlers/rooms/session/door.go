package session

import (
	"bytes"
	"slices"
	"time"
)

// Arrival is somebody at the door who has agreed to the rules.
type Arrival struct {
	Call string // the carrier's id
	// Who is an HMAC of the number under a key of this session alone; nil of a
	// number that is withheld.
	Who  []byte
	Lang string
	Slow bool // they wish to be spoken to more slowly
	// Facilitator is the id of the facilitator who has shown their PIN, and Alias
	// what they are called; "" for anybody else.
	Facilitator, Alias string
}

// Door is what somebody finds who wants to come in.
type Door string

// What there is at the door.
const (
	DoorOK      Door = "ok"
	DoorWaits   Door = "waits" // the facilitator lets them in one by one
	DoorFull    Door = "full"
	DoorLocked  Door = "locked"
	DoorLate    Door = "late"    // the closing round has begun, or it is over
	DoorRemoved Door = "removed" // they are kept out until the end
)

// Knock lets somebody in, or says why not. Who lost the line within ten minutes gets
// the seat back, whatever the door is like since. It is idempotent for a call.
func (s *Session) Knock(now time.Time, a Arrival) Door {
	s.settle(now)
	defer s.settle(now)
	p := s.of(a.Call)
	seated := p != nil && p.Place != Out
	switch {
	case s.keptOut(a) && (!seated || p.Who == nil):
		if seated { // they came in while nobody could tell who it is
			s.keepOut(p)
		}
		return DoorRemoved
	case s.Over():
		return DoorLate
	}
	if seated {
		s.revive(p)
	}
	if p == nil {
		p = s.returning(a)
	}
	switch {
	case p == nil || p.Place == Out:
		at, door := s.door(p, a)
		if door != DoorOK && door != DoorWaits {
			return door
		}
		p = s.seatFor(p, a, at)
	case !seated && p.Place != Waiting && s.mustWait(a):
		s.toDoor(p)
	}
	p.Sent = p.Sent || p.Place == Waiting && s.mustWait(a)
	s.takes(p, a)
	if p.Place == Waiting {
		return DoorWaits
	}
	return DoorOK
}

// keptOut says whether somebody was removed: by this call, or another from the same
// number.
func (s *Session) keptOut(a Arrival) bool {
	return s.Banned.has(a)
}

// returning is the seat of somebody who lost the line: a facilitator's by their PIN,
// anybody's by their number.
func (s *Session) returning(a Arrival) *seat {
	var found *seat
	for _, p := range s.Seats {
		if p.Leg.State != over || p.Place == Out {
			continue
		}
		if a.Facilitator != "" && p.Facilitator == a.Facilitator {
			return p
		}
		if found == nil && a.Who != nil && bytes.Equal(p.Who, a.Who) {
			found = p
		}
	}
	return found
}

// door is what somebody finds who has no seat, and where they are led. Who left in this
// call of their own accord and comes back finds their seat free. Somebody whose number
// is withheld may be one of those who are kept out, or are to wait.
func (s *Session) door(p *seat, a Arrival) (Place, Door) {
	waits := s.mustWait(a)
	back := p != nil && !p.Removed && !waits
	switch {
	case a.Facilitator != "" && !waits:
		return Main, DoorOK
	case !s.Closing.IsZero():
		return Out, DoorLate
	case s.Locked && !back:
		return Out, DoorLocked
	case s.Occurrence.Capacity > 0 && s.taken() >= s.Occurrence.Capacity && !back:
		return Out, DoorFull
	case waits, s.Screened, a.Who == nil && (s.Banned.any() || s.Waits.any()):
		return Waiting, DoorWaits
	}
	return Main, DoorOK
}

// taken is how many seats are taken, also by those who lost the line.
func (s *Session) taken() int {
	return len(s.filter(func(p *seat) bool { return p.Place != Out }))
}

// seatFor gives a newcomer a seat: their old one, if they had left in the same call.
func (s *Session) seatFor(p *seat, a Arrival, at Place) *seat {
	if p == nil {
		p = s.sit(a, at)
	} else {
		p.Place = at
		s.join(p)
	}
	if at == Waiting {
		s.sayHosts("one_waiting", p.Number, len(s.filter(func(p *seat) bool { return p.Place == Waiting })))
	}
	return p
}

// takes seats a call, as who it has proven to be.
func (s *Session) takes(p *seat, a Arrival) {
	if p.Leg.Call != a.Call {
		s.finish(p.Leg.Call)
		p.Leg = leg{Call: a.Call, State: outside, Since: s.Now}
		p.Came = s.Now
		p.Role, p.Shown = Participant, false // until they show their PIN
	}
	if a.Lang != "" {
		p.Lang = a.Lang
	}
	p.Slow = a.Slow
	if p.Who == nil {
		p.Who = bytes.Clone(a.Who)
	}
	if a.Facilitator == "" {
		return
	}
	p.Shown = true
	if p.host() && p.Facilitator == a.Facilitator {
		return
	}
	p.Facilitator, p.Alias, p.Role = a.Facilitator, a.Alias, CoFacilitator
	if p.Place == Waiting && !s.mustWait(a) {
		p.Place, p.Sent = Main, false
		s.Waits.drop(p)
	}
	if !slices.ContainsFunc(s.Seats, func(p *seat) bool { return p.Role == Facilitator && p.here() }) {
		p.Role = Facilitator
	}
	s.arrives(p)
}

// Entry is how a leg goes where it belongs.
type Entry struct {
	Place Place
	Label string
	Muted bool
	// Starts says that the conference may start with it: false before the host.
	Starts bool
	// Back says that it comes back from the side room, or from a pair.
	Back bool
}

// Where is where a leg goes on that has come out of a room.
type Where string

// Where a leg goes on: to the menu of its star; back into a room, for it was sent
// on its way; to wait; out, for the session has ended, no facilitator came to it, or
// they were removed; and nowhere that this session knows of.
const (
	WhereMenu    Where = "menu"
	WhereRoom    Where = "room"
	WhereWaits   Where = "waits"
	WhereEnded   Where = "ended"
	WhereUnheld  Where = "unheld"
	WhereRemoved Where = "removed"
	WhereUnknown Where = "unknown"
)

// Event is a callback of a conference.
type Event struct {
	Kind       EventKind
	Place      Place
	Conference string // the carrier's id
	Sequence   int    // 0 unknown
	Call       string
	Label      string
	Muted      bool
	HungUp     bool // of a Left: the call is over, and did not step out by its star
	At         time.Time
}

// EventKind is what a conference tells.
type EventKind string

// The events.
const (
	Started EventKind = "start"
	Ended   EventKind = "end"
	Joined  EventKind = "join"
	Left    EventKind = "leave"
	Muted   EventKind = "mute" // and unmuted
)

// Leg is one of a conference's list.
type Leg struct {
	Call, Label string
	Muted       bool
}
