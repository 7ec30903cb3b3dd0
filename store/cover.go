package store

import (
	"context"
	"database/sql"
	"encoding/hex"
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
	// members keep what is done once, and what is counted of attempts.
	members *Members
}

// NewCovers asks facilitators whose numbers are sealed under keys.
func NewCovers(db *DB, keys *vault.Keyring) *Covers {
	return &Covers{db: db, keys: keys, audit: NewAudit(db, keys), members: NewMembers(db, keys)}
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
