package phone_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store/vault"
)

// withoutPostgres is the service of rooms as it is when no session can be read.
func withoutPostgres(keys *vault.Keyring, now func() time.Time, log *slog.Logger) *rooms.Service {
	return rooms.New(rooms.Options{Keys: keys, Sessions: phone.NoSessions{}, PublicURL: publicURL, VoicePath: phone.VoicePath, Now: now, Log: log})
}

// scripted is a service of rooms that does what a test says, and writes down what
// it was asked.
type scripted struct {
	phone.Rooms

	way     rooms.Way
	closed  int // how often nobody may enter, before they may
	stepped string
	seen    *flows.Session
	came    session.Outcome
	fits    bool
	voice   rooms.Voice
	open    flows.State

	mu      sync.Mutex
	asked   []session.Request
	legs    []rooms.Leg
	callers []rooms.Caller
	log     []string
}

var errNoRoom = errors.New("no room")

func (s *scripted) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

func (s *scripted) Admit(_ context.Context, _ *flows.Flow, _ flows.View, _ string, who rooms.Caller) string {
	s.callers = append(s.callers, who)
	return "ok"
}

func (s *scripted) Enter(_ context.Context, _ flows.View, l rooms.Leg) (rooms.Way, error) {
	s.note("enter")
	s.legs = append(s.legs, l)
	if s.closed > 0 {
		s.closed--
		return rooms.Way{}, rooms.ErrClosed
	}
	return s.way, nil
}

func (s *scripted) Stepped(_ context.Context, _ flows.View, _, _ string, over bool) string {
	s.note("stepped %t", over)
	return s.stepped
}

func (s *scripted) Look(context.Context, *flows.Flow, flows.View, string, string, string) (*flows.Session, error) {
	if s.seen == nil {
		return nil, errNoRoom
	}
	return s.seen, nil
}

func (s *scripted) Do(_ context.Context, _ *flows.Flow, _ flows.View, _, _, _ string, r session.Request) (session.Outcome, *flows.Session, error) {
	s.asked = append(s.asked, r)
	return s.came, s.seen, nil
}

func (s *scripted) DoByKey(_ context.Context, _ *flows.Flow, _ flows.View, _, _, _ string, r session.Request) (session.Outcome, *flows.Session, bool, error) {
	s.asked = append(s.asked, r)
	return s.came, s.seen, s.fits, nil
}

func (s *scripted) Open(url.Values) (string, flows.State, error) { return "line", s.open, nil }

func (s *scripted) Voice(_ context.Context, query url.Values) (rooms.Voice, error) {
	if query.Get("n") == "" {
		return rooms.Voice{}, errNoRoom
	}
	return s.voice, nil
}

func (s *scripted) Tells(context.Context, *flows.Flow, rooms.Voice) (*flows.Session, error) {
	return s.seen, nil
}

func (s *scripted) Rung(_ context.Context, _ carrier.Webhook, query url.Values) error {
	s.note("rung %s", query.Get("n"))
	return nil
}
