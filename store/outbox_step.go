package store

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// step is one of a row's life, by whoever can prove that they know the row: by its
// fence, who has it in hand; by the attempt, the carrier.
type step struct {
	line, id string
	is       proof
	value    int
	states   pq.StringArray // that the row may be in
	// unlessTold says that what the carrier has told of the row goes before this.
	unlessTold bool
	outcome    Outcome
	Settled
}

// proof is the column by which somebody proves that they know a row.
type proof string

const (
	byFence   proof = "fence"
	byAttempt proof = "attempts"
)

// told is an SQL expression: whether the carrier has told of a row o by itself,
// since its last attempt. Whoever has a row in hand that is due again since it was
// told of, for the next one, has not been told of that.
func (p proof) told() string {
	due := `o.state IN ('due', 'lapsed') AND o.outcome IS NOT NULL`
	if p == byFence {
		due += ` AND o.lease_until IS NULL`
	}
	return `(o.state IN ('accepted', 'done', 'failed') OR ` + due + `)`
}

// inHand is the step of who has a row in hand, until the carrier tells more of it.
func inHand(x Outgoing, s Settled) step {
	return step{
		line: x.Line, id: x.ID, is: byFence, value: x.fence,
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

// take makes a step of one row, if the row is as it must be, and keeps the mark of
// its SID, however the row is. It lets go of the row. One whose call reached nobody
// for the second time is done, and so is one of who is busy when what they asked to
// be rung for starts: they may be in the room.
func (o *Outbox) take(ctx context.Context, tx *sqlx.Tx, now time.Time, s step) (stepped, error) {
	did, err := o.takeAll(ctx, tx, now, []step{s})
	if err != nil {
		return stepped{}, err
	}
	return did[0], nil
}

// takeAll is take for rows of one line, whose steps have the same proof.
func (o *Outbox) takeAll(ctx context.Context, tx *sqlx.Tx, now time.Time, steps []step) ([]stepped, error) {
	var ids, froms, tos, reasons, outcomes, agains pq.StringArray
	var values pq.Int64Array
	var unless pq.BoolArray
	var marks pq.ByteaArray
	for _, s := range steps {
		again, mark := "", []byte{}
		if s.To == SendDue {
			again = s.Again.UTC().Format(time.RFC3339Nano)
		}
		if s.SID != "" {
			mark = o.sidMark(s.line, s.SID)
		}
		ids, values, marks = append(ids, s.id), append(values, int64(s.value)), append(marks, mark)
		froms, tos, unless = append(froms, strings.Join(s.states, " ")), append(tos, string(s.To)), append(unless, s.unlessTold)
		reasons, outcomes, agains = append(reasons, s.Reason), append(outcomes, string(s.outcome)), append(agains, again)
	}
	var did []stepped
	err := tx.SelectContext(ctx, &did, `
		WITH step AS MATERIALIZED (
			SELECT *
			FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::text[], $9::text[], $10::bytea[])
				WITH ORDINALITY AS s (outbox_id, value, states, goes_to, unless_told, reason, outcome, again, mark, nth)
		), kept AS (
			INSERT INTO sent_mark (line_id, mark, expires_at)
			SELECT $1, mark, $12
			FROM step
			WHERE mark <> ''
			ORDER BY mark
			ON CONFLICT DO NOTHING
		), was AS MATERIALIZED (
			SELECT o.outbox_id, o.state, o.lease_until IS NOT NULL AS held, o.`+string(steps[0].is)+` AS value,
				`+steps[0].is.told()+` AS told, coalesce(o.outcome, '') IN `+reachedNobody+` AS missed, o.kind = $15 AS starts
			FROM outbox o
			WHERE o.line_id = $1 AND o.outbox_id = ANY($2)
			ORDER BY o.outbox_id
			FOR UPDATE
		), possible AS (
			SELECT s.*, CASE
				WHEN was.missed AND s.outcome IN `+reachedNobody+` THEN $14
				WHEN was.starts AND s.outcome = $16 THEN $14
				ELSE s.goes_to END AS becomes
			FROM was JOIN step s USING (outbox_id, value)
			WHERE was.state = ANY(string_to_array(s.states, ' ')) AND NOT (was.told AND s.unless_told)
		), made AS (
			UPDATE outbox AS o
			SET state = p.becomes, reason = nullif(p.reason, ''), outcome = coalesce(nullif(p.outcome, ''), o.outcome),
				ended_at = CASE WHEN p.becomes = ANY($13) THEN $11::timestamptz END,
				due_at = coalesce(nullif(p.again, '')::timestamptz, o.due_at), lease_until = NULL, clear_at = NULL
			FROM possible p
			WHERE o.line_id = $1 AND o.outbox_id = ANY($2) AND o.outbox_id = p.outbox_id
			RETURNING o.outbox_id
		)
		SELECT coalesce(was.state, '') AS was, coalesce(was.held, false) AS held, coalesce(was.value = s.value, false) AS right,
			coalesce(was.told, false) AS told, made.outbox_id IS NOT NULL AS made
		FROM step s LEFT JOIN was USING (outbox_id) LEFT JOIN made USING (outbox_id)
		ORDER BY s.nth`,
		steps[0].line, ids, values, froms, tos, unless, reasons, outcomes, agains, marks, endedOn(now), markedUntil(now), overStates, string(SendDone), string(CallMe), string(Busy))
	return did, err
}
