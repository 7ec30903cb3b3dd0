package session

import "time"

// Status is what a session looks like, to who may see it. It holds no number, no
// call, and no time of anybody's voice.
type Status struct {
	Opened, Ended bool
	Mode          Mode
	Locked        bool
	Screened      bool // newcomers wait
	Left          time.Duration
	Speaker       int // seat, 0 for none
	Queue         []int
	Order         []int // of the circle, from the next on
	People        []Person
	Silent        []int // seats that have not had the microphone: for facilitators alone
	Key           string
	Side          []int // who is in the side room
	Pairs         bool
}

// Person is a seat as others see it.
type Person struct {
	Seat    int
	Alias   string // a facilitator's own, "" for one of the list
	Number  int    // of the alias in the list
	Role    Role
	Place   Place
	Present bool // in a room or at a menu; false of who lost the line
	Muted   bool
	Hand    int // place in the queue, 0 for none
	Signal  Signal
}
