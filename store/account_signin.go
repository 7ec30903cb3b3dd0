package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// The budgets of attempts at the desk (ASVS 6.3.1): of one account or one known browser,
// and of one network address.
var (
	deskLimit    = limit{5, 15 * time.Minute}
	addressLimit = limit{20, 15 * time.Minute}
)

// slowestAfter bounds how often the time of deskLimit doubles: to 16 hours.
const slowestAfter = 6

// ErrTooOften says that there were too many attempts: this one was not looked at.
var ErrTooOften = errors.New("too many attempts")

// DeskSignIn is an attempt to sign in with a browser.
type DeskSignIn struct {
	Line            string
	Email, Password string
	Code            string // of an app, or a recovery code
	Address         string // of the network, from which it comes; it is not stored
	Device          string // what the browser was given when somebody signed in there; "" for nothing
	At              time.Time
}

type credentialsRow struct {
	AccountID string
	State     AccountState
	Password  sql.NullString
	Totp      []byte
	TotpStep  int64
}

// SignIn says whose e-mail address, password and code it is. A wrong one, an address
// of nobody and an account that is not in use are refused alike, with ErrNotFound:
// after the same statements and after as long (ASVS 6.3.8). ErrTooOften says that the
// budget is used up, of an address of nobody too. Upon any error nobody is signed in.
//
// A code of an app is used up by an attempt with a wrong password too, and a recovery
// code only by one that succeeds.
func (a *Accounts) SignIn(ctx context.Context, in DeskSignIn) (Account, error) {
	account, err := a.signIn(ctx, in)
	if err != nil {
		return Account{}, fmt.Errorf("sign in: %w", err)
	}
	return account, nil
}

func (a *Accounts) signIn(ctx context.Context, in DeskSignIn) (Account, error) {
	counters, err := a.spendAtDesk(ctx, in)
	if err != nil {
		return Account{}, err
	}
	mark := a.emailMark(in.Line, in.Email)
	var row credentialsRow
	err = a.db.pool.GetContext(ctx, &row, credentials+` AND email_mark = $2`, in.Line, mark)
	if err = dbError(ctx, err); err != nil && !errors.Is(err, ErrNotFound) {
		return Account{}, err
	}
	right, err := a.keys.CheckPassword(ctx, row.Password.String, in.Password)
	if err != nil {
		return Account{}, err
	}
	right = right && row.State == AccountActive
	ok := false
	err = a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var now credentialsRow
		err := tx.GetContext(ctx, &now, credentials+` AND email_mark = $2 FOR UPDATE`, in.Line, mark)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		right := right && now.State == AccountActive && now.Password == row.Password // it may have been changed meanwhile
		second, err := a.takeCode(ctx, tx, in, now, right)
		if err != nil {
			return err
		}
		ok = right && second
		back := 0.0
		if ok {
			back = 1
		}
		for _, c := range counters {
			if err := refund(ctx, tx, in.Line, c, back); err != nil {
				return err
			}
		}
		if !ok {
			return nil
		}
		account, err := a.find(ctx, tx, in.Line, `a.account_id::text = $2`, now.AccountID)
		if err != nil {
			return err
		}
		return a.audit.add(ctx, tx, By{Actor: account.Name, At: in.At}.entry(in.Line, "account.sign_in", ""))
	})
	if err != nil {
		return Account{}, err
	}
	if !ok {
		return Account{}, ErrNotFound
	}
	return a.Get(ctx, in.Line, row.AccountID)
}

const credentials = `
	SELECT account_id, state, password, totp, totp_step
	FROM account
	WHERE line_id = $1`

// takeCode says whether the code is one of the account's, and uses it up.
func (a *Accounts) takeCode(ctx context.Context, tx *sqlx.Tx, in DeskSignIn, row credentialsRow, right bool) (bool, error) {
	secret := ""
	if row.Totp != nil {
		plain, err := a.keys.Open(accountCell(in.Line, row.AccountID, "totp"), row.Totp)
		if err != nil {
			return false, err
		}
		secret = string(plain)
	}
	step, ok := totpStep(secret, in.Code, in.At, row.TotpStep)
	ok = ok && secret != ""
	if ok {
		_, err := tx.ExecContext(ctx, `
			UPDATE account SET totp_step = $3 WHERE line_id = $1 AND account_id = $2`, in.Line, row.AccountID, step)
		return true, err
	}
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(in.Code))
	return changed(tx.ExecContext(ctx, `
		DELETE FROM recovery_code
		WHERE line_id = $1 AND account_id::text = $2 AND hash = $3 AND $4`, in.Line, row.AccountID, hashOf(code), right))
}

// spendAtDesk counts an attempt, and returns on what it drew.
func (a *Accounts) spendAtDesk(ctx context.Context, in DeskSignIn) ([]counter, error) {
	var drawn []counter
	fits := true
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		drawn, fits = nil, true
		whose, known, err := a.whoseBudget(ctx, tx, in)
		if err != nil {
			return err
		}
		counters := []counter{whose}
		if !known { // who shares the address with a known browser does not shut it out
			counters = append(counters, counter{a.deskMark(in, "desk address", in.Address), addressLimit})
		}
		for _, c := range counters {
			could, err := draw(ctx, tx, in.Line, c, in.At, 1)
			if err != nil {
				return err
			}
			if fits = fits && could; could {
				drawn = append(drawn, c)
			}
		}
		return nil
	})
	if err == nil && !fits {
		err = ErrTooOften
	}
	return drawn, err
}

func (a *Accounts) deskMark(in DeskSignIn, what, of string) []byte {
	return a.members.attemptMark(in.Line, in.At, what, []byte(of))
}

// whoseBudget is that of the account, or of a browser in which it has signed in: so
// nobody shuts somebody out by trying (ASVS 6.1.1). With each five attempts in a day
// the time doubles in which they come back.
func (a *Accounts) whoseBudget(ctx context.Context, tx *sqlx.Tx, in DeskSignIn) (c counter, known bool, err error) {
	mark := a.emailMark(in.Line, in.Email)
	if err := tx.GetContext(ctx, &known, `
		SELECT EXISTS (
			SELECT FROM known_device d JOIN account USING (line_id, account_id)
			WHERE d.line_id = $1 AND email_mark = $2 AND d.hash = $3 AND $4 <> '')`, in.Line, mark, hashOf(in.Device), in.Device); err != nil {
		return counter{}, false, err
	}
	c = counter{a.deskMark(in, "desk account", string(mark)), deskLimit}
	if known {
		c.id = a.deskMark(in, "desk device", string(mark)+in.Device)
	}
	var total int
	err = tx.GetContext(ctx, &total, `
		SELECT total FROM attempt WHERE line_id = $1 AND counter = $2 FOR UPDATE`, in.Line, c.id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return counter{}, false, err
	}
	c.limit.within <<= min(total/int(deskLimit.many), slowestAfter)
	return c, known, nil
}

// Try draws on the budget of a network address for an attempt with a passkey or a
// link: ErrTooOften says that it is used up.
func (a *Accounts) Try(ctx context.Context, line, address string, at time.Time) error {
	in := DeskSignIn{Line: line, Address: address, At: at}
	fits := false
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		fits, err = draw(ctx, tx, line, counter{a.deskMark(in, "desk address", address), addressLimit}, at, 1)
		return err
	})
	if err == nil && !fits {
		err = ErrTooOften
	}
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return nil
}

// UsedPasskey writes down that an account has signed in with a passkey, and what is
// known of it since.
func (a *Accounts) UsedPasskey(ctx context.Context, line string, by By, id string, p Passkey) error {
	return a.change(ctx, line, by, id, "account.sign_in", "passkey", func(tx *sqlx.Tx, was Account) error {
		mark, sealed, err := a.sealPasskey(line, p)
		if err != nil {
			return err
		}
		if was.State != AccountActive {
			return ErrNotFound
		}
		there, err := changed(tx.ExecContext(ctx, `
			UPDATE passkey SET credential = $4, used_on = $5
			WHERE line_id = $1 AND account_id = $2 AND mark = $3`, line, id, mark, sealed, by.At.UTC()))
		if err == nil && !there {
			return ErrNotFound
		}
		return err
	})
}

// Prove checks the password of who is signed in, for what is not to be undone: a wrong
// one is ErrNotFound, and draws on the account's budget.
func (a *Accounts) Prove(ctx context.Context, line, id, password string, at time.Time) error {
	c := counter{a.deskMark(DeskSignIn{Line: line, At: at}, "desk proof", id), deskLimit}
	fits := false
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		fits, err = draw(ctx, tx, line, c, at, 1)
		return err
	})
	if err == nil && !fits {
		err = ErrTooOften
	}
	var row credentialsRow
	if err == nil {
		err = dbError(ctx, a.db.pool.GetContext(ctx, &row, credentials+` AND account_id::text = $2 AND state = 'active'`, line, id))
	}
	right := false
	if err == nil {
		right, err = a.keys.CheckPassword(ctx, row.Password.String, password)
	}
	if err == nil && !right {
		err = ErrNotFound
	}
	if err == nil {
		err = a.db.inTx(ctx, func(tx *sqlx.Tx) error { return refund(ctx, tx, line, c, 1) })
	}
	if err != nil {
		return fmt.Errorf("prove: %w", err)
	}
	return nil
}
