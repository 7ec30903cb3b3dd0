package carrier

import "strconv"

// Reached is whom a text or a call of ours has reached, as the carrier tells it.
type Reached string

// What becomes of a text or a call. Some phone companies never tell of a text.
const (
	UnderWay         Reached = ""
	ReachDelivered   Reached = "delivered"
	ReachUndelivered Reached = "not delivered"
	ReachPerson      Reached = "answered"
	ReachMachine     Reached = "machine" // or whatever picked up and could not be told from one
	ReachBusy        Reached = "busy"
	ReachNoAnswer    Reached = "no answer"
	ReachNobody      Reached = "failed" // the call could not be put through, or was taken back
)

// Progress is one report on a text or a call of ours. Reports come in any order
// and more than once; each of them proves that the carrier took the request.
type Progress struct {
	SID     string
	Over    bool // nothing but the same will be told any more
	Outcome Reached
	Code    int   // Twilio's number for what went wrong, 0 for none
	Class   Class // of the code; "" for none
}

// Progress reads a status callback of a text or a call that we sent or placed;
// false for any other request.
//
// The last callback of a call with [Ring.DetectMachine] tells who picked up. It
// does not when they hung up before that was known: somebody did pick up, and
// that it was a person is not known, which is what ReachMachine means.
// Sources: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
// and https://www.twilio.com/docs/voice/api/call-resource#statuscallback
func (w Webhook) Progress() (Progress, bool) {
	p := Progress{Class: w.Fault()}
	if code, err := strconv.Atoi(w.Param("ErrorCode")); err == nil {
		p.Code = code
	}
	switch status, call := w.Param("MessageStatus"), w.CallStatus(); {
	case messageSID.MatchString(w.MessageSID()) && status != "":
		p.SID = w.MessageSID()
		p.Outcome, p.Over = reachedByText(status)
		return p, status != "received" && status != "receiving"
	case callSID.MatchString(w.CallSID()) && call != "" && w.Direction() != Inbound:
		p.SID = w.CallSID()
		p.Outcome, p.Over = w.reachedByCall(), call.Over()
		return p, true
	}
	return Progress{}, false
}

// reachedByText reads a text's status. One that is not known, as Twilio may add,
// is on its way.
func reachedByText(status string) (outcome Reached, over bool) {
	switch status {
	case "delivered", "read":
		return ReachDelivered, true
	case "undelivered", "failed", "canceled":
		return ReachUndelivered, true
	}
	return UnderWay, false
}

func (w Webhook) reachedByCall() Reached {
	switch w.CallStatus() {
	case Completed:
		if w.AnsweredByHuman() {
			return ReachPerson
		}
		return ReachMachine
	case CallBusy:
		return ReachBusy
	case NoAnswer:
		return ReachNoAnswer
	case Failed, Canceled:
		return ReachNobody
	}
	return UnderWay
}
