package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// planning is the advisory lock of the line $1, in SQL. Those share it who put rows of
// many memberships into the outbox; whoever ends a membership, or what it is sent, has
// it alone: else rows that are planned at that moment, and that nobody sees yet, would
// be left. To lock the memberships instead takes four times as long as to plan for
// them. Who plans takes it after the line and before looking at any membership, who
// goes after their membership and before its rows.
const planning = `hashtextextended('plan ' || $1::text, 0)`

// beginPlanning has whoever goes meanwhile wait for the transaction's end, and waits
// for who is about to.
func beginPlanning(ctx context.Context, tx *sqlx.Tx, line string) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock_shared(`+planning+`)`, line)
	return err
}

// endPlanning waits until what is being planned is there, and lets nobody begin to
// until the transaction ends.
func endPlanning(ctx context.Context, tx *sqlx.Tx, line string) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(`+planning+`)`, line)
	return err
}

// endedOn is what is kept of when a row ended: the day. Rows of one person that ended
// at one moment would be known by it to be the same person's.
func endedOn(at time.Time) time.Time { return startOfDay(at) }

// dropDue has a membership's rows lapse that are not sent yet: they are not wanted.
func dropDue(ctx context.Context, tx *sqlx.Tx, line string, pseudonym []byte, at time.Time) error {
	if err := endPlanning(ctx, tx, line); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE outbox AS o
		SET state = $4, reason = 'not wanted', lease_until = NULL, ended_at = $3
		FROM (`+sendsOf+`) AS theirs
		WHERE o.line_id = $1 AND o.outbox_id = theirs.outbox_id AND theirs.state = 'due' AND theirs.state = ANY($5)`,
		line, pseudonym, endedOn(at), string(SendLapsed), SendLapsed.before())
	return err
}

// deleteSends removes a membership's rows.
func deleteSends(ctx context.Context, tx *sqlx.Tx, line string, pseudonym []byte) error {
	if err := endPlanning(ctx, tx, line); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM outbox AS o
		USING (`+sendsOf+`) AS theirs
		WHERE o.line_id = $1 AND o.outbox_id = theirs.outbox_id`, line, pseudonym)
	return err
}

// sendsOf locks a membership's rows in the order in which everybody does.
const sendsOf = `
	SELECT outbox_id, state
	FROM outbox
	WHERE line_id = $1 AND pseudonym = $2
	ORDER BY outbox_id
	FOR UPDATE`
