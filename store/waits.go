package store

import (
	"context"
	"fmt"
)

// Waits is how much of a group waits for whoever looks after it: who asks to be let
// in, and what did not reach members in the last day or so, for as long as it is kept.
type Waits struct {
	Group               string // its id
	Applied, NotReached int
}

// Waits returns what waits in a line's groups; those in which nothing does are left
// out.
func (db *DB) Waits(ctx context.Context, line string) ([]Waits, error) {
	var all []Waits
	err := db.pool.SelectContext(ctx, &all, `
		SELECT group_id AS "group", sum(applied) AS applied, sum(failed) AS not_reached
		FROM (
			SELECT group_id, count(*) AS applied, 0 AS failed
			FROM membership
			WHERE line_id = $1 AND state = 'applied'
			GROUP BY group_id
			UNION ALL
			SELECT f.group_id, 0, count(*)
			FROM outbox o JOIN firing f USING (line_id, firing_id)
			WHERE o.line_id = $1 AND o.outcome IN ('not delivered', 'failed')
			GROUP BY f.group_id) AS each
		GROUP BY group_id
		ORDER BY group_id`, line)
	if err != nil {
		return nil, fmt.Errorf("what waits: %w", dbError(ctx, err))
	}
	return all, nil
}
