package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Expirer erases the members of a line whose time is over as of now, and says
// how many. It keeps its own transactions.
type Expirer func(ctx context.Context, line string, now time.Time) (int, error)

// Retention removes what has been kept for long enough.
type Retention struct {
	db     *DB
	expire Expirer
}

// NewRetention removes members by expire.
func NewRetention(db *DB, expire Expirer) *Retention { return &Retention{db: db, expire: expire} }

// Rules returns everything that ends by itself, for a person to read.
func Rules() []Rule { return append([]Rule{expiry}, rules...) }

// Sweep removes what is over on a line as of now, and returns how many rows went
// by each rule that was run. Each is run once a day (UTC), in a transaction of
// its own with its entry in the ledger: called again that day, Sweep does what
// was left undone, which is nothing if all went well. Replicas may call it at
// once: each rule is run by one of them. The error joins those of the rules that
// failed.
func (r *Retention) Sweep(ctx context.Context, line string, now time.Time) (map[string]int, error) {
	removed := map[string]int{}
	var failed []error
	for _, rule := range Rules() {
		n, ran, err := r.once(ctx, rule, line, now)
		switch {
		case err != nil:
			failed = append(failed, fmt.Errorf("sweep of %s: %w", rule.Name, err))
		case ran:
			removed[rule.Name] = n
		}
	}
	return removed, errors.Join(failed...)
}

// once runs a rule unless it has been run that day.
func (r *Retention) once(ctx context.Context, rule Rule, line string, now time.Time) (removed int, ran bool, err error) {
	day := now.UTC().Format(time.DateOnly)
	err = r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		removed, ran = 0, false
		// Whoever comes while another is at it waits, and finds it done.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('sweep ' || $1::text, 0))`, line); err != nil {
			return err
		}
		var done bool
		if err := tx.GetContext(ctx, &done, `
			SELECT EXISTS (SELECT FROM sweep WHERE line_id = $1 AND day = $2 AND rule = $3)`, line, day, rule.Name); err != nil || done {
			return err
		}
		n, err := r.remove(ctx, tx, rule, line, now)
		if err != nil {
			return err
		}
		removed, ran = n, true
		_, err = tx.ExecContext(ctx, `
			INSERT INTO sweep (line_id, day, rule, removed)
			VALUES ($1, $2, $3, $4)`, line, day, rule.Name, n)
		return err
	})
	return removed, ran, err
}

func (r *Retention) remove(ctx context.Context, tx *sqlx.Tx, rule Rule, line string, now time.Time) (int, error) {
	if rule.Name == expiry.Name {
		return r.expire(ctx, line, now)
	}
	query := rule.call
	if query == "" {
		query = `WITH gone AS (` + rule.remove + ` RETURNING 1) SELECT count(*) FROM gone`
	}
	var n int
	err := tx.GetContext(ctx, &n, query, line, now)
	return n, err
}

// Lapse removes what is kept for a day at most as soon as it is over, on every
// line; it is called each minute. Replicas may call it at once.
func (r *Retention) Lapse(ctx context.Context, now time.Time) error {
	var failed []error
	for _, rule := range rules {
		if rule.lapse == "" {
			continue
		}
		err := r.db.inTx(ctx, func(tx *sqlx.Tx) error {
			_, err := tx.ExecContext(ctx, rule.lapse, now)
			return err
		})
		if err != nil {
			failed = append(failed, fmt.Errorf("lapse of %s: %w", rule.Name, err))
		}
	}
	return errors.Join(failed...)
}
