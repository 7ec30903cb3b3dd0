package store

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// MembershipPreferences opens the copy that a membership has.
func (m *Members) MembershipPreferences(ctx context.Context, line string, pseudonym []byte) (p flows.Preferences, err error) {
	err = m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		opened, err := m.findMembership(ctx, tx, line, pseudonym)
		if err == nil {
			p = opened.profile.Preferences
		}
		return err
	})
	return p, err
}

// MembershipNumber opens the number of a membership.
func (m *Members) MembershipNumber(ctx context.Context, line string, pseudonym []byte) (vault.Number, error) {
	var r struct{ Number, DataKey []byte }
	if err := m.db.pool.GetContext(ctx, &r, `
		SELECT p.number, k.data_key
		FROM membership p
		JOIN keys.membership k USING (line_id, pseudonym)
		WHERE p.line_id = $1 AND p.pseudonym = $2`, line, pseudonym); err != nil {
		return vault.Number{}, dbError(ctx, err)
	}
	key, err := m.keys.UnwrapKey(membershipCell("keys.membership", "data_key", line, pseudonym), r.DataKey)
	if err != nil {
		return vault.Number{}, err
	}
	return key.OpenNumber(membershipCell("membership", "number", line, pseudonym), r.Number)
}

// LookUp finds and opens the identity of a number's indexes, and says whether
// there is one.
func (m *Members) LookUp(ctx context.Context, line string, n vault.Number) (bool, error) {
	_, err := m.find(ctx, m.db.pool, line, m.byNumber(line, n))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
