package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows/schedule"
)

const (
	// UnderWay is how long after its lease a request may be so still, at the carrier's.
	UnderWay = 2 * time.Minute
	// wonder is how long after the carrier was asked a row may be unknown.
	wonder = 10 * time.Minute
	// MostUnknown is how many rows [Outbox.Unknowns] returns at most.
	MostUnknown = 500
	// markLife is how long the marks of what the carrier took are kept, at most: for
	// longer than anybody wonders.
	markLife = 2 * time.Hour
)

// nobodyKnows is the reason of a row that may have been sent, and lapsed.
const nobodyKnows = "nobody knows"

// Unknowns returns the rows of a line that may have been sent, once no request for
// any of them can be under way: the carrier's list tells which were. Those that
// wait longest come first, and at most 500 of them.
func (o *Outbox) Unknowns(ctx context.Context, now time.Time, line string) ([]Unknown, error) {
	var rows []struct {
		outgoingRow
		IntentAt time.Time
		ClearAt  sql.NullTime
	}
	err := o.db.pool.SelectContext(ctx, &rows, `
		SELECT o.intent_at, o.clear_at,`+outgoingColumns+`
		FROM outbox o LEFT JOIN firing f USING (line_id, firing_id)
		WHERE o.line_id = $1 AND o.state = 'unknown' AND o.intent_at <= $2
		ORDER BY o.intent_at
		LIMIT $3`, line, now.Add(-SendLease-UnderWay), MostUnknown)
	if err != nil {
		return nil, fmt.Errorf("rows that may have been sent: %w", dbError(ctx, err))
	}
	all := make([]Unknown, len(rows))
	for i, r := range rows {
		all[i] = Unknown{Outgoing: r.outgoing(), IntentAt: r.IntentAt, ClearAt: r.ClearAt.Time}
	}
	return all, nil
}

// Unmarked returns which of the carrier's ids it has never told us of.
func (o *Outbox) Unmarked(ctx context.Context, line string, sids []string) (unknown []string, err error) {
	bySID := make(map[string]string, len(sids)) // by mark
	var marks pq.ByteaArray
	for _, sid := range sids {
		mark := o.sidMark(line, sid)
		bySID[string(mark)] = sid
		marks = append(marks, mark)
	}
	var known [][]byte
	if err := o.db.pool.SelectContext(ctx, &known, `
		SELECT mark
		FROM sent_mark
		WHERE line_id = $1 AND mark = ANY($2)`, line, marks); err != nil {
		return nil, fmt.Errorf("marks of what was sent: %w", dbError(ctx, err))
	}
	for _, mark := range known {
		delete(bySID, string(mark))
	}
	return slices.DeleteFunc(slices.Clone(sids), func(sid string) bool { return bySID[string(o.sidMark(line, sid))] == "" }), nil
}

// Resolve settles a row of which nobody could tell. That it is due again gives
// nothing back but the row: what its number got is not known here. ErrNotFound
// means that the row is gone, or that somebody else could tell.
func (o *Outbox) Resolve(ctx context.Context, now time.Time, u Unknown, s Settled) error {
	var did stepped
	err := o.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		known := inHand(u.Outgoing, s)
		known.states = s.To.beforeFrom(SendUnknown)
		var err error
		did, err = o.take(ctx, tx, now, known)
		return err
	})
	if err == nil {
		err = did.missed(s.To)
	}
	if err != nil {
		return fmt.Errorf("resolve a row of the outbox: %w", err)
	}
	return nil
}

// Clear writes down that the carrier's list lacked a row at now, unless it did
// before.
func (o *Outbox) Clear(ctx context.Context, now time.Time, u Unknown) error {
	err := o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE outbox
			SET clear_at = $4
			WHERE line_id = $1 AND outbox_id = $2 AND fence = $3 AND state = 'unknown' AND clear_at IS NULL`,
			u.Line, u.ID, u.fence, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("the carrier's list lacks a row: %w", err)
	}
	return nil
}

func (o *Outbox) sidMark(line, sid string) []byte { return o.keys.Mark("sid", line, sid) }

// markedUntil is to the hour, so that it does not tell when the carrier took it.
func markedUntil(now time.Time) time.Time { return now.UTC().Truncate(time.Hour).Add(markLife) }

// Overdue is how many rows nobody acts on any more.
type Overdue struct {
	Unknown int // were being sent when their replica vanished
	Lapsed  int // were not sent in time, or nobody knows until now whether they were
}

// Tidy settles the rows that no replica will: one whose replica did not come
// back from the carrier may have been sent, so it becomes unknown; one whose time
// is over lapses, and so does one of which nobody knows for ten minutes. What lapses
// is counted by day. Rows that somebody is busy with wait for the next time.
func (o *Outbox) Tidy(ctx context.Context, now time.Time) (Overdue, error) {
	var done Overdue
	err := o.db.inTx(ctx, func(tx *sqlx.Tx) error {
		done = Overdue{}
		if err := tx.GetContext(ctx, &done.Lapsed, `
			WITH late AS (
				UPDATE outbox
				SET state = $1, ended_at = $8, lease_until = NULL, reason = coalesce(reason, 'expired')
				WHERE (line_id, outbox_id) IN (
					SELECT line_id, outbox_id
					FROM outbox
					WHERE state = 'due' AND state = ANY($2) AND expires_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
					FOR UPDATE SKIP LOCKED)
				RETURNING line_id
			), lost AS (
				UPDATE outbox
				SET state = $1, ended_at = $8, reason = $4
				WHERE (line_id, outbox_id) IN (
					SELECT line_id, outbox_id
					FROM outbox
					WHERE state = 'unknown' AND state = ANY($2) AND (expires_at <= $3 OR intent_at <= $5)
					FOR UPDATE SKIP LOCKED)
				RETURNING line_id
			), every AS (
				SELECT line_id FROM late UNION ALL SELECT line_id FROM lost
			), counted AS (
				INSERT INTO daily_count AS c (line_id, day, name, count)
				SELECT line_id, $6::date, $7, count(*)
				FROM every
				GROUP BY line_id
				ORDER BY line_id
				ON CONFLICT (line_id, day, name) DO UPDATE
				SET count = c.count + excluded.count
			)
			SELECT count(*) FROM every`,
			string(SendLapsed), SendLapsed.before(), now, nobodyKnows, now.Add(-wonder), schedule.DateOf(now.UTC()).String(), string(Lapsed), endedOn(now)); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `
			UPDATE outbox
			SET state = $1, lease_until = NULL
			WHERE (line_id, outbox_id) IN (
				SELECT line_id, outbox_id
				FROM outbox
				WHERE state = 'intent' AND state = ANY($2) AND lease_until <= $3
				FOR UPDATE SKIP LOCKED)`,
			string(SendUnknown), SendUnknown.before(), now)
		if err != nil {
			return err
		}
		unknown, err := r.RowsAffected()
		done.Unknown = int(unknown)
		return err
	})
	if err != nil {
		return Overdue{}, fmt.Errorf("tidy the outbox: %w", err)
	}
	return done, nil
}
