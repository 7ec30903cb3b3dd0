package store

import (
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Purpose is what a [Firing] is for: the offset of a reminder, or one of these;
// that of a moved date is MovedTo, a space, and the time on the wall to which.
type Purpose string

// The purposes that are no reminder.
const (
	Starting     Purpose = "start"   // who asked for it is rung when it starts
	NotHeld      Purpose = "skipped" // it is not held
	HeldAfterAll Purpose = "held"
	MovedTo      Purpose = "moved"
	ToCover      Purpose = "cover"   // facilitators are asked who can hold it
	Covered      Purpose = "covered" // and told that somebody does
	// Broadcast is a message of the staff to a group: its Meeting is the message's id.
	Broadcast Purpose = "message"
)

// Firing is what falls due for a group's members at one moment, about one
// occurrence. Of one occurrence there is one for each purpose, and again for each time
// to which it is moved.
type Firing struct {
	ID      string // "" of one that is not stored yet
	Group   string // its id
	Meeting string // its id
	Date    schedule.Date
	Purpose Purpose
	// Start is when the occurrence begins; of one that is not held, when it would
	// have. Was is when it would have that was moved, else zero.
	Start, Was time.Time
	// Due is from when on it goes out; it is not stored. Expires is when it is of
	// no use any more.
	Due, Expires time.Time
	// Own says that only members are told who chose this offset for themselves.
	Own bool
}
