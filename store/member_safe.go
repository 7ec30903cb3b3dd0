package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// safeDays is how long it is taken to be safe to reach somebody as they chose, since
// they last showed that they are there.
const safeDays = 90

// monday is the Monday, in UTC, on or before some days after at: more of a time is
// not kept of anybody.
func monday(at time.Time, days int) time.Time {
	from, _ := week(at.UTC().AddDate(0, 0, days))
	return from
}

// seen marks that a member showed at at that they are there.
func (w *member) seen(at time.Time) {
	w.seenMonth = month(at)
	if w.state == stateConfirmed {
		until := monday(at, safeDays)
		w.safeUntil = &until
	}
}

// Seen writes down that the member of a number showed that it is theirs: by a text
// from it, or by a key in a call that we placed to it. It writes only what is new,
// once in a week at most, so that its transaction is hardly ever beside another of
// theirs. Who was to be asked whether it is still safe to reach them has answered
// by that. For a number that is nobody's it does nothing.
func (m *Members) Seen(ctx context.Context, e Event, n vault.Number) error {
	err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var ids pq.StringArray
		if err := tx.SelectContext(ctx, &ids, `
			UPDATE member
			SET seen_month = greatest(seen_month, $3), safe_until = greatest(safe_until, $4)
			WHERE line_id = $1
			  AND number_index = ANY($2)
			  AND state = 'confirmed'
			  AND (seen_month < $3 OR safe_until < $4)
			RETURNING member_id`,
			e.Line, pq.ByteaArray(m.keys.Indexes(e.Line, n)), month(e.At), monday(e.At, safeDays)); err != nil || len(ids) == 0 {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE outbox
			SET state = $4, reason = 'not wanted', lease_until = NULL, ended_at = $3
			WHERE line_id = $1 AND member_id = ANY($2) AND kind = 'recheck' AND state = $5 AND state = ANY($6)`,
			e.Line, ids, endedOn(e.At), string(SendLapsed), string(SendDue), SendLapsed.before())
		return err
	})
	if err != nil {
		return fmt.Errorf("seen: %w", err)
	}
	return nil
}
