package store

import (
	"context"
	"fmt"

	"github.com/hearthline/hearthline/store/vault"
)

// AccountOf is an account that has a number, as a disclosure lists it.
type AccountOf struct {
	Name  string       `json:"name"`
	State AccountState `json:"state"`
}

// Of returns the accounts that have a number, whether or not they are in use, by
// opening each: there is no index of them.
func (a *Accounts) Of(ctx context.Context, line string, n vault.Number) ([]AccountOf, error) {
	var rows []struct {
		AccountID, Name string
		State           AccountState
		Number          []byte
	}
	if err := a.db.pool.SelectContext(ctx, &rows, `
		SELECT account_id, name, state, number
		FROM account
		WHERE line_id = $1 AND has_number
		ORDER BY handle`, line); err != nil {
		return nil, fmt.Errorf("accounts of a number: %w", dbError(ctx, err))
	}
	var all []AccountOf
	for _, r := range rows {
		number, err := a.keys.OpenNumber(accountCell(line, r.AccountID, "number"), r.Number)
		if err != nil {
			return nil, fmt.Errorf("accounts of a number: %w", err)
		}
		if number.Equal(n) {
			all = append(all, AccountOf{Name: r.Name, State: r.State})
		}
	}
	return all, nil
}
