package flows

import "strconv"

// Session is what somebody who sits in one may hear of it, from where they sit. It
// names people by their aliases, in the listener's language, and holds no number.
type Session struct {
	Seat  int    // their own, 0 of who has none: a text
	Alias string // their own
	Host  bool   // they may use the group's keys
	Muted bool   // by themselves or by a facilitator
	Hand  int    // their place in the queue, 0 for none
	Mine  bool   // it is their turn
	Mode  string // "open", "hands", "circle", "listen"
	// Speaker is whose turn it is, "" for nobody's; Queue who comes then, in order.
	Speaker string
	Queue   []string
	// Here are the people in the room, also those at a menu; Waiting those at the door.
	Here, Waiting int
	Minutes       int // left
	Locked        bool
	Screened      bool // newcomers wait
	Hosted        bool // a facilitator is there
	Aside         bool // they are in a side room, for a private talk
	Paired        bool // the people are in pairs
	Sent          bool // they were sent to wait by a facilitator
	Company       bool // somebody else has been in the room with them
	People        []Person
	// Of these a facilitator alone may hear: who has not had the microphone, and the
	// key for texts.
	Silent []string
	Key    string
	// About is whom a note is about, or who was picked; Number is the note's.
	About  string
	Number int
}

// Person is somebody in the room or at its door.
type Person struct {
	ID      string // of the seat: its number
	Alias   string
	Waiting bool
	Muted   bool
	Host    bool
}

// seatID is the ID of a seat, "" for none.
func seatID(seat int) string {
	if seat == 0 {
		return ""
	}
	return strconv.Itoa(seat)
}
