package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// step is one of a row's life, by whoever can prove that they know the row: by its
// fence, who has it in hand; by the attempt, the carrier.
type step struct {
	line, id string
	is       string // the column that proves it
	value    int
	states   pq.StringArray // that the row may be in
	// unlessTold says that what the carrier has told of the row goes before this.
	unlessTold bool
	outcome    Outcome
	Settled
}

// inHand is the step of who has a row in hand, until the carrier tells more of it.
func inHand(x Outgoing, s Settled) step {
	return step{
		line: x.Line, id: x.ID, is: "fence", value: x.fence,
		states: s.To.beforeFrom(SendDue, SendIntent, SendUnknown), unlessTold: true, Settled: s,
	}
}

// stepped is what a row was like.
type stepped struct {
	Was SendState // "" of one that is gone
	// Held says that somebody had it in hand, Right that the proof held, Told that the
	// carrier has told of the row by itself, Made that the step was made.
	Held, Right, Told, Made bool
}

// missed is the error for whoever had a row in hand and wished it to be so.
func (d stepped) missed(to SendState) error {
	if d.Made || d.Right && (d.Told || d.Was == to) {
		return nil
	}
	return ErrNotFound
}

// take makes a step, if the row is as it must be, and keeps the mark of its SID,
// however the row is. It lets go of the row.
func (o *Outbox) take(ctx context.Context, tx *sqlx.Tx, now time.Time, s step) (stepped, error) {
	var ended, again sql.NullTime
	if s.To.over() {
		ended = sql.NullTime{Time: now, Valid: true}
	}
	if s.To == SendDue {
		again = sql.NullTime{Time: s.Again, Valid: true}
	}
	args := []any{s.line, s.id, s.value, s.states, s.unlessTold, string(s.To), s.Reason, string(s.outcome), ended, again}
	kept := ""
	if s.SID != "" {
		args = append(args, o.sidMark(s.line, s.SID), markedUntil(now))
		kept = `kept AS (
			INSERT INTO sent_mark (line_id, mark, expires_at)
			VALUES ($1, $11, $12)
			ON CONFLICT DO NOTHING
		), `
	}
	var did stepped
	err := tx.GetContext(ctx, &did, `
		WITH `+kept+`was AS MATERIALIZED (
			SELECT state, lease_until IS NOT NULL AS held, `+s.is+` = $3 AS proved, outcome IS NOT NULL OR state IN ('accepted', 'done', 'failed') AS told
			FROM outbox
			WHERE line_id = $1 AND outbox_id = $2
			FOR UPDATE
		), made AS (
			UPDATE outbox AS o
			SET state = $6, reason = nullif($7, ''), outcome = coalesce(nullif($8, ''), o.outcome), ended_at = $9,
				due_at = coalesce($10, due_at), lease_until = NULL, clear_at = NULL
			FROM was
			WHERE o.line_id = $1 AND o.outbox_id = $2
			  AND was.proved AND was.state = ANY($4) AND NOT (was.told AND $5)
			RETURNING 1
		)
		SELECT coalesce(state, '') AS was, coalesce(held, false) AS held, coalesce(proved, false) AS right, coalesce(told, false) AS told,
			EXISTS (SELECT FROM made) AS made
		FROM (SELECT) AS always LEFT JOIN was ON true`, args...)
	return did, err
}
