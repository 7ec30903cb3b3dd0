package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// client is what asks the carrier.
func (c config) client() (*carrier.Client, error) {
	return carrier.NewClient(carrier.ClientOptions{AccountSID: c.accountSID, AuthToken: c.authTokens[0], APIURL: c.apiURL})
}

// rooms are what the service of live sessions works with, whoever runs it.
func (c config) rooms(db *store.DB, keys *vault.Keyring, client *carrier.Client, now func() time.Time, log *slog.Logger) rooms.Options {
	return rooms.Options{
		Keys: keys, Carrier: client,
		Sessions: store.NewSessions(db, keys), Staff: store.NewStaff(db, keys), Facilitators: db,
		PublicURL: c.publicURL, VoicePath: phone.VoicePath,
		Number: func(string) vault.Number { return c.numbers[0] }, Crisis: c.crisisSaid(db, keys),
		Now: now, Log: log,
	}
}

// newRooms returns the service of a program that answers calls: it also sees to
// sessions whose time has come.
func (a *app) newRooms(client *carrier.Client) *rooms.Service {
	o := a.config.rooms(a.db, a.keys, client, a.due, a.log)
	o.Lines, o.Served, o.Crisis = a.snapshots, a.served, a.config.crisisOf(a.snapshots)
	return rooms.New(o)
}

// crisisOf says what the crisis line's number of a line is: the environment's, else as
// it was said at the desk.
func (c config) crisisOf(s *store.Snapshots) func(line string) vault.Number {
	return func(line string) vault.Number {
		if c.openCrisis {
			if snap, ok := s.Line(line); ok && !snap.Crisis.IsZero() {
				return snap.Crisis
			}
		}
		return c.crisis
	}
}

// crisisSaid is crisisOf for a command, which has no snapshots.
func (c config) crisisSaid(db *store.DB, keys *vault.Keyring) func(line string) vault.Number {
	return func(line string) vault.Number {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if s, err := db.Settings(ctx, keys, line); err == nil && c.openCrisis && !s.Crisis.IsZero() {
			return s.Crisis
		}
		return c.crisis
	}
}

// everywhere are members as callers reach them: whoever has a number forgotten has
// it forgotten in live sessions too.
type everywhere struct {
	*store.Members
	rooms *rooms.Service
	voice *store.Voicemail
}

// EraseNumber is [store.Members.EraseNumber], [rooms.Service.Forget] and
// [store.Voicemail.Forget].
func (m everywhere) EraseNumber(ctx context.Context, e store.Event, n vault.Number, groups []string) error {
	return errors.Join(m.Members.EraseNumber(ctx, e, n, groups), m.rooms.Forget(ctx, e.Line, n), m.voice.Forget(ctx, e.Line, n))
}

// Erase is [store.Members.Erase], and before it of the member's number
// [rooms.Service.Forget] and [store.Voicemail.Forget]: who is forgotten has no number any
// more by which the rest is found when they try again.
func (m everywhere) Erase(ctx context.Context, a store.Act, groups []string) error {
	n, err := m.NumberOf(ctx, a.Line, a.Member)
	if errors.Is(err, store.ErrNotFound) {
		return m.Members.Erase(ctx, a, groups)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(m.rooms.Forget(ctx, a.Line, n), m.voice.Forget(ctx, a.Line, n)); err != nil {
		return err
	}
	return m.Members.Erase(ctx, a, groups)
}
