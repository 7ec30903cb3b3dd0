package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// ringing and callTime bound a call of ours: nobody is rung for long, and
	// one question takes no longer.
	ringing  = 25 * time.Second
	callTime = 2 * time.Minute
	// longestValid is how long the carrier may try to deliver a text.
	longestValid = 4 * time.Hour
	// tooLate is how old an intent may be when the carrier is asked. A program
	// that was stopped in between may find its row in other hands.
	tooLate = 5 * time.Second
	// What was not sent is tried again, less and less often.
	retryFirst = 30 * time.Second
	retryLast  = 10 * time.Minute
	// askWithin bounds the carrier's answer, settleWithin what is written of it.
	askWithin    = 15 * time.Second
	settleWithin = 5 * time.Second
	settleTries  = 3
)

// prepare makes the request for a row.
func (o *Outbox) prepare(x store.Outgoing, r store.Recipient, snap *store.Snapshot) (prepared, error) {
	p := prepared{to: r.Number}
	lang := cmp.Or(r.Preferences.Language, snap.Directory.Line.Languages[0])
	if x.Channel == flows.ByCall {
		address, err := carrier.Placed{Line: x.Line, Row: x.ID, Lang: lang, Kind: "confirm"}.Address(o.Keys, o.PublicURL+o.VoicePath)
		if err != nil {
			return p, err
		}
		p.ring = carrier.Ring{
			From: o.From(x.Line), To: r.Number,
			URL:     address,
			Timeout: ringing, TimeLimit: callTime, DetectMachine: true,
		}
		return p, nil
	}
	view := flows.View{Now: o.Now().Truncate(time.Minute), Directory: snap.Directory, Text: true}
	body := flows.Fold(o.Flows.Current(x.Line).Say(view, flows.State{Lang: lang}, flows.ConfirmText).Text())
	if s := flows.CountSegments(body); s.Count != 1 || s.Encoding != flows.GSM7 {
		return lapsed("its words are no single segment")
	}
	valid := min(longestValid, x.ExpiresAt.Sub(o.Now())).Truncate(time.Second)
	p.message = carrier.Message{From: o.From(x.Line), To: r.Number, Service: o.Service, Body: body, ValidFor: max(time.Second, valid)}
	return p, nil
}

// send says that it will, asks the carrier once, and writes down what came of it.
func (o *Outbox) send(ctx context.Context, x store.Outgoing, p prepared) error {
	begun := o.Now()
	permit, err := o.Queue.Intend(ctx, begun, &x, p.to, o.Limits)
	if err != nil {
		// Perhaps it was said all the same; that nothing was sent is certain.
		return errors.Join(err, o.settle(ctx, x, o.again(x, "intent")))
	}
	switch permit {
	case store.Permitted:
	case store.LineStops:
		o.alarm(ctx, x, "its hour is spent")
		return nil
	default:
		o.Log.InfoContext(ctx, "a row of the outbox is not sent", "row", x.ID, "why", string(permit))
		return nil
	}
	if o.Now().Sub(begun) > tooLate {
		return o.settle(ctx, x, o.again(x, "late"))
	}
	asked, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if x.Channel == flows.ByCall {
		_, err = o.Carrier.Place(asked, p.ring)
	} else {
		_, err = o.Carrier.Send(asked, p.message)
	}
	s := o.outcome(x, err)
	if err != nil {
		o.Log.WarnContext(ctx, "a row of the outbox was not taken", "row", x.ID, "becomes", string(s.To), "error", err)
	} else {
		o.Log.InfoContext(ctx, "sent", "row", x.ID, "kind", string(x.Kind), "channel", string(x.Channel))
	}
	return errors.Join(o.optedOut(ctx, x.Line, p.to, err), o.settle(ctx, x, s))
}

// outcome is what the carrier's answer means for a row. Only what proves that
// nothing was sent lets it be tried again.
func (o *Outbox) outcome(x store.Outgoing, err error) store.Settled {
	if err == nil {
		return store.Settled{To: store.SendAccepted}
	}
	e := (*carrier.Error)(nil)
	if !errors.As(err, &e) || e.Class == carrier.Unknown || e.Status >= 500 {
		return store.Settled{To: store.SendUnknown, Reason: reason(e)}
	}
	switch {
	case e.Class == carrier.Throttled, e.Class == carrier.Temporary:
		return o.again(x, reason(e))
	case e.Status == 401, e.Status == 403, e.Code == 20003:
		// The whole account may not send; what is due waits for an operator.
		s := o.again(x, reason(e))
		s.Barred = true
		return s
	}
	return store.Settled{To: store.SendFailed, Reason: reason(e), Barred: e.Class == carrier.Filtered}
}

func reason(e *carrier.Error) string {
	if e == nil {
		return string(carrier.Unknown)
	}
	return fmt.Sprintf("%s %d/%d", e.Class, e.Status, e.Code)
}

// again has a row tried once more, though not by every replica at one moment.
func (o *Outbox) again(x store.Outgoing, why string) store.Settled {
	wait := min(retryLast, retryFirst<<min(x.Attempts, 10))
	wait += rand.N(wait/2 + 1)
	return store.Settled{To: store.SendDue, Again: o.Now().Add(wait), Reason: why}
}

// settle writes down what became of a row. To try again is safe, and better than
// a row of which nobody knows.
func (o *Outbox) settle(ctx context.Context, x store.Outgoing, s store.Settled) error {
	var err error
	for range settleTries {
		within, cancel := context.WithTimeout(ctx, settleWithin)
		var stopped bool
		stopped, err = o.Queue.Settle(within, o.Now(), x, s, o.Limits)
		cancel()
		if stopped {
			o.alarm(ctx, x, "the carrier bars what it sends: "+s.Reason)
		}
		if err == nil || errors.Is(err, store.ErrNotFound) {
			return nil // ErrNotFound: somebody erased it, or it is settled
		}
	}
	return err
}

func (o *Outbox) alarm(ctx context.Context, x store.Outgoing, why string) {
	o.Log.ErrorContext(ctx, "ALARM: a line sends nothing for an hour", "line", x.Line, "row", x.ID, "why", why)
}

// optedOut passes on that a number told the carrier to stop.
func (o *Outbox) optedOut(ctx context.Context, line string, n vault.Number, err error) error {
	if err == nil || carrier.ClassOf(err) != carrier.OptedOut || o.OptedOut == nil {
		return nil
	}
	return o.OptedOut(ctx, line, n)
}
