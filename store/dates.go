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
	// ErrPast says that what was to change is over.
	ErrPast = errors.New("that time is past")
	// ErrBegun is the ErrPast of a date whose door is open: who is in its room would lose
	// it, so that it is closed there instead.
	ErrBegun = fmt.Errorf("%w: its door is open already; close it in the live session", ErrPast)
	// ErrNoDate says that a group does not meet on a date.
	ErrNoDate = errors.New("the group has no meeting")
)

// wallFormat is a wall time as a groups file writes it.
const wallFormat = "2006-01-02T15:04"

// DateChange is what became of a date.
type DateChange struct {
	schedule.Occurrence // as it is held or, if it is not, would be

	Changed bool // it was not so before
	Told    int  // how many members are told now
	// Later says that members are told when it is near ([DB.TellChanges]).
	Later bool
}

// OfDate is a date of a group, as the rule of one of its meetings gives it.
type OfDate struct {
	Group string
	// Meeting is the meeting's id; "" for the only one of that date that can be meant.
	Meeting string
	Date    schedule.Date
}

// dateAct is a change of one date, by its verb.
type dateAct struct {
	OfDate
	line   string
	now    time.Time
	verb   string
	meant  func(occurrenceOn) bool
	change func(schedule.Meeting) schedule.Meeting
	// enter writes it down in the transaction that changes something.
	enter func(context.Context, *sqlx.Tx) error
}

func skipping(line string, of OfDate, now time.Time) dateAct {
	return dateAct{OfDate: of, line: line, now: now, verb: "skip", meant: isHeld, change: func(m schedule.Meeting) schedule.Meeting {
		m.Skipped = withDate(m.Skipped, of.Date)
		m.Moved = withoutMove(m.Moved, of.Date)
		return m
	}}
}

func unskipping(line string, of OfDate, now time.Time) dateAct {
	return dateAct{OfDate: of, line: line, now: now, verb: "unskip", meant: isChanged, change: func(m schedule.Meeting) schedule.Meeting {
		m.Skipped = withoutDate(m.Skipped, of.Date)
		m.Moved = withoutMove(m.Moved, of.Date)
		return m
	}}
}

func validWall(to schedule.Wall) error {
	if _, err := schedule.ParseWall(to.String()); err != nil {
		return fmt.Errorf("move a date: %w", err)
	}
	return nil
}

func moving(line string, of OfDate, to schedule.Wall, now time.Time) dateAct {
	return dateAct{OfDate: of, line: line, now: now, verb: "move", meant: isHeld, change: func(m schedule.Meeting) schedule.Meeting {
		m.Skipped = withoutDate(m.Skipped, of.Date)
		m.Moved = withoutMove(m.Moved, of.Date)
		if wallOn(m, of.Date) != to {
			m.Moved = append(m.Moved, schedule.Move{Date: of.Date, To: to})
		}
		return m
	}}
}

func isHeld(o occurrenceOn) bool { return o.held }

func isChanged(o occurrenceOn) bool { return !o.held || o.move != schedule.Wall{} }

// changeDate changes the one meeting of a group that gives a date and on it is
// such as is meant; if none is, the change was made before.
func (db *DB) changeDate(ctx context.Context, act dateAct) (DateChange, error) {
	line, group, date, now := act.line, act.Group, act.Date, act.now
	var done DateChange
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		done = DateChange{}
		meetings, err := lockMeetings(ctx, tx, line, group)
		if err != nil {
			return err
		}
		was, err := act.oneOn(meetings)
		if err != nil {
			return err
		}
		is := act.change(was)
		if done.Occurrence = on(is, date).Occurrence; !on(is, date).held {
			done.Occurrence = on(was, date).Occurrence
		}
		switch {
		case sameMeeting(was, is):
			return nil
		case !done.End.After(now):
			return fmt.Errorf("%w: %s", ErrPast, done.Start.Format(wallFormat))
		case on(was, date).held && on(was, date).DoorOpen(now):
			return ErrBegun
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
		if done.Told, err = all.tell(ctx, tx, line, now); err != nil {
			return err
		}
		f, differs := fromRule(is, date)
		done.Later = differs && f.Expires.After(now.Add(toldAhead))
		done.Changed = true
		if err := act.enter(ctx, tx); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, line)
	})
	if err != nil {
		return DateChange{}, fmt.Errorf("%s a date: %w", act.verb, err)
	}
	return done, nil
}

// oneOn returns the meeting of which a date is to be changed.
func (act dateAct) oneOn(meetings []schedule.Meeting) (schedule.Meeting, error) {
	date := act.Date
	meetings = slices.DeleteFunc(meetings, func(m schedule.Meeting) bool {
		return !on(m, date).given || act.Meeting != "" && m.ID != act.Meeting
	})
	if len(meetings) == 0 {
		return schedule.Meeting{}, fmt.Errorf("%w on %s", ErrNoDate, date)
	}
	wanted := slices.DeleteFunc(slices.Clone(meetings), func(m schedule.Meeting) bool { return !act.meant(on(m, date)) })
	if len(wanted) == 0 {
		wanted = meetings
	}
	for _, m := range wanted {
		if len(wanted) == 1 || sameMeeting(m, act.change(m)) {
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
	if err := lockDates(ctx, tx, line); err != nil {
		return nil, err
	}
	var one int
	if err := tx.GetContext(ctx, &one, `
		SELECT 1
		FROM groups
		WHERE line_id = $1 AND group_id = $2`, line, group); err != nil {
		return nil, fmt.Errorf("group: %w", err)
	}
	return selectMeetingsOf(ctx, tx, line, group)
}

// selectMeetingsOf returns a group's meetings, first ones first.
func selectMeetingsOf(ctx context.Context, tx *sqlx.Tx, line, group string) ([]schedule.Meeting, error) {
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

// lockDates has nobody else change a date of a line, or plan by one, until the
// transaction ends.
func lockDates(ctx context.Context, tx *sqlx.Tx, line string) error {
	return lockLine(ctx, tx, line, "NO KEY UPDATE")
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
