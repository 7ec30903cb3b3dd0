// Package rooms holds live sessions: who may enter, what room that is, and
// that nobody is left in it in silence. Keypad, text, web and command line are
// front ends of the one [Service].
package rooms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store/vault"
)

// The addresses that the carrier asks about a room. The front end of the
// carrier's webhooks serves them.
const (
	EventPath  = "/twilio/room"   // a conference's events
	RejoinPath = "/twilio/rejoin" // where the last one in a room is sent
	tokenKey   = "r"
)

// Conferences is what a Service needs of the carrier.
type Conferences interface {
	Participants(ctx context.Context, conference string) ([]carrier.Participant, error)
	Redirect(ctx context.Context, call, address string) error
}

// untilHeard asks the carrier to send an event again that we failed to take:
// one that is lost may leave somebody in silence.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
const untilHeard = "#rc=4&rp=all"

// Service is the one way to a room. It keeps nothing in memory, so that any
// replica can serve any room.
type Service struct {
	keys        *vault.Keyring
	conferences Conferences
	publicURL   string
	wait        func(ctx context.Context, d time.Duration) error
	log         *slog.Logger
}

// New returns a Service whose webhooks are under publicURL.
func New(keys *vault.Keyring, c Conferences, publicURL string, log *slog.Logger) *Service {
	return &Service{keys: keys, conferences: c, publicURL: publicURL, wait: pass, log: log}
}

// pass lets time go by.
func pass(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Admit says whether a caller may go into a group's room now: one of the
// outcomes that flows declares for session.admit.
func (s *Service) Admit(v flows.View, group string) string {
	g, ok := v.Directory.Group(group)
	if !ok {
		return "gone"
	}
	if _, live := v.Directory.Live(group, v.Now); !live {
		return "closed"
	}
	if g.Access == flows.AccessApproval && !v.Belongs(group) {
		return "closed" // as last known, if Postgres is away: not a member
	}
	if g.Host == flows.HostRequired {
		return "no_host"
	}
	return "ok"
}

// Leg is a caller's way into a room.
type Leg struct {
	Group   string
	Call    string // the carrier's id of the call
	Turn    int    // so that a leg that comes back never reuses its label
	WaitURL string // what is heard while nobody else is there
}

// ErrClosed is returned for a room that has no occurrence now.
var ErrClosed = errors.New("enter room: its door is closed")

// Enter returns the conference that a leg joins. Its name and its event
// callback are the same for everybody in the room: the carrier keeps those of
// the first (twilio.md §2.3).
func (s *Service) Enter(v flows.View, l Leg) (carrier.Conference, error) {
	g, _ := v.Directory.Group(l.Group)
	o, live := v.Directory.Live(l.Group, v.Now)
	if !live {
		return carrier.Conference{}, ErrClosed
	}
	line := v.Directory.Line
	name := s.name(line, g, o)
	token, err := s.seal(room{Line: line.ID, Group: g.ID, Lang: language(line, g), Name: name})
	if err != nil {
		return carrier.Conference{}, err
	}
	return carrier.Conference{
		Name:            name,
		StartOnEnter:    true,
		WaitURL:         carrier.Some(l.WaitURL),
		WaitMethod:      carrier.POST,
		MaxParticipants: g.Capacity,
		Label:           s.keys.Label(l.Call, fmt.Sprint(l.Turn)),
		StatusCallback:  s.address(EventPath, token) + untilHeard,
		StatusCallbackEvents: []carrier.ConferenceEvent{
			carrier.EventStart, carrier.EventEnd, carrier.EventJoin, carrier.EventLeave, carrier.EventMute, carrier.EventHold,
		},
	}, nil
}

func (s *Service) name(l flows.Line, g flows.Group, o schedule.Occurrence) string {
	return s.keys.RoomName(o.Date.String(), l.ID+"/"+g.ID+"/"+o.Meeting)
}

// language is the one that a room is spoken to in: the group's own, if the
// line speaks it.
func language(l flows.Line, g flows.Group) string {
	for _, lang := range g.Languages {
		for _, spoken := range l.Languages {
			if lang == spoken {
				return lang
			}
		}
	}
	return l.Languages[0]
}

// room is what a callback's address carries, sealed.
type room struct {
	Line, Group, Lang string
	// Name is the room's, so that the address is another at each occurrence and
	// ties none to the next in the carrier's log.
	Name string
}

const purpose = "room"

func (s *Service) seal(r room) (string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("seal room token: %w", err)
	}
	return s.keys.SealToken(purpose, text, nil), nil
}

func (s *Service) address(path, token string) string {
	return s.publicURL + path + "?" + tokenKey + "=" + url.QueryEscape(token)
}

// Open reads the token of a room's address. It returns the line, and the group
// and language as a flow keeps them.
func (s *Service) Open(query url.Values) (line string, state flows.State, err error) {
	text, err := s.keys.OpenToken(purpose, query.Get(tokenKey), nil)
	if err != nil {
		return "", flows.State{}, fmt.Errorf("open room token: %w", err)
	}
	var r room
	if err := json.Unmarshal(text, &r); err != nil {
		return "", flows.State{}, errors.New("open room token: not one of ours")
	}
	return r.Line, flows.State{Group: r.Group, Lang: r.Lang}, nil
}

// left is the carrier's name for a leg that has gone from a room.
const left = "participant-leave"

// Happened takes a conference's event. A conference that has started stays
// silent for the last one in it, so that person is sent out and in again, to
// where whoever is alone is told so. Events may come twice, late or never:
// coming in once more does no harm. An error means that the event should come
// again.
func (s *Service) Happened(ctx context.Context, w carrier.Webhook, query url.Values) error {
	if w.Event() != left {
		return nil
	}
	token := query.Get(tokenKey)
	if _, _, err := s.Open(query); err != nil {
		s.log.WarnContext(ctx, "a room's event has a token that is not ours")
		return nil
	}
	if w.Param("ReasonParticipantLeft") == sentOut {
		// Who was sent out is on the way in again, if somebody else came in at the
		// same moment: neither is alone.
		if err := s.wait(ctx, comingBack); err != nil {
			return err
		}
	}
	err := s.moveLast(ctx, w.ConferenceSID(), s.address(RejoinPath, token))
	switch carrier.ClassOf(err) {
	case carrier.Gone:
		return nil // the room is empty
	case carrier.Ours:
		s.log.ErrorContext(ctx, "the last person in a room could not be told", "error", err)
		return nil
	}
	return err
}

// sentOut is the carrier's reason for a leg that REST redirected, and
// comingBack what it takes to come in again.
const (
	sentOut    = "participant_updated_via_api"
	comingBack = 2 * time.Second
)

func (s *Service) moveLast(ctx context.Context, conference, address string) error {
	present, err := s.conferences.Participants(ctx, conference)
	if err != nil || len(present) != 1 {
		return err
	}
	return s.conferences.Redirect(ctx, present[0].CallSID, address)
}
