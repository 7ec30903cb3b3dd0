package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// oneGroup is a group with what belongs to it, as one row.
type oneGroup struct {
	groupRow
	Times  jsonRows[meetingRow]
	People jsonRows[facilitatorRow]
}

// jsonRows are rows as a jsonb column aggregates them, by the names of their fields.
type jsonRows[R any] []R

func (r *jsonRows[R]) Scan(src any) error { return scanJSON(src, (*[]R)(r)) }

// Group returns one group of a line as [DB.Groups] does, its facilitators with their
// ids; ErrNotFound if there is none of that id.
func (db *DB) Group(ctx context.Context, line, id string) (*Group, error) {
	var row oneGroup
	if err := getOne(ctx, db.pool, &row, `
		SELECT `+groupColumns+`, (
			SELECT coalesce(jsonb_agg(jsonb_build_object('LineID', line_id, 'GroupID', group_id, 'MeetingID', meeting_id,
				'Start', to_char(m.start, 'YYYY-MM-DD"T"HH24:MI'), 'Zone', zone, 'Rule', rule, 'Minutes', minutes,
				'Skipped', skipped, 'Moved', moved) ORDER BY m.start, meeting_id), '[]')
			FROM meeting m
			WHERE m.line_id = g.line_id AND m.group_id = g.group_id
		) AS times, (
			SELECT coalesce(jsonb_agg(jsonb_build_object('FacilitatorID', facilitator_id, 'Alias', alias) ORDER BY ordinal, alias), '[]')
			FROM facilitator f
			WHERE f.line_id = g.line_id AND f.group_id = g.group_id
		) AS people
		FROM groups g
		WHERE line_id = $1::uuid AND group_id::text = $2`, line, id); err != nil {
		return nil, fmt.Errorf("group: %w", dbError(ctx, err))
	}
	var meetings []schedule.Meeting
	for _, r := range row.Times {
		m, err := r.meeting()
		if err != nil {
			return nil, fmt.Errorf("group: %w", err)
		}
		meetings = append(meetings, m)
	}
	g := &Group{Group: row.group(meetings), Feed: row.Feed.String, Slug: row.Slug.String}
	for _, f := range row.People {
		g.Facilitators = append(g.Facilitators, Facilitator{ID: f.FacilitatorID, Alias: f.Alias})
	}
	return g, nil
}

// FreeCode returns a code that no group of the line has, and that is hard to mishear.
// It is not kept for anybody.
func (db *DB) FreeCode(ctx context.Context, line string) (string, error) {
	var length int
	if err := db.pool.GetContext(ctx, &length, `SELECT code_length FROM line WHERE line_id = $1`, line); err != nil {
		return "", fmt.Errorf("a free code: %w", dbError(ctx, err))
	}
	taken, err := selectCodes(ctx, db.pool, line)
	if err != nil {
		return "", fmt.Errorf("a free code: %w", dbError(ctx, err))
	}
	code, err := freeCode(length, taken)
	if err != nil {
		return "", fmt.Errorf("a free code: %w", err)
	}
	return code, nil
}

// selectCodes are the codes of a line's groups.
func selectCodes(ctx context.Context, q sqlx.QueryerContext, line string) (map[string]bool, error) {
	var codes []string
	if err := getAll(ctx, q, &codes, `SELECT code FROM groups WHERE line_id = $1`, line); err != nil {
		return nil, err
	}
	taken := make(map[string]bool, len(codes))
	for _, code := range codes {
		taken[code] = true
	}
	return taken, nil
}
