package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// Code returns six digits with which a member who has no PIN may choose one, once
// and within a day, from the number that is theirs. It returns digits that open
// nothing for any other number, and for who has a PIN: whoever is given a code
// learns nothing from it.
func (m *Members) Code(ctx context.Context, e Event, n vault.Number) (code string, err error) {
	drawn := drawHandle()
	hash, err := m.keys.HashPIN(drawn)
	if err != nil {
		return "", fmt.Errorf("code: %w", err)
	}
	err = m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		outcome, err := m.once(ctx, tx, effect{Event: e, kind: "code"}, func() ([]byte, error) {
			w, err := m.find(ctx, tx, e.Line, m.byNumber(e.Line, n))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
			if err == nil && !w.pin.isPIN() {
				w.pin.Hash, w.pin.Until = hash, e.At.Add(codeLife).Unix()
				if err := m.save(ctx, tx, w); err != nil {
					return nil, err
				}
			}
			return json.Marshal(drawn)
		})
		if err != nil {
			return err
		}
		return json.Unmarshal(outcome, &code)
	})
	if err != nil {
		return "", fmt.Errorf("code: %w", err)
	}
	return code, nil
}
