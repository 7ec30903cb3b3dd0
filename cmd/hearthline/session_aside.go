package main

import (
	"context"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

type sessionHandOverCommand struct {
	withPerson
	sure
}

// Run makes somebody the facilitator.
func (c sessionHandOverCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if err := c.check("Whoever it is has every key of the group from then on, and who leads now stays at their side."); err != nil {
		return err
	}
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.HandOver})
}

type sessionTalkCommand struct{ withPerson }

// Run has the facilitator and somebody talk aside.
func (c sessionTalkCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.Talk})
}

type sessionBackupCommand struct{ withPerson }

// Run rings another facilitator for somebody.
func (c sessionBackupCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.Backup})
}

type sessionCrisisCommand struct{ withPerson }

// Run has the crisis line called to somebody and the facilitator.
func (c sessionCrisisCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.Crisis})
}

type sessionPairsCommand struct {
	inSession
	Minutes int `arg:"" help:"For how many minutes, 30 at most."`
}

// Run sends people into pairs.
func (c sessionPairsCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Pairs, Minutes: c.Minutes})
}

type sessionTogetherCommand struct{ inSession }

// Run ends the pairs.
func (c sessionTogetherCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Together})
}
