package rooms

import (
	"context"

	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Seats is how often a number is known in the live sessions of a line: by the seats
// that it has or had, and by having been told to stay out.
func (s *Service) Seats(ctx context.Context, line string, n vault.Number) (int, error) {
	states, err := s.Sessions.Live(ctx, line)
	if err != nil {
		return 0, err
	}
	known := 0
	for _, state := range states {
		on, err := session.Decode(state)
		if err != nil {
			return 0, err
		}
		known += on.Known(s.Keys.Seat(on.Occurrence.Name, n))
	}
	return known, nil
}

// Forget has a number not be known in the live sessions of a line any more. Whoever
// was told to stay out of one does until its end.
func (s *Service) Forget(ctx context.Context, line string, n vault.Number) error {
	return s.Sessions.ChangeAll(ctx, line, func(state []byte) (store.SessionChange, error) {
		on, err := session.Decode(state)
		if err != nil {
			return store.SessionChange{}, err
		}
		who := s.Keys.Seat(on.Occurrence.Name, n)
		if on.Known(who) == 0 {
			return store.SessionChange{}, nil
		}
		on.Forget(s.Now(), who)
		next, err := on.Encode()
		if err == nil {
			s.lasts.keep(s.Sessions.ID(line, on.Occurrence.Name), on, next)
		}
		return store.SessionChange{State: next, Wake: on.Wake(), Gone: gone(on)}, err
	})
}
