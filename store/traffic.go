package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// TrafficKind is what is counted by hour. The set is closed: the database refuses
// any other.
type TrafficKind string

// The kinds of traffic.
const (
	CallIn  TrafficKind = "call_in"
	CallOut TrafficKind = "call_out"
	TextIn  TrafficKind = "text_in"
	TextOut TrafficKind = "text_out"
)

// TrafficHour is what is counted together: an hour, in UTC, and a kind.
type TrafficHour struct {
	Hour time.Time
	Kind TrafficKind
}

// AddTraffic adds to the counts of calls and texts. They are the account's, which
// does not tell of a record which line it was on, and stand under the line that
// the environment describes. When its error comes from the commit, whether they
// were added is unknown: a caller that tries again may count twice.
func (db *DB) AddTraffic(ctx context.Context, counts map[TrafficHour]int) error {
	// In one order, so that two replicas cannot wait for each other's rows.
	hours := slices.SortedFunc(maps.Keys(counts), func(a, b TrafficHour) int {
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Kind, b.Kind))
	})
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		for _, h := range hours {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO traffic AS t (line_id, hour, kind, count)
				SELECT line_id, $2, $3, $4
				FROM line
				WHERE ordinal = $1
				ON CONFLICT (line_id, hour, kind) DO UPDATE
				SET count = t.count + excluded.count`,
				firstLine, h.Hour.UTC().Truncate(time.Hour), string(h.Kind), counts[h]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("add traffic: %w", err)
	}
	return nil
}
