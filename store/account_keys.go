package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// recoveryCodes is how many an account gets at a time.
const recoveryCodes = 10

// ErrCodeWrong says that a code is none of the app's at this time, or was used before.
var ErrCodeWrong = errors.New("the code is not right")

// ErrLastKey says that without it an account could not sign in.
var ErrLastKey = errors.New("this is the only way in: set another one up first")

// SetPassword makes a password the account's; its other sessions end. An account
// without an app that makes codes has one set up with it: see [Accounts.SetUp].
func (a *Accounts) SetPassword(ctx context.Context, line string, by By, id, password string, but []byte) error {
	hash, err := a.keys.HashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("account.password: %w", err)
	}
	return a.change(ctx, line, by, id, "account.password", "", func(tx *sqlx.Tx, _ Account) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE account SET password = $3 WHERE line_id = $1 AND account_id = $2`, line, id, hash); err != nil {
			return err
		}
		return endSessions(ctx, tx, line, id, but)
	})
}

// SetUp makes a password and an app's secret (base32) those of an account, once the app
// has shown a code. It returns recovery codes in place of those before, none to a copy of
// the act.
func (a *Accounts) SetUp(ctx context.Context, line string, by By, id, password, secret, code string, but []byte) (codes []string, err error) {
	hash, err := a.keys.HashPassword(ctx, password)
	if err != nil {
		return nil, fmt.Errorf("account.two_steps: %w", err)
	}
	err = a.change(ctx, line, by, id, "account.two_steps", "", func(tx *sqlx.Tx, _ Account) error {
		if err := a.putSteps(ctx, tx, line, id, hash, secret, code, by.At); err != nil {
			return err
		}
		if codes, err = putCodes(ctx, tx, line, id); err != nil {
			return err
		}
		return endSessions(ctx, tx, line, id, but)
	})
	return codes, err
}

// putSteps writes a password's hash and a secret of which code is one.
func (a *Accounts) putSteps(ctx context.Context, tx *sqlx.Tx, line, id, hash, secret, code string, at time.Time) error {
	step, ok := totpStep(secret, code, at, 0)
	if !ok {
		return ErrCodeWrong
	}
	sealed, err := a.keys.Seal(accountCell(line, id, "totp"), []byte(secret))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE account
		SET password = $3, totp = $4, totp_step = $5
		WHERE line_id = $1 AND account_id = $2`, line, id, hash, sealed, step)
	return err
}

// NewCodes makes ten recovery codes in place of those before: each signs in once in
// place of a code of the app's, and has 130 bits (ASVS 6.5.2). A copy of the act makes
// none.
func (a *Accounts) NewCodes(ctx context.Context, line string, by By, id string) (codes []string, err error) {
	err = a.change(ctx, line, by, id, "account.recovery_codes", "", func(tx *sqlx.Tx, _ Account) error {
		codes, err = putCodes(ctx, tx, line, id)
		return err
	})
	return codes, err
}

func putCodes(ctx context.Context, tx *sqlx.Tx, line, id string) ([]string, error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_code WHERE line_id = $1 AND account_id = $2`, line, id); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = rand.Text()
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO recovery_code (line_id, account_id, hash) VALUES ($1, $2, $3)`, line, id, hashOf(codes[i])); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// Passkey is a key that a browser or a security key keeps.
type Passkey struct {
	Mark       string // hex; names it on a page
	Name       string
	Credential []byte // JSON of the web authentication library
	MadeOn     time.Time
	UsedOn     time.Time // zero for never
}

type passkeyRow struct {
	LineID, AccountID string
	Mark              []byte
	Credential        []byte
	Name              string
	MadeOn            time.Time
	UsedOn            sql.NullTime
}

func passkeyCell(line string, mark []byte) vault.Cell {
	return vault.Cell{Table: "passkey", Column: "credential", Row: line + "/" + hex.EncodeToString(mark)}
}

// PasskeyMark names a passkey by its credential's id.
func PasskeyMark(credentialID []byte) string {
	sum := sha256.Sum256(credentialID)
	return hex.EncodeToString(sum[:])
}

// Passkeys returns an account's, the first one first.
func (a *Accounts) Passkeys(ctx context.Context, line, id string) ([]Passkey, error) {
	var rows []passkeyRow
	if err := a.db.pool.SelectContext(ctx, &rows, `
		SELECT line_id, account_id, mark, credential, name, made_on, used_on
		FROM passkey
		WHERE line_id = $1 AND account_id::text = $2
		ORDER BY made_on, name, mark`, line, id); err != nil {
		return nil, fmt.Errorf("passkeys: %w", dbError(ctx, err))
	}
	all := make([]Passkey, len(rows))
	for i, r := range rows {
		credential, err := a.keys.Open(passkeyCell(line, r.Mark), r.Credential)
		if err != nil {
			return nil, fmt.Errorf("passkeys: %w", err)
		}
		all[i] = Passkey{Mark: hex.EncodeToString(r.Mark), Name: r.Name, Credential: credential, MadeOn: r.MadeOn, UsedOn: r.UsedOn.Time}
	}
	return all, nil
}

// AddPasskey gives an account a passkey.
func (a *Accounts) AddPasskey(ctx context.Context, line string, by By, id string, p Passkey) error {
	return a.change(ctx, line, by.on(p.Mark), id, "account.passkey", "", func(tx *sqlx.Tx, _ Account) error {
		return a.putPasskey(ctx, tx, line, id, p, by.At)
	})
}

func (a *Accounts) putPasskey(ctx context.Context, tx *sqlx.Tx, line, id string, p Passkey, at time.Time) error {
	mark, sealed, err := a.sealPasskey(line, p)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO passkey (line_id, account_id, mark, credential, name, made_on)
		VALUES ($1, $2, $3, $4, $5, $6)`, line, id, mark, sealed, p.Name, at.UTC())
	return err
}

func (a *Accounts) sealPasskey(line string, p Passkey) (mark, sealed []byte, err error) {
	if mark, err = hex.DecodeString(p.Mark); err != nil {
		return nil, nil, err
	}
	sealed, err = a.keys.Seal(passkeyCell(line, mark), p.Credential)
	return mark, sealed, err
}

// RemovePasskey takes a passkey away; ErrLastKey says that there is no other way in.
func (a *Accounts) RemovePasskey(ctx context.Context, line string, by By, id, mark string) error {
	return a.change(ctx, line, by.on(mark), id, "account.no_passkey", "", func(tx *sqlx.Tx, was Account) error {
		raw, err := hex.DecodeString(mark)
		if err != nil {
			return ErrNotFound
		}
		if was.Passkeys < 2 && !was.HasPassword {
			return ErrLastKey
		}
		gone, err := changed(tx.ExecContext(ctx, `
			DELETE FROM passkey WHERE line_id = $1 AND account_id = $2 AND mark = $3`, line, id, raw))
		if err == nil && !gone {
			return ErrNotFound
		}
		return err
	})
}
