package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// pinsAtLeast is how many PINs are hashed for an attempt, whoever there is to try it
// against: time does not tell a group of so many facilitators from one of none.
const pinsAtLeast = 4

// SignIn is an attempt to sign in as one of a group's facilitators.
type SignIn struct {
	Event
	Group    string       // its id
	Caller   vault.Number // zero when it is withheld
	Verified bool         // the carriers vouch for it (STIR/SHAKEN level A)
	PIN      string
}

// signIn is an attempt on its way.
type signIn struct {
	Result      string `json:"result"`                // "" until the PIN was looked at
	Facilitator string `json:"facilitator,omitempty"` // whose PIN it was
	Spent       bool   `json:"spent"`                 // it was within every budget
	Own         bool   `json:"own"`                   // it came from a facilitator's own number
	Month       []byte `json:"month,omitempty"`       // names the budget of a month that it drew on
}

// SignIn says whose PIN it is, once for an event: the id and the alias of one of the
// group's facilitators. A wrong PIN, a group without facilitators, one that is not
// there and one that was tried too often are refused alike: after the same statements
// and after as long. What it returns is sure: upon any error nobody is signed in.
//
// As in [Members.LogIn], the first of two transactions counts the attempt.
func (s *Staff) SignIn(ctx context.Context, in SignIn) (facilitator, alias string, ok bool, err error) {
	a, staff, err := s.spend(ctx, in)
	if err == nil && a.Result == "" {
		a, staff, err = s.settle(ctx, in, a, s.match(staff, a.Spent, in.PIN))
	}
	if err != nil {
		return "", "", false, fmt.Errorf("sign in: %w", err)
	}
	at := slices.IndexFunc(staff, func(r facilitatorRow) bool { return r.FacilitatorID == a.Facilitator })
	if a.Result != LoginOK || at < 0 {
		return "", "", false, nil
	}
	return a.Facilitator, staff[at].Alias, true, nil
}

// match returns the row whose PIN it is. Of an attempt that is over a budget none is.
func (s *Staff) match(staff []facilitatorRow, spent bool, pin string) facilitatorRow {
	var found facilitatorRow
	for i := range max(len(staff), pinsAtLeast) {
		var row facilitatorRow // whose hash is none
		if spent && i < len(staff) {
			row = staff[i]
		}
		if s.keys.CheckPIN(row.PINHash, pin) {
			found = row
		}
	}
	return found
}

// spend counts an attempt, and returns those whose PIN it may be.
func (s *Staff) spend(ctx context.Context, in SignIn) (signIn, []facilitatorRow, error) {
	var a signIn
	var staff []facilitatorRow
	err := s.db.inTx(ctx, func(tx *sqlx.Tx) error {
		a = signIn{}
		outcome, fresh, err := s.members.claim(ctx, tx, in.effect())
		if err != nil {
			return err
		}
		if staff, err = selectFacilitatorsOf(ctx, tx, in.Line, in.Group); err != nil {
			return err
		}
		if !fresh {
			return json.Unmarshal(outcome, &a)
		}
		whose := s.whose(staff, in)
		a.Own = in.Verified && whose != ""
		if a.Month = s.month(in, staff, ""); a.Own {
			a.Month = s.month(in, staff, whose)
		}
		if a.Spent, err = s.members.drawAll(ctx, tx, in.Event, s.counters(in, a)); err != nil {
			return err
		}
		return s.note(ctx, tx, in, a)
	})
	return a, staff, err
}

func (in SignIn) effect() effect { return effect{Event: in.Event, kind: "sign in", of: in.Group} }

// whose is the id of the facilitator whose number is calling, "" for nobody's. One that
// cannot be opened is nobody's.
func (s *Staff) whose(staff []facilitatorRow, in SignIn) string {
	own := ""
	for _, r := range staff {
		number, err := s.keys.OpenNumber(facilitatorCell(in.Line, r), r.Number)
		if err == nil && !in.Caller.IsZero() && number.Equal(in.Caller) {
			own = r.FacilitatorID
		}
	}
	return own
}

// month names the budget of a month: of a facilitator's own phone, or of all others. It
// is of the PINs that there are, so that a new one, which a coordinator gives, ends a
// freeze.
func (s *Staff) month(in SignIn, staff []facilitatorRow, own string) []byte {
	of := []string{in.Line, "month", in.Group, own}
	for _, r := range staff {
		of = append(of, r.FacilitatorID, r.PINHash)
	}
	return s.keys.Mark("staff attempt", of...)
}

// staffCounters are those of a number on which its attempts draw.
var staffCounters = []string{"staff own", "staff own group", "staff own line", "staff caller"}

// counters are those on which an attempt draws, in the order in which they are
// locked. A caller may show any number, and a PIN is tried against every facilitator of
// the group: besides the caller's, the group has the budgets of one member's PIN, of a
// day and of a month. Attempts from a facilitator's own number, when the carriers vouch
// for it, have theirs alone, so that nobody who spends the others shuts the group out.
func (s *Staff) counters(in SignIn, a signIn) []counter {
	mark := func(what string, of []byte) []byte { return s.members.attemptMark(in.Line, in.At, what, of) }
	month := counter{a.Month, frozenLimit}
	// A group's is the same on every day: at midnight it is not whole again.
	group, line := counter{s.keys.Mark("staff attempt", in.Line, "group", in.Group), handleLimit}, counter{mark("staff line", nil), lineLimit}
	index := smallest(s.keys.Indexes(in.Line, in.Caller))
	switch {
	case a.Own:
		return []counter{{mark("staff own", index), callerLimit}, {mark("staff own group", index), handleLimit}, month, {mark("staff own line", index), lineLimit}}
	case in.Caller.IsZero():
		return []counter{{mark("staff withheld", nil), withheldLimit}, group, month, line}
	}
	return []counter{{mark("staff caller", index), callerLimit}, group, month, line}
}

// settle writes down whose PIN it was, if it is still theirs. Who was right gets back
// what the attempt has spent.
func (s *Staff) settle(ctx context.Context, in SignIn, a signIn, whose facilitatorRow) (signIn, []facilitatorRow, error) {
	var staff []facilitatorRow
	err := s.db.inTx(ctx, func(tx *sqlx.Tx) error {
		before, err := s.noted(ctx, tx, in)
		if err != nil {
			return err
		}
		if staff, err = selectFacilitatorsOf(ctx, tx, in.Line, in.Group); err != nil {
			return err
		}
		if before.Result != "" { // by the same attempt, come twice
			a = before
			return nil
		}
		right := slices.ContainsFunc(staff, func(r facilitatorRow) bool {
			return r.FacilitatorID == whose.FacilitatorID && r.PINHash == whose.PINHash
		})
		a.Result, a.Facilitator = LoginRefused, ""
		back := 0.0
		if right {
			a.Result, a.Facilitator, back = LoginOK, whose.FacilitatorID, 1
		}
		for _, c := range s.counters(in, a) {
			if err := refund(ctx, tx, in.Line, c, back); err != nil {
				return err
			}
		}
		if err := s.note(ctx, tx, in, a); err != nil {
			return err
		}
		return countIf(ctx, tx, true, in.Event, attempt{Spent: a.Spent}.count(right))
	})
	return a, staff, err
}

// noted is what is known of an attempt by now.
func (s *Staff) noted(ctx context.Context, tx *sqlx.Tx, in SignIn) (signIn, error) {
	var a signIn
	if in.SID == "" {
		return a, nil
	}
	outcome, err := s.members.outcome(ctx, tx, in.effect())
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(outcome, &a)
}

func (s *Staff) note(ctx context.Context, tx *sqlx.Tx, in SignIn, a signIn) error {
	outcome, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return s.members.conclude(ctx, tx, in.effect(), outcome)
}
