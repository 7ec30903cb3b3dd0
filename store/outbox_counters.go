package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// takeOne counts one more for the number of x from since until then, unless it has
// had enough.
func takeOne(ctx context.Context, tx *sqlx.Tx, x Outgoing, since, until time.Time, most int) (bool, error) {
	r, err := tx.ExecContext(ctx, `
		INSERT INTO attempt AS a (line_id, counter, spent, total, since, expires_at)
		SELECT $1, $2, 0, 1, $3, $4
		WHERE $5 > 0
		ON CONFLICT (line_id, counter) DO UPDATE
		SET total = a.total + 1
		WHERE a.total < $5`,
		x.Line, x.counter, since, until, most)
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
	return uncount(ctx, tx, x)
}

func uncount(ctx context.Context, tx *sqlx.Tx, x Outgoing) error {
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

// giveBackCall undoes what [Outbox.Intend] took for a call that rang nobody.
func (o *Outbox) giveBackCall(ctx context.Context, x Outgoing) error {
	return o.db.inBrief(ctx, func(tx *sqlx.Tx) error { return uncount(ctx, tx, x) })
}

// rungMark is the counter of the calls to an index in the week of a day (ISO, UTC).
func rungMark(k *vault.Keyring, line string, index []byte, day time.Time) []byte {
	year, week := day.UTC().ISOWeek()
	return k.Mark("rung", line, fmt.Sprintf("%d-W%02d", year, week), string(index))
}

func startOfDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// week is the one of t, from Monday to Monday, in UTC.
func week(t time.Time) (from, until time.Time) {
	day := startOfDay(t)
	from = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	return from, from.AddDate(0, 0, 7)
}
