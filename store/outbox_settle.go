package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
)

// Settled is what became of a row in hand.
type Settled struct {
	To SendState
	// SID is the carrier's id of what it took, "" if it told none. A mark of it is
	// kept, by which [Outbox.Unmarked] knows it.
	SID string
	// Reason is for an operator: a class and a code, never whose.
	Reason string
	// Again is when a row that goes back to due is due; it must be set for one.
	Again time.Time
	// Barred says that the carrier's or the law's rules stood in the way, or
	// that the account may not send.
	Barred bool
}

// Settle writes down what became of a row in hand, and may be tried again when it
// fails. To say that a row is due again is to say that nothing was sent: its number
// and its line get back what [Outbox.Intend] took, and a row that has not come so
// far gives back its token. What the carrier has told of the row meanwhile stays.
// stopped says that the line was stopped by this row. ErrNotFound means that the
// row is gone, or is another replica's by now; the SID's mark is kept even so.
func (o *Outbox) Settle(ctx context.Context, now time.Time, x Outgoing, s Settled, l Limits) (stopped bool, err error) {
	var did stepped
	err = o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		stopped = false
		if did, err = o.take(ctx, tx, now, inHand(x, s)); err != nil || !did.Made {
			return err
		}
		switch {
		case did.Was == SendDue && did.Held && (s.To == SendDue || s.To == SendLapsed):
			err = handBack(ctx, tx, x)
		case did.Was != SendDue && s.To == SendDue && x.Member != "":
			err = giveBack(ctx, tx, x)
		}
		if err == nil && s.Barred {
			stopped, err = bar(ctx, tx, now, x.Line, l)
		}
		return err
	})
	if err == nil {
		err = did.missed(s.To)
	}
	if err == nil && did.Made && did.Was != SendDue && (s.To == SendDue || s.To == SendFailed) && x.isCounted() {
		err = o.giveBackCall(ctx, x)
	}
	if err != nil {
		return false, fmt.Errorf("settle a row of the outbox: %w", err)
	}
	return stopped, nil
}

// Heard writes down what the carrier tells of a row by itself. Of an attempt that
// is not the row's last it keeps the mark alone, as it does of what the row's life
// does not lead to. It gives nothing back: the carrier has had it. ErrNotFound
// means that the row is gone.
func (o *Outbox) Heard(ctx context.Context, now time.Time, h Heard) error {
	s := step{
		line: h.Line, id: h.Row, is: "attempts", value: h.Attempt + 1, states: h.To.before(),
		unlessTold: h.To == SendAccepted, Settled: h.Settled, outcome: h.Outcome,
	}
	s.SID = h.SID
	if h.To == SendDue { // it is, or what it was due for is told again
		s.states = SendDue.beforeFrom(SendIntent, SendUnknown, SendAccepted)
	}
	var did stepped
	err := o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		if did, err = o.take(ctx, tx, now, s); err != nil || !did.Made || !h.Barred {
			return err
		}
		_, err = addBarred(ctx, tx, now, h.Line)
		return err
	})
	if err == nil && did.Was == "" {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("what the carrier told of a row of the outbox: %w", err)
	}
	return nil
}

// isCounted reports whether the calls of a week to a row's number are.
func (x Outgoing) isCounted() bool { return x.Kind == Reminder && x.Channel == flows.ByCall }
