package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// mayHaveComeThrough are the states of a reminder that counts for its meeting; one
// that lapsed since nobody knows counts too.
var mayHaveComeThrough = pq.StringArray{string(SendIntent), string(SendUnknown), string(SendAccepted), string(SendDone)}

// intendMembership is one statement, since there are many of these at once. It
// locks all rows that the membership has of the occurrence, by which two reminders
// at once see each other, and then neither the line nor the number.
func (o *Outbox) intendMembership(ctx context.Context, now time.Time, x Outgoing, l Limits) (permit Permit, err error) {
	err = o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		err := tx.GetContext(ctx, &permit, `
			WITH same AS MATERIALIZED (
				SELECT o.outbox_id, o.fence, o.state, o.kind, o.expires_at, o.reason
				FROM outbox o JOIN firing f USING (line_id, firing_id)
				WHERE o.line_id = $1 AND o.pseudonym = $5 AND f.meeting_id = $6 AND f.date = $7
				ORDER BY o.outbox_id
				FOR UPDATE OF o
			), found AS (
				SELECT CASE
					WHEN expires_at <= $3 THEN $8
					WHEN EXISTS (
						SELECT FROM sending
						WHERE line_id = $1 AND (stopped_until > $3 OR barred >= $9 AND since > $3 - interval '1 hour')) THEN $10
					WHEN kind = 'reminder' AND $11 <= (
						SELECT count(*)
						FROM same
						WHERE kind = 'reminder' AND (state = ANY($12) OR reason = $13)) THEN $14
					ELSE $15 END AS permit
				FROM same
				WHERE outbox_id = $2 AND fence = $16 AND state = 'due' AND state = ANY($17)
			), made AS (
				UPDATE outbox
				SET `+intended+`
				FROM found
				WHERE line_id = $1 AND outbox_id = $2 AND permit = $15
			)
			SELECT permit
			FROM found`,
			x.Line, x.ID, now, now.Add(sendLease), x.Pseudonym, x.Firing.Meeting, x.Firing.Date.String(),
			string(Expired), l.Barred, string(LineStopped), l.PerMeeting, mayHaveComeThrough, nobodyKnows, string(MeetingSpent),
			string(Permitted), x.fence, SendIntent.before())
		if errors.Is(err, sql.ErrNoRows) {
			permit = Superseded
			return nil
		}
		if err != nil || permit == Permitted {
			return err
		}
		if permit == LineStopped {
			if permit, err = stopOnce(ctx, tx, now, x.Line); err != nil {
				return err
			}
		}
		return o.putDown(ctx, tx, now, x, permit)
	})
	return permit, err
}

// stopOnce stops a line that was barred too often, and tells whoever is first.
func stopOnce(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) (Permit, error) {
	r, err := lockSending(ctx, tx, now, line)
	if err != nil || r.StoppedUntil.Time.After(now) {
		return LineStopped, err
	}
	return LineStops, stop(ctx, tx, now, line)
}

// intendCall counts the call to a number first, in a transaction of its own: none
// ties a number's counter to a pseudonym.
func (o *Outbox) intendCall(ctx context.Context, now time.Time, x *Outgoing, to vault.Number, l Limits) (permit Permit, err error) {
	x.counter = rungMark(o.keys, x.Line, o.keys.Index(x.Line, to), now)
	from, until := week(now)
	fits := false
	if err := o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		fits, err = takeOne(ctx, tx, *x, from, until, l.CallsAWeek)
		return err
	}); err != nil {
		return Superseded, err
	}
	if !fits {
		err := o.db.inTx(ctx, func(tx *sqlx.Tx) error { return o.putDown(ctx, tx, now, *x, WeekSpent) })
		return WeekSpent, err
	}
	permit, err = o.intendMembership(ctx, now, *x, l)
	if err == nil && permit != Permitted {
		err = o.giveBackCall(ctx, *x)
	}
	return permit, err
}
