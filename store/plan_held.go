package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows/schedule"
)

// stillHeld returns those of the firings whose occurrence is held and begins when
// they say, and has no date of it changed until the transaction ends.
func stillHeld(ctx context.Context, tx *sqlx.Tx, line string, firings []Firing) ([]Firing, error) {
	if err := holdDates(ctx, tx, line); err != nil {
		return nil, err
	}
	var groups pq.StringArray
	for _, f := range firings {
		groups = append(groups, f.Group)
	}
	var rows []meetingRow
	if err := tx.SelectContext(ctx, &rows, `
		SELECT `+meetingColumns+`
		FROM meeting
		JOIN groups USING (line_id, group_id)
		WHERE line_id = $1 AND group_id = ANY($2::uuid[])
		  AND `+groupMeets, line, pq.StringArray(slices.Compact(groups))); err != nil {
		return nil, err
	}
	calendar := newCalendar()
	for _, r := range rows {
		m, err := r.meeting()
		if err != nil {
			return nil, err
		}
		calendar.add(r.GroupID, m)
	}
	var held []Firing
	for _, f := range firings {
		if start, ok := calendar.start(f); ok && start.Equal(f.Start) {
			held = append(held, f)
		}
	}
	return held, nil
}

// holdDates has whoever changes a date wait for the transaction's end, and waits
// for it.
func holdDates(ctx context.Context, tx *sqlx.Tx, line string) error {
	return lockLine(ctx, tx, line, "SHARE")
}

// lockLine locks a line's row, by which those take turns who change dates and who
// plan by them. ErrNotFound says that there is no such line.
func lockLine(ctx context.Context, tx *sqlx.Tx, line, strength string) error {
	var one int
	if err := tx.GetContext(ctx, &one, `
		SELECT 1
		FROM line
		WHERE line_id = $1
		FOR `+strength, line); err != nil {
		return fmt.Errorf("line: %w", err)
	}
	return nil
}

// calendar is when meetings are held, by group and id. It takes a date's word that
// the rule gives it.
type calendar struct {
	meetings map[[2]string]schedule.Meeting
	zones    map[string]*time.Location // nil for one that this program does not know
}

func newCalendar() calendar {
	return calendar{meetings: map[[2]string]schedule.Meeting{}, zones: map[string]*time.Location{}}
}

func (c calendar) add(group string, m schedule.Meeting) {
	c.meetings[[2]string{group, m.ID}] = m
	if _, ok := c.zones[m.Zone]; !ok {
		c.zones[m.Zone], _ = time.LoadLocation(m.Zone)
	}
}

// start returns when f's occurrence begins; false if it is not held.
func (c calendar) start(f Firing) (time.Time, bool) {
	m, ok := c.meetings[[2]string{f.Group, f.Meeting}]
	zone := c.zones[m.Zone]
	if !ok || zone == nil || slices.Contains(m.Skipped, f.Date) {
		return time.Time{}, false
	}
	return wallOn(m, f.Date).In(zone), true
}

// wallOn is when a meeting's occurrence of that date begins, as its clocks show it.
func wallOn(m schedule.Meeting, date schedule.Date) schedule.Wall {
	for _, move := range m.Moved {
		if move.Date == date {
			return move.To
		}
	}
	return schedule.Wall{Date: date, Hour: m.Start.Hour, Minute: m.Start.Minute}
}
