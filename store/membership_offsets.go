package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// mostOffsets is how many reminders of one meeting somebody may choose.
const mostOffsets = 4

var errOffsets = errors.New("not an offset of a reminder, or too many of them")

// SetOffsets chooses how long before its meetings a member who has signed in is
// reminded of a group, as a group's reminders are written: nil is as the group does,
// none at all is never. A group that they are not in has nothing to choose.
func (m *Members) SetOffsets(ctx context.Context, a Act, group string, offsets []string) error {
	if err := m.setOffsets(ctx, a, group, offsets); err != nil {
		return fmt.Errorf("set offsets: %w", err)
	}
	return nil
}

func (m *Members) setOffsets(ctx context.Context, a Act, group string, offsets []string) error {
	if len(offsets) > mostOffsets {
		return errOffsets
	}
	var chosen []string // nil stays nil
	if offsets != nil {
		chosen = make([]string, len(offsets))
	}
	for i, o := range offsets {
		var ok bool
		if chosen[i], ok = sameOffset(o); !ok {
			return errOffsets
		}
	}
	w, err := m.find(ctx, m.db.pool, a.Line, byID(a.Member))
	if err != nil {
		return err
	}
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := m.once(ctx, tx, effect{a.Event, "offsets", group}, func() ([]byte, error) {
			_, err := tx.ExecContext(ctx, `
				UPDATE membership
				SET offsets = $3
				WHERE line_id = $1 AND pseudonym = $2`, a.Line, w.secret.Pseudonym(a.Line, group), pq.StringArray(chosen))
			return nil, err
		})
		return err
	})
}
