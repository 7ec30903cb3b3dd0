package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// lookLease is how long a replica may look at a row before another does.
	lookLease = 30 * time.Second
	// sendLease is how long the carrier is asked at most, with room to write
	// down what it said.
	sendLease = time.Minute
)

// Kind is what a row of the outbox is for.
type Kind string

// The kinds of a row. The first two go to a member, the others to a membership.
const (
	Confirmation Kind = "confirmation" // asks a number whether it was the one that enrolled
	Recheck      Kind = "recheck"      // asks a member whether it is still safe to reach them so
	Reminder     Kind = "reminder"     // of an occurrence
	CallMe       Kind = "call_me"      // rings who asked for it, and puts them in
	Change       Kind = "change"       // an occurrence is not held, is moved, or is held after all
)

// Recipient is whom a row goes to, opened when it is claimed.
type Recipient struct {
	Number      vault.Number
	Preferences flows.Preferences
	// Asked says that they were asked to confirm and have not answered.
	Asked bool
}

// Outgoing is a row of the outbox that one replica has in hand.
type Outgoing struct {
	Line, ID string
	// Member is whose a row is of the kinds that go to a member, Pseudonym and
	// Firing of the others.
	Member    string
	Pseudonym []byte
	Firing    Firing
	Kind      Kind
	Channel   flows.Channel
	DueAt     time.Time
	ExpiresAt time.Time
	// OnLineUntil is until when its person is taken to be on the line with us,
	// zero when they are not.
	OnLineUntil time.Time
	Attempts    int // that went to the carrier before

	fence   int
	counter []byte // of what its number got that day; nil before [Outbox.Intend]
}

// Outbox is the queue of everything that we send by ourselves. Its methods are
// safe for concurrent use by any number of replicas.
type Outbox struct {
	db   *DB
	keys *vault.Keyring
}

// NewOutbox returns the outbox of db.
func NewOutbox(db *DB, keys *vault.Keyring) *Outbox { return &Outbox{db: db, keys: keys} }

type outgoingRow struct {
	LineID, OutboxID, Kind, Channel, MemberID string
	ExpiresAt                                 time.Time
	OnLineUntil                               sql.NullTime
	Fence, Attempts                           int
}

// Claim takes the row that is due longest in hand, for half a minute; nothing is
// sent yet. ErrNotFound says that none is due on a line that may send.
func (o *Outbox) Claim(ctx context.Context, now time.Time) (Outgoing, error) {
	var r outgoingRow
	err := o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		// Materialized: a plan that ran the inner select twice would claim two.
		return tx.GetContext(ctx, &r, `
			WITH next AS MATERIALIZED (
				SELECT line_id, outbox_id
				FROM outbox
				WHERE state = $1
				  AND due_at <= $2
				  AND expires_at > $2
				  AND (lease_until IS NULL OR lease_until <= $2)
				  AND NOT EXISTS (
					SELECT FROM sending
					WHERE sending.line_id = outbox.line_id AND stopped_until > $2)
				ORDER BY due_at
				LIMIT 1
				FOR UPDATE SKIP LOCKED)
			UPDATE outbox AS o
			SET lease_until = $3, fence = fence + 1
			FROM next
			WHERE o.line_id = next.line_id AND o.outbox_id = next.outbox_id
			RETURNING o.line_id, o.outbox_id, kind, channel, member_id, expires_at, on_line_until, fence, attempts`,
			string(SendDue), now, now.Add(lookLease))
	})
	if err != nil {
		return Outgoing{}, fmt.Errorf("claim a row of the outbox: %w", err)
	}
	return Outgoing{
		Line: r.LineID, ID: r.OutboxID, Member: r.MemberID, Kind: Kind(r.Kind), Channel: flows.Channel(r.Channel),
		ExpiresAt: r.ExpiresAt, OnLineUntil: r.OnLineUntil.Time, Attempts: r.Attempts, fence: r.Fence,
	}, nil
}

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

// Settle writes down what became of a row, once, and may be tried again when it
// fails. To say that a row is due again is to say that nothing was sent: its
// number and its line get back what [Outbox.Intend] took. stopped says that the
// line was stopped by this row. ErrNotFound means that the row is gone, or is
// another replica's by now.
func (o *Outbox) Settle(ctx context.Context, now time.Time, x Outgoing, s Settled, l Limits) (stopped bool, err error) {
	err = o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		stopped = false
		was, err := become(ctx, tx, now, x, s)
		if err != nil {
			return err
		}
		if s.To == SendDue && was != SendDue {
			if err := giveBack(ctx, tx, x); err != nil {
				return err
			}
		}
		if s.Barred {
			if stopped, err = bar(ctx, tx, now, x.Line, l); err != nil {
				return err
			}
		}
		switch s.To {
		case SendAccepted:
			return addCounts(ctx, tx, x.Line, schedule.DateOf(now.UTC()), map[Count]int{Sent: 1})
		case SendFailed:
			return addCounts(ctx, tx, x.Line, schedule.DateOf(now.UTC()), map[Count]int{NotSent: 1})
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("settle a row of the outbox: %w", err)
	}
	return stopped, nil
}

// become changes the state of a row in hand, lets go of it, and returns the state
// that it was in.
func become(ctx context.Context, tx *sqlx.Tx, now time.Time, x Outgoing, s Settled) (was SendState, err error) {
	if err := tx.GetContext(ctx, &was, `
		SELECT state
		FROM outbox
		WHERE line_id = $1 AND outbox_id = $2 AND fence = $3 AND state = ANY($4)
		FOR UPDATE`, x.Line, x.ID, x.fence, s.To.before()); err != nil {
		return "", err
	}
	var ended, again sql.NullTime
	if s.To.over() {
		ended = sql.NullTime{Time: now, Valid: true}
	}
	if s.To == SendDue {
		again = sql.NullTime{Time: s.Again, Valid: true}
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE outbox
		SET state = $3, reason = nullif($4, ''), ended_at = $5, due_at = coalesce($6, due_at), lease_until = NULL
		WHERE line_id = $1 AND outbox_id = $2`,
		x.Line, x.ID, string(s.To), s.Reason, ended, again)
	return was, err
}

// Overdue is how many rows nobody acts on any more.
type Overdue struct {
	Unknown int // were being sent when their replica vanished
	Lapsed  int // were not sent in time, or nobody knows until now whether they were
}

// Tidy settles the rows that no replica will: one whose replica did not come
// back from the carrier may have been sent, so it becomes unknown and never due;
// one whose time is over lapses.
func (o *Outbox) Tidy(ctx context.Context, now time.Time) (Overdue, error) {
	var done Overdue
	err := o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		r, err := tx.ExecContext(ctx, `
			UPDATE outbox
			SET state = $1, lease_until = NULL
			WHERE state = $2 AND state = ANY($3) AND lease_until <= $4`,
			string(SendUnknown), string(SendIntent), SendUnknown.before(), now)
		if err != nil {
			return err
		}
		unknown, err := r.RowsAffected()
		if err != nil {
			return err
		}
		r, err = tx.ExecContext(ctx, `
			UPDATE outbox
			SET state = $1, ended_at = $3, lease_until = NULL, reason = coalesce(reason, 'expired')
			WHERE state = ANY($2) AND expires_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)`,
			string(SendLapsed), SendLapsed.before(), now)
		if err != nil {
			return err
		}
		lapsed, err := r.RowsAffected()
		done = Overdue{Unknown: int(unknown), Lapsed: int(lapsed)}
		return err
	})
	if err != nil {
		return Overdue{}, fmt.Errorf("tidy the outbox: %w", err)
	}
	return done, nil
}
