package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Plan puts reminders that are due into the outbox. Of each firing that is new
// there is a row for every active membership of its group that is to be reminded
// then: one that chose this offset for itself or, unless the firing is Own, chose
// none. Who has said that they are not coming to the occurrence gets no row. Any
// number of replicas may plan the same firings, any number of times: a firing is
// stored once, and its rows are made by the transaction that stores it. One of a date
// that was moved is another firing. Who leaves or stops meanwhile waits for it, and
// has none after.
//
// The caller's directory may be half a minute old, so a firing is left out whose
// group does not meet, or whose occurrence is not held or begins at another time
// by now. The purpose of each must be an offset. rows is how many were made; with
// an error, those that stay made.
func (o *Outbox) Plan(ctx context.Context, line string, firings []Firing) (rows int, err error) {
	firings = slices.Clone(firings)
	for i, f := range firings {
		offset, ok := sameOffset(string(f.Purpose))
		if !ok {
			return 0, fmt.Errorf("plan reminders: %q is not a time before the meeting", f.Purpose)
		}
		firings[i].Purpose = Purpose(offset)
	}
	// In one order for all, so that no two wait for each other. One that is told to all
	// goes before the same one that is told to those who chose it.
	slices.SortFunc(firings, func(a, b Firing) int { return cmp.Or(compareFirings(a, b), compareBools(a.Own, b.Own)) })
	firings = slices.CompactFunc(firings, func(a, b Firing) bool { return compareFirings(a, b) == 0 })
	for chunk := range slices.Chunk(firings, rowsPerStatement) {
		made, err := o.planSome(ctx, line, chunk)
		if err != nil {
			return rows, fmt.Errorf("plan reminders: %w", err)
		}
		rows += made
	}
	return rows, nil
}

// sameOffset is how an offset is written that can be written in more ways than one:
// in whole hours if it is some, as "1h" for "60m".
func sameOffset(text string) (string, bool) {
	o, ok := schedule.ParseOffset(text)
	if o.Spans()%time.Hour == 0 {
		return fmt.Sprintf("%dh", int(o.Spans()/time.Hour)), ok
	}
	return fmt.Sprintf("%dm", int(o.Spans()/time.Minute)), ok
}

// compareBools puts false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// compareFirings orders by what a firing is unique by.
func compareFirings(a, b Firing) int {
	return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Meeting, b.Meeting),
		a.Date.Compare(b.Date), strings.Compare(string(a.Purpose), string(b.Purpose)), a.Start.Compare(b.Start))
}

func (o *Outbox) planSome(ctx context.Context, line string, firings []Firing) (made int, err error) {
	err = o.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		made = 0
		held, err := stillHeld(ctx, tx, line, firings)
		if err != nil || len(held) == 0 {
			return err
		}
		if err := beginPlanning(ctx, tx, line); err != nil {
			return err
		}
		if made, err = remind(ctx, tx, line, held); err != nil || made == 0 {
			return err
		}
		return notifyOutbox(ctx, tx, line)
	})
	return made, err
}

// remind stores the firings that are new, and their rows.
func remind(ctx context.Context, tx *sqlx.Tx, line string, firings []Firing) (rows int, err error) {
	records, err := firingRecords(firings)
	if err != nil {
		return 0, err
	}
	// Two ways to a group's members, so that a firing for those who chose for
	// themselves looks at them alone. NOT IN is hashed however few are thought to be
	// out; NOT EXISTS would be a loop in a loop.
	r, err := tx.ExecContext(ctx, `
		WITH wanted AS (
			SELECT *
			FROM jsonb_to_recordset($2::jsonb) AS w (`+firingFields+`)
		), fired AS (
			INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, was_at, expires_at)
			SELECT $1::uuid, firing_id, group_id, meeting_id, date, purpose, start_at, was_at, expires_at
			FROM wanted
			ORDER BY group_id, meeting_id, date, purpose, start_at
			ON CONFLICT (line_id, group_id, meeting_id, date, purpose, start_at) DO NOTHING
			RETURNING line_id, firing_id, group_id, meeting_id, date, purpose
		), out AS (
			SELECT fired.firing_id, o.pseudonym
			FROM fired
			JOIN firing earlier USING (line_id, group_id, meeting_id, date)
			JOIN outbox o ON o.line_id = earlier.line_id AND o.firing_id = earlier.firing_id
			WHERE o.answer = 'out'
		), reminded AS (
			SELECT firing_id, pseudonym, channel, due_at, w.expires_at
			FROM fired JOIN wanted w USING (firing_id)
			JOIN membership p ON p.line_id = fired.line_id AND p.group_id = fired.group_id
			WHERE NOT w.own AND p.state = 'active' AND (p.offsets IS NULL OR fired.purpose = ANY(p.offsets))
			UNION ALL
			SELECT firing_id, pseudonym, channel, due_at, w.expires_at
			FROM fired JOIN wanted w USING (firing_id)
			JOIN membership p ON p.line_id = fired.line_id AND p.group_id = fired.group_id
			WHERE w.own AND p.state = 'active' AND p.offsets IS NOT NULL AND fired.purpose = ANY(p.offsets)
		)
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT $1::uuid, gen_random_uuid(), $3, channel, pseudonym, firing_id, $4, due_at, expires_at, 0
		FROM reminded
		WHERE (firing_id, pseudonym) NOT IN (SELECT firing_id, pseudonym FROM out)`,
		line, records, string(Reminder), string(SendDue))
	if err != nil {
		return 0, err
	}
	made, err := r.RowsAffected()
	return int(made), err
}

// firingFields are those of [firingRecords], as jsonb_to_recordset reads them.
const firingFields = `firing_id uuid, group_id uuid, meeting_id uuid, date date, purpose text,
	start_at timestamptz, was_at timestamptz, due_at timestamptz, expires_at timestamptz, own boolean`

// firingRecords are firings by column, each under an id of its own.
func firingRecords(firings []Firing) (string, error) {
	records := make([]map[string]any, len(firings))
	for i, f := range firings {
		records[i] = map[string]any{
			"firing_id": newID(), "group_id": f.Group, "meeting_id": f.Meeting, "date": f.Date.String(), "purpose": f.Purpose,
			"start_at": f.Start.UTC(), "due_at": f.Due.UTC(), "expires_at": f.Expires.UTC(), "own": f.Own,
		}
		if !f.Was.IsZero() {
			records[i]["was_at"] = f.Was.UTC()
		}
	}
	data, err := json.Marshal(records)
	return string(data), err
}
