package phone

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// invited is a roster that keeps whose act it was to ask somebody.
type invited struct {
	Rosters
	Accounts
	by []store.By
}

func (i *invited) Invite(_ context.Context, by store.By, _ store.Invitation) error {
	i.by = append(i.by, by)
	return nil
}

func (*invited) Get(context.Context, string, string) (store.Account, error) {
	return store.Account{Name: "Ada", Role: store.RoleCoordinator, State: store.AccountActive, Groups: []string{"g"}}, nil
}

// By phone nobody is asked whom the console would not ask, and it is the same act
// however often the carrier tells of it.
func TestInvitingByPhone(t *testing.T) {
	t.Parallel()
	crisis, err := vault.ParseNumber("+12025550188")
	if err != nil {
		t.Fatal(err)
	}
	other, err := vault.ParseNumber("+12025550143")
	if err != nil {
		t.Fatal(err)
	}
	roster := &invited{}
	a := NewAfield(AfieldOptions{Accounts: roster, Roster: roster, MayAsk: func(n vault.Number) bool { return !n.Equal(crisis) }})
	act := DeskAct{Line: "l", Account: "a", Group: "g", Event: "CA1 3", At: time.Unix(0, 0)}
	if err := a.Invite(t.Context(), act, crisis, flows.Preferences{}); !errors.Is(err, store.ErrNotAsked) || len(roster.by) != 0 {
		t.Errorf("the crisis line: %v", err)
	}
	if err := a.Invite(t.Context(), act, other, flows.Preferences{}); err != nil || len(roster.by) != 1 || roster.by[0].Actor != "Ada" || roster.by[0].Event != act.Event {
		t.Errorf("%v, by %+v", err, roster.by)
	}
}
