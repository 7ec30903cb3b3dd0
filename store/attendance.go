package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Attended is a session that was held: of which group, on which day of the line's
// calendar, and to how many who took part in it.
type Attended struct {
	Line, Group string
	Date        schedule.Date
	Came        int
}

// addAttended counts a session, in the transaction that ends it.
func addAttended(ctx context.Context, tx *sqlx.Tx, a Attended) error {
	if a.Came <= 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO attendance AS a (line_id, group_id, week, sessions, came)
		VALUES ($1, $2, $3, 1, $4)
		ON CONFLICT (line_id, group_id, week) DO UPDATE
		SET sessions = a.sessions + 1, came = a.came + excluded.came`,
		a.Line, a.Group, weekOf(a.Date).String(), a.Came); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO last_session AS l (line_id, group_id, date, came)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (line_id, group_id) DO UPDATE
		SET date = excluded.date, came = excluded.came
		WHERE l.date <= excluded.date`,
		a.Line, a.Group, a.Date.String(), a.Came)
	return err
}

// weekOf is the Monday of a date's week.
func weekOf(d schedule.Date) schedule.Date { return d.Add(-(int(d.Weekday()) + 6) % 7) }

// OwnFigures are what a group's own staff may know of it to the last one, and nobody else.
type OwnFigures struct {
	// Members are those who are in the group, Waiting those who asked to be.
	Members, Waiting int
	// Last is the last session that was held, nil if there is none in the last year.
	Last *Attended
}

// OwnFigures returns how many are in a group, and how many came last.
func (db *DB) OwnFigures(ctx context.Context, line, group string) (OwnFigures, error) {
	var c OwnFigures
	err := db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		if err := tx.QueryRowxContext(ctx, `
			SELECT count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE state = 'applied')
			FROM membership
			WHERE line_id = $1 AND group_id = $2`, line, group).Scan(&c.Members, &c.Waiting); err != nil {
			return err
		}
		var date string
		last := Attended{Line: line, Group: group}
		err := tx.QueryRowxContext(ctx, `
			SELECT date::text, came
			FROM last_session
			WHERE line_id = $1 AND group_id = $2`, line, group).Scan(&date, &last.Came)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil {
			last.Date, err = schedule.ParseDate(date)
		}
		c.Last = &last
		return err
	})
	if err != nil {
		return OwnFigures{}, fmt.Errorf("a group's figures: %w", dbError(ctx, err))
	}
	return c, nil
}
