package phone

import (
	"context"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Away keeps no members: their Postgres is out of reach.
type Away struct{}

func (Away) Enrol(context.Context, store.Enrolment) (store.Enrolled, error) {
	return store.Enrolled{}, store.ErrUnreachable
}

func (Away) LogIn(context.Context, store.Login) (store.LoggedIn, error) {
	return store.LoggedIn{}, store.ErrUnreachable
}

func (Away) Load(context.Context, string, string, []string) (flows.Member, error) {
	return flows.Member{}, store.ErrUnreachable
}

func (Away) SetPIN(context.Context, store.Act, string) (string, error) {
	return "", store.ErrUnreachable
}

func (Away) Prefer(context.Context, store.Act, flows.Preferences, []string) error {
	return store.ErrUnreachable
}

func (Away) Join(context.Context, store.Act, string, flows.Access) error { return store.ErrUnreachable }
func (Away) Leave(context.Context, store.Act, string) error              { return store.ErrUnreachable }

func (Away) LeaveNumber(context.Context, store.Event, vault.Number, string) error {
	return store.ErrUnreachable
}

func (Away) Quick(context.Context, string, vault.Number) (string, error) {
	return "", store.ErrUnreachable
}

func (Away) SetQuick(context.Context, store.Act, string) error { return store.ErrUnreachable }

func (Away) Confirm(context.Context, store.Event, vault.Number, []string) error {
	return store.ErrUnreachable
}

func (Away) Code(context.Context, store.Event, vault.Number) (string, error) {
	return "", store.ErrUnreachable
}

func (Away) Stop(context.Context, store.Event, vault.Number, bool, []string) error {
	return store.ErrUnreachable
}

func (Away) Erase(context.Context, store.Act, []string) error { return store.ErrUnreachable }

func (Away) EraseNumber(context.Context, store.Event, vault.Number, []string) error {
	return store.ErrUnreachable
}
