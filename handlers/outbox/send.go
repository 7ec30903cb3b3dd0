package outbox

import (
	"context"
	"errors"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// tooLate is how old an intent may be when the carrier is asked. A program
	// that was stopped in between may find its row in other hands.
	tooLate     = 5 * time.Second
	askWithin   = 15 * time.Second // for the carrier
	settleTries = 3
)

// send says that it will, asks the carrier once, and writes down what came of it.
func (o *Outbox) send(ctx context.Context, x store.Outgoing, p prepared) error {
	begun, before := o.Now(), x.Attempts
	hit("intend.begin")
	permit, x, err := o.intend(ctx, begun, x, p.to)
	if err != nil {
		// Perhaps it was said all the same; that nothing was sent is certain.
		return errors.Join(err, o.settle(ctx, x, again(o.Now(), before, "intent")))
	}
	hit("intend.done")
	switch permit {
	case store.Permitted:
	case store.LineStops:
		o.alarm(ctx, x, "the carrier bars what it sends")
		return nil
	case store.HourFills:
		o.Log.ErrorContext(ctx, "ALARM: a line has sent to members what it may in an hour; what else is for them waits for the next", "line", x.Line)
		return nil
	default:
		o.Log.InfoContext(ctx, "a row of the outbox is not sent", "row", x.ID, "why", string(permit))
		return nil
	}
	if o.Now().Sub(begun) > tooLate {
		return o.settle(ctx, x, again(o.Now(), before, "late"))
	}
	return o.request(ctx, x, p, before)
}

// intend is Queue.Intend, which must be settled when it failed or took too long: if
// it comes through after that, nobody asks, and the carrier's list proves it.
func (o *Outbox) intend(ctx context.Context, now time.Time, x store.Outgoing, to vault.Number) (store.Permit, store.Outgoing, error) {
	type intended struct {
		permit store.Permit
		store.Outgoing
	}
	i, err := within(ctx, o.patience.answer, func(ctx context.Context) (intended, error) {
		mine := x
		permit, err := o.Queue.Intend(ctx, now, &mine, to, o.Limits)
		return intended{permit, mine}, err
	})
	if i.ID == "" {
		i.Outgoing = x // nothing came back
	}
	return i.permit, i.Outgoing, err
}

// request asks the carrier for a row that had so many requests before, and writes
// down what came of it. Of one that panics nobody can tell whether it was sent.
func (o *Outbox) request(ctx context.Context, x store.Outgoing, p prepared, before int) (err error) {
	defer o.rowPanicked(ctx, x, store.SendUnknown, &err)
	hit("ask.begin")
	sid, err := o.ask(ctx, x, p)
	hit("ask.done")
	v := answered(sid, err, o.Now(), before)
	if err != nil {
		o.Log.WarnContext(ctx, "a row of the outbox was not taken", "row", x.ID, "becomes", string(v.To), "error", err)
	} else {
		o.Log.InfoContext(ctx, "sent", "row", x.ID, "kind", string(x.Kind), "channel", string(x.Channel))
	}
	o.numbers.settled(x.Line, v.To, o.Now())
	return errors.Join(o.settle(ctx, x, v.Settled), o.do(ctx, x.Line, p.to, v))
}

// ask makes the request, once.
func (o *Outbox) ask(ctx context.Context, x store.Outgoing, p prepared) (sid string, err error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if x.Channel == flows.ByCall {
		return o.Carrier.Place(ctx, p.ring)
	}
	return o.Carrier.Send(ctx, p.message)
}

// settle writes down what became of a row. To try again is safe, and better than
// a row of which nobody knows.
func (o *Outbox) settle(ctx context.Context, x store.Outgoing, s store.Settled) error {
	hit("settle.begin")
	defer hit("settle.done")
	var err error
	for range settleTries {
		var stopped bool
		stopped, err = within(ctx, o.patience.settle, func(ctx context.Context) (bool, error) {
			return o.Queue.Settle(ctx, o.Now(), x, s, o.Limits)
		})
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

// do does what a verdict asks for beside the row's change.
func (o *Outbox) do(ctx context.Context, line string, n vault.Number, v verdict) error {
	switch {
	case v.act == tell:
		o.Log.ErrorContext(ctx, "the carrier does not take what this line sends: an operator must look", "line", line, "why", v.Reason)
	case n.IsZero():
	case v.act == optOut && o.OptedOut != nil:
		return o.know(ctx, line, n, o.OptedOut)
	case v.act == unreachable && o.Unreachable != nil:
		return o.know(ctx, line, n, o.Unreachable)
	}
	return nil
}

// know has members know something of a number.
func (o *Outbox) know(ctx context.Context, line string, n vault.Number, what func(context.Context, string, vault.Number) error) error {
	_, err := within(ctx, o.patience.answer, func(ctx context.Context) (struct{}, error) { return struct{}{}, what(ctx, line, n) })
	return err
}
