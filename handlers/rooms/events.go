package rooms

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// events are the carrier's names for what a conference tells. The others count for
// the sequence alone.
var events = map[string]session.EventKind{
	"conference-start":   session.Started,
	"conference-end":     session.Ended,
	"participant-join":   session.Joined,
	"participant-leave":  session.Left,
	"participant-mute":   session.Muted,
	"participant-unmute": session.Muted,
}

// Happened takes a conference's event. Events may come twice, late or never. An
// error means that the event should come again.
func (s *Service) Happened(ctx context.Context, w carrier.Webhook, query url.Values) error {
	var r room
	if err := s.opened(query, roomPurpose, &r); err != nil {
		s.Log.WarnContext(ctx, "a room's event has a token that is not ours")
		return nil
	}
	e := eventOf(w, r.Place)
	do := func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		on.Heard(now, e)
		return nil, nil
	}
	err := s.change(ctx, s.Sessions.ID(r.Line, r.Name), nil, do)
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, errNone):
		s.doubt(r) // it may not be told again
		return err
	}
	// People are in a room of which we know nothing: they came while Postgres was
	// away. A session that is over is not begun again by what is told of it late.
	h, ok := s.named(r, s.Now())
	if !ok || e.Kind != session.Joined || !h.occurrence.DoorOpen(s.Now()) {
		return nil
	}
	return s.begun(ctx, h, do)
}

// eventOf reads what a conference tells.
func eventOf(w carrier.Webhook, p session.Place) session.Event {
	e := session.Event{
		Kind: events[w.Event()], Place: p, Conference: w.ConferenceSID(), Call: w.CallSID(), Label: w.Label(),
		Muted:  w.Param("Muted") == "true",
		HungUp: carrier.CallStatus(w.Param("ParticipantCallStatus")).Over(),
	}
	e.Sequence, _ = w.Sequence()
	if at, err := time.Parse(time.RFC1123Z, w.Param("Timestamp")); err == nil {
		e.At = at
	}
	return e
}

// Voice is what a note's address says.
func (s *Service) Voice(_ context.Context, query url.Values) (Voice, error) {
	n, err := s.note(query)
	if err != nil {
		return Voice{}, err
	}
	return Voice{
		Line: n.Room.Line, Group: n.Room.Group, Lang: n.Lang, Slow: n.Slow, Call: n.Call,
		Prompt: n.Prompt, About: n.About, Number: n.Number, room: n.Room.Name,
	}, nil
}

func (s *Service) note(query url.Values) (note, error) {
	var n note
	err := s.opened(query, notePurpose, &n)
	return n, err
}

// Tells is what may be heard of a session by whom a note is for, with whom it is
// about; nil when the session is gone.
func (s *Service) Tells(ctx context.Context, f *flows.Flow, n Voice) (*flows.Session, error) {
	on, err := s.read(ctx, s.Sessions.ID(n.Line, n.room))
	if on == nil || err != nil {
		return nil, err
	}
	now := s.Now()
	seen := seenFrom(f, on, now, on.SeatOf(n.Call), n.Lang)
	seen.Number = n.Number
	for _, p := range on.Status(now, session.Participant).People {
		if p.Seat == n.About {
			seen.About = name(f, p, n.Lang)
		}
	}
	return seen, nil
}
