package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

var (
	errTooManyTimes = fmt.Errorf("the group has %d meetings: remove one first", maxItems)
	errNotAsAdded   = errors.New("the group has that date, cancelled or moved: unskip it")
)

func (db *DB) addDate(ctx context.Context, act dateAct, at schedule.Wall, zone string, minutes int) (DateChange, error) {
	line, group := act.line, act.Group
	added, err := schedule.New(at.String(), zone, "", minutes)
	if err != nil {
		return DateChange{}, fmt.Errorf("add a date: %w", err)
	}
	added.ID = newID()
	done := DateChange{Occurrence: on(added, at.Date).Occurrence, Changed: true}
	if !done.Start.After(act.now) {
		return DateChange{}, fmt.Errorf("add a date: %w: %s", ErrPast, at)
	}
	err = db.inTx(ctx, func(tx *sqlx.Tx) error {
		meetings, err := lockMeetings(ctx, tx, line, group)
		if err != nil {
			return err
		}
		for _, m := range meetings {
			if o, ok := heldAt(m, done.Start); ok {
				done = DateChange{Occurrence: o}
				return nil
			}
		}
		switch {
		case slices.ContainsFunc(meetings, func(m schedule.Meeting) bool { return sameTimes(m, added) }):
			return errNotAsAdded
		case len(meetings) >= maxItems:
			return errTooManyTimes
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO meeting (line_id, group_id, meeting_id, start, zone, rule, minutes, skipped, moved)
			VALUES ($1, $2, $3, $4, $5, '', $6, '{}', '{}')`,
			line, group, added.ID, added.Start.String(), added.Zone, added.Minutes); err != nil {
			return err
		}
		if err := act.enter(ctx, tx); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, line)
	})
	if err != nil {
		return DateChange{}, fmt.Errorf("add a date: %w", err)
	}
	return done, nil
}

// heldAt returns the occurrence of a meeting that begins at a moment, if one does.
func heldAt(m schedule.Meeting, start time.Time) (schedule.Occurrence, bool) {
	for _, o := range m.Between(start, start.Add(time.Nanosecond)) {
		if o.Start.Equal(start) {
			return o, true
		}
	}
	return schedule.Occurrence{}, false
}
