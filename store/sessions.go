package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Due returns the sessions of a line that have something to do, those that have
// waited longest first. Several replicas get the same ones: who comes second finds
// nothing left to do.
func (s *Sessions) Due(ctx context.Context, line string, now time.Time, most int) ([]SessionID, error) {
	var marks [][]byte
	err := s.db.pool.SelectContext(ctx, &marks, `
		SELECT mark
		FROM keys.session
		WHERE line_id = $1 AND wake_at <= $2
		ORDER BY wake_at, mark
		LIMIT $3`, line, now, most)
	if err != nil {
		return nil, fmt.Errorf("sessions that are due: %w", dbError(ctx, err))
	}
	return sessionIDs(line, marks), nil
}

func sessionIDs(line string, marks [][]byte) []SessionID {
	ids := make([]SessionID, len(marks))
	for i, mark := range marks {
		ids[i] = SessionID{Line: line, Mark: mark}
	}
	return ids
}

// NextWake is when a session of the line has something to do next; false if none
// has. It may be over already.
func (s *Sessions) NextWake(ctx context.Context, line string) (time.Time, bool, error) {
	var at *time.Time
	err := s.db.pool.GetContext(ctx, &at, `
		SELECT min(wake_at)
		FROM keys.session
		WHERE line_id = $1`, line)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("next session that is due: %w", dbError(ctx, err))
	}
	if at == nil {
		return time.Time{}, false, nil
	}
	return *at, true, nil
}

// Live returns the states of all sessions of a line, in no order that tells
// anything.
func (s *Sessions) Live(ctx context.Context, line string) ([][]byte, error) {
	var rows []struct{ Mark, State []byte }
	err := s.db.pool.SelectContext(ctx, &rows, `
		SELECT mark, state
		FROM keys.session
		WHERE line_id = $1
		ORDER BY mark`, line)
	if err != nil {
		return nil, fmt.Errorf("live sessions: %w", dbError(ctx, err))
	}
	states := make([][]byte, len(rows))
	for i, r := range rows {
		if states[i], err = s.open(SessionID{Line: line, Mark: r.Mark}, r.State); err != nil {
			return nil, fmt.Errorf("live sessions: %w", err)
		}
	}
	return states, nil
}

// ChangeAll is [Sessions.Change] for every session of a line, one after the other:
// to let somebody be forgotten in each. One that fails does not keep the others from
// it; the error joins those that did.
func (s *Sessions) ChangeAll(ctx context.Context, line string, change func(state []byte) (SessionChange, error)) error {
	var marks [][]byte
	if err := s.db.pool.SelectContext(ctx, &marks, `
		SELECT mark
		FROM keys.session
		WHERE line_id = $1
		ORDER BY mark`, line); err != nil {
		return fmt.Errorf("live sessions: %w", dbError(ctx, err))
	}
	var failed []error
	for _, id := range sessionIDs(line, marks) {
		failed = append(failed, s.Change(ctx, id, func(state []byte) (SessionChange, error) {
			if state == nil { // it is gone meanwhile
				return SessionChange{}, nil
			}
			return change(state)
		}))
	}
	return errors.Join(failed...)
}

// Postpone has a session not be due before a time, whatever is in it. One that is
// gone stays so.
func (s *Sessions) Postpone(ctx context.Context, id SessionID, until time.Time) error {
	err := s.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE keys.session
			SET wake_at = $3
			WHERE line_id = $1 AND mark = $2`, id.Line, id.Mark, wakeAt(until))
		return err
	})
	if err != nil {
		return fmt.Errorf("postpone session: %w", err)
	}
	return nil
}

// Drop deletes the sessions of a line that are gone as of now, and says how many
// they were.
func (s *Sessions) Drop(ctx context.Context, line string, now time.Time) (int, error) {
	var gone int64
	err := s.db.inTx(ctx, func(tx *sqlx.Tx) error {
		done, err := tx.ExecContext(ctx, `
			DELETE FROM keys.session
			WHERE line_id = $1 AND gone_at <= $2`, line, now)
		if err != nil {
			return err
		}
		gone, err = done.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("drop sessions: %w", err)
	}
	return int(gone), nil
}

// Reversed reports at which end the circle of a group's occurrence begins: another
// than on the last date, and on one date always at the same. date is YYYY-MM-DD.
func (s *Sessions) Reversed(ctx context.Context, line, group, date string) (bool, error) {
	var reversed bool
	err := s.db.inTx(ctx, func(tx *sqlx.Tx) error {
		// Of a date before the last one it says what that one began with, and keeps
		// the last.
		return tx.GetContext(ctx, &reversed, `
			INSERT INTO circle AS c (line_id, group_id, date, reversed)
			VALUES ($1, $2, $3::date, false)
			ON CONFLICT (line_id, group_id) DO UPDATE
			SET date = greatest(c.date, excluded.date), reversed = c.reversed <> (excluded.date > c.date)
			RETURNING c.reversed <> ($3::date < c.date)`, line, group, date)
	})
	if err != nil {
		return false, fmt.Errorf("the circle's beginning: %w", err)
	}
	return reversed, nil
}
