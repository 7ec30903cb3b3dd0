package store

import (
	"slices"

	"github.com/lib/pq"
)

// SendState is where a row of the outbox is in its life.
type SendState string

// The states of a row. A row is live, and the only one of its purpose, until it
// has failed or lapsed.
const (
	SendDue      SendState = "due"      // waits for its time, or is looked at
	SendIntent   SendState = "intent"   // is being told to the carrier, once
	SendUnknown  SendState = "unknown"  // may have been sent: it is not sent again
	SendAccepted SendState = "accepted" // the carrier has it
	SendDone     SendState = "done"     // and has told what became of it
	SendFailed   SendState = "failed"   // the carrier refused it, or could not deliver it
	SendLapsed   SendState = "lapsed"   // its time is over, or it is not wanted any more
)

var sendStates = []SendState{SendDue, SendIntent, SendUnknown, SendAccepted, SendDone, SendFailed, SendLapsed}

// Leads returns the states that a row in this one may change to. It is the one
// table of a row's life: every statement that changes a state asks it.
//
// Twilio knows no repeated request for one, so that to send again is to ring
// twice. Hence a row goes back to due only upon proof that nothing was sent, or
// that what was sent has reached nobody; one of which nobody can tell is unknown,
// and never goes out again. What the carrier tells by itself may come before its
// answer, and after a proof that proved too much: then it is believed.
func (s SendState) Leads() []SendState {
	switch s {
	case SendDue:
		return []SendState{SendDue, SendIntent, SendAccepted, SendDone, SendLapsed}
	case SendIntent:
		return []SendState{SendDue, SendUnknown, SendAccepted, SendDone, SendFailed}
	case SendUnknown:
		return []SendState{SendDue, SendAccepted, SendDone, SendFailed, SendLapsed}
	case SendAccepted:
		return []SendState{SendDue, SendDone, SendFailed}
	}
	return nil
}

// over reports whether a row in this state stays in it.
func (s SendState) over() bool { return len(s.Leads()) == 0 }

// before returns the states that lead to s, as an argument of a statement.
func (s SendState) before() pq.StringArray {
	var all pq.StringArray
	for _, from := range sendStates {
		if slices.Contains(from.Leads(), s) {
			all = append(all, string(from))
		}
	}
	return all
}

// beforeFrom are those of the states before s that are among some.
func (s SendState) beforeFrom(some ...SendState) pq.StringArray {
	return slices.DeleteFunc(s.before(), func(state string) bool { return !slices.Contains(some, SendState(state)) })
}
