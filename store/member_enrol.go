package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// handleDigits are those of a member number and of a texted code, of which the
// first is never 0: that key is help.
const handleDigits = 6

// admissions is how often an identity is tried to be made, each time under another
// member number: one that was free a moment ago is hardly ever taken since.
const admissions = 8

var (
	errNoCaller    = errors.New("there is no number to enrol")
	errNotAdmitted = errors.New("no free member number was found")
	// ErrJoin says that somebody was enrolled, but not put into the group.
	ErrJoin = errors.New("enrolled, but not in the group")
)

// Enrolment is somebody who enrols.
type Enrolment struct {
	Event
	Number vault.Number
	Group  string // to be in, by its id; "" for none
	PIN    string // chosen on the keypad; "" for who enrols by text
	// Confirmed says that the number was proven to be theirs: they texted OK.
	Confirmed   bool
	Preferences flows.Preferences
	Consent     flows.Consent // the zero Month is that of the event
	// MayCall says that a coordinator may call them through the line before letting them
	// in.
	MayCall bool
}

// Enrolled is what is told to who enrolled.
type Enrolled struct {
	Handle string `json:"handle,omitempty"` // by phone: the member number
	Code   string `json:"code,omitempty"`   // by text: instead of a PIN, once, within 24 hours
	Ask    bool   `json:"ask"`              // a confirmation is on its way
}

// Enrol makes an identity, which by phone wishes to be in the group once the number
// is confirmed; by text the membership follows in a transaction of its own. Should
// that fail, ErrJoin comes with what is to be told.
//
// A number in a call proves nothing. So of one that is confirmed, or was invited and
// has not answered, a call changes nothing: what is told has the same form, with a
// member number that is nobody's. One that only a call has enrolled is enrolled anew
// by whatever comes next, so that nobody inherits what another chose: not the PIN,
// and not the groups. A text proves the number: who is confirmed already is put into
// the group, and gets a new code if there is no PIN, else one that opens nothing.
func (m *Members) Enrol(ctx context.Context, e Enrolment) (Enrolled, error) {
	var told Enrolled
	n, err := m.newcomer(e)
	if err == nil {
		told, err = m.enrol(ctx, e, n)
	}
	switch {
	case errors.Is(err, ErrJoin):
		return told, fmt.Errorf("enrol: %w", err)
	case err != nil:
		return Enrolled{}, fmt.Errorf("enrol: %w", err)
	}
	return told, nil
}

// newcomer is what makes an identity.
type newcomer struct {
	Event
	number    vault.Number
	profile   profile // without the handle; its groups are those that wait for the confirmation
	pin       pinCell
	code      string // whose hash pin holds, if it is one
	confirmed bool
	onLine    bool // they are calling us as they enrol
}

func (m *Members) newcomer(e Enrolment) (newcomer, error) {
	n := newcomer{
		Event: e.Event, number: e.Number, confirmed: e.Confirmed, onLine: !e.Confirmed,
		profile: newProfile(e.At, e.Preferences, e.Consent),
	}
	if e.Number.IsZero() {
		return n, errNoCaller
	}
	secret := e.PIN
	if e.PIN == "" {
		n.code = drawHandle()
		secret, n.pin.Until = n.code, e.At.Add(codeLife).Unix()
	}
	n.profile.Told, n.profile.MayCall = e.PIN != "", e.MayCall && !e.Confirmed
	if e.Group != "" && !e.Confirmed {
		n.profile.Wishes = []string{e.Group}
	}
	var err error
	n.pin.Hash, err = m.keys.HashPIN(secret)
	return n, err
}

func newProfile(at time.Time, p flows.Preferences, c flows.Consent) profile {
	since := month(at).Format(yearMonth)
	c.Month = cmp.Or(c.Month, since)
	return profile{Preferences: p.Complete(), Consent: c, Enrolled: since, Seen: since}
}

// enrol does so in the identity's transaction, and then, by text, joins the group.
func (m *Members) enrol(ctx context.Context, e Enrolment, n newcomer) (Enrolled, error) {
	var told Enrolled
	var w *member
	err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		w = nil
		outcome, err := m.once(ctx, tx, effect{Event: e.Event, kind: "enrol"}, func() ([]byte, error) {
			var handle string
			var err error
			if w, handle, err = m.admit(ctx, tx, n); err != nil {
				return nil, err
			}
			told := Enrolled{Code: n.code, Ask: !n.confirmed}
			if n.code == "" {
				told.Handle = handle
			}
			return json.Marshal(told)
		})
		if err == nil && w == nil { // it was done before
			w, err = m.find(ctx, tx, e.Line, m.byNumber(e.Line, e.Number))
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(outcome, &told)
	})
	if err != nil || !e.Confirmed {
		return told, err
	}
	err = m.grant(ctx, e.Event, w)
	if err == nil && e.Group != "" {
		err = m.join(ctx, joining{Event: e.Event, who: w, group: e.Group, mayCall: e.MayCall})
	}
	if err != nil {
		return told, fmt.Errorf("%w: %w", ErrJoin, err)
	}
	return told, nil
}

// admit returns the identity of a number, which it makes if there is none or if the
// one there is gives way, and the handle to be told. It takes the same statements
// for a number that was enrolled.
func (m *Members) admit(ctx context.Context, tx *sqlx.Tx, n newcomer) (w *member, handle string, err error) {
	if err := m.lockNumber(ctx, tx, n.Line, n.number); err != nil {
		return nil, "", err
	}
	if err := m.dropShell(ctx, tx, n.Line, n.number); err != nil {
		return nil, "", err
	}
	known := false // it was enrolled before this
	for range admissions {
		w, err := m.find(ctx, tx, n.Line, m.byNumber(n.Line, n.number))
		isNew := errors.Is(err, ErrNotFound)
		if err != nil && !isNew {
			return nil, "", err
		}
		givesWay := !isNew && n.replaces(w)
		if givesWay {
			isNew, known = true, true
			n.takeOver(w)
		}
		if err := m.remove(ctx, tx, w, givesWay, n.Line); err != nil {
			return nil, "", err
		}
		handle, err := m.freeHandle(ctx, tx, n.Line)
		if err != nil {
			return nil, "", err
		}
		if isNew {
			w = n.identity(handle)
		}
		made, err := m.insert(ctx, tx, w, isNew)
		if err != nil {
			return nil, "", err
		}
		if isNew && !made { // the handle was taken meanwhile, or the number enrolled under another key
			continue
		}
		if !isNew {
			n.renew(w)
		}
		if err := m.save(ctx, tx, w); err != nil {
			return nil, "", err
		}
		if err := m.ask(ctx, tx, w, n); err != nil {
			return nil, "", err
		}
		return w, handle, countIf(ctx, tx, made && !known, n.Event, MemberEnrolled)
	}
	return nil, "", errNotAdmitted
}

// identity is the newcomer as a member, under fresh keys.
func (n newcomer) identity(handle string) *member {
	w := &member{
		line: n.Line, id: newID(), number: n.number, key: vault.NewDataKey(), secret: vault.NewLinkSecret(),
		profile: n.profile, pin: n.pin, state: stateAsked,
	}
	w.profile.Handle = handle
	if n.confirmed {
		w.confirm(n.At)
		return w
	}
	until := startOfDay(n.At).AddDate(0, 0, askedDays)
	w.expiresOn = &until
	return w
}

// replaces reports whether an identity gives way to the newcomer's: one that nobody
// has confirmed, unless all that speaks against an invitation is a call.
func (n newcomer) replaces(w *member) bool {
	return w.state == stateAsked && (n.confirmed || n.profile.Invited || !w.profile.Invited)
}

// takeOver gives the newcomer what coordinators wished for the number. What somebody
// else wished who had it enrolled goes with them.
func (n *newcomer) takeOver(w *member) {
	if !w.profile.Invited {
		return
	}
	n.profile.Invited = true
	for _, group := range slices.Backward(w.profile.Wishes) {
		if len(n.profile.Wishes) < mostWishes && !slices.Contains(n.profile.Wishes, group) {
			n.profile.Wishes = append(n.profile.Wishes, group)
		}
	}
}

// renew gives a member who enrols again by text what that proves to be theirs.
func (n newcomer) renew(w *member) {
	if !n.confirmed {
		return
	}
	w.seen(n.At)
	if n.code != "" && !w.pin.isPIN() {
		w.pin.Hash, w.pin.Until = n.pin.Hash, n.pin.Until
	}
}

// confirm marks that the number is the member's.
func (w *member) confirm(at time.Time) {
	w.state, w.expiresOn = stateConfirmed, nil
	w.seen(at)
}
