package session

import "time"

// Occurrence is what a session is one of.
type Occurrence struct {
	Line, Group string // their ids
	Name        string // of the room, as the carrier has it: opaque
	Lang        string // what the room as a whole is spoken to in
	Start, End  time.Time
	Host        bool // it opens when a facilitator is in
	PeerLed     bool // without a facilitator it goes on by a script, else it is closed kindly
	Capacity    int
	Reversed    bool     // the circle begins at the other end this time
	Stand       []string // ids of the facilitators that are rung when no host is there, in order
}

// Role says what somebody may do.
type Role string

// The roles. A coordinator has no seat.
const (
	Participant   Role = "participant"
	CoFacilitator Role = "co-facilitator"
	Facilitator   Role = "facilitator"
	Coordinator   Role = "coordinator"
)

// Mode is who may speak.
type Mode string

// The modes: everybody; whoever has the floor, from a queue of hands; one after
// the other in order; the facilitators alone.
const (
	Open   Mode = "open"
	Hands  Mode = "hands"
	Circle Mode = "circle"
	Listen Mode = "listen"
)

// Place is where a seat's leg belongs.
type Place string

// The places: the room; a side room for a private talk; the waiting room; out of
// it all. Pairs are in rooms of their own, see [Pair].
const (
	Main    Place = ""
	Side    Place = "side"
	Waiting Place = "waiting"
	Out     Place = "out"
)
