package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Stop is a question of the built-in menus at which callers may give up. The set is
// closed: nothing is counted where somebody asks for help, gives a PIN, enrols, or
// sees to what is kept of them, nor in a room, nor at questions of an operator's own.
type Stop string

var stops = []Stop{
	"main", "language", "code", "now", "nothing_now", "soon", "find", "topic", "day", "speaks", "results",
	"other_language", "rules", "full", "late", "no_host", "closed", "dates",
}

// Stops returns them all, in the order in which callers come by.
func Stops() []Stop { return slices.Clone(stops) }

// StopAt returns the stop that a node of a flow is; false if it is none.
func StopAt(node string) (Stop, bool) {
	return Stop(node), slices.Contains(stops, Stop(node))
}

// Stopped is how often a question was asked, and how often its caller was still there
// after it: whoever was not has given up.
type Stopped struct{ Asked, Stayed int }

// AddStops adds to what was counted at stops in the week of a day. When its error
// comes from the commit, whether it was added is unknown: a caller that tries again
// may count twice.
func (db *DB) AddStops(ctx context.Context, line string, day schedule.Date, counts map[Stop]Stopped) error {
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		// In one order, so that two replicas cannot wait for each other's rows.
		for _, at := range slices.SortedFunc(maps.Keys(counts), cmp.Compare[Stop]) {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO stop AS s (line_id, week, node, asked, stayed)
				VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (line_id, week, node) DO UPDATE
				SET asked = s.asked + excluded.asked, stayed = s.stayed + excluded.stayed`,
				line, weekOf(day).String(), string(at), counts[at].Asked, counts[at].Stayed); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("add stops: %w", err)
	}
	return nil
}
