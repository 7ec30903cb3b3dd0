package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// Limits are what a deployment may send by itself.
type Limits struct {
	PerNumber int // to one number in a day (UTC), texts and calls together
	PerHour   int // of one line
	// Barred is how often in an hour the carrier's rules may stand in the way of
	// a line's rows.
	Barred int
}

// stopFor is how long a line that was stopped sends nothing.
const stopFor = time.Hour

// Permit says whether a row may be sent.
type Permit string

// What [Outbox.Intend] finds. But for Permitted, the row is settled or is due as
// before, and not in hand any more.
const (
	Permitted   Permit = "permitted"
	Superseded  Permit = "superseded"   // the row is gone, or is another replica's
	Expired     Permit = "expired"      // it has lapsed
	NumberSpent Permit = "number spent" // it has lapsed: its number got enough today
	LineStopped Permit = "line stopped" // its line sends nothing for now
	LineStops   Permit = "line stops"   // the same, from this moment on
)

// Intend is the last step before the carrier is asked to send a row in hand: it
// says that this is about to happen, in a transaction of its own, unless a limit
// forbids it. What is sent after it must be settled with [Outbox.Settle], also
// when Intend itself failed: its commit may have gone through.
//
// What a number got is counted under an HMAC of the number and the day, and goes
// with an erasure: who enrols and erases somebody else's number by turns is held
// back by the edge, in memory.
func (o *Outbox) Intend(ctx context.Context, now time.Time, x *Outgoing, to vault.Number, l Limits) (Permit, error) {
	x.counter = o.counter(x.Line, to, now)
	permit := Superseded
	err := o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		permit, err = o.permit(ctx, tx, now, *x, l)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		switch permit {
		case Expired, NumberSpent:
			_, err = become(ctx, tx, now, *x, Settled{To: SendLapsed, Reason: string(permit)})
			return err
		case LineStopped, LineStops:
			_, err = become(ctx, tx, now, *x, Settled{To: SendDue, Again: now})
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE outbox
			SET state = $3, lease_until = $4, attempts = attempts + 1
			WHERE line_id = $1 AND outbox_id = $2`, x.Line, x.ID, string(SendIntent), now.Add(sendLease))
		return err
	})
	if err != nil {
		return Superseded, fmt.Errorf("intend to send: %w", err)
	}
	return permit, nil
}

// permit takes the row, then the line, then the number: whoever is about to send
// locks them in this order. sql.ErrNoRows says that the row is not in hand.
func (o *Outbox) permit(ctx context.Context, tx *sqlx.Tx, now time.Time, x Outgoing, l Limits) (Permit, error) {
	var expires time.Time
	if err := tx.GetContext(ctx, &expires, `
		SELECT expires_at
		FROM outbox
		WHERE line_id = $1 AND outbox_id = $2 AND fence = $3 AND state = $4 AND state = ANY($5)
		FOR UPDATE`, x.Line, x.ID, x.fence, string(SendDue), SendIntent.before()); err != nil {
		return Superseded, err
	}
	if !now.Before(expires) {
		return Expired, nil
	}
	line, err := lockSending(ctx, tx, now, x.Line)
	if err != nil {
		return "", err
	}
	if line.StoppedUntil.Time.After(now) {
		return LineStopped, nil
	}
	if line.Sent >= l.PerHour {
		return LineStops, stop(ctx, tx, now, x.Line)
	}
	if fits, err := o.takeOne(ctx, tx, now, x, l); err != nil || !fits {
		return NumberSpent, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE sending SET sent = sent + 1 WHERE line_id = $1`, x.Line)
	return Permitted, err
}

type sendingRow struct {
	Since        time.Time
	Sent, Barred int
	StoppedUntil sql.NullTime
}

// lockSending locks what a line has sent in its hour, which begins anew when it
// is over. A line that was stopped begins with nothing sent.
func lockSending(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) (sendingRow, error) {
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO sending (line_id, since, sent, barred)
		VALUES ($1, $2, 0, 0)
		ON CONFLICT (line_id) DO NOTHING`, line, now); err != nil {
		return sendingRow{}, err
	}
	var r sendingRow
	if err := tx.GetContext(ctx, &r, `
		SELECT since, sent, barred, stopped_until
		FROM sending
		WHERE line_id = $1
		FOR UPDATE`, line); err != nil {
		return sendingRow{}, err
	}
	if over := r.Since.Add(time.Hour); now.Before(over) || r.StoppedUntil.Time.After(now) {
		return r, nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE sending
		SET since = $2, sent = 0, barred = 0, stopped_until = NULL
		WHERE line_id = $1`, line, now)
	return sendingRow{Since: now}, err
}

// stop has a line send nothing for an hour, after which it begins anew.
func stop(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE sending
		SET stopped_until = $2, since = $3
		WHERE line_id = $1`, line, now.Add(stopFor), now)
	return err
}

// bar counts that the rules stood in the way of a line's row, and stops the line
// when that was once too often. It says whether it did.
func bar(ctx context.Context, tx *sqlx.Tx, now time.Time, line string, l Limits) (bool, error) {
	r, err := lockSending(ctx, tx, now, line)
	if err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE sending SET barred = barred + 1 WHERE line_id = $1`, line); err != nil {
		return false, err
	}
	if r.Barred+1 < l.Barred || r.StoppedUntil.Time.After(now) {
		return false, nil
	}
	return true, stop(ctx, tx, now, line)
}

// takeOne counts one more for a number on this day, unless it has had enough.
func (o *Outbox) takeOne(ctx context.Context, tx *sqlx.Tx, now time.Time, x Outgoing, l Limits) (bool, error) {
	r, err := tx.ExecContext(ctx, `
		INSERT INTO attempt AS a (line_id, counter, spent, total, since, expires_at)
		SELECT $1, $2, 0, 1, $3, $4
		WHERE $5 > 0
		ON CONFLICT (line_id, counter) DO UPDATE
		SET total = a.total + 1
		WHERE a.total < $5`,
		x.Line, x.counter, startOfDay(now), startOfDay(now).AddDate(0, 0, 1), l.PerNumber)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// giveBack undoes what permit took for a row that was not sent.
func giveBack(ctx context.Context, tx *sqlx.Tx, x Outgoing) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE sending
		SET sent = greatest(sent - 1, 0)
		WHERE line_id = $1`, x.Line); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE attempt
		SET total = greatest(total - 1, 0)
		WHERE line_id = $1 AND counter = $2`, x.Line, x.counter)
	return err
}

// SentTo returns how many texts and calls of ours went to a number on the day of
// now, in UTC: all that is kept of them once their rows are gone.
func (o *Outbox) SentTo(ctx context.Context, line string, n vault.Number, now time.Time) (int, error) {
	var total int
	err := o.db.pool.GetContext(ctx, &total, `
		SELECT coalesce(sum(total), 0)
		FROM attempt
		WHERE line_id = $1 AND counter = $2`, line, o.counter(line, n, now))
	if err != nil {
		return 0, fmt.Errorf("what was sent: %w", dbError(ctx, err))
	}
	return total, nil
}

func (o *Outbox) counter(line string, n vault.Number, now time.Time) []byte {
	return sentMark(o.keys, line, o.keys.Index(line, n), now)
}

// sentMark is the counter of what went to an index on a day.
func sentMark(k *vault.Keyring, line string, index []byte, day time.Time) []byte {
	return k.Mark("sent", line, schedule.DateOf(day.UTC()).String(), string(index))
}

func startOfDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
