package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// RingMe has the member of a number rung about an occurrence ([Starting]) from
// f.Due until f.Expires, if they are in its group and let us ring them. Nothing
// tells whether they are: for any other number it does nothing.
func (m *Members) RingMe(ctx context.Context, e Event, n vault.Number, f Firing) error {
	w, err := m.find(ctx, m.db.pool, e.Line, m.byNumber(e.Line, n))
	if err == nil && w.lets() {
		err = m.ring(ctx, e, w.secret.Pseudonym(e.Line, f.Group), f)
	}
	if err == nil {
		err = m.Seen(ctx, e, n)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("ring: %w", err)
	}
	return nil
}

// lets reports whether somebody who texts may be rung.
func (w *member) lets() bool {
	p := w.profile
	return w.state == stateConfirmed && !p.Stopped && (p.Channel == flows.ByCall || p.Ring)
}

// RingMember is RingMe for a member who has signed in: to ask for it behind the PIN
// is to let us. It rings the number that they enrolled, whatever phone they call
// from.
func (m *Members) RingMember(ctx context.Context, a Act, f Firing) error {
	w, err := m.find(ctx, m.db.pool, a.Line, byID(a.Member))
	if err == nil {
		err = m.ring(ctx, a.Event, w.secret.Pseudonym(a.Line, f.Group), f)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("ring: %w", err)
	}
	return nil
}

// RingRow is RingMe for whom a row of the outbox rang, who has asked for it in that
// call.
func (m *Members) RingRow(ctx context.Context, e Event, row string, f Firing) error {
	var pseudonym []byte
	err := dbError(ctx, m.db.pool.GetContext(ctx, &pseudonym, `
		SELECT pseudonym
		FROM outbox
		WHERE line_id = $1 AND outbox_id = $2 AND pseudonym IS NOT NULL`, e.Line, row))
	if err == nil {
		err = m.ring(ctx, e, pseudonym, f)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("ring: %w", err)
	}
	return nil
}

const (
	// mostRings is how often somebody is rung about an occurrence at most, whatever
	// became of it, and ringApart how long after the last time at least: a text that
	// asks for it can be forged.
	mostRings = 3
	ringApart = 2 * time.Minute
)

// ring puts a call to a membership into the outbox, once for an event, and once
// while there is one; none to a membership that is not there, or not active, or
// that was rung often enough. Who was rung a moment ago is rung a little later.
// Whoever asks first makes the firing.
func (m *Members) ring(ctx context.Context, e Event, pseudonym []byte, f Firing) error {
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := m.once(ctx, tx, effect{e, "ring", f.Group}, func() ([]byte, error) {
			var active int // stays so until the transaction ends
			err := tx.GetContext(ctx, &active, `
				SELECT 1
				FROM membership
				WHERE line_id = $1 AND pseudonym = $2 AND group_id = $3 AND state = 'active'
				FOR UPDATE`, e.Line, pseudonym, f.Group)
			if errors.Is(err, sql.ErrNoRows) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, expires_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
				ON CONFLICT (line_id, group_id, meeting_id, date, purpose, start_at) DO NOTHING`,
				e.Line, newID(), f.Group, f.Meeting, f.Date.String(), string(Starting), f.Start, f.Expires); err != nil {
				return nil, err
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
				SELECT f.line_id, $2, 'call_me', 'call', $3, f.firing_id, 'due', greatest($7::timestamptz, rung.at + $10 * interval '1 second'), $8, 0
				FROM firing f, LATERAL (
					SELECT count(*) AS times, max(o.intent_at) AS at
					FROM outbox o
					WHERE o.line_id = f.line_id AND o.pseudonym = $3 AND o.firing_id = f.firing_id AND o.kind = 'call_me') AS rung
				WHERE f.line_id = $1 AND f.group_id = $4 AND f.meeting_id = $5 AND f.date = $6 AND f.purpose = $9 AND f.start_at = $12
				  AND rung.times < $11 AND greatest($7::timestamptz, rung.at + $10 * interval '1 second') < $8
				ON CONFLICT DO NOTHING`,
				e.Line, newID(), pseudonym, f.Group, f.Meeting, f.Date.String(), f.Due, f.Expires, string(Starting),
				int(ringApart.Seconds()), mostRings, f.Start); err != nil {
				return nil, err
			}
			return nil, notifyOutbox(ctx, tx, e.Line)
		})
		return err
	})
}
