package outbox

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

const (
	// What was not sent is tried again, less and less often, but so that a reminder
	// of a quarter of an hour before gets through a carrier that wants to be asked
	// less for a while.
	retryFirst = 30 * time.Second
	retryLast  = 2 * time.Minute
	// Who is on the phone, or does not come to it, is rung once more; the queue
	// knows whether they were. A text is sent twice more, upon proof each time that
	// none came.
	ringAgain   = 5 * time.Minute
	moreTexts   = 2
	notTold     = 30008 // Twilio's number for what the phone company does not say
	credentials = 20003 // and for those that are not the account's, any more
)

// act is what must be done for a person or an operator, beside a row's change.
type act int

const (
	nothing     act = iota
	optOut          // the person told the carrier to stop
	unreachable     // their number will never do
	tell            // an operator must look
)

// verdict is what something means for a row that the carrier was asked to send.
type verdict struct {
	store.Settled
	act act
}

// answered is what the carrier's answer to a request for a row means, of which it
// had so many before. Only what proves that nothing was sent lets it be made again.
func answered(sid string, err error, now time.Time, before int) verdict {
	if err == nil {
		return verdict{Settled: store.Settled{To: store.SendAccepted, SID: sid}}
	}
	e := (*carrier.Error)(nil)
	if !errors.As(err, &e) || e.Class == carrier.Unknown || e.Status >= http.StatusInternalServerError {
		return verdict{Settled: store.Settled{To: store.SendUnknown, Reason: reason(e)}}
	}
	switch {
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, e.Code == credentials:
		// The whole account may not send; what is due waits for an operator.
		s := again(now, before, reason(e))
		s.Barred = true
		return verdict{s, tell}
	case e.Class == carrier.Throttled, e.Class == carrier.Temporary:
		return verdict{again(now, before, reason(e)), nothing}
	}
	return verdict{store.Settled{To: store.SendFailed, Reason: reason(e), Barred: e.Class == carrier.Filtered}, actOf(e.Class)}
}

// actOf is what must be done about a fault for good.
func actOf(c carrier.Class) act {
	switch c {
	case carrier.OptedOut:
		return optOut
	case carrier.Permanent:
		return unreachable
	case carrier.Filtered, carrier.Ours:
		return tell
	}
	return nothing
}

func reason(e *carrier.Error) string {
	if e == nil {
		return string(carrier.Unknown)
	}
	return fmt.Sprintf("%s %d/%d", e.Class, e.Status, e.Code)
}

// again has a row tried once more, though not by every replica at one moment.
func again(now time.Time, before int, why string) store.Settled {
	wait := min(retryLast, retryFirst<<min(before, 10))
	wait += rand.N(wait/2 + 1)
	return store.Settled{To: store.SendDue, Again: now.Add(wait), Reason: why}
}

// told is what a status callback about a request for a row means, which had so many
// before.
//
// A call that met a busy line, or that nobody took, reached nobody, and is made
// once more, but for one that somebody asked for at the start and who is busy by then
// (which [store.Heard] knows); so is, twice, a text that the carrier says it could not
// deliver for now. Of one that the phone company says nothing about (30008) nobody
// knows: it is over.
func told(p carrier.Progress, channel flows.Channel, now time.Time, before int) (verdict, store.Outcome) {
	if !p.Over {
		return verdict{Settled: store.Settled{To: store.SendAccepted}}, ""
	}
	outcome := store.Outcome(p.Outcome)
	done := verdict{Settled: store.Settled{To: store.SendDone, Reason: reasonTold(p)}}
	switch p.Outcome {
	case carrier.ReachBusy, carrier.ReachNoAnswer:
		return verdict{Settled: store.Settled{To: store.SendDue, Again: now.Add(ringAgain), Reason: string(p.Outcome)}}, outcome
	case carrier.ReachUndelivered, carrier.ReachNobody:
	default:
		return done, outcome
	}
	switch p.Class {
	case carrier.Permanent, carrier.OptedOut, carrier.Filtered, carrier.Blocked, carrier.Ours:
		return verdict{store.Settled{To: store.SendFailed, Reason: reasonTold(p), Barred: p.Class == carrier.Filtered}, actOf(p.Class)}, outcome
	case carrier.Temporary, carrier.Throttled:
		if channel == flows.ByText && p.Code != notTold && before < moreTexts {
			return verdict{Settled: again(now, before, reasonTold(p))}, outcome
		}
	}
	return done, outcome
}

func reasonTold(p carrier.Progress) string {
	if p.Code == 0 {
		return ""
	}
	return fmt.Sprintf("%s %d", p.Class, p.Code)
}
