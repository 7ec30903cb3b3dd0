package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// tell writes down what became of dates, at now, in the transaction that changes
// them: what waits to be sent of them lapses, what is being sent is not sent again,
// and a notice goes to every active member of a group that meets, whatever reminders
// they chose.
//
// Who has not heard of the change that this one takes back hears of neither. The
// same change made once more is told once more: its firing is used again, with
// new rows. It returns how many are told.
func (c changes) tell(ctx context.Context, tx *sqlx.Tx, line string, now time.Time) (told int, err error) {
	if len(c.stale)+len(c.told) == 0 {
		return 0, nil
	}
	if err := beginPlanning(ctx, tx, line); err != nil {
		return 0, err
	}
	for chunk := range slices.Chunk(c.stale, rowsPerStatement) {
		if err := lapseStale(ctx, tx, line, chunk, now); err != nil {
			return 0, err
		}
	}
	firings, err := c.asKnown(ctx, tx, line, now)
	if err != nil || len(firings) == 0 {
		return 0, err
	}
	for chunk := range slices.Chunk(slices.SortedFunc(slices.Values(firings), compareFirings), rowsPerStatement) {
		n, err := tellSome(ctx, tx, line, chunk, now)
		if err != nil {
			return 0, err
		}
		told += n
	}
	return told, notifyOutbox(ctx, tx, line)
}

// asKnown are the notices as they make sense to who knows what was told so far: of
// a change that was not, because it was far ahead or its group did not meet, members
// do not know that it was made, nor what was its time by it.
func (c changes) asKnown(ctx context.Context, tx *sqlx.Tx, line string, now time.Time) ([]Firing, error) {
	var before []Firing
	for _, t := range c.told {
		if t.before != "" {
			before = append(before, t.earlier())
		}
	}
	fired, err := whichFired(ctx, tx, line, before)
	if err != nil {
		return nil, err
	}
	var known []Firing
	for _, t := range c.told {
		f := t.Firing
		if t.before != "" && !fired[keyOf(t.earlier())] && t.rule.After(now) {
			switch {
			case f.Purpose == NotHeld:
				f.Start = t.rule
			case f.Start.Equal(t.rule):
				continue
			default:
				f.Was = t.rule
			}
			if !f.within(now) {
				continue // it is told when it is near
			}
		}
		known = append(known, f)
	}
	return known, nil
}

func lapseStale(ctx context.Context, tx *sqlx.Tx, line string, stale []staleDate, now time.Time) error {
	records, err := json.Marshal(stale)
	if err != nil {
		return err
	}
	// All are locked, in the order in which everybody does.
	_, err = tx.ExecContext(ctx, `
		WITH stale AS (
			SELECT DISTINCT ON (firing_id) firing_id, reason
			FROM jsonb_to_recordset($2::jsonb) AS s (group_id uuid, meeting_id uuid, date date, reason text)
			JOIN firing f ON f.line_id = $1 AND f.group_id = s.group_id
			WHERE (s.meeting_id IS NULL OR f.meeting_id = s.meeting_id) AND (s.date IS NULL OR f.date = s.date)
		), had AS MATERIALIZED (
			SELECT o.outbox_id, o.state = ANY($4) AS waits, stale.reason
			FROM outbox o
			JOIN stale USING (firing_id)
			WHERE o.line_id = $1
			ORDER BY o.outbox_id
			FOR UPDATE OF o
		)
		UPDATE outbox o
		SET state = CASE WHEN waits THEN $3 ELSE state END,
			reason = CASE WHEN waits THEN had.reason ELSE o.reason END,
			ended_at = CASE WHEN waits THEN $6 ELSE ended_at END,
			lease_until = CASE WHEN waits THEN NULL ELSE lease_until END,
			expires_at = least(expires_at, $6)
		FROM had
		WHERE o.line_id = $1 AND o.outbox_id = had.outbox_id AND (waits OR state = ANY($5))`,
		line, string(records), string(SendLapsed), SendLapsed.beforeFrom(SendDue), SendDue.before(), now)
	return err
}

func tellSome(ctx context.Context, tx *sqlx.Tx, line string, firings []Firing, now time.Time) (told int, err error) {
	records, err := firingRecords(firings)
	if err != nil {
		return 0, err
	}
	const wanted = `
		WITH wanted AS (
			SELECT *
			FROM jsonb_to_recordset($2::jsonb) AS w (` + firingFields + `)
			JOIN groups USING (group_id)
			WHERE line_id = $1 AND ` + groupMeets + `
		)`
	// One that is being sent stays, and says the same.
	if _, err := tx.ExecContext(ctx, wanted+`
		UPDATE outbox o
		SET expires_at = wanted.expires_at
		FROM wanted JOIN firing f USING (line_id, group_id, meeting_id, date, purpose, start_at)
		WHERE o.line_id = f.line_id AND o.firing_id = f.firing_id AND o.state IN ('intent', 'unknown')`, line, records); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, wanted+`
		DELETE FROM outbox o
		USING wanted JOIN firing f USING (line_id, group_id, meeting_id, date, purpose, start_at)
		WHERE o.line_id = f.line_id AND o.firing_id = f.firing_id AND o.state NOT IN ('due', 'intent', 'unknown')`, line, records); err != nil {
		return 0, err
	}
	r, err := tx.ExecContext(ctx, wanted+`, fired AS (
			INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, was_at, expires_at)
			SELECT line_id, firing_id, group_id, meeting_id, date, purpose, start_at, was_at, expires_at
			FROM wanted
			ON CONFLICT (line_id, group_id, meeting_id, date, purpose, start_at) DO UPDATE
			SET was_at = excluded.was_at, expires_at = excluded.expires_at
			RETURNING *
		), unaware AS (
			SELECT fired.firing_id, o.pseudonym
			FROM fired
			JOIN firing back USING (line_id, group_id, meeting_id, date)
			JOIN outbox o ON o.line_id = back.line_id AND o.firing_id = back.firing_id
			WHERE o.kind = $3 AND o.state = $5 AND o.reason = $6 AND o.ended_at = $7
			  AND CASE back.purpose
				WHEN 'skipped' THEN fired.purpose = 'held'
				WHEN 'held' THEN fired.purpose = 'skipped'
				ELSE back.was_at = fired.start_at AND fired.purpose <> 'skipped' END
		)
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT line_id, gen_random_uuid(), $3, p.channel, p.pseudonym, fired.firing_id, $4, $7, fired.expires_at, 0
		FROM fired
		JOIN membership p USING (line_id, group_id)
		WHERE p.state = 'active'
		  AND (fired.firing_id, p.pseudonym) NOT IN (SELECT firing_id, pseudonym FROM unaware) -- hashed, as in [remind]
		ON CONFLICT DO NOTHING`,
		line, records, string(Change), string(SendDue), string(SendLapsed), dateChanged, now)
	if err != nil {
		return 0, err
	}
	made, err := r.RowsAffected()
	return int(made), err
}
