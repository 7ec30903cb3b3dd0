package store

import (
	"time"

	"github.com/hearthline/hearthline/flows"
)

// Sender is what texts or calls of a line come from, and the rate at which the
// carrier takes them: a bucket of Burst tokens at most that fills by PerSecond.
type Sender struct {
	Name             string // "text", "call"
	PerSecond, Burst float64
}

// Outcome is what the carrier tells in the end of a text or call of ours.
type Outcome string

// The outcomes. What is not told, as some phone companies never do, is "".
const (
	Delivered    Outcome = "delivered"
	NotDelivered Outcome = "not delivered"
	Answered     Outcome = "answered" // by a person
	Machine      Outcome = "machine"  // picked up, or whatever could not be told from one
	Busy         Outcome = "busy"
	NoAnswer     Outcome = "no answer"
	CallFailed   Outcome = "failed"
)

// Heard is what the carrier tells of a row of its own accord, in any order, any
// number of times, and perhaps before it has answered the request.
type Heard struct {
	Line, Row string
	// Attempt is which one it was about: [Outgoing.Attempts] as the row was claimed
	// for it, 0 for the first.
	Attempt int
	SID     string
	Settled // To is SendAccepted for a text on its way or a call under way
	// Outcome is "" until the end. The second time that a row's call was Busy or had
	// NoAnswer the row is done, whatever To is; a [CallMe] one when it first was Busy.
	Outcome Outcome
}

// Unknown is a row of which nobody can tell whether it was sent, though no request
// for it can be under way any more.
type Unknown struct {
	Outgoing
	IntentAt time.Time // when the carrier was about to be asked
	// ClearAt is when the carrier's list was first read and lacked it, zero if it
	// has not been.
	ClearAt time.Time
}

// Backlog is what an operator sees of one kind of rows on one channel.
type Backlog struct {
	Kind    Kind          `json:"kind"`
	Channel flows.Channel `json:"channel"`
	// Waiting are due later, Due now, Late for more than a minute. Stuck ones are
	// neither sent nor given up a quarter of an hour after they should have been.
	Waiting int       `json:"waiting"`
	Due     int       `json:"due"`
	Late    int       `json:"late"`
	Stuck   int       `json:"stuck"`
	Oldest  time.Time `json:"oldest,omitzero"` // of those that are due, when they were
}

// Fate is how many rows of one kind ended alike, or wait for one reason.
type Fate struct {
	Kind    Kind          `json:"kind"`
	Channel flows.Channel `json:"channel"`
	State   SendState     `json:"state"`
	Outcome Outcome       `json:"outcome,omitempty"`
	Reason  string        `json:"reason,omitempty"`
	Rows    int           `json:"rows"`
}

// Survey is the outbox of one line as an operator sees it: how many rows, and
// never whose or of which group.
type Survey struct {
	Backlogs []Backlog `json:"backlogs"`
	Fates    []Fate    `json:"fates"`
	// Stopped is until when the line sends nothing, zero when it does.
	Stopped time.Time `json:"stopped,omitzero"`
	// Full is until when it sends nothing to members, zero when it does: it has sent
	// them what it may in an hour.
	Full time.Time `json:"full,omitzero"`
	// Left is what each sender has left to send now, by its name; below 1 it waits.
	Left map[string]float64 `json:"left"`
}
