package rooms

import (
	"context"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Hurry is a pass that waits for nothing that it leads to.
func (s *Service) Hurry(ctx context.Context) error { return s.pass(ctx) }

// Late has a room listed.
func (s *Service) Late(name, line, group string) {
	s.doubt(room{Line: line, Group: group, Name: name, Place: session.Main})
}
