package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// messagesAtOnce is how many messages are put into the outbox in one transaction.
const messagesAtOnce = 20

// PlanMessages puts the messages of a line whose minute is over into the outbox, a
// row for each active membership of their groups. Any number of replicas may, at any
// time: each message is planned once. rows is how many were made. Where none waits,
// nothing is written.
func (o *Outbox) PlanMessages(ctx context.Context, now time.Time, line string) (rows int, err error) {
	var waits bool
	if err := o.db.pool.GetContext(ctx, &waits, `
		SELECT EXISTS (SELECT FROM message WHERE line_id = $1 AND state = 'waiting' AND goes_at <= $2)`, line, now); err != nil {
		return 0, fmt.Errorf("plan messages: %w", dbError(ctx, err))
	}
	if !waits {
		return 0, nil
	}
	err = o.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		rows = 0
		if err := beginPlanning(ctx, tx, line); err != nil {
			return err
		}
		var due []messageRow
		if err := tx.SelectContext(ctx, &due, `
			SELECT `+messageColumns+`
			FROM message
			WHERE line_id = $1 AND state = 'waiting' AND goes_at <= $2
			ORDER BY goes_at, message_id
			LIMIT $3
			FOR UPDATE SKIP LOCKED`, line, now, messagesAtOnce); err != nil {
			return err
		}
		for _, m := range due {
			made, err := planMessage(ctx, tx, line, m)
			if err != nil {
				return err
			}
			rows += made
		}
		if rows == 0 {
			return nil
		}
		return notifyOutbox(ctx, tx, line)
	})
	if err != nil {
		return 0, fmt.Errorf("plan messages: %w", err)
	}
	return rows, nil
}

func planMessage(ctx context.Context, tx *sqlx.Tx, line string, m messageRow) (rows int, err error) {
	err = tx.GetContext(ctx, &rows, `
		WITH fired AS (
			INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			RETURNING firing_id
		), made AS (
			INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
			SELECT $1, gen_random_uuid(), $9, channel, pseudonym, firing_id, $10, $7, $8, 0
			FROM membership, fired
			WHERE line_id = $1 AND group_id = $3 AND state = 'active'
			RETURNING 1
		), counted AS (
			UPDATE message
			SET state = $11, recipients = (SELECT count(*) FROM made)
			WHERE line_id = $1 AND message_id = $4
		)
		SELECT count(*) FROM made`,
		line, newID(), m.GroupID, m.MessageID, schedule.DateOf(m.GoesAt.UTC()).String(), string(Broadcast),
		m.GoesAt, m.GoesAt.Add(MessageLife), string(ToGroup), string(SendDue), string(MessageSent))
	return rows, err
}
