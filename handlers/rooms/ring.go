package rooms

import (
	"context"
	"net/url"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

const (
	// ringing is how long a facilitator's telephone rings, and the crisis line's.
	ringing = 25 * time.Second
	// crisisTime is how long the crisis line may stay.
	crisisTime = 4 * time.Hour
)

// rang is what the address tells to which the carrier reports of a ring, sealed.
type rang struct {
	Room        room   `json:"r"`
	Facilitator string `json:"f"`
	ID          int    `json:"i"` // the act's
}

// ring has a facilitator's telephone ring. One that may be ringing, for all that is
// known, is not rung once more: when it was not, the next one is soon.
func (s *Service) ring(ctx context.Context, of session.Occurrence, e errand) error {
	f, err := s.facilitator(ctx, of.Line, of.Group, e.Facilitator)
	if err != nil {
		return err
	}
	address, err := carrier.Placed{
		Line: of.Line, Lang: of.Lang, Kind: e.call, Attempt: e.ID,
		About: flows.About{Group: of.Group, Start: of.Start.Unix() / 60},
	}.Address(s.Keys, s.PublicURL+s.VoicePath)
	if err != nil {
		return err
	}
	callback, err := s.address(RungPath, ringPurpose, rang{Room: roomOf(of), Facilitator: f.ID, ID: e.ID})
	if err != nil {
		return err
	}
	_, err = s.Carrier.Place(ctx, carrier.Ring{
		From: s.Number(of.Line), To: f.Number, URL: address, Timeout: ringing, DetectMachine: true,
		StatusCallback: callback + untilHeard, TellAnswer: true,
	})
	return unlessUnknown(err)
}

// unlessUnknown takes a call that may have been placed for one that was.
func unlessUnknown(err error) error {
	if err != nil && carrier.ClassOf(err) == carrier.Unknown {
		return nil
	}
	return err
}

// bridge has the crisis line come into a place.
func (s *Service) bridge(ctx context.Context, of session.Occurrence, e errand) error {
	c, err := s.conference(roomOf(of), session.Entry{Place: e.Place, Label: e.Label, Muted: e.Muted, Starts: true}, of.Capacity)
	if err != nil {
		return err
	}
	c.WaitURL = carrier.Some("")
	_, err = s.Carrier.Invite(ctx, carrier.Invitation{
		Conference: c, From: s.Number(of.Line), To: s.Crisis(of.Line), Timeout: ringing, TimeLimit: crisisTime,
	})
	return unlessUnknown(err)
}

// Rung takes in what becomes of ringing a facilitator: it is answered, and ends. An error means that it should
// be told again.
func (s *Service) Rung(ctx context.Context, w carrier.Webhook, query url.Values) error {
	var r rang
	if err := s.opened(query, ringPurpose, &r); err != nil {
		s.Log.WarnContext(ctx, "what became of a ring has a token that is not ours")
		return nil
	}
	id := s.Sessions.ID(r.Room.Line, r.Room.Name)
	switch {
	case w.CallStatus().Over():
		return s.rung(ctx, id, r.Facilitator, false)
	case w.CallStatus() == carrier.InProgress:
		return s.told(ctx, id, func(on *session.Session, now time.Time) { on.Answered(now, r.Facilitator) })
	}
	return nil
}
