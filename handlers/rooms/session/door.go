package session

import "time"

// Arrival is somebody at the door who has agreed to the rules.
type Arrival struct {
	Call string // the carrier's id
	// Who is an HMAC of the number under a key of this session alone; nil of a
	// number that is withheld.
	Who  []byte
	Lang string
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

// Entry is how a leg goes where it belongs.
type Entry struct {
	Place Place
	Label string
	Muted bool
	// Starts says that the conference may start with it: false before the host.
	Starts bool
}

// Where is where a leg goes on that has come out of a room.
type Where string

// Where a leg goes on: to the menu of its star; back into a room, for it was sent
// on its way; to wait; out, for the session has ended or they were removed; and
// nowhere that this session knows of.
const (
	WhereMenu    Where = "menu"
	WhereRoom    Where = "room"
	WhereWaits   Where = "waits"
	WhereEnded   Where = "ended"
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
