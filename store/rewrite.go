package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// rewriteLockWait is how long a rewrite waits for those who write: whoever wants
// to write waits behind it for as long.
const rewriteLockWait = `500ms`

// rewritten are the tables whose rows must not tell when they were written or
// which of another table's they belong to. Each is sorted by its key, which is
// random. The order is that in which they are rewritten.
var rewritten = []struct{ table, key string }{
	{"member", "member_id"},
	{"membership", "pseudonym"},
	{"keys.member", "member_id"},
	{"keys.membership", "pseudonym"},
	{"attempt", "counter"}, // of a number, beside which a row of a membership's may be written
	// Of members and of memberships: who answers a reminder may be written beside it.
	{"outbox", "outbox_id"},
}

// Rewrite writes a line's members and memberships, the keys of both, what is
// counted of numbers, and what is sent anew: each table in a transaction of its own
// and in the order of its random keys, so that neither transaction numbers (xmin)
// nor places (ctid) say what was written with what. Those who read go on; those who write to a table wait while it is
// rewritten, about 30 µs a row: call it at night.
// It may be called again at any time. The error joins those of the tables that
// were left as they are, mostly because somebody held a lock for too long
// (SQLSTATE 55P03); the others are done.
//
// Rows that Postgres puts into the space that earlier nights left are in key
// order too, but for the turn at which it comes to the end of that space.
func (db *DB) Rewrite(ctx context.Context, line string) error {
	var failed []error
	for _, r := range rewritten {
		err := db.inTx(ctx, func(tx *sqlx.Tx) error { return rewrite(ctx, tx, r.table, r.key, line) })
		if err != nil {
			failed = append(failed, fmt.Errorf("rewrite %s: %w", r.table, err))
		}
	}
	return errors.Join(failed...)
}

func rewrite(ctx context.Context, tx *sqlx.Tx, table, key, line string) error {
	// EXCLUSIVE, since a row that is locked FOR UPDATE elsewhere would seem to be
	// gone to who locked it, and a lock on the rows alone would lose their writes.
	if _, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '`+rewriteLockWait+`'`); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `LOCK TABLE `+table+` IN EXCLUSIVE MODE`); err != nil {
		return err
	}
	// The sort has taken every row out before the first one is put back.
	_, err := tx.ExecContext(ctx, `
		WITH gone AS (DELETE FROM `+table+` WHERE line_id = $1 RETURNING *)
		INSERT INTO `+table+`
		SELECT *
		FROM gone
		ORDER BY `+key, line)
	return err
}
