package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// Staff are the facilitators of groups, as they sign in. Its methods are safe for
// concurrent use.
type Staff struct {
	db   *DB
	keys *vault.Keyring
	// members keep what is done once, and what is counted of a number.
	members *Members
}

// NewStaff signs facilitators in, whose numbers are sealed under keys.
func NewStaff(db *DB, keys *vault.Keyring) *Staff {
	return &Staff{db: db, keys: keys, members: NewMembers(db, keys)}
}

// Facilitators returns those of a group with their ids and numbers, in the order in
// which the groups file has them.
func (db *DB) Facilitators(ctx context.Context, k *vault.Keyring, line, group string) ([]Facilitator, error) {
	rows, err := selectFacilitatorsOf(ctx, db.pool, line, group)
	if err != nil {
		return nil, fmt.Errorf("facilitators: %w", dbError(ctx, err))
	}
	var all []Facilitator
	for _, r := range rows {
		number, err := k.OpenNumber(facilitatorCell(line, r), r.Number)
		if err != nil {
			return nil, fmt.Errorf("facilitators: %w", err)
		}
		all = append(all, Facilitator{ID: r.FacilitatorID, Alias: r.Alias, Number: number})
	}
	return all, nil
}

func selectFacilitatorsOf(ctx context.Context, q sqlx.QueryerContext, line, group string) ([]facilitatorRow, error) {
	var rows []facilitatorRow
	err := getAll(ctx, q, &rows, `
		SELECT `+facilitatorColumns+`
		FROM facilitator
		WHERE line_id = $1 AND group_id = $2
		ORDER BY ordinal, alias`, line, group)
	return rows, err
}
