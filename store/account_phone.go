package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// What bounds the attempts at one account, from whatever caller: those of a day, and
// those after which its PIN is as good as frozen, as a member's.
var (
	handleLimit = limit{triesPerDay, 24 * time.Hour}
	frozenLimit = limit{triesAtMost, triesWithin}
)

// ringLimit is how often the line rings an account's own phone to connect it.
var ringLimit = limit{10, 24 * time.Hour}

// PhoneSignIn is an attempt to sign in to the desk by telephone.
type PhoneSignIn struct {
	Event
	Handle   string // the six digits; "" for whose number is calling
	PIN      string
	Caller   vault.Number // zero when it is withheld
	Verified bool         // the carriers vouch for it (STIR/SHAKEN level A)
}

// phoneAttempt is one on its way.
type phoneAttempt struct {
	Result  string `json:"result"` // "" until the PIN was looked at
	Account string `json:"account,omitempty"`
	Spent   bool   `json:"spent"` // it was within every budget
	Own     bool   `json:"own"`   // it came from the account's own number
	hash    string // to check against
}

// phoneRow is an account as far as a telephone is concerned.
type phoneRow struct {
	accountRow
	Number       []byte
	NumberProven bool
	PINHash      *string
}

const selectPhone = `
	SELECT ` + accountColumns + `, a.number, a.number_proven, a.pin_hash
	FROM account a
	WHERE a.line_id = $1 AND a.state = 'active'`

// SetPhone makes the number and the PIN those with which an account signs in by
// telephone. A zero number leaves the number, an empty PIN the PIN as it is. A number
// counts once somebody has signed in from it: see [Accounts.SignInByPhone].
func (a *Accounts) SetPhone(ctx context.Context, line string, by By, id string, n vault.Number, pin string) error {
	hash := ""
	if pin != "" {
		var err error
		if hash, err = a.keys.HashPIN(pin); err != nil {
			return fmt.Errorf("account.phone: %w", err)
		}
	}
	return a.change(ctx, line, by, id, "account.phone", "", func(tx *sqlx.Tx, _ Account) error {
		// Whoever sets them cannot read them.
		if !n.IsZero() {
			sealed, err := a.keys.SealNumber(accountCell(line, id, "number"), n)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `
				UPDATE account
				SET number = $3, has_number = true, number_proven = false
				WHERE line_id = $1 AND account_id = $2`, line, id, sealed); err != nil {
				return err
			}
		}
		if hash == "" {
			return nil
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE account SET pin_hash = $3, has_pin = true WHERE line_id = $1 AND account_id = $2`, line, id, hash)
		return err
	})
}

// MayRing counts that the line is about to ring an account's own phone; ErrTooOften says
// that it has done so ten times in a day.
func (a *Accounts) MayRing(ctx context.Context, line, id string, at time.Time) error {
	fits := false
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		fits, err = draw(ctx, tx, line, counter{a.accountMark(line, "desk ring", id), ringLimit}, at, 1)
		return err
	})
	if err == nil && !fits {
		err = ErrTooOften
	}
	if err != nil {
		return fmt.Errorf("ring an account: %w", err)
	}
	return nil
}

// accountMark names a budget of an account's, the same on every day.
func (a *Accounts) accountMark(line, what, id string) []byte {
	return a.keys.Mark("account attempt", line, what, id)
}

// ClearPhone has the account sign in by telephone no more.
func (a *Accounts) ClearPhone(ctx context.Context, line string, by By, id string) error {
	return a.change(ctx, line, by, id, "account.no_phone", "", func(tx *sqlx.Tx, _ Account) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE account SET number = NULL, number_proven = false, pin_hash = NULL, has_number = false, has_pin = false WHERE line_id = $1 AND account_id = $2`, line, id)
		return err
	})
}

// NumberOf returns an account's number, zero if it has none that is proven;
// ErrNotFound for an account that is not in use.
func (a *Accounts) NumberOf(ctx context.Context, line, id string) (vault.Number, error) {
	var r phoneRow
	if err := a.db.pool.GetContext(ctx, &r, selectPhone+` AND a.account_id::text = $2`, line, id); err != nil {
		return vault.Number{}, fmt.Errorf("an account's number: %w", dbError(ctx, err))
	}
	n, err := a.number(r)
	if err != nil {
		return vault.Number{}, fmt.Errorf("an account's number: %w", err)
	}
	if !r.NumberProven {
		return vault.Number{}, nil
	}
	return n, nil
}

func (a *Accounts) number(r phoneRow) (vault.Number, error) {
	if r.Number == nil {
		return vault.Number{}, nil
	}
	return a.keys.OpenNumber(accountCell(r.LineID, r.AccountID, "number"), r.Number)
}

// ByNumber returns the account in use that has a number, and has proven it.
func (a *Accounts) ByNumber(ctx context.Context, line string, n vault.Number) (Account, bool, error) {
	r, err := a.byNumber(ctx, a.db.pool, line, n)
	if errors.Is(err, ErrNotFound) || err == nil && !r.NumberProven {
		return Account{}, false, nil
	}
	if err != nil {
		return Account{}, false, fmt.Errorf("account of a number: %w", dbError(ctx, err))
	}
	account, err := a.account(r.accountRow)
	if err != nil {
		return Account{}, false, fmt.Errorf("account of a number: %w", err)
	}
	return account, true, nil
}

// byNumber opens every account's number: a line has few, and all are opened for
// whoever calls, so that time tells nobody whether theirs is one. One that is proven
// goes before others, of which the first by handle is taken.
func (a *Accounts) byNumber(ctx context.Context, q sqlx.QueryerContext, line string, n vault.Number) (phoneRow, error) {
	var rows []phoneRow
	if err := getAll(ctx, q, &rows, selectPhone+` AND a.has_number ORDER BY a.number_proven DESC, a.handle`, line); err != nil {
		return phoneRow{}, err
	}
	found := -1
	for i, r := range slices.Backward(rows) {
		number, err := a.number(r)
		if err == nil && !n.IsZero() && number.Equal(n) {
			found = i
		}
	}
	if found < 0 {
		return phoneRow{}, ErrNotFound
	}
	return rows[found], nil
}

func (a *Accounts) byHandle(ctx context.Context, q sqlx.QueryerContext, line, handle string) (phoneRow, error) {
	var rows []phoneRow
	if err := getAll(ctx, q, &rows, selectPhone+` AND a.handle = $2`, line, handle); err != nil {
		return phoneRow{}, err
	}
	if len(rows) == 0 {
		return phoneRow{}, ErrNotFound
	}
	return rows[0], nil
}

// SignInByPhone says whose handle and PIN it is, once for an event. A wrong PIN, an
// unknown handle, an account without a PIN or not in use, and one that was tried too
// often are refused alike: after the same statements and after as long. What it
// returns is sure: upon any error nobody is signed in.
//
// A call that the carriers vouch for from the account's own number proves that it is
// theirs, unless another account has proven it before.
//
// As in [Members.LogIn], the first of two transactions counts the attempt.
func (a *Accounts) SignInByPhone(ctx context.Context, in PhoneSignIn) (Account, bool, error) {
	try, err := a.spendByPhone(ctx, in)
	if err == nil && try.Result == "" {
		try, err = a.settleByPhone(ctx, in, try, a.keys.CheckPIN(try.hash, in.PIN))
	}
	if err != nil {
		return Account{}, false, fmt.Errorf("sign in by telephone: %w", err)
	}
	if try.Result != LoginOK {
		return Account{}, false, nil
	}
	var r phoneRow
	if err := a.db.pool.GetContext(ctx, &r, selectPhone+` AND a.account_id::text = $2`, in.Line, try.Account); err != nil {
		if err = dbError(ctx, err); errors.Is(err, ErrNotFound) { // disabled since
			return Account{}, false, nil
		}
		return Account{}, false, fmt.Errorf("sign in by telephone: %w", err)
	}
	account, err := a.account(r.accountRow)
	if err != nil {
		return Account{}, false, fmt.Errorf("sign in by telephone: %w", err)
	}
	return account, true, nil
}

func (in PhoneSignIn) effect() effect { return effect{Event: in.Event, kind: "desk sign in"} }

// whose is the account that an attempt is at; a row without an id is nobody's.
func (a *Accounts) whose(ctx context.Context, tx *sqlx.Tx, in PhoneSignIn) (phoneRow, error) {
	mine, err := a.byNumber(ctx, tx, in.Line, in.Caller)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return phoneRow{}, err
	}
	asked, err := a.byHandle(ctx, tx, in.Line, in.Handle)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return phoneRow{}, err
	}
	if in.Handle == "" {
		return mine, nil
	}
	return asked, nil
}

// spendByPhone counts an attempt and finds what to check it against.
func (a *Accounts) spendByPhone(ctx context.Context, in PhoneSignIn) (phoneAttempt, error) {
	var try phoneAttempt
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		try = phoneAttempt{}
		outcome, fresh, err := a.members.claim(ctx, tx, in.effect())
		if err != nil {
			return err
		}
		row, err := a.whose(ctx, tx, in)
		if err != nil {
			return err
		}
		if !fresh {
			if err := json.Unmarshal(outcome, &try); err != nil {
				return err
			}
			if try.Spent && row.AccountID == try.Account {
				try.hash = row.hash()
			}
			return nil
		}
		number, err := a.number(row)
		try.Account = row.AccountID
		try.Own = err == nil && in.Verified && !in.Caller.IsZero() && number.Equal(in.Caller)
		if try.Spent, err = a.members.drawAll(ctx, tx, in.Event, a.phoneCounters(in, try)); err != nil {
			return err
		}
		if try.Spent {
			try.hash = row.hash()
		}
		return a.notePhone(ctx, tx, in, try)
	})
	return try, err
}

func (r phoneRow) hash() string {
	if r.PINHash == nil {
		return ""
	}
	return *r.PINHash
}

// phoneCounters are those on which an attempt draws, in the order in which they are
// locked. Attempts from the account's own number, when the carriers vouch for it,
// have theirs alone, so that nobody who spends the others shuts somebody out.
func (a *Accounts) phoneCounters(in PhoneSignIn, try phoneAttempt) []counter {
	mark := func(what string, of []byte) []byte { return a.members.attemptMark(in.Line, in.At, what, of) }
	index := smallest(a.keys.Indexes(in.Line, in.Caller))
	at := func(what string, l limit) counter {
		if try.Account == "" {
			return counter{mark(what+" nobody", nil), handleLimit}
		}
		return counter{a.accountMark(in.Line, what, try.Account), l} // whatever day it is
	}
	line := counter{mark("desk line", nil), lineLimit}
	switch {
	case try.Own:
		return []counter{{mark("desk own", index), callerLimit}, at("desk own day", handleLimit), at("desk own month", frozenLimit), {mark("desk own line", index), lineLimit}}
	case in.Caller.IsZero():
		return []counter{{mark("desk withheld", nil), withheldLimit}, at("desk", handleLimit), at("desk month", frozenLimit), line}
	}
	return []counter{{mark("desk caller", index), callerLimit}, at("desk", handleLimit), at("desk month", frozenLimit), line}
}

// drawAll draws on budgets. One that is used up spares those after it.
func (m *Members) drawAll(ctx context.Context, tx *sqlx.Tx, e Event, all []counter) (bool, error) {
	fits := true
	for _, c := range all {
		cost := 0.0
		if fits {
			cost = 1
		}
		could, err := draw(ctx, tx, e.Line, c, e.At, cost)
		if err != nil {
			return false, err
		}
		fits = fits && could
	}
	return fits, nil
}

// settleByPhone writes down whether the PIN was right, if it is still the account's.
// Who was right gets back what the attempt has spent.
func (a *Accounts) settleByPhone(ctx context.Context, in PhoneSignIn, try phoneAttempt, right bool) (phoneAttempt, error) {
	var settled phoneAttempt
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		settled = try
		if in.SID != "" {
			outcome, err := a.members.outcome(ctx, tx, in.effect())
			if err != nil {
				return err
			}
			var before phoneAttempt
			if err := json.Unmarshal(outcome, &before); err != nil {
				return err
			}
			if before.Result != "" { // by the same attempt, come twice
				settled = before
				return nil
			}
		}
		row, err := a.whose(ctx, tx, in)
		if err != nil {
			return err
		}
		ok := right && row.AccountID == try.Account && row.hash() == try.hash
		settled.Result = LoginRefused
		back := 0.0
		if ok {
			settled.Result, back = LoginOK, 1
		}
		for _, c := range a.phoneCounters(in, try) {
			if err := refund(ctx, tx, in.Line, c, back); err != nil {
				return err
			}
		}
		if ok && try.Own && !row.NumberProven {
			if err := a.proven(ctx, tx, in, row); err != nil {
				return err
			}
		}
		if err := a.notePhone(ctx, tx, in, settled); err != nil {
			return err
		}
		return countIf(ctx, tx, true, in.Event, attempt{Spent: try.Spent}.count(ok))
	})
	return settled, err
}

// proven has an account's number count, unless it counts as another's.
func (a *Accounts) proven(ctx context.Context, tx *sqlx.Tx, in PhoneSignIn, row phoneRow) error {
	first, err := a.byNumber(ctx, tx, in.Line, in.Caller)
	if err != nil || first.NumberProven {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		UPDATE account SET number_proven = true WHERE line_id = $1 AND account_id = $2`, in.Line, row.AccountID); err != nil {
		return err
	}
	return a.audit.add(ctx, tx, By{Actor: row.Name, At: in.At}.entry(in.Line, "account.phone_proven", ""))
}

func (a *Accounts) notePhone(ctx context.Context, tx *sqlx.Tx, in PhoneSignIn, try phoneAttempt) error {
	outcome, err := json.Marshal(try)
	if err != nil {
		return err
	}
	return a.members.conclude(ctx, tx, in.effect(), outcome)
}
