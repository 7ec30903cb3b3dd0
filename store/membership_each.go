package store

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// place is one of a member's memberships, of which nothing was opened.
type place struct {
	group     string
	pseudonym []byte
	state     membershipState
	offsets   []string // nil: the group's
}

// admits reports whether the membership is one: who waits to be let into a group
// is not in it yet.
func (p place) admits() bool { return p.state == membershipActive || p.state == membershipStopped }

// places returns a member's memberships in these groups, in their order.
func (m *Members) places(ctx context.Context, w *member, groups []string) ([]place, error) {
	all := make([]place, len(groups))
	var pseudonyms pq.ByteaArray
	for i, group := range groups {
		all[i] = place{group: group, pseudonym: w.secret.Pseudonym(w.line, group)}
		pseudonyms = append(pseudonyms, all[i].pseudonym)
	}
	var rows []struct {
		Pseudonym []byte
		State     membershipState
		Offsets   pq.StringArray
	}
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT pseudonym, state, offsets
		FROM membership
		WHERE line_id = $1 AND pseudonym = ANY($2)`, w.line, pseudonyms); err != nil {
		return nil, dbError(ctx, err)
	}
	for _, r := range rows {
		i := slices.IndexFunc(all, func(p place) bool { return bytes.Equal(p.pseudonym, r.Pseudonym) })
		all[i].state, all[i].offsets = r.State, r.Offsets
	}
	return slices.DeleteFunc(all, func(p place) bool { return p.state == "" }), nil
}

// each changes a member's memberships in these groups, each once for an event and
// in a transaction of its own, and saves what fn has changed.
func (m *Members) each(ctx context.Context, e Event, kind string, w *member, groups []string, fn func(tx *sqlx.Tx, p *membership) error) error {
	places, err := m.places(ctx, w, groups)
	if err != nil {
		return err
	}
	for _, p := range places {
		if err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
			_, err := m.once(ctx, tx, effect{e, kind, p.group}, func() ([]byte, error) {
				opened, err := m.findMembership(ctx, tx, w.line, p.pseudonym)
				if errors.Is(err, ErrNotFound) { // they left meanwhile
					return nil, nil
				}
				if err == nil {
					err = fn(tx, opened)
				}
				if err == nil {
					err = opened.save(ctx, tx)
				}
				return nil, err
			})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// findMembership returns a membership, which stays locked, or ErrNotFound.
func (m *Members) findMembership(ctx context.Context, tx *sqlx.Tx, line string, pseudonym []byte) (*membership, error) {
	var r struct {
		GroupID, State   string
		Profile, DataKey []byte
	}
	if err := tx.GetContext(ctx, &r, `
		SELECT p.group_id, p.state, p.profile, k.data_key
		FROM membership p
		JOIN keys.membership k USING (line_id, pseudonym)
		WHERE p.line_id = $1 AND p.pseudonym = $2
		FOR UPDATE OF p`, line, pseudonym); err != nil {
		return nil, dbError(ctx, err)
	}
	return m.openMembership(line, r.GroupID, r.State, pseudonym, r.Profile, r.DataKey)
}

// openMembership opens how a membership's member wishes to be reached.
func (m *Members) openMembership(line, group, state string, pseudonym, profile, dataKey []byte) (*membership, error) {
	p := &membership{line: line, group: group, pseudonym: pseudonym, state: membershipState(state)}
	var err error
	if p.key, err = m.keys.UnwrapKey(membershipCell("keys.membership", "data_key", line, pseudonym), dataKey); err != nil {
		return nil, err
	}
	return p, openJSON(p.key, p.cell("profile"), profile, &p.profile)
}

func (p *membership) save(ctx context.Context, tx *sqlx.Tx) error {
	profile, err := sealJSON(p.key, p.cell("profile"), p.profile, membershipProfileSize)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE membership
		SET profile = $3, channel = $4, state = $5, waiting = CASE WHEN $5 = 'applied' THEN waiting END
		WHERE line_id = $1 AND pseudonym = $2`, p.line, p.pseudonym, profile, string(p.profile.Channel), string(p.state))
	return err
}
