package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// lookLease is how long a replica may look at a row before another does.
const lookLease = 30 * time.Second

// claimable is an SQL condition: whether a row o of the line $1 may be taken in
// hand at $2, for the channel $3.
const claimable = `
	o.line_id = $1
	AND o.channel = $3
	AND o.state = 'due'
	AND o.due_at <= $2
	AND o.expires_at > $2
	AND (o.lease_until IS NULL OR o.lease_until <= $2)
	AND NOT EXISTS (SELECT FROM sending s WHERE s.line_id = $1 AND s.stopped_until > $2)
	AND (o.member_id IS NULL OR NOT EXISTS (SELECT FROM sending s WHERE s.line_id = $1 AND s.full_until > $2))`

// patient is an SQL expression: whether nobody waits for a row o at this moment. An
// index has it in these words.
const patient = `(o.kind NOT IN ('call_me', 'confirmation'))`

// Claim takes rows of a line and a channel that are due in hand, at most so many and
// not more than s has tokens for, for half a minute; nothing is sent yet. What
// somebody waits for comes first, and then what expires first: a reminder of a
// quarter of an hour before goes before those of the next day. There are none when
// none is due, when there is no token, and while the line may not send. Who looks at
// an empty queue writes nothing.
func (o *Outbox) Claim(ctx context.Context, now time.Time, line string, ch flows.Channel, s Sender, most int) ([]Outgoing, error) {
	// In the order of the index, which a table of which much was due when it was last
	// counted would not be searched by otherwise.
	var waits bool
	err := o.db.pool.GetContext(ctx, &waits, `
		SELECT count(*) > 0
		FROM (SELECT FROM outbox o WHERE `+claimable+` ORDER BY `+patient+`, o.expires_at LIMIT 1) AS next`, line, now, string(ch))
	if err != nil {
		return nil, fmt.Errorf("claim rows of the outbox: %w", dbError(ctx, err))
	}
	if !waits {
		return nil, nil
	}
	var rows []outgoingRow
	err = o.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		rows = nil
		tokens, err := refill(ctx, tx, now, line, s)
		if n := min(most, int(math.Floor(tokens))); err == nil && n > 0 {
			err = tx.SelectContext(ctx, &rows, claimRows, line, now, string(ch), n, now.Add(lookLease), s.Name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim rows of the outbox: %w", err)
	}
	all := make([]Outgoing, len(rows))
	for i, r := range rows {
		all[i] = r.outgoing()
		all[i].sender = s.Name
	}
	slices.SortFunc(all, urgency)
	return all, nil
}

// urgency orders rows as they are claimed.
func urgency(a, b Outgoing) int {
	rank := func(x Outgoing) int {
		if x.Kind == CallMe || x.Kind == Confirmation {
			return 0
		}
		return 1
	}
	return cmp.Or(rank(a)-rank(b), a.ExpiresAt.Compare(b.ExpiresAt), a.DueAt.Compare(b.DueAt))
}

// outgoingColumns are those of a row o and its firing f, if it has one.
const outgoingColumns = `
	o.line_id, o.outbox_id, o.kind, o.channel, o.member_id, o.pseudonym, o.due_at, o.expires_at, o.on_line_until, o.fence, o.attempts,
	o.firing_id, f.group_id, f.meeting_id, f.date, f.purpose, f.start_at, f.was_at, f.expires_at AS firing_expires_at`

// claimRows is materialized, since a plan that ran the inner select twice would
// claim twice as many.
const claimRows = `
	WITH next AS MATERIALIZED (
		SELECT o.line_id, o.outbox_id, o.firing_id
		FROM outbox o
		WHERE ` + claimable + `
		ORDER BY ` + patient + `, o.expires_at
		LIMIT $4
		FOR UPDATE SKIP LOCKED
	), spent AS (
		UPDATE sender
		SET tokens = tokens - (SELECT count(*) FROM next), sent = sent + (SELECT count(*) FROM next)
		WHERE line_id = $1 AND sender = $6
	)
	UPDATE outbox AS o
	SET lease_until = $5, fence = o.fence + 1
	FROM next LEFT JOIN firing f USING (line_id, firing_id)
	WHERE o.line_id = next.line_id AND o.outbox_id = next.outbox_id
	RETURNING` + outgoingColumns

// refill locks a sender's bucket, and returns what has come together in it. A clock
// that is behind another replica's fills nothing. What was sent is counted by the
// hour, and that of the last one is kept.
func refill(ctx context.Context, tx *sqlx.Tx, now time.Time, line string, s Sender) (tokens float64, err error) {
	err = tx.GetContext(ctx, &tokens, `
		INSERT INTO sender AS s (line_id, sender, tokens, at, per_second, burst, hour_at)
		VALUES ($1, $2, $5, $3, $4, $5, $3)
		ON CONFLICT (line_id, sender) DO UPDATE
		SET tokens = least($5, s.tokens + `+earned("$3")+` * $4), at = greatest(s.at, $3), per_second = $4, burst = $5,
			hour_at = CASE WHEN s.hour_at > $3 - interval '1 hour' THEN s.hour_at ELSE $3 END,
			sent = CASE WHEN s.hour_at > $3 - interval '1 hour' THEN s.sent ELSE 0 END,
			before = CASE WHEN s.hour_at > $3 - interval '1 hour' THEN s.before WHEN s.hour_at > $3 - interval '2 hours' THEN s.sent ELSE 0 END
		RETURNING tokens`, line, s.Name, now, s.PerSecond, s.Burst)
	return tokens, err
}

// sentOfLate is an SQL expression: about how much the line $1 has sent in the hour
// up to now. That of the hour before counts by as much of it as is in that one.
func sentOfLate(now string) string {
	return `(
		SELECT coalesce(sum(b.sent + b.before * greatest(0, 1 - extract(epoch FROM ` + now + `::timestamptz - b.hour_at)::float8 / 3600)), 0)
		FROM sender b
		WHERE b.line_id = $1)`
}

// earned is an SQL expression: the seconds for which a bucket s has filled.
func earned(at string) string {
	return `extract(epoch FROM greatest(` + at + `::timestamptz - s.at, interval '0'))::float8`
}

// handBack returns the token of a row that was claimed and not sent.
func handBack(ctx context.Context, tx *sqlx.Tx, x Outgoing) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE sender
		SET tokens = least(burst, tokens + 1), sent = greatest(sent - 1, 0)
		WHERE line_id = $1 AND sender = $2`, x.Line, x.sender)
	return err
}

type outgoingRow struct {
	LineID, OutboxID, Kind, Channel string
	MemberID                        sql.NullString
	Pseudonym                       []byte
	DueAt, ExpiresAt                time.Time
	OnLineUntil                     sql.NullTime
	Fence, Attempts                 int

	FiringID, GroupID, MeetingID, Purpose sql.NullString
	Date, StartAt, WasAt, FiringExpiresAt sql.NullTime
}

func (r outgoingRow) outgoing() Outgoing {
	x := Outgoing{
		Line: r.LineID, ID: r.OutboxID, Member: r.MemberID.String, Pseudonym: r.Pseudonym, Kind: Kind(r.Kind), Channel: flows.Channel(r.Channel),
		DueAt: r.DueAt, ExpiresAt: r.ExpiresAt, OnLineUntil: r.OnLineUntil.Time, Attempts: r.Attempts, fence: r.Fence,
	}
	if r.FiringID.Valid {
		x.Firing = Firing{
			ID: r.FiringID.String, Group: r.GroupID.String, Meeting: r.MeetingID.String, Date: schedule.DateOf(r.Date.Time), Purpose: Purpose(r.Purpose.String),
			Start: r.StartAt.Time, Was: r.WasAt.Time, Expires: r.FiringExpiresAt.Time,
		}
	}
	return x
}
