package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// Covers ask the facilitators of groups who can hold an occurrence. Its methods are
// safe for concurrent use.
type Covers struct {
	db    *DB
	keys  *vault.Keyring
	audit *Audit
}

// NewCovers asks facilitators whose numbers are sealed under keys.
func NewCovers(db *DB, keys *vault.Keyring) *Covers {
	return &Covers{db: db, keys: keys, audit: NewAudit(db, keys)}
}

// askAgain is how long nobody is asked anew about an occurrence.
const askAgain = time.Hour

// Ask has every facilitator of a group asked by text whether they can hold an
// occurrence, and says how many that are. Asked once more by another act, they are
// asked once more, and what they said before holds no longer; a text that is under way
// stays. Within an hour nobody is asked about the same occurrence again, whoever asks.
// ErrNotFound says that the group does not hold that occurrence, ErrPast that it
// has begun.
func (c *Covers) Ask(ctx context.Context, line string, by By, group string, o schedule.Occurrence) (asked int, err error) {
	const act = "group.cover"
	f := Firing{Group: group, Meeting: o.Meeting, Date: o.Date, Purpose: ToCover, Start: o.Start, Expires: o.Start}
	if !o.Start.After(by.At) {
		return 0, fmt.Errorf("ask who can cover: %w", ErrPast)
	}
	by = by.on(group).on(o.Meeting).on(o.Date.String())
	err = c.db.inTx(ctx, func(tx *sqlx.Tx) error {
		held, err := stillHeld(ctx, tx, line, []Firing{f})
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return sql.ErrNoRows
		}
		done, err := by.done(ctx, tx, line, act)
		if err != nil {
			return err
		}
		if err := beginPlanning(ctx, tx, line); err != nil {
			return err
		}
		id, err := putFiring(ctx, tx, line, f)
		if err != nil {
			return err
		}
		var lately bool
		if err := tx.GetContext(ctx, &lately, `
			SELECT EXISTS (
				SELECT FROM firing f JOIN outbox o USING (line_id, firing_id)
				WHERE f.line_id = $1 AND f.group_id = $2 AND f.meeting_id = $3 AND f.date = $4 AND f.purpose = 'cover' AND o.kind = 'cover' AND o.due_at > $5)`,
			line, group, o.Meeting, o.Date.String(), by.At.Add(-askAgain)); err != nil {
			return err
		}
		if !done && !lately {
			if err := c.askAnew(ctx, tx, line, by, f, id); err != nil {
				return err
			}
		}
		return tx.GetContext(ctx, &asked, `
			SELECT count(*)
			FROM outbox
			WHERE line_id = $1 AND firing_id = $2 AND kind = 'cover'`, line, id)
	})
	if err != nil {
		return 0, fmt.Errorf("ask who can cover: %w", err)
	}
	return asked, nil
}

// askAnew makes the rows of who is asked, in place of those of before.
func (c *Covers) askAnew(ctx context.Context, tx *sqlx.Tx, line string, by By, f Firing, id string) error {
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM outbox o
		USING firing f
		WHERE o.line_id = $1 AND f.line_id = $1 AND o.firing_id = f.firing_id AND o.state NOT IN ('due', 'intent', 'unknown')
		  AND f.group_id = $2 AND f.meeting_id = $3 AND f.date = $4 AND f.purpose IN ('cover', 'covered')`,
		line, f.Group, f.Meeting, f.Date.String()); err != nil {
		return err
	}
	if err := tellFacilitators(ctx, tx, line, id, f, by.At, `true`); err != nil {
		return err
	}
	var code string
	if err := tx.GetContext(ctx, &code, `SELECT code FROM groups WHERE line_id = $1 AND group_id = $2`, line, f.Group); err != nil {
		return err
	}
	return c.audit.add(ctx, tx, by.entry(line, "group.cover", fmt.Sprintf("group %s on %s", code, f.Date)))
}

// putFiring stores a firing unless it is there, and returns its id.
func putFiring(ctx context.Context, tx *sqlx.Tx, line string, f Firing) (id string, err error) {
	err = tx.GetContext(ctx, &id, `
		INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (line_id, group_id, meeting_id, date, purpose, start_at) DO UPDATE
		SET expires_at = excluded.expires_at
		RETURNING firing_id`, line, newID(), f.Group, f.Meeting, f.Date.String(), string(f.Purpose), f.Start.UTC(), f.Expires.UTC())
	return id, err
}

// tellFacilitators makes a row for each facilitator p of a group of whom which, an SQL
// condition, is true; the line is $1 in it, and the group $2.
func tellFacilitators(ctx context.Context, tx *sqlx.Tx, line, firing string, f Firing, now time.Time, which string, args ...any) error {
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT $1, gen_random_uuid(), $6, 'text', uuid_send(p.facilitator_id), $3::uuid, $7, $4::timestamptz, $5::timestamptz, 0
		FROM facilitator p
		WHERE p.line_id = $1 AND p.group_id = $2 AND `+which+`
		ON CONFLICT DO NOTHING`,
		append([]any{line, f.Group, firing, now, f.Expires.UTC(), string(Cover), string(SendDue)}, args...)...); err != nil {
		return err
	}
	return notifyOutbox(ctx, tx, line)
}

// askedRow is a facilitator who was asked, with their sealed number.
type askedRow struct {
	facilitatorRow
	OutboxID, FiringID, MeetingID string
	Date, StartAt                 time.Time
}

// Answer takes in a yes or a no of a number, to what its facilitator was asked last
// within 36 hours: asked is false if that is nothing, as for any other number. The
// first who says yes holds the occurrence, and those who were asked are told so by
// text: all but who it is, unless tells says that nothing else tells them. Who says no
// after that holds it no longer. What was answered once may be answered again.
func (c *Covers) Answer(ctx context.Context, e Event, n vault.Number, yes, tells bool) (asked, first bool, err error) {
	rows, err := c.open(ctx, c.db.pool, e)
	if err != nil {
		return false, false, fmt.Errorf("a facilitator's answer: %w", dbError(ctx, err))
	}
	for _, r := range rows {
		number, err := c.keys.OpenNumber(facilitatorCell(e.Line, r.facilitatorRow), r.Number)
		if err != nil || n.IsZero() || !number.Equal(n) {
			continue
		}
		if first, err = c.take(ctx, e, r, yes, tells); errors.Is(err, ErrNotFound) {
			return false, false, nil // settled or taken out since
		}
		if err != nil {
			return false, false, fmt.Errorf("a facilitator's answer: %w", err)
		}
		return true, first, nil
	}
	return false, false, nil
}

// open are those who were asked and may answer still, the last one first.
func (c *Covers) open(ctx context.Context, q sqlx.QueryerContext, e Event) (rows []askedRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.group_id, p.facilitator_id, p.alias, p.number, p.pin_hash, p.ordinal, o.outbox_id, f.firing_id, f.meeting_id, f.date, f.start_at
		FROM firing f
		JOIN outbox o USING (line_id, firing_id)
		JOIN facilitator p ON p.line_id = f.line_id AND p.group_id = f.group_id AND uuid_send(p.facilitator_id) = o.pseudonym
		WHERE f.line_id = $1 AND f.purpose = 'cover' AND f.expires_at > $2 AND o.kind = 'cover'
		  AND o.state IN ('unknown', 'accepted', 'done') AND o.intent_at > $3
		ORDER BY o.intent_at DESC, o.outbox_id`, e.Line, e.At, e.At.Add(-answerable))
	return rows, err
}

// take writes an answer down. Whoever answers for an occurrence waits for the others.
func (c *Covers) take(ctx context.Context, e Event, r askedRow, yes, tells bool) (first bool, err error) {
	err = c.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := beginPlanning(ctx, tx, e.Line); err != nil {
			return err
		}
		var taken struct {
			Other bool
			Mine  sql.NullString
		}
		if err := tx.GetContext(ctx, &taken.Mine, `
			SELECT o.answer
			FROM firing f JOIN outbox o USING (line_id, firing_id)
			WHERE f.line_id = $1 AND f.firing_id = $2 AND o.outbox_id = $3
			FOR UPDATE OF f`, e.Line, r.FiringID, r.OutboxID); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &taken.Other, `
			SELECT EXISTS (SELECT FROM outbox WHERE line_id = $1 AND firing_id = $2 AND outbox_id <> $3 AND answer = 'in')`,
			e.Line, r.FiringID, r.OutboxID); err != nil {
			return err
		}
		first = yes && !taken.Other
		said := "out"
		if first {
			said = "in"
		}
		if yes && taken.Other || taken.Mine.String == said {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE outbox
			SET answer = $3
			WHERE line_id = $1 AND outbox_id = $2`, e.Line, r.OutboxID, said); err != nil {
			return err
		}
		if first {
			if err := c.tellTaken(ctx, tx, e, r, tells); err != nil {
				return err
			}
		}
		return c.enter(ctx, tx, e, r, said)
	})
	return first, err
}

// tellTaken has who was asked know that somebody holds it, and nobody asked any more.
func (c *Covers) tellTaken(ctx context.Context, tx *sqlx.Tx, e Event, r askedRow, tells bool) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE outbox o
		SET state = $4, reason = 'somebody covers', lease_until = NULL, ended_at = $3
		WHERE o.line_id = $1 AND o.kind = 'cover' AND o.state = 'due' AND o.state = ANY($5)
		  AND (o.firing_id = $2::uuid OR o.pseudonym = uuid_send($6::uuid) AND o.firing_id IN (
			SELECT f.firing_id
			FROM firing f JOIN firing asked USING (line_id, group_id, meeting_id, date)
			WHERE f.line_id = $1 AND f.purpose = 'covered' AND asked.firing_id = $2::uuid))`,
		e.Line, r.FiringID, endedOn(e.At), string(SendLapsed), SendLapsed.before(), r.FacilitatorID); err != nil {
		return err
	}
	f := Firing{Group: r.GroupID, Meeting: r.MeetingID, Date: schedule.DateOf(r.Date), Purpose: Covered, Start: r.StartAt, Expires: r.StartAt}
	id, err := putFiring(ctx, tx, e.Line, f)
	if err != nil {
		return err
	}
	return tellFacilitators(ctx, tx, e.Line, id, f, e.At, `($9::boolean OR p.facilitator_id <> $10::uuid) AND EXISTS (
		SELECT FROM outbox o
		WHERE o.line_id = $1 AND o.firing_id = $8::uuid AND o.pseudonym = uuid_send(p.facilitator_id)
		  AND o.state IN ('intent', 'unknown', 'accepted', 'done') AND o.answer IS DISTINCT FROM 'out')`, r.FiringID, tells, r.FacilitatorID)
}

// enter writes into the audit log that a facilitator holds it, or not any more.
func (c *Covers) enter(ctx context.Context, tx *sqlx.Tx, e Event, r askedRow, said string) error {
	var code string
	if err := tx.GetContext(ctx, &code, `SELECT code FROM groups WHERE line_id = $1 AND group_id = $2`, e.Line, r.GroupID); err != nil {
		return err
	}
	act := map[string]string{"in": "cover.take", "out": "cover.pass"}[said]
	return c.audit.add(ctx, tx, AuditEntry{
		Line: e.Line, Actor: "facilitator " + r.Alias, Act: act, Detail: fmt.Sprintf("group %s on %s", code, schedule.DateOf(r.Date)), At: e.At,
	})
}

// openFacilitators opens whom rows of the kind Cover go to.
func (m *Members) openFacilitators(ctx context.Context, line string, xs []Outgoing, found map[string]Recipient) error {
	var groups, ids pq.StringArray
	for _, x := range xs {
		if x.Kind == Cover {
			groups, ids = append(groups, x.Firing.Group), append(ids, hex.EncodeToString(x.Pseudonym))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		facilitatorRow
		Lang      string
		Pseudonym []byte
	}
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT p.group_id, p.facilitator_id, p.number, g.languages[1] AS lang, uuid_send(p.facilitator_id) AS pseudonym
		FROM facilitator p JOIN groups g USING (line_id, group_id)
		WHERE p.line_id = $1 AND p.group_id = ANY($2::uuid[]) AND p.facilitator_id = ANY($3::uuid[])`,
		line, groups, ids); err != nil {
		return err
	}
	for _, r := range rows {
		number, err := m.keys.OpenNumber(facilitatorCell(line, r.facilitatorRow), r.Number)
		to := Recipient{Err: err}
		if err == nil {
			to = Recipient{Number: number}
			to.Preferences.Language = r.Lang
		}
		found[string(r.Pseudonym)] = to
	}
	return nil
}
