package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Count names something that is counted by day. The set is closed: the
// database refuses any other name.
type Count string

// What is counted of members. A day of theirs is one in UTC.
const (
	PINRight        Count = "pin_right"   // opened
	PINWrong        Count = "pin_wrong"   // opened nothing
	PINRefused      Count = "pin_refused" // not looked at: too many wrong ones before
	MemberEnrolled  Count = "enrolled"
	MemberConfirmed Count = "confirmed"
	MemberErased    Count = "erased"
	MemberComing    Count = "coming" // to what they were reminded of
	MemberNotComing Count = "not_coming"
)

// What is counted of group codes entered.
const (
	CodeRight   Count = "code_right"   // led to a group
	CodeWrong   Count = "code_wrong"   // no group has it
	CodeRefused Count = "code_refused" // not looked at: too many wrong ones before
)

// What is counted of texts and calls of ours.
const (
	Sent           Count = "sent"            // the carrier took it
	NotSent        Count = "not_sent"        // the carrier refused it for good
	Reached        Count = "delivered"       // a text
	NotReached     Count = "not_delivered"   // a text, or a call that could not be placed
	PickedUp       Count = "answered"        // a call, by a person
	HeardMachine   Count = "machine"         // a call, by one or by what could not be told from one
	NotPickedUp    Count = "not_answered"    // a call, busy or no answer
	Lapsed         Count = "lapsed"          // its time was over before it was sent, or nobody knows
	TextUnanswered Count = "text_unanswered" // a text came in that no answer is spent on
)

// AddCounts adds to the counts of one line and day. When its error comes from
// the commit, whether they were added is unknown: a caller that tries again may
// count twice, never once by itself.
func (db *DB) AddCounts(ctx context.Context, line string, day schedule.Date, counts map[Count]int) error {
	err := db.inTx(ctx, func(tx *sqlx.Tx) error { return addCounts(ctx, tx, line, day, counts) })
	if err != nil {
		return fmt.Errorf("add counts: %w", err)
	}
	return nil
}

func addCounts(ctx context.Context, tx *sqlx.Tx, line string, day schedule.Date, counts map[Count]int) error {
	// In one order, so that two replicas cannot wait for each other's rows.
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if counts[name] <= 0 {
			continue
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO daily_count AS c (line_id, day, name, count)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (line_id, day, name) DO UPDATE
			SET count = c.count + excluded.count`,
			line, day.String(), string(name), counts[name]); err != nil {
			return err
		}
	}
	return nil
}
