package phone

import (
	"context"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Away keeps no members: their Postgres is out of reach.
type Away struct{}

// Patient lets what is real take its time where many tests share a machine, and the
// race detector slows them down.
func (c *Calls) Patient() *Calls {
	c.deadline, c.quickly = time.Minute, time.Minute
	return c
}

// NoSessions keeps no sessions: their Postgres is out of reach.
type NoSessions struct{}

func (NoSessions) ID(line, room string) store.SessionID { return store.SessionID{Line: line} }

func (NoSessions) Change(context.Context, store.SessionID, func([]byte) (store.SessionChange, error)) error {
	return store.ErrUnreachable
}

func (NoSessions) ChangeAll(context.Context, string, func([]byte) (store.SessionChange, error)) error {
	return store.ErrUnreachable
}

func (NoSessions) Read(context.Context, store.SessionID) ([]byte, error) {
	return nil, store.ErrUnreachable
}

func (NoSessions) Due(context.Context, string, time.Time, int) ([]store.SessionID, error) {
	return nil, store.ErrUnreachable
}

func (NoSessions) Live(context.Context, string) ([][]byte, error) { return nil, store.ErrUnreachable }

func (NoSessions) Postpone(context.Context, store.SessionID, time.Time) error {
	return store.ErrUnreachable
}

func (NoSessions) Drop(context.Context, string, time.Time) (int, error) {
	return 0, store.ErrUnreachable
}

func (NoSessions) Reversed(context.Context, string, string, string) (bool, error) {
	return false, store.ErrUnreachable
}

func (Away) Enrol(context.Context, store.Enrolment) (store.Enrolled, error) {
	return store.Enrolled{}, store.ErrUnreachable
}

func (Away) SpokenFor(context.Context, string, string, time.Time) (string, error) {
	return "", store.ErrUnreachable
}

func (Away) SaidTo(context.Context, string, string) (store.Said, error) {
	return store.Said{}, store.ErrUnreachable
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

func (Away) StopMember(context.Context, store.Act, bool, []string) error {
	return store.ErrUnreachable
}

func (Away) Seen(context.Context, store.Event, vault.Number) error { return store.ErrUnreachable }

func (Away) SetOffsets(context.Context, store.Act, string, []string) error {
	return store.ErrUnreachable
}

func (Away) Coming(context.Context, store.Event, vault.Number, bool, []string) error {
	return store.ErrUnreachable
}

func (Away) ComingRow(context.Context, store.Event, string, bool) error { return store.ErrUnreachable }

func (Away) Newest(context.Context, string, vault.Number, []string, time.Time) (store.Firing, bool, error) {
	return store.Firing{}, false, store.ErrUnreachable
}

func (Away) RowFiring(context.Context, string, string) (store.Firing, error) {
	return store.Firing{}, store.ErrUnreachable
}

func (Away) RingMe(context.Context, store.Event, vault.Number, store.Firing) error {
	return store.ErrUnreachable
}

func (Away) RingMember(context.Context, store.Act, store.Firing) error { return store.ErrUnreachable }

func (Away) RingRow(context.Context, store.Event, string, store.Firing) error {
	return store.ErrUnreachable
}

func (Away) Erase(context.Context, store.Act, []string) error { return store.ErrUnreachable }

func (Away) EraseNumber(context.Context, store.Event, vault.Number, []string) error {
	return store.ErrUnreachable
}

// Forget has a shelf hold nothing but what is heard, as one that has just been made.
func (s *Shelf) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.older)
}
