package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// mayHaveComeThrough are the states of a reminder that counts for its meeting; one
// that lapsed since nobody knows counts too.
var mayHaveComeThrough = pq.StringArray{string(SendIntent), string(SendUnknown), string(SendAccepted), string(SendDone)}

// intending is a row that is about to be sent, and whether it may.
type intending struct {
	now    time.Time
	x      Outgoing
	limits Limits
	permit Permit
}

// busy is what becomes, for now, of a row that somebody has locked, or another one of
// its membership's.
const busy Permit = "busy"

// doTogether bounds a transaction that is done for several callers, none of whom
// may end it for the others.
const doTogether = 10 * time.Second

func (o *Outbox) intendMembership(ctx context.Context, now time.Time, x Outgoing, l Limits) (Permit, error) {
	mine := &intending{now: now, x: x, limits: l}
	err := o.intents.do(mine, func(all []*intending) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doTogether)
		defer cancel()
		type alike struct {
			line   string
			limits Limits
		}
		by := map[alike][]*intending{}
		for _, i := range all {
			key := alike{i.x.Line, i.limits}
			by[key] = append(by[key], i)
		}
		for _, rows := range by {
			if err := o.db.inBrief(ctx, func(tx *sqlx.Tx) error { return o.intendAll(ctx, tx, rows, false) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && mine.permit == busy { // it waits where it holds up nobody
		err = o.db.inBrief(ctx, func(tx *sqlx.Tx) error { return o.intendAll(ctx, tx, []*intending{mine}, true) })
	}
	return mine.permit, err
}

// intendAll is one statement for rows of one line, unless one may not be sent. It
// locks all rows that the memberships have, by which two reminders of one
// occurrence see each other, and then neither the line nor a number. Unless it waits
// for them, the rows of memberships that somebody is busy with are left.
func (o *Outbox) intendAll(ctx context.Context, tx *sqlx.Tx, rows []*intending, waits bool) error {
	var ids pq.StringArray
	var fences pq.Int64Array
	var pseudonyms pq.ByteaArray
	line, l, now := rows[0].x.Line, rows[0].limits, rows[0].now
	for _, i := range rows {
		i.permit = Superseded
		ids, fences, pseudonyms = append(ids, i.x.ID), append(fences, int64(i.x.fence)), append(pseudonyms, i.x.Pseudonym)
		if i.now.After(now) {
			now = i.now
		}
	}
	var found []struct {
		OutboxID string
		Permit   Permit
	}
	if err := tx.SelectContext(ctx, &found, `
		WITH theirs AS MATERIALIZED (
			SELECT o.outbox_id, o.fence, o.state, o.kind, o.expires_at, o.reason, o.pseudonym, f.meeting_id, f.date, f.start_at
			FROM outbox o JOIN firing f USING (line_id, firing_id)
			WHERE o.line_id = $1 AND o.pseudonym = ANY($5)
			ORDER BY o.outbox_id
			FOR UPDATE OF o`+skipLocked(waits)+`
		), asked AS (
			SELECT * FROM unnest($2::uuid[], $8::int[], $5::bytea[]) AS a (outbox_id, fence, pseudonym)
		), busy AS (
			SELECT pseudonym
			FROM outbox
			WHERE NOT $17 AND line_id = $1 AND pseudonym = ANY($5) AND outbox_id NOT IN (SELECT outbox_id FROM theirs)
		), used AS (
			SELECT pseudonym, meeting_id, date, start_at, count(*) AS times
			FROM theirs
			WHERE kind = 'reminder' AND (state = ANY($6) OR reason = $7)
			GROUP BY pseudonym, meeting_id, date, start_at
		), mine AS (
			SELECT t.*, t.expires_at <= $3 AS is_over,
				row_number() OVER (PARTITION BY pseudonym, meeting_id, date, start_at, kind, t.expires_at <= $3 ORDER BY t.outbox_id) AS nth
			FROM theirs t JOIN asked USING (outbox_id, fence, pseudonym)
			WHERE t.state = 'due' AND t.state = ANY($9) AND pseudonym NOT IN (SELECT pseudonym FROM busy)
		), found AS (
			SELECT m.outbox_id, CASE
				WHEN is_over THEN $10
				WHEN EXISTS (
					SELECT FROM sending
					WHERE line_id = $1 AND (stopped_until > $3 OR barred >= $11 AND since > $3 - interval '1 hour' AND barred * $16 >= `+sentOfLate("$3")+`)) THEN $12
				WHEN kind = 'reminder' AND coalesce(used.times, 0) + nth > $13 THEN $14
				ELSE $15 END AS permit
			FROM mine m LEFT JOIN used USING (pseudonym, meeting_id, date, start_at)
		), made AS (
			UPDATE outbox AS o
			SET `+intended+`
			FROM found
			WHERE o.line_id = $1 AND o.outbox_id = ANY($2) AND o.outbox_id = found.outbox_id AND found.permit = $15
		)
		SELECT outbox_id, permit
		FROM found
		UNION ALL
		SELECT outbox_id, $18
		FROM asked
		WHERE pseudonym IN (SELECT pseudonym FROM busy)`,
		line, ids, now, now.Add(SendLease), pseudonyms, mayHaveComeThrough, nobodyKnows, fences, SendIntent.before(),
		string(Expired), l.Barred, string(LineStopped), l.PerMeeting, string(MeetingSpent), string(Permitted), barredShare, waits, string(busy)); err != nil {
		return err
	}
	for _, f := range found {
		i := rows[slices.Index(ids, f.OutboxID)]
		i.permit = f.Permit
		if f.Permit == Permitted || f.Permit == busy {
			continue
		}
		var again time.Time
		if f.Permit == LineStopped {
			var err error
			if i.permit, err = stopOnce(ctx, tx, now, line); err != nil {
				return err
			}
			again = now
		}
		if err := o.putDown(ctx, tx, now, i.x, i.permit, again); err != nil {
			return err
		}
	}
	return nil
}

// skipLocked is the end of a lock on rows that does not wait for them, unless it does.
func skipLocked(waits bool) string {
	if waits {
		return ""
	}
	return ` SKIP LOCKED`
}

// stopOnce stops a line that was barred too often, and tells whoever is first.
func stopOnce(ctx context.Context, tx *sqlx.Tx, now time.Time, line string) (Permit, error) {
	r, err := lockSending(ctx, tx, now, line)
	if err != nil || r.StoppedUntil.Time.After(now) {
		return LineStopped, err
	}
	return LineStops, stop(ctx, tx, now, line)
}

// intendCall counts the call to a number first, in a transaction of its own: none
// ties a number's counter to a pseudonym. It is given back unless the call may be
// placed: also when nobody knows whether that was written down, since then it is not.
func (o *Outbox) intendCall(ctx context.Context, now time.Time, x *Outgoing, to vault.Number, l Limits) (permit Permit, err error) {
	counted := *x
	counted.counter = rungMark(o.keys, x.Line, o.keys.Index(x.Line, to), now)
	from, until := week(now)
	fits := false
	if err := o.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		fits, err = takeOne(ctx, tx, counted, from, until, l.CallsAWeek)
		return err
	}); err != nil {
		return Superseded, err
	}
	if !fits {
		err := o.db.inBrief(ctx, func(tx *sqlx.Tx) error { return o.putDown(ctx, tx, now, *x, WeekSpent, time.Time{}) })
		return WeekSpent, err
	}
	x.counter = counted.counter
	if permit, err = o.intendMembership(ctx, now, *x, l); err == nil && permit == Permitted {
		return permit, nil
	}
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), doTogether)
	defer cancel()
	if failed := o.giveBackCall(back, counted); failed != nil {
		return permit, errors.Join(err, failed) // Settle tries once more
	}
	x.counter = nil
	return permit, err
}
