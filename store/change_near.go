package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// toldNear is how far ahead members are told of a date that was changed when it
// was too far ahead to tell of.
const toldNear = 7 * 24 * time.Hour

// TellChanges tells the members of a line's groups of the dates within a week that
// are not held, or are moved, and of which nobody was told: they were changed long
// before, or while their group did not meet. It returns how many are told. It is
// called each night; of a date that a night has passed over tells the next one, and
// none tells twice.
func (db *DB) TellChanges(ctx context.Context, line string, now time.Time) (told int, err error) {
	err = db.inTx(ctx, func(tx *sqlx.Tx) error {
		told = 0
		if err := lockDates(ctx, tx, line); err != nil {
			return err
		}
		near, err := nearChanges(ctx, tx, line, now)
		if err != nil {
			return err
		}
		fired, err := whichFired(ctx, tx, line, near)
		if err != nil {
			return err
		}
		var untold changes
		for _, f := range near {
			if !fired[keyOf(f)] {
				untold.told = append(untold.told, toldDate{Firing: f})
			}
		}
		told, err = untold.tell(ctx, tx, line, now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("tell of changed dates: %w", err)
	}
	return told, nil
}

// nearChanges are the dates within a week that are not as their rules say, of
// groups that meet.
func nearChanges(ctx context.Context, tx *sqlx.Tx, line string, now time.Time) ([]Firing, error) {
	var rows []meetingRow
	if err := tx.SelectContext(ctx, &rows, `
		SELECT `+meetingColumns+`
		FROM meeting
		JOIN groups USING (line_id, group_id)
		WHERE line_id = $1 AND (skipped <> '{}' OR moved <> '{}')
		  AND `+groupMeets, line); err != nil {
		return nil, err
	}
	var near []Firing
	for _, r := range rows {
		m, err := r.meeting()
		if err != nil {
			return nil, err
		}
		for _, date := range changedDates(byRule(m), m) {
			if !nearby(m, date, now) {
				continue
			}
			if f, ok := fromRule(m, date); ok && f.Expires.After(now) && !f.Expires.After(now.Add(toldNear)) {
				f.Group, f.Due = r.GroupID, now
				near = append(near, f)
			}
		}
	}
	return near, nil
}

// fromRule is what is told of a date that is not as a meeting's rule says, to who
// knows the rule. It expires at the earlier one of its two times, come or not: once
// that is past, whoever was not told is not any more.
func fromRule(m schedule.Meeting, date schedule.Date) (Firing, bool) {
	f, ok := notice(byRule(m), m, date)
	if f.Expires = f.Start; !f.Was.IsZero() && f.Was.Before(f.Start) {
		f.Expires = f.Was
	}
	return f, ok
}

// firedKey is what a firing is unique by, on a line, but for when the date begins.
type firedKey struct {
	group, meeting, date string
	purpose              Purpose
}

func keyOf(f Firing) firedKey { return firedKey{f.Group, f.Meeting, f.Date.String(), f.Purpose} }

// whichFired returns which of the firings are stored.
func whichFired(ctx context.Context, tx *sqlx.Tx, line string, firings []Firing) (map[firedKey]bool, error) {
	fired := map[firedKey]bool{}
	if len(firings) == 0 {
		return fired, nil
	}
	records, err := firingRecords(firings)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		GroupID, MeetingID, Date string
		Purpose                  Purpose
	}
	if err := tx.SelectContext(ctx, &rows, `
		SELECT group_id, meeting_id, to_char(date, 'YYYY-MM-DD') AS date, purpose
		FROM jsonb_to_recordset($2::jsonb) AS w (`+firingFields+`)
		JOIN firing f USING (group_id, meeting_id, date, purpose)
		WHERE f.line_id = $1`, line, records); err != nil {
		return nil, err
	}
	for _, r := range rows {
		fired[firedKey{r.GroupID, r.MeetingID, r.Date, r.Purpose}] = true
	}
	return fired, nil
}
