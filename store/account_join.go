package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Linked is what a link is for, and whose.
type Linked struct {
	Account Account
	Kind    Link
}

// Linked returns what a link's token is for, or ErrNotFound for one that is over or
// was used.
func (a *Accounts) Linked(ctx context.Context, line, token string) (Linked, error) {
	return a.linked(ctx, a.db.pool, line, token, a.now(), "")
}

func (a *Accounts) linked(ctx context.Context, q sqlx.QueryerContext, line, token string, at time.Time, lock string) (Linked, error) {
	var row struct {
		AccountID string
		Kind      Link
	}
	if err := getOne(ctx, q, &row, `
		SELECT account_id, kind FROM invitation WHERE line_id = $1 AND hash = $2 AND expires_at > $3`+lock, line, hashOf(token), at); err != nil {
		return Linked{}, fmt.Errorf("link: %w", dbError(ctx, err))
	}
	account, err := a.find(ctx, q, line, `a.account_id::text = $2`, row.AccountID)
	return Linked{Account: account, Kind: row.Kind}, err
}

// Joining is how somebody who has a link sets their account up.
type Joining struct {
	Token    string
	Name     string // "" leaves it
	Lang     string
	Password string
	// Secret is of the app that makes codes, and Code one of them: not of a link for a
	// password alone.
	Secret, Code string
	// Passkey takes the place of the three; nil for none.
	Passkey *Passkey
	At      time.Time
}

// Join uses a link up: the account is in use, with what was given and without any key
// that it had before. It returns recovery codes, none with a link for a password
// alone. ErrNotFound says that the link is over or was used, ErrCodeWrong that the
// code is wrong: then the link can be used again.
func (a *Accounts) Join(ctx context.Context, line string, j Joining) (who Account, codes []string, err error) {
	hash := ""
	if j.Passkey == nil {
		if hash, err = a.keys.HashPassword(ctx, j.Password); err != nil {
			return Account{}, nil, fmt.Errorf("join: %w", err)
		}
	}
	err = a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		l, err := a.linked(ctx, tx, line, j.Token, j.At, " FOR UPDATE")
		if err != nil {
			return err
		}
		if who = l.Account; j.Name != "" {
			who.Name = j.Name
		}
		if codes, err = a.join(ctx, tx, line, l, j, hash); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM invitation WHERE line_id = $1 AND account_id = $2`, line, who.ID); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, line, who.ID, nil); err != nil {
			return err
		}
		return a.audit.add(ctx, tx, By{Actor: who.Name, At: j.At}.entry(line, "account."+string(l.Kind), ""))
	})
	if err != nil {
		return Account{}, nil, fmt.Errorf("join: %w", err)
	}
	who, err = a.Get(ctx, line, who.ID)
	return who, codes, err
}

var errNotForPassword = errors.New("a link for a password sets up nothing else")

func (a *Accounts) join(ctx context.Context, tx *sqlx.Tx, line string, l Linked, j Joining, hash string) (codes []string, err error) {
	id := l.Account.ID
	if l.Kind == LinkPassword {
		if j.Passkey != nil || !l.Account.HasTOTP {
			return nil, errNotForPassword
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE account SET password = $3 WHERE line_id = $1 AND account_id = $2`, line, id, hash)
		return nil, err
	}
	if err := takeKeys(ctx, tx, line, id); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `
		UPDATE account
		SET state = 'active', lang = $3, name = coalesce(nullif($4, ''), name)
		WHERE line_id = $1 AND account_id = $2`, line, id, j.Lang, j.Name); err != nil {
		return nil, err
	}
	if j.Passkey != nil {
		err = a.putPasskey(ctx, tx, line, id, *j.Passkey, j.At)
	} else {
		err = a.putSteps(ctx, tx, line, id, hash, j.Secret, j.Code, j.At)
	}
	if err != nil {
		return nil, err
	}
	return putCodes(ctx, tx, line, id)
}

// takeKeys leaves an account nothing with which somebody signs in, by browser or by
// telephone.
func takeKeys(ctx context.Context, tx *sqlx.Tx, line, id string) error {
	for _, statement := range []string{
		`UPDATE account
		SET password = NULL, totp = NULL, number = NULL, number_proven = false, pin_hash = NULL, has_number = false, has_pin = false
		WHERE line_id = $1 AND account_id = $2`,
		`DELETE FROM passkey WHERE line_id = $1 AND account_id = $2`,
		`DELETE FROM recovery_code WHERE line_id = $1 AND account_id = $2`,
		`DELETE FROM invitation WHERE line_id = $1 AND account_id = $2`,
	} {
		if _, err := tx.ExecContext(ctx, statement, line, id); err != nil {
			return err
		}
	}
	return endSessions(ctx, tx, line, id, nil)
}
