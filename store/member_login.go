package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// Login is an attempt to sign in.
type Login struct {
	Event
	Caller   vault.Number // zero when it is withheld
	Verified bool         // the carriers vouch for it (STIR/SHAKEN level A)
	Handle   string       // the member number; "" for the caller's own phone
	PIN      string       // or the code that was texted
}

// The results of a login.
const (
	LoginOK      = "ok"
	LoginFirst   = "first" // by a texted code: a PIN is to be set
	LoginRefused = "refused"
)

// LoggedIn is what came of a login.
type LoggedIn struct {
	Result string
	Member string // the id for [Act]; "" when refused
}

// attempt is a login on its way.
type attempt struct {
	Result string  `json:"result"` // "" until the PIN was looked at
	Member string  `json:"member"` // a random id when there is no such member
	Spent  bool    `json:"spent"`  // it was within every budget
	Own    bool    `json:"own"`
	hash   string  // to check against
	half   *member // who has signed in, if a confirmation was interrupted before they were in their groups
}

// LogIn checks a PIN, once for an event. A wrong PIN, an unknown member number, one
// that was tried too often and one without a PIN are refused alike: after the same
// statements and after as long. What it returns is sure: upon any error nobody is
// signed in.
//
// The PIN is looked at between two transactions, of which the first counts the
// attempt, so that nobody has one that was not counted, and no lock is held for as
// long as it takes to hash.
func (m *Members) LogIn(ctx context.Context, l Login) (LoggedIn, error) {
	a, err := m.spend(ctx, l)
	if err == nil && a.Result == "" {
		right := m.keys.CheckPIN(a.hash, l.PIN)
		a, err = m.settle(ctx, l, a, right)
	}
	if err == nil && a.half != nil {
		err = m.grant(ctx, l.Event, a.half)
	}
	switch {
	case err != nil:
		return LoggedIn{}, fmt.Errorf("log in: %w", err)
	case a.Result == LoginRefused:
		return LoggedIn{Result: LoginRefused}, nil
	}
	return LoggedIn{Result: a.Result, Member: a.Member}, nil
}

// spend counts an attempt and finds what to check it against.
func (m *Members) spend(ctx context.Context, l Login) (attempt, error) {
	var a attempt
	err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		outcome, fresh, err := m.claim(ctx, tx, l.effect())
		if err != nil {
			return err
		}
		if !fresh {
			a, err = m.resume(ctx, tx, l, outcome)
			return err
		}
		w, err := m.findOrNobody(ctx, tx, l.Line, m.wanted(l))
		if err != nil {
			return err
		}
		a = attempt{Member: w.id, Own: l.Verified && !l.Caller.IsZero() && w.number.Equal(l.Caller)}
		if a.Spent, err = m.spendAll(ctx, tx, l, w, a.Own); err != nil {
			return err
		}
		if a.Spent {
			a.hash = w.pin.hash(l.At)
		}
		return m.noteAttempt(ctx, tx, l, a)
	})
	return a, err
}

func (l Login) effect() effect { return effect{Event: l.Event, kind: "log in"} }

func (m *Members) wanted(l Login) whom {
	if l.Handle == "" {
		return m.byNumber(l.Line, l.Caller)
	}
	return m.byHandle(l.Line, l.Handle)
}

// resume takes up an attempt that was counted before; unless it came to an end, it
// is looked at again.
func (m *Members) resume(ctx context.Context, tx *sqlx.Tx, l Login, outcome []byte) (attempt, error) {
	var a attempt
	if err := json.Unmarshal(outcome, &a); err != nil || a.Result != "" || !a.Spent {
		return a, err
	}
	w, err := m.findOrNobody(ctx, tx, l.Line, byID(a.Member))
	if err == nil {
		a.hash = w.pin.hash(l.At)
	}
	return a, err
}

// findOrNobody returns an identity that is nobody's where there is none, with
// which everything takes the same statements.
func (m *Members) findOrNobody(ctx context.Context, tx *sqlx.Tx, line string, who whom) (*member, error) {
	w, err := m.find(ctx, tx, line, who)
	if errors.Is(err, ErrNotFound) {
		return &member{line: line, id: newID(), key: vault.NewDataKey()}, nil
	}
	return w, err
}

// spendAll draws on the budgets in one order: the member's row is locked, then the
// caller's counter, then the line's. A budget that is used up spares those after it.
func (m *Members) spendAll(ctx context.Context, tx *sqlx.Tx, l Login, w *member, own bool) (bool, error) {
	fits := true
	for _, c := range m.counters(l, own) {
		cost := 0.0
		if fits {
			cost = 1
		}
		could, err := draw(ctx, tx, l.Line, c, l.At, cost)
		if err != nil {
			return false, err
		}
		fits = fits && could
	}
	fits = fits && w.pin.tries(own).take(l.At)
	return fits, m.save(ctx, tx, w)
}

// settle writes down whether the PIN was right. Who was right gets back what the
// attempt has spent.
func (m *Members) settle(ctx context.Context, l Login, a attempt, right bool) (attempt, error) {
	err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		before, err := m.noted(ctx, tx, l)
		if err != nil {
			return err
		}
		if before.Result != "" { // by the same attempt, come twice
			a = before
			return nil
		}
		w, err := m.findOrNobody(ctx, tx, l.Line, byID(a.Member))
		if err != nil {
			return err
		}
		right := right && a.hash == w.pin.hash(l.At) // it may have been changed meanwhile
		a.Result, a.half = LoginRefused, nil
		back := 0.0
		if right {
			a.half = w
			a.Result, back = LoginOK, 1
			if w.pin.isCode() {
				a.Result = LoginFirst
			}
			w.pin.tries(a.Own).giveBack()
			w.seen(l.At)
		}
		if err := m.save(ctx, tx, w); err != nil {
			return err
		}
		for _, c := range m.counters(l, a.Own) {
			if err := refund(ctx, tx, l.Line, c, back); err != nil {
				return err
			}
		}
		if err := m.noteAttempt(ctx, tx, l, a); err != nil {
			return err
		}
		return countIf(ctx, tx, true, l.Event, a.count(right))
	})
	return a, err
}

// noted is what is known of an attempt by now.
func (m *Members) noted(ctx context.Context, tx *sqlx.Tx, l Login) (attempt, error) {
	var a attempt
	if l.SID == "" {
		return a, nil
	}
	outcome, err := m.outcome(ctx, tx, l.effect())
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(outcome, &a)
}

func (m *Members) noteAttempt(ctx context.Context, tx *sqlx.Tx, l Login, a attempt) error {
	outcome, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return m.conclude(ctx, tx, l.effect(), outcome)
}

func (a attempt) count(right bool) Count {
	switch {
	case right:
		return PINRight
	case a.Spent:
		return PINWrong
	}
	return PINRefused
}
