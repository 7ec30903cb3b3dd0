package store

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/hearthline/hearthline/store/vault"
)

// forget removes what a caller leaves behind who has not enrolled.
func (m *Members) forget(ctx context.Context, e Event, n vault.Number) error {
	if err := m.forgetQuestion(ctx, e, n); err != nil {
		return err
	}
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := m.forgetAttempts(ctx, tx, e, n); err != nil {
			return err
		}
		return m.dropShell(ctx, tx, e.Line, n)
	})
}

// questionWait is how long an erasure waits for a row of the dialogue's that
// somebody has locked. A connection that was lost lets go of it at once; who has it
// for longer is the text that asks for the erasure, and removes it by itself.
const questionWait = `100ms`

func (m *Members) forgetQuestion(ctx context.Context, e Event, n vault.Number) error {
	err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '`+questionWait+`'`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			DELETE FROM dialogue
			WHERE line_id = $1 AND caller = ANY($2)`, e.Line, pq.ByteaArray(m.keys.Indexes(e.Line, n)))
		return err
	})
	if pq.As(err, pqerror.LockNotAvailable) != nil {
		return nil
	}
	return err
}

// forgetAttempts removes what was counted of a number.
func (m *Members) forgetAttempts(ctx context.Context, tx *sqlx.Tx, e Event, n vault.Number) error {
	marks := slices.Concat(m.attemptMarks(e.Line, n, e.At, numberCounters...), m.sentMarks(e.Line, n, e.At), m.rungMarks(e.Line, n, e.At))
	_, err := tx.ExecContext(ctx, `
		DELETE FROM attempt
		WHERE line_id = $1 AND counter = ANY($2)`, e.Line, pq.ByteaArray(marks))
	return err
}
