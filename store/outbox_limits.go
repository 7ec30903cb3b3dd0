package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// RemindersPerMeeting is how many reminders of one occurrence a member gets at most:
// [Limits.PerMeeting] of a deployment.
const RemindersPerMeeting = 2

// Limits are what a deployment may send by itself.
type Limits struct {
	// PerNumber and PerHour bound what goes to members: to one number in a day (UTC),
	// texts and calls together, and of one line. Once its hour is full, what goes to
	// members waits for the next one, and nothing else does.
	PerNumber int
	PerHour   int
	// Barred is how often in an hour the carrier's rules may stand in the way of
	// a line's rows: then it stops, if they were in the way of a twentieth of what it
	// sent in that time. One in a thousand is barred whatever a line does.
	Barred int
	// PerMeeting is how many reminders of one occurrence go to a membership, counted
	// anew when it is moved to another time, and CallsAWeek how many of them ring one
	// number in a week (ISO, UTC), whatever groups it is in.
	PerMeeting int
	CallsAWeek int
}

const (
	// stopFor is how long a line that was stopped sends nothing.
	stopFor = time.Hour
	// SendLease is how long the carrier is asked at most, with room to write down
	// what it said.
	SendLease = 30 * time.Second
)

// Permit says whether a row may be sent.
type Permit string

// What [Outbox.Intend] finds. But for Permitted, the row is settled or is due as
// before, and not in hand any more.
const (
	Permitted    Permit = "permitted"
	Superseded   Permit = "superseded"              // the row is gone, or is another replica's
	Expired      Permit = "expired"                 // it has lapsed
	NumberSpent  Permit = "number spent"            // it has lapsed: its number got enough today
	MeetingSpent Permit = "enough for this meeting" // it has lapsed: they were reminded of it
	WeekSpent    Permit = "enough calls this week"  // it has lapsed: its number was rung
	LineStopped  Permit = "line stopped"            // its line sends nothing for now
	LineStops    Permit = "line stops"              // the same, from this moment on
	HourFull     Permit = "hour full"               // its line sends nothing to members until the next hour
	HourFills    Permit = "hour fills"              // the same, from this moment on
)

// Intend is the last step before the carrier is asked to send a row in hand: it
// says that this is about to happen, in a transaction of its own, unless a limit
// forbids it. What is sent after it must be settled with [Outbox.Settle], also
// when Intend itself failed: its commit may have gone through.
//
// What a number got is counted under an HMAC of the number and the day or the week,
// and goes with an erasure: who enrols and erases somebody else's number by turns is
// held back by the edge, in memory.
func (o *Outbox) Intend(ctx context.Context, now time.Time, x *Outgoing, to vault.Number, l Limits) (permit Permit, err error) {
	switch {
	case x.Member != "":
		permit, err = o.intendMember(ctx, now, x, to, l)
	case x.isCounted():
		permit, err = o.intendCall(ctx, now, x, to, l)
	default:
		permit, err = o.intendMembership(ctx, now, *x, l)
	}
	if err != nil {
		return Superseded, fmt.Errorf("intend to send: %w", err)
	}
	return permit, nil
}

func (o *Outbox) intendMember(ctx context.Context, now time.Time, x *Outgoing, to vault.Number, l Limits) (permit Permit, err error) {
	x.counter = o.counter(x.Line, to, now)
	err = o.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		var again time.Time
		permit, again, err = o.permit(ctx, tx, now, *x, l)
		if errors.Is(err, sql.ErrNoRows) {
			permit = Superseded
			return nil
		}
		if err != nil {
			return err
		}
		if permit != Permitted {
			return o.putDown(ctx, tx, now, *x, permit, again)
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE outbox
			SET `+intended+`
			WHERE line_id = $1 AND outbox_id = $2`, x.Line, x.ID, now, now.Add(SendLease))
		return err
	})
	return permit, err
}

// intended is what becomes of a row that is about to be sent, at $3 and until $4.
// That a call of it reached nobody stays.
const intended = `state = 'intent', lease_until = $4, attempts = attempts + 1, intent_at = $3, clear_at = NULL, reason = NULL,
	outcome = CASE WHEN outcome IN ` + reachedNobody + ` THEN outcome END`

// reachedNobody are the outcomes of a call that nobody can have heard, in SQL.
const reachedNobody = `('busy', 'no answer')`

// putDown lets go of a row that may not be sent, or not before again.
func (o *Outbox) putDown(ctx context.Context, tx *sqlx.Tx, now time.Time, x Outgoing, p Permit, again time.Time) error {
	s := Settled{To: SendLapsed, Reason: string(p)}
	if !again.IsZero() {
		s = Settled{To: SendDue, Again: again}
	}
	did, err := o.take(ctx, tx, now, inHand(x, s))
	if err != nil || !did.Made {
		return err
	}
	return handBack(ctx, tx, x)
}

// permit takes the row, then the line, then the number: whoever is about to send
// locks them in this order. again is when a row that must wait is due, zero for one
// that need not. sql.ErrNoRows says that the row is not in hand.
func (o *Outbox) permit(ctx context.Context, tx *sqlx.Tx, now time.Time, x Outgoing, l Limits) (p Permit, again time.Time, err error) {
	var expires time.Time
	if err := tx.GetContext(ctx, &expires, `
		SELECT expires_at
		FROM outbox
		WHERE line_id = $1 AND outbox_id = $2 AND fence = $3 AND state = $4 AND state = ANY($5)
		FOR UPDATE`, x.Line, x.ID, x.fence, string(SendDue), SendIntent.before()); err != nil {
		return Superseded, time.Time{}, err
	}
	if !now.Before(expires) {
		return Expired, time.Time{}, nil
	}
	line, err := lockSending(ctx, tx, now, x.Line)
	if err != nil {
		return "", time.Time{}, err
	}
	switch over := line.Since.Add(time.Hour); {
	case line.StoppedUntil.Time.After(now):
		return LineStopped, now, nil
	case line.isBarred(l):
		return LineStops, now, stop(ctx, tx, now, x.Line)
	case line.FullUntil.Time.After(now):
		return HourFull, over, nil
	case line.Sent >= l.PerHour:
		_, err := tx.ExecContext(ctx, `UPDATE sending SET full_until = $2 WHERE line_id = $1`, x.Line, over)
		return HourFills, over, err
	}
	if fits, err := takeOne(ctx, tx, x, startOfDay(now), startOfDay(now).AddDate(0, 0, 1), l.PerNumber); err != nil || !fits {
		return NumberSpent, time.Time{}, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE sending SET sent = sent + 1 WHERE line_id = $1`, x.Line)
	return Permitted, time.Time{}, err
}

// barredShare is which part of what a line sends the rules must stand in the way of
// before it stops, one of so many.
const barredShare = 20

type sendingRow struct {
	Since        time.Time
	Sent, Barred int
	OfLate       float64 // that it sent in an hour to anybody
	StoppedUntil sql.NullTime
	FullUntil    sql.NullTime
}

// isBarred reports whether the rules stand in the line's way, and not in that of a
// few rows.
func (r sendingRow) isBarred(l Limits) bool {
	return r.Barred >= l.Barred && float64(r.Barred*barredShare) >= r.OfLate
}

// lockSending locks what a line has sent in its hour, which begins anew when it
// is over. A line that was stopped begins with nothing sent.
func lockSending(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) (sendingRow, error) {
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO sending (line_id, since, sent, barred)
		VALUES ($1, $2, 0, 0)
		ON CONFLICT (line_id) DO NOTHING`, line, now); err != nil {
		return sendingRow{}, err
	}
	var r sendingRow
	if err := tx.GetContext(ctx, &r, `
		SELECT since, sent, barred, stopped_until, full_until, `+sentOfLate("$2")+` AS of_late
		FROM sending
		WHERE line_id = $1
		FOR UPDATE`, line, now); err != nil {
		return sendingRow{}, err
	}
	if over := r.Since.Add(time.Hour); now.Before(over) || r.StoppedUntil.Time.After(now) {
		return r, nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE sending
		SET since = $2, sent = 0, barred = 0, stopped_until = NULL, full_until = NULL
		WHERE line_id = $1`, line, now)
	return sendingRow{Since: now, OfLate: r.OfLate}, err
}

// stop has a line send nothing for an hour, after which it begins anew.
func stop(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE sending
		SET stopped_until = $2, since = $3
		WHERE line_id = $1`, line, now.Add(stopFor), now)
	return err
}

// bar counts that the rules stood in the way of a line's row, and stops the line
// when that was once too often. It says whether it did.
func bar(ctx context.Context, tx *sqlx.Tx, now time.Time, line string, l Limits) (bool, error) {
	r, err := addBarred(ctx, tx, now, line)
	if err != nil || !r.isBarred(l) || r.StoppedUntil.Time.After(now) {
		return false, err
	}
	return true, stop(ctx, tx, now, line)
}

// addBarred is bar but for the stop, which comes with the next row that is about to
// be sent.
func addBarred(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) (sendingRow, error) {
	r, err := lockSending(ctx, tx, now, line)
	if err != nil {
		return r, err
	}
	r.Barred++
	_, err = tx.ExecContext(ctx, `UPDATE sending SET barred = barred + 1 WHERE line_id = $1`, line)
	return r, err
}
