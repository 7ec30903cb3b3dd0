package store

import (
	"context"
	"fmt"
	"slices"
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
	if x.Member == "" && !s.Barred && slices.Contains([]SendState{SendAccepted, SendUnknown, SendFailed}, s.To) {
		did, err = o.settleTogether(ctx, now, inHand(x, s))
	} else {
		did, stopped, err = o.settleAlone(ctx, now, x, s, l)
	}
	if err == nil {
		err = did.missed(s.To)
	}
	if err == nil && did.Made && (did.Was != SendDue || did.Held) && (s.To == SendDue || s.To == SendFailed) && x.isCounted() && x.counter != nil {
		err = o.giveBackCall(ctx, x)
	}
	if err != nil {
		return false, fmt.Errorf("settle a row of the outbox: %w", err)
	}
	return stopped, nil
}

func (o *Outbox) settleAlone(ctx context.Context, now time.Time, x Outgoing, s Settled, l Limits) (did stepped, stopped bool, err error) {
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
	return did, stopped, err
}

// settling is a row that takes nothing but its step, and what it was like.
type settling struct {
	now time.Time
	step
	did stepped
}

func (o *Outbox) settleTogether(ctx context.Context, now time.Time, s step) (stepped, error) {
	mine := &settling{now: now, step: s}
	err := o.settles.do(mine, func(all []*settling) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doTogether)
		defer cancel()
		by := map[string][]*settling{}
		for _, s := range all {
			by[s.line] = append(by[s.line], s)
		}
		for _, rows := range by {
			steps, now := make([]step, len(rows)), rows[0].now
			for i, s := range rows {
				steps[i] = s.step
				if s.now.After(now) {
					now = s.now
				}
			}
			var did []stepped
			if err := o.db.inTx(ctx, func(tx *sqlx.Tx) (err error) {
				did, err = o.takeAll(ctx, tx, now, steps)
				return err
			}); err != nil {
				return err
			}
			for i, s := range rows {
				s.did = did[i]
			}
		}
		return nil
	})
	return mine.did, err
}

// Heard writes down what the carrier tells of a row by itself, and reports whether
// that changed it: what is told twice changes it once. Of an attempt that is not the
// row's last it keeps the mark alone, as it does of what the row's life does not
// lead to. It gives nothing back: the carrier has had it. ErrNotFound means that the
// row is gone.
func (o *Outbox) Heard(ctx context.Context, now time.Time, h Heard) (changed bool, err error) {
	s := step{
		line: h.Line, id: h.Row, is: byAttempt, value: h.Attempt + 1, states: h.To.before(),
		unlessTold: h.To == SendAccepted, Settled: h.Settled, outcome: h.Outcome,
	}
	s.SID = h.SID
	if h.To == SendDue { // it is, or what it was due for is told again
		s.states = SendDue.beforeFrom(SendIntent, SendUnknown, SendAccepted)
	}
	var did stepped
	err = o.db.inTx(ctx, func(tx *sqlx.Tx) error {
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
		return false, fmt.Errorf("what the carrier told of a row of the outbox: %w", err)
	}
	return did.Made, nil
}

// isCounted reports whether the calls of a week to a row's number are.
func (x Outgoing) isCounted() bool { return x.Kind == Reminder && x.Channel == flows.ByCall }
