package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Calls enters in the audit log that a coordinator is about to be connected with who
// waits to be let in. It is false when that was entered before, and ErrNotFound of who
// waits no more, or let nobody call them.
func (r *Roster) Calls(ctx context.Context, line string, by By, group, key string) (fresh bool, err error) {
	err = r.decide(ctx, line, by, "roster.call", group, key, func(_ *sqlx.Tx, p *membership) error {
		if p.state != membershipApplied || !p.profile.callable() {
			return errNotWaiting
		}
		fresh = true
		return nil
	})
	return fresh && err == nil, err
}

// callable reports whether they let coordinators call them, and want to hear from us.
func (p membershipProfile) callable() bool { return p.MayCall && !p.Stopped }

// Reach is the number of who waits to be let into a group and let its coordinators call
// them, and how they wish to be reached; ErrNotFound of anybody else.
func (r *Roster) Reach(ctx context.Context, line, group, key string) (vault.Number, flows.Preferences, error) {
	pseudonym, err := pseudonymOf(key)
	if err != nil {
		return vault.Number{}, flows.Preferences{}, fmt.Errorf("reach: %w", err)
	}
	var row struct {
		GroupID, State           string
		Number, Profile, DataKey []byte
	}
	if err := r.db.pool.GetContext(ctx, &row, `
		SELECT p.group_id, p.state, p.number, p.profile, k.data_key
		FROM membership p
		JOIN keys.membership k USING (line_id, pseudonym)
		WHERE p.line_id = $1 AND p.pseudonym = $2 AND p.group_id::text = $3 AND p.state = 'applied'`, line, pseudonym, group); err != nil {
		return vault.Number{}, flows.Preferences{}, fmt.Errorf("reach: %w", dbError(ctx, err))
	}
	p, err := r.members.openMembership(line, row.GroupID, row.State, pseudonym, row.Profile, row.DataKey)
	var n vault.Number
	if err == nil {
		n, err = p.key.OpenNumber(p.cell("number"), row.Number)
	}
	if err == nil && !p.profile.callable() {
		err = ErrNotFound
	}
	if err != nil {
		return vault.Number{}, flows.Preferences{}, fmt.Errorf("reach: %w", err)
	}
	return n, p.profile.Preferences, nil
}
