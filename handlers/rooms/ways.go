package rooms

import (
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store/vault"
)

// Caller is who stands at the door of a room.
type Caller struct {
	Call   string       // the carrier's id
	Number vault.Number // zero when it is withheld
	Lang   string
	Slow   bool // they asked for everything to be said more slowly
	// Facilitator is the id that [Service.SignIn] gave, "" for anybody else.
	Facilitator string
}

// Leg is a caller's way into a room.
type Leg struct {
	Group    string
	Call     string // the carrier's id of the call
	Turn     int    // so that a leg that comes back never reuses its label
	WaitURL  string // what is heard while nobody else is there
	QueueURL string // what is heard at the door
	Action   string // where a leg goes on that leaves the queue at the door
}

// Way is how a leg goes where it belongs: into a conference, or into a queue whose
// wait document asks for keys.
type Way struct {
	Conference carrier.Conference // if Queue is nil
	Queue      *carrier.Enqueue
	// Back says that they come back to the others from a side room or from pairs.
	Back bool
}

// Voice is what a note says and to whom: the line, the group, language and pace as a
// flow keeps them, and whose ear it is for.
type Voice struct {
	Line, Group, Lang string
	Slow              bool
	Call              string // "" for all
	Prompt            string
	About             int // seat
	Number            int

	room string // its name
}
