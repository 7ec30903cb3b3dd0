package phone

import (
	"context"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Members keep those who enrolled. Whatever they are asked to do about a number
// or a member that is not there they have done.
type Members interface {
	Enrol(ctx context.Context, e store.Enrolment) (store.Enrolled, error)
	LogIn(ctx context.Context, l store.Login) (store.LoggedIn, error)
	Load(ctx context.Context, line, member string, groups []string) (flows.Member, error)
	SetPIN(ctx context.Context, a store.Act, pin string) (handle string, err error)
	Prefer(ctx context.Context, a store.Act, p flows.Preferences, groups []string) error
	Join(ctx context.Context, a store.Act, group string, access flows.Access) error
	Leave(ctx context.Context, a store.Act, group string) error
	LeaveNumber(ctx context.Context, e store.Event, n vault.Number, group string) error
	Quick(ctx context.Context, line string, n vault.Number) (group string, err error)
	SetQuick(ctx context.Context, a store.Act, group string) error
	Confirm(ctx context.Context, e store.Event, n vault.Number, groups []string) error
	Code(ctx context.Context, e store.Event, n vault.Number) (string, error)
	Stop(ctx context.Context, e store.Event, n vault.Number, stop bool, groups []string) error
	StopMember(ctx context.Context, a store.Act, stop bool, groups []string) error
	Seen(ctx context.Context, e store.Event, n vault.Number) error
	Erase(ctx context.Context, a store.Act, groups []string) error
	EraseNumber(ctx context.Context, e store.Event, n vault.Number, groups []string) error
	// SaidTo returns what the message says that a row of the outbox is about.
	SaidTo(ctx context.Context, line, row string) (store.Said, error)
	// SpokenFor returns the recording that was sent to a group last, since a time.
	SpokenFor(ctx context.Context, line, group string, since time.Time) (string, error)
	Reminded
}

// Reminded are members as far as they are reminded of meetings. A row is one of the
// outbox, about an occurrence of a group; store.ErrNotFound says that it is gone.
type Reminded interface {
	SetOffsets(ctx context.Context, a store.Act, group string, offsets []string) error
	Coming(ctx context.Context, e store.Event, n vault.Number, coming bool, groups []string) error
	ComingRow(ctx context.Context, e store.Event, row string, coming bool) error
	Newest(ctx context.Context, line string, n vault.Number, groups []string, now time.Time) (store.Firing, bool, error)
	RowFiring(ctx context.Context, line, row string) (store.Firing, error)
	RingMe(ctx context.Context, e store.Event, n vault.Number, f store.Firing) error
	RingMember(ctx context.Context, a store.Act, f store.Firing) error
	RingRow(ctx context.Context, e store.Event, row string, f store.Firing) error
}
