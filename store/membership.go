package store

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// membershipProfileSize is that of every membership's profile, so that its length
// tells nothing.
const membershipProfileSize = 255

// membershipProfile is a membership's own copy of how its member wishes to be
// reached.
type membershipProfile struct {
	flows.Preferences
	// Invited says that a coordinator let them in: they need no approval.
	Invited bool `json:"invited"`
	// MayCall says that who waits to be let in agreed to be called by a coordinator,
	// through the line.
	MayCall bool `json:"call,omitempty"`
	// Stopped says, of who waits or is blocked, that they want nothing of us: what their
	// state says of everybody else.
	Stopped bool `json:"stop,omitempty"`
}

// membershipState is how far a membership is.
type membershipState string

const (
	membershipApplied membershipState = "applied" // until a coordinator approves
	membershipActive  membershipState = "active"
	membershipStopped membershipState = "stopped" // would be active, but wants nothing of us
	membershipBlocked membershipState = "blocked" // by a coordinator
)

// membership is a place in a group, under a pseudonym, opened.
type membership struct {
	line, group string
	pseudonym   []byte
	key         vault.DataKey
	profile     membershipProfile
	state       membershipState
}

func membershipCell(table, column, line string, pseudonym []byte) vault.Cell {
	return vault.Cell{Table: table, Column: column, Row: line + "/" + hex.EncodeToString(pseudonym)}
}

func (p *membership) cell(column string) vault.Cell {
	return membershipCell("membership", column, p.line, p.pseudonym)
}

// joining is a member, whose number is confirmed, who is to be in a group.
type joining struct {
	Event
	who     *member
	group   string
	access  flows.Access // as the caller knows it, "" if not
	invited bool         // by a coordinator
	mayCall bool         // a coordinator, to get to know them
}

// join makes a membership in a transaction of its own. One that is there already
// stays, and gets on if it has waited for an approval. For who has not confirmed it
// takes the same statements, and makes none.
func (m *Members) join(ctx context.Context, j joining) error {
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := m.once(ctx, tx, effect{j.Event, "join", j.group}, func() ([]byte, error) {
			if err := holdIdentity(ctx, tx, j.who); err != nil {
				return nil, err
			}
			access, err := groupAccess(ctx, tx, j.Line, j.group)
			if err != nil {
				return nil, err
			}
			if j.access == flows.AccessApproval {
				access = j.access
			}
			p := &membership{
				line: j.Line, group: j.group, pseudonym: j.who.secret.Pseudonym(j.Line, j.group),
				profile: membershipProfile{Preferences: j.who.profile.Preferences, Invited: j.invited, MayCall: j.mayCall, Stopped: j.who.profile.Stopped},
			}
			p.state = p.first(access, j.who.profile.Stopped)
			return nil, m.insertMembership(ctx, tx, p, j.who)
		})
		return err
	})
}

// first is the state in which a membership begins.
func (p *membership) first(access flows.Access, stopped bool) membershipState {
	switch {
	case access == flows.AccessApproval && !p.profile.Invited:
		return membershipApplied
	case stopped:
		return membershipStopped
	}
	return membershipActive
}

// holdIdentity keeps an identity from being erased until the transaction ends: an
// erasure that did not see this membership could never find it again. It writes
// nothing, since the identity's row must not show which transaction this was.
// ErrNotFound says that it was erased.
func holdIdentity(ctx context.Context, tx *sqlx.Tx, w *member) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock_shared($1)`, memberLock(w)); err != nil {
		return err
	}
	var one int
	return tx.GetContext(ctx, &one, `
		SELECT 1
		FROM member
		WHERE line_id = $1 AND member_id = $2`, w.line, w.id)
}

// memberLock is the advisory lock of an identity, from its random id.
func memberLock(w *member) int64 {
	b, _ := hex.DecodeString(strings.ReplaceAll(w.id, "-", "")[:16]) // a UUID of the database's
	return int64(binary.BigEndian.Uint64(b))
}

// lockMembership has whoever makes or destroys the same membership wait for the
// transaction's end: one would be sealed under a key that is just being destroyed.
// It is no lock of the key's row, which takes the right to change keys.
func lockMembership(ctx context.Context, tx *sqlx.Tx, pseudonym []byte) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(binary.BigEndian.Uint64(pseudonym)))
	return err
}

func groupAccess(ctx context.Context, tx *sqlx.Tx, line, group string) (flows.Access, error) {
	var access flows.Access
	err := tx.GetContext(ctx, &access, `
		SELECT access
		FROM groups
		WHERE line_id = $1 AND group_id = $2`, line, group)
	return access, err
}

// insertMembership takes the same statements whether there is one already, and
// whether its member has confirmed: without that it makes none.
func (m *Members) insertMembership(ctx context.Context, tx *sqlx.Tx, p *membership, w *member) error {
	confirmed := w.state == stateConfirmed
	cell := membershipCell("keys.membership", "data_key", p.line, p.pseudonym)
	wrapped, err := m.keys.WrapKey(cell, vault.NewDataKey())
	if err != nil {
		return err
	}
	if err := lockMembership(ctx, tx, p.pseudonym); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO keys.membership (line_id, pseudonym, data_key)
		SELECT $1::uuid, $2::bytea, $3::bytea
		WHERE $4
		ON CONFLICT DO NOTHING`, p.line, p.pseudonym, wrapped, confirmed); err != nil {
		return err
	}
	if err := tx.GetContext(ctx, &wrapped, `
		SELECT coalesce((SELECT data_key FROM keys.membership WHERE line_id = $1 AND pseudonym = $2), $3)`,
		p.line, p.pseudonym, wrapped); err != nil {
		return err
	}
	if p.key, err = m.keys.UnwrapKey(cell, wrapped); err != nil {
		return err
	}
	number, err := p.key.SealNumber(p.cell("number"), w.number)
	if err != nil {
		return err
	}
	profile, err := sealJSON(p.key, p.cell("profile"), p.profile, membershipProfileSize)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO membership AS p (line_id, pseudonym, group_id, number, profile, channel, state)
		SELECT $1::uuid, $2::bytea, $3::uuid, $4::bytea, $5::bytea, $6::text, $7::text
		WHERE $9
		ON CONFLICT (line_id, pseudonym) DO UPDATE
		SET profile = CASE WHEN $8 THEN excluded.profile ELSE p.profile END,
			state = CASE WHEN p.state = 'applied' AND $8 THEN excluded.state ELSE p.state END,
			waiting = CASE WHEN $8 THEN NULL ELSE p.waiting END`,
		p.line, p.pseudonym, p.group, number, profile, string(p.profile.Channel), string(p.state), p.profile.Invited, confirmed)
	return err
}
