package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Survey returns what is due, late and stuck on a line, and what became of the rest
// that is still kept.
func (o *Outbox) Survey(ctx context.Context, now time.Time, line string) (Survey, error) {
	s := Survey{Backlogs: []Backlog{}, Fates: []Fate{}, Left: map[string]float64{}}
	err := o.db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		if err := s.addBacklogs(ctx, tx, now, line); err != nil {
			return err
		}
		if err := tx.SelectContext(ctx, &s.Fates, `
			SELECT kind, channel, state, coalesce(outcome, '') AS outcome, coalesce(reason, '') AS reason, count(*) AS rows
			FROM outbox
			WHERE line_id = $1 AND (state <> 'due' OR reason IS NOT NULL)
			GROUP BY 1, 2, 3, 4, 5
			ORDER BY 1, 2, 3, 4, 5`, line); err != nil {
			return err
		}
		return s.addSenders(ctx, tx, now, line)
	})
	if err != nil {
		return Survey{}, fmt.Errorf("survey of the outbox: %w", err)
	}
	return s, nil
}

func (s *Survey) addBacklogs(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) error {
	var rows []struct {
		Backlog
		Since *time.Time
	}
	if err := tx.SelectContext(ctx, &rows, `
		SELECT kind, channel,
			count(*) FILTER (WHERE state = 'due' AND due_at > $2) AS waiting,
			count(*) FILTER (WHERE state = 'due' AND due_at <= $2) AS due,
			count(*) FILTER (WHERE state = 'due' AND due_at <= $2 - interval '1 minute') AS late,
			count(*) FILTER (WHERE CASE state WHEN 'due' THEN due_at ELSE intent_at END <= $2 - interval '15 minutes') AS stuck,
			min(due_at) FILTER (WHERE state = 'due' AND due_at <= $2) AS since
		FROM outbox
		WHERE line_id = $1 AND state IN ('due', 'intent', 'unknown')
		GROUP BY kind, channel
		ORDER BY kind, channel`, line, now); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Since != nil {
			r.Oldest = *r.Since
		}
		s.Backlogs = append(s.Backlogs, r.Backlog)
	}
	return nil
}

func (s *Survey) addSenders(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) error {
	var until []sendingRow
	if err := tx.SelectContext(ctx, &until, `
		SELECT stopped_until, full_until
		FROM sending
		WHERE line_id = $1`, line); err != nil {
		return err
	}
	for _, r := range until {
		s.Stopped, s.Full = ifAfter(now, r.StoppedUntil), ifAfter(now, r.FullUntil)
	}
	var senders []struct {
		Sender string
		Tokens float64
	}
	if err := tx.SelectContext(ctx, &senders, `
		SELECT sender, least(burst, tokens + `+earned("$2")+` * per_second) AS tokens
		FROM sender s
		WHERE line_id = $1`, line, now); err != nil {
		return err
	}
	for _, r := range senders {
		s.Left[r.Sender] = r.Tokens
	}
	return nil
}

// Foresee returns how many reminders [Outbox.Plan] would make of the firings, were
// they due now, but for who says until then that they are not coming. Those that it
// has planned already are counted, too.
func (o *Outbox) Foresee(ctx context.Context, line string, firings []Firing) (rows int, err error) {
	for chunk := range slices.Chunk(firings, rowsPerStatement) {
		records, err := firingRecords(chunk)
		if err != nil {
			return 0, err
		}
		var n int
		if err := o.db.pool.GetContext(ctx, &n, `
			SELECT count(*)
			FROM jsonb_to_recordset($2::jsonb) AS w (`+firingFields+`)
			JOIN membership p USING (group_id)
			WHERE p.line_id = $1 AND p.state = 'active'
			  AND CASE WHEN p.offsets IS NULL THEN NOT w.own ELSE w.purpose = ANY(p.offsets) END`, line, records); err != nil {
			return 0, fmt.Errorf("reminders to come: %w", dbError(ctx, err))
		}
		rows += n
	}
	return rows, nil
}

// ifAfter is a time that is to come, else zero.
func ifAfter(now time.Time, t sql.NullTime) time.Time {
	if t.Time.After(now) {
		return t.Time
	}
	return time.Time{}
}

// Expected returns how many of those who were reminded of an occurrence have said
// that they come, and how many that they do not: the word on the newest reminder
// counts.
func (o *Outbox) Expected(ctx context.Context, line, group, meeting string, date schedule.Date) (in, out int, err error) {
	var r struct{ Coming, Staying int }
	err = o.db.pool.GetContext(ctx, &r, `
		SELECT count(*) FILTER (WHERE answer = 'in') AS coming, count(*) FILTER (WHERE answer = 'out') AS staying
		FROM (
			SELECT DISTINCT ON (o.pseudonym) o.answer
			FROM outbox o JOIN firing f USING (line_id, firing_id)
			WHERE f.line_id = $1 AND f.group_id = $2 AND f.meeting_id = $3 AND f.date = $4 AND o.answer IS NOT NULL
			ORDER BY o.pseudonym, o.due_at DESC) AS said`, line, group, meeting, date.String())
	if err != nil {
		return 0, 0, fmt.Errorf("who is expected: %w", dbError(ctx, err))
	}
	return r.Coming, r.Staying, nil
}
