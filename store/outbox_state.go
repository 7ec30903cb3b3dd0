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
// twice. Hence a row goes back to due only upon proof that nothing was sent; one
// of which nobody can tell is unknown, and never goes out again.
func (s SendState) Leads() []SendState {
	switch s {
	case SendDue:
		return []SendState{SendDue, SendIntent, SendLapsed}
	case SendIntent:
		return []SendState{SendDue, SendUnknown, SendAccepted, SendFailed}
	case SendUnknown:
		return []SendState{SendDue, SendAccepted, SendFailed, SendLapsed}
	case SendAccepted:
		return []SendState{SendFailed} // what the carrier tells later
	}
	return nil
}

// over reports whether nothing of ours will change a row in this state.
func (s SendState) over() bool {
	return s == SendAccepted || s == SendFailed || s == SendLapsed
}

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
