package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

const (
	// deskSessionsAtMost is how many browsers an account is signed in in (ASVS 7.1.2).
	deskSessionsAtMost = 2
)

// DeskSession is a browser at the desk.
type DeskSession struct {
	Hash    []byte // SHA-256 of its token
	Account string // id; "" before it is signed in
	Agent   string // which browser on what, "Firefox, Linux"
	Data    []byte
	// MadeAt is when it was signed in, SeenAt when it was last used, to the minute.
	MadeAt, SeenAt, ExpiresAt time.Time
}

type deskSessionRow struct {
	LineID    string
	Hash      []byte
	AccountID sql.NullString
	Agent     string
	Data      []byte
	MadeAt    time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

func deskSessionCell(line string, hash []byte) vault.Cell {
	return vault.Cell{Table: "desk_session", Column: "data", Row: line + "/" + hex.EncodeToString(hash)}
}

// Session returns what there is of a session that is not over, or ErrNotFound.
func (a *Accounts) Session(ctx context.Context, line string, hash []byte) (DeskSession, error) {
	var r deskSessionRow
	if err := a.db.pool.GetContext(ctx, &r, `
		SELECT line_id, hash, account_id, agent, data, made_at, seen_at, expires_at
		FROM desk_session
		WHERE line_id = $1 AND hash = $2 AND expires_at > $3`, line, hash, a.now()); err != nil {
		return DeskSession{}, fmt.Errorf("session of the desk: %w", dbError(ctx, err))
	}
	data, err := a.keys.Open(deskSessionCell(line, hash), r.Data)
	if err != nil {
		return DeskSession{}, fmt.Errorf("session of the desk: %w", err)
	}
	return DeskSession{Hash: r.Hash, Account: r.AccountID.String, Agent: r.Agent, Data: data, MadeAt: r.MadeAt, SeenAt: r.SeenAt, ExpiresAt: r.ExpiresAt}, nil
}

// PutSession writes a session: a new one, or one in place of itself as was, the hash of
// the token that it had (nil for a new one). ErrNotFound says that the latter is over:
// a request that came before its end does not bring it back. When an account would have
// more than two, those that were signed in first end.
func (a *Accounts) PutSession(ctx context.Context, line string, s DeskSession, was []byte) error {
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		sealed, err := a.keys.Seal(deskSessionCell(line, s.Hash), s.Data)
		if err != nil {
			return err
		}
		statement := `
			INSERT INTO desk_session (line_id, hash, account_id, agent, data, made_at, seen_at, expires_at)
			VALUES ($1, $2, nullif($3, '')::uuid, $4, $5, $6, $7, $8)
			ON CONFLICT (line_id, hash) DO UPDATE SET data = excluded.data` // itself, written once more
		values := []any{line, s.Hash, s.Account, s.Agent, sealed, s.MadeAt, s.SeenAt.UTC().Truncate(time.Minute), s.ExpiresAt}
		if was != nil {
			values = append(values, was)
			statement = `
			UPDATE desk_session
			SET hash = $2, agent = $4, data = $5, made_at = $6, seen_at = $7, expires_at = $8
			WHERE line_id = $1 AND hash IN ($9, $2) AND account_id IS NOT DISTINCT FROM nullif($3, '')::uuid`
		}
		there, err := changed(tx.ExecContext(ctx, statement, values...))
		if err == nil && !there {
			err = ErrNotFound
		}
		if err != nil || s.Account == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM desk_session
			WHERE line_id = $1 AND hash IN (
				SELECT hash FROM desk_session
				WHERE line_id = $1 AND account_id = $2
				ORDER BY hash = $3 DESC, made_at DESC, hash
				OFFSET $4)`, line, s.Account, s.Hash, deskSessionsAtMost)
		return err
	})
	if err != nil {
		return fmt.Errorf("session of the desk: %w", err)
	}
	return nil
}

// SawSession writes down that a session is in use.
func (a *Accounts) SawSession(ctx context.Context, line string, hash []byte, at time.Time) error {
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE desk_session SET seen_at = $3 WHERE line_id = $1 AND hash = $2`, line, hash, at.UTC().Truncate(time.Minute))
		return err
	})
	if err != nil {
		return fmt.Errorf("session of the desk: %w", err)
	}
	return nil
}

// EndSession ends one; that there is none is no error.
func (a *Accounts) EndSession(ctx context.Context, line string, hash []byte) error {
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM desk_session WHERE line_id = $1 AND hash = $2`, line, hash)
		return err
	})
	if err != nil {
		return fmt.Errorf("end a session of the desk: %w", err)
	}
	return nil
}

// EndSessionOf ends one of an account's, for whoever may.
func (a *Accounts) EndSessionOf(ctx context.Context, line string, by By, id string, hash []byte) error {
	return a.change(ctx, line, by.on(hex.EncodeToString(hash)), id, "account.end_session", "", func(tx *sqlx.Tx, _ Account) error {
		_, err := tx.ExecContext(ctx, `
			DELETE FROM desk_session WHERE line_id = $1 AND account_id = $2 AND hash = $3`, line, id, hash)
		return err
	})
}

// EndSessions ends all of an account's but one, nil for none.
func (a *Accounts) EndSessions(ctx context.Context, line string, by By, id string, but []byte) error {
	return a.change(ctx, line, by, id, "account.end_sessions", "", func(tx *sqlx.Tx, _ Account) error {
		return endSessions(ctx, tx, line, id, but)
	})
}

// endSessions also has no browser be known any more, but those of who keeps one session:
// somebody who is signed in ends the others.
func endSessions(ctx context.Context, tx *sqlx.Tx, line, id string, but []byte) error {
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM desk_session WHERE line_id = $1 AND account_id = $2 AND hash IS DISTINCT FROM $3`, line, id, but); err != nil || but != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM known_device WHERE line_id = $1 AND account_id = $2`, line, id)
	return err
}

// SessionsOf returns an account's sessions, the last one first, without their data.
func (a *Accounts) SessionsOf(ctx context.Context, line, id string) ([]DeskSession, error) {
	var rows []deskSessionRow
	if err := a.db.pool.SelectContext(ctx, &rows, `
		SELECT hash, agent, made_at, seen_at, expires_at
		FROM desk_session
		WHERE line_id = $1 AND account_id::text = $2 AND expires_at > $3
		ORDER BY seen_at DESC, made_at DESC, hash`, line, id, a.now()); err != nil {
		return nil, fmt.Errorf("sessions of the desk: %w", dbError(ctx, err))
	}
	all := make([]DeskSession, len(rows))
	for i, r := range rows {
		all[i] = DeskSession{Hash: r.Hash, Account: id, Agent: r.Agent, MadeAt: r.MadeAt, SeenAt: r.SeenAt, ExpiresAt: r.ExpiresAt}
	}
	return all, nil
}

// KnowDevice remembers the browser that has a token as one in which the account has
// signed in.
func (a *Accounts) KnowDevice(ctx context.Context, line, id, token string, at time.Time) error {
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO known_device (line_id, account_id, hash, seen_on)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (line_id, account_id, hash) DO UPDATE SET seen_on = excluded.seen_on`,
			line, id, hashOf(token), at.UTC())
		return err
	})
	if err != nil {
		return fmt.Errorf("know a browser: %w", err)
	}
	return nil
}
