package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// Facilitates returns the ids of the groups whose facilitator a number is. It
// has no index: each is opened, of which a line has few.
func (db *DB) Facilitates(ctx context.Context, k *vault.Keyring, line string, n vault.Number) ([]string, error) {
	var rows []facilitatorRow
	if err := db.pool.SelectContext(ctx, &rows, `
		SELECT `+facilitatorColumns+`
		FROM facilitator
		WHERE line_id = $1
		ORDER BY group_id, alias`, line); err != nil {
		return nil, fmt.Errorf("facilitators: %w", dbError(ctx, err))
	}
	var groups []string
	for _, r := range rows {
		number, err := k.OpenNumber(facilitatorCell(line, r), r.Number)
		if err != nil {
			return nil, fmt.Errorf("facilitators: %w", err)
		}
		if number.Equal(n) {
			groups = append(groups, r.GroupID)
		}
	}
	return groups, nil
}

// HeldBySame returns the other groups of a line that somebody holds who holds this one,
// told by their number: the id of each, with what they are called in this one. Numbers
// are compared here, where the keys are. One that cannot be opened is nobody's.
func (db *DB) HeldBySame(ctx context.Context, k *vault.Keyring, line, group string) (map[string]string, error) {
	var rows []facilitatorRow
	if err := db.pool.SelectContext(everyGroup(ctx), &rows, `
		SELECT `+facilitatorColumns+`
		FROM facilitator
		WHERE line_id = $1
		ORDER BY group_id = $2 DESC, group_id, ordinal`, line, group); err != nil {
		return nil, fmt.Errorf("facilitators: %w", dbError(ctx, err))
	}
	same := map[string]string{}
	var own []Facilitator // of this group, whose rows come first
	for _, r := range rows {
		if r.GroupID != group && len(own) == 0 {
			break
		}
		number, err := k.OpenNumber(facilitatorCell(line, r), r.Number)
		if err != nil {
			continue
		}
		if r.GroupID == group {
			own = append(own, Facilitator{Alias: r.Alias, Number: number})
			continue
		}
		for _, f := range own {
			if f.Number.Equal(number) {
				same[r.GroupID] = f.Alias
			}
		}
	}
	return same, nil
}

// IsOurs says whether a number is the line's own, or that of a bridge where one
// of its groups is held.
func (db *DB) IsOurs(ctx context.Context, k *vault.Keyring, line string, n vault.Number) (bool, error) {
	var rows []struct {
		GroupID      string
		BridgeNumber []byte
	}
	if err := db.pool.SelectContext(ctx, &rows, `
		SELECT group_id, bridge_number
		FROM groups
		WHERE line_id = $1 AND bridge_number IS NOT NULL`, line); err != nil {
		return false, fmt.Errorf("bridges: %w", dbError(ctx, err))
	}
	for _, r := range rows {
		cell, _ := bridgeCells(groupRow{LineID: line, GroupID: r.GroupID})
		number, err := k.OpenNumber(cell, r.BridgeNumber)
		if err != nil {
			return false, fmt.Errorf("bridges: %w", err)
		}
		if number.Equal(n) {
			return true, nil
		}
	}
	var own bool
	err := db.pool.GetContext(ctx, &own, `
		SELECT EXISTS (SELECT FROM line_number WHERE line_id = $1 AND number_index = ANY($2))`, line, pq.ByteaArray(k.Indexes(line, n)))
	if err != nil {
		return false, fmt.Errorf("own numbers: %w", dbError(ctx, err))
	}
	return own, nil
}
