package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows/schedule"
)

var (
	errOver         = errors.New("it is over")
	errTooManyTimes = fmt.Errorf("the group has %d meetings: remove one first", maxItems)
)

// Skip has a group not meet on a date, and tells its members if that is within
// two weeks. The date is the one that the meeting's rule gives, also of an
// occurrence that was moved. It returns the occurrence that is not held. To skip
// it again does nothing; an import of the group makes its dates what its file says.
// ErrNotFound says that there is no such group. It is an error, too, that the group
// has no meeting on the date, that it has several, and that the occurrence is over.
func (db *DB) Skip(ctx context.Context, line, group string, date schedule.Date, now time.Time) (schedule.Occurrence, error) {
	return db.changeDate(ctx, line, group, date, now, "skip", isHeld, func(m schedule.Meeting) schedule.Meeting {
		m.Skipped = withDate(m.Skipped, date)
		m.Moved = withoutMove(m.Moved, date)
		return m
	})
}

// Unskip has a group meet on a date after all, at the time that its rule gives,
// whether it was not to be held or was moved, and tells its members as Skip does.
// It returns the occurrence. Its errors are Skip's.
func (db *DB) Unskip(ctx context.Context, line, group string, date schedule.Date, now time.Time) (schedule.Occurrence, error) {
	return db.changeDate(ctx, line, group, date, now, "unskip", isChanged, func(m schedule.Meeting) schedule.Meeting {
		m.Skipped = withoutDate(m.Skipped, date)
		m.Moved = withoutMove(m.Moved, date)
		return m
	})
}

// Move has a group meet at another time instead of on a date, in the meeting's own
// zone, and tells its members as Skip does. Moved to the time that its rule gives,
// it is moved back. It returns the occurrence. Its errors are Skip's.
func (db *DB) Move(ctx context.Context, line, group string, date schedule.Date, to schedule.Wall, now time.Time) (schedule.Occurrence, error) {
	if _, err := schedule.ParseWall(to.String()); err != nil {
		return schedule.Occurrence{}, fmt.Errorf("move a date: %w", err)
	}
	return db.changeDate(ctx, line, group, date, now, "move", isHeld, func(m schedule.Meeting) schedule.Meeting {
		m.Skipped = withoutDate(m.Skipped, date)
		m.Moved = withoutMove(m.Moved, date)
		if wallOn(m, date) != to {
			m.Moved = append(m.Moved, schedule.Move{Date: date, To: to})
		}
		return m
	})
}

// AddDate has a group meet once more, when the clocks of a zone (its IANA name) show
// that time, for so many minutes. To add it again does nothing. Nobody is told but by
// the reminders of it. ErrNotFound says that there is no such group.
func (db *DB) AddDate(ctx context.Context, line, group string, at schedule.Wall, zone string, minutes int) error {
	added, err := schedule.New(at.String(), zone, "", minutes)
	if err != nil {
		return fmt.Errorf("add a date: %w", err)
	}
	err = db.inTx(ctx, func(tx *sqlx.Tx) error {
		meetings, err := lockMeetings(ctx, tx, line, group)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(meetings, func(m schedule.Meeting) bool { return sameTimes(m, added) }) {
			return nil
		}
		if len(meetings) >= maxItems {
			return errTooManyTimes
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO meeting (line_id, group_id, meeting_id, start, zone, rule, minutes, skipped, moved)
			VALUES ($1, $2, $3, $4, $5, '', $6, '{}', '{}')`,
			line, group, newID(), added.Start.String(), added.Zone, added.Minutes); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, line)
	})
	if err != nil {
		return fmt.Errorf("add a date: %w", err)
	}
	return nil
}

func isHeld(o occurrenceOn) bool { return o.held }

func isChanged(o occurrenceOn) bool { return !o.held || o.move != schedule.Wall{} }

// changeDate changes the one meeting of a group that gives a date and on it is
// such as is meant; if none is, the change was made before.
func (db *DB) changeDate(ctx context.Context, line, group string, date schedule.Date, now time.Time, verb string, meant func(occurrenceOn) bool,
	change func(schedule.Meeting) schedule.Meeting) (schedule.Occurrence, error) {
	var done schedule.Occurrence
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		meetings, err := lockMeetings(ctx, tx, line, group)
		if err != nil {
			return err
		}
		was, err := oneOn(meetings, date, meant, change)
		if err != nil {
			return err
		}
		is := change(was)
		if done = on(is, date).Occurrence; !on(is, date).held {
			done = on(was, date).Occurrence
		}
		switch {
		case sameMeeting(was, is):
			return nil
		case !done.End.After(now):
			return errOver
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE meeting
			SET skipped = $4::date[], moved = $5::jsonb
			WHERE line_id = $1 AND group_id = $2 AND meeting_id = $3`,
			line, group, is.ID, pq.StringArray(emptyNotNull(dateStrings(is.Skipped))), moves(moveStrings(is.Moved))); err != nil {
			return err
		}
		var all changes
		all.compare(group, was, is, now)
		if err := all.tell(ctx, tx, line, now); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, line)
	})
	if err != nil {
		return schedule.Occurrence{}, fmt.Errorf("%s a date: %w", verb, err)
	}
	return done, nil
}

// oneOn returns the meeting of which a date is to be changed.
func oneOn(meetings []schedule.Meeting, date schedule.Date, meant func(occurrenceOn) bool, change func(schedule.Meeting) schedule.Meeting) (schedule.Meeting, error) {
	meetings = slices.DeleteFunc(meetings, func(m schedule.Meeting) bool { return !on(m, date).given })
	if len(meetings) == 0 {
		return schedule.Meeting{}, fmt.Errorf("the group has no meeting on %s", date)
	}
	wanted := slices.DeleteFunc(slices.Clone(meetings), func(m schedule.Meeting) bool { return !meant(on(m, date)) })
	if len(wanted) == 0 {
		wanted = meetings
	}
	for _, m := range wanted {
		if len(wanted) == 1 || sameMeeting(m, change(m)) {
			return m, nil
		}
	}
	var times []string
	for _, m := range wanted {
		w := wallOn(m, date)
		times = append(times, fmt.Sprintf("%02d:%02d", w.Hour, w.Minute))
	}
	return schedule.Meeting{}, fmt.Errorf("the group has several meetings on %s, at %s: change the one that is meant in its groups file",
		date, strings.Join(times, " and "))
}

// lockMeetings returns a group's meetings, first ones first, which nobody else
// changes until the transaction ends.
func lockMeetings(ctx context.Context, tx *sqlx.Tx, line, group string) ([]schedule.Meeting, error) {
	var one int
	if err := tx.GetContext(ctx, &one, `
		SELECT 1
		FROM line
		WHERE line_id = $1
		FOR NO KEY UPDATE`, line); err != nil {
		return nil, fmt.Errorf("line: %w", err)
	}
	if err := tx.GetContext(ctx, &one, `
		SELECT 1
		FROM groups
		WHERE line_id = $1 AND group_id = $2`, line, group); err != nil {
		return nil, fmt.Errorf("group: %w", err)
	}
	var rows []meetingRow
	if err := tx.SelectContext(ctx, &rows, `
		SELECT `+meetingColumns+`
		FROM meeting
		WHERE line_id = $1 AND group_id = $2
		ORDER BY meeting.start, meeting_id`, line, group); err != nil {
		return nil, err
	}
	byGroup, err := meetingsByGroup(rows)
	return byGroup[group], err
}

func withDate(dates []schedule.Date, date schedule.Date) []schedule.Date {
	if slices.Contains(dates, date) {
		return dates
	}
	dates = append(slices.Clone(dates), date)
	slices.SortFunc(dates, schedule.Date.Compare)
	return dates
}

func withoutDate(dates []schedule.Date, date schedule.Date) []schedule.Date {
	return slices.DeleteFunc(slices.Clone(dates), func(d schedule.Date) bool { return d == date })
}

func withoutMove(moves []schedule.Move, date schedule.Date) []schedule.Move {
	return slices.DeleteFunc(slices.Clone(moves), func(m schedule.Move) bool { return m.Date == date })
}
