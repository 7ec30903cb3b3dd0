package carrier

import (
	"errors"
	"fmt"
	"net/http"
)

// Class says what to do about an [Error].
type Class string

// The classes of an error.
const (
	// Permanent: this number will never do; stop using it.
	Permanent Class = "permanent"
	// OptedOut: the person told the carrier to stop; so must we.
	OptedOut Class = "opted out"
	// Temporary: nothing happened; try again later.
	Temporary Class = "temporary"
	// Throttled: nothing happened; we are too fast.
	Throttled Class = "throttled"
	// Filtered: the carrier's or the law's rules stand in the way; an operator
	// must act.
	Filtered Class = "filtered"
	// Blocked: this one handset takes nothing from us, or nothing at the moment.
	// Nobody is at fault, and nothing is to be done.
	Blocked Class = "blocked"
	// Gone: the call, the participant or the conference is over, or never was.
	Gone Class = "gone"
	// Ours: we asked wrongly, or are set up wrongly.
	Ours Class = "ours"
	// Unknown: it may have happened. To do it again could do it twice.
	Unknown Class = "unknown"
)

// Error is a failed act at the carrier. It carries Twilio's number for the
// fault, and neither its words nor any part of the request: those quote
// telephone numbers and SIDs.
type Error struct {
	Op     string // what was attempted: "end call"
	Status int    // of HTTP; 0 without an answer
	Code   int    // Twilio's; 0 without one
	Class  Class

	cause error // context.Canceled or context.DeadlineExceeded, else nil
}

// Error says what was attempted, and the numbers to look up.
func (e *Error) Error() string {
	return fmt.Sprintf("carrier: %s: %s (HTTP status %d, Twilio error %d)", e.Op, e.Class, e.Status, e.Code)
}

// Unwrap returns the end of the context if that is what stopped the act.
func (e *Error) Unwrap() error { return e.cause }

// ClassOf returns the class of an error of this package's, Unknown for any other.
func ClassOf(err error) Class {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Class
	}
	return Unknown
}

// classOfCode is the table of Twilio's error numbers, of REST answers and of
// status callbacks alike; "" for one that it does not hold.
// Source: https://www.twilio.com/docs/api/errors
func classOfCode(code int) Class {
	switch code {
	case 21211, 21214, 21217, // no valid number
		21612,        // not reachable from ours
		21614, 21635, // not a mobile, a landline
		30005, 30006: // unknown handset, landline or unreachable carrier
		return Permanent
	case 21610:
		return OptedOut
	case 21611, 30001, // queue full
		30003, 30008, // handset unreachable, carrier does not say
		30036, // not sent within its validity
		20009: // what is to be deleted is not finished, or not yet for them
		return Temporary
	case 20429:
		return Throttled
	case 13225, 13227, 21215, 21408, // blocked, country not allowed
		30002,        // account suspended
		30007,        // filtered
		30032, 30034, // number or campaign not registered
		30450: // taken for pumping
		return Filtered
	case 30004: // by the handset, or by the phone company for this one
		return Blocked
	case 20404, // no such thing
		16022, // conference ended
		21220: // call not in progress
		return Gone
	case 20003, // credentials
		21201, 21212, 21602, 21606, 21609, 21617, 21619, 21626, 21659, 21660, 21661,
		21703, 21704, 30029, 35111, 35114, 35115, 35117:
		return Ours
	}
	if code >= 63000 && code < 64000 {
		return Permanent // channels other than SMS: this address will not do
	}
	return ""
}

// classOfStatus is what an answer means that has no number we know. A failed
// server may have done what it was asked, if it was asked to do something.
func classOfStatus(status int, acts bool) Class {
	switch {
	case status == http.StatusTooManyRequests:
		return Throttled
	case status >= 500 && acts:
		return Unknown
	case status >= 500:
		return Temporary
	}
	return Ours
}
