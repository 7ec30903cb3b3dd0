package main

import (
	"context"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

type sessionCommands struct {
	List sessionListCommand `cmd:"" help:"Which groups are in session: how many are in, who speaks, who waits."`
	Show sessionShowCommand `cmd:"" help:"One session: who is there, by alias, and what is going on."`

	Next   sessionNextCommand   `cmd:"" help:"The next one speaks."`
	Mode   sessionModeCommand   `cmd:"" help:"Say who may speak."`
	Mute   sessionMuteCommand   `cmd:"" help:"Close somebody's microphone."`
	Unmute sessionUnmuteCommand `cmd:"" help:"Take that back. Nobody is unmuted against their own wish, a pass or the mode."`
	Quiet  sessionQuietCommand  `cmd:"" help:"Mute all but who speaks."`
	Lock   sessionLockCommand   `cmd:"" help:"Let nobody in any more, but for who lost the line."`
	Unlock sessionUnlockCommand `cmd:"" help:"Let people in again."`
	Screen sessionScreenCommand `cmd:"" help:"Have newcomers wait to be let in."`
	Admit  sessionAdmitCommand  `cmd:"" help:"Let in who waits."`
	Wait   sessionWaitCommand   `cmd:"" help:"Send somebody to the door, until they are let in again."`
	Remove sessionRemoveCommand `cmd:"" help:"Send somebody out, and keep them out until the end."`

	HandOver sessionHandOverCommand `cmd:"" name:"hand-over" help:"Let somebody lead in place of who does."`
	Talk     sessionTalkCommand     `cmd:"" help:"Have the facilitator talk with somebody aside."`
	Backup   sessionBackupCommand   `cmd:"" help:"Ring another facilitator, who talks with somebody aside."`
	Crisis   sessionCrisisCommand   `cmd:"" help:"Have the facilitator and somebody go aside, and the crisis line called to them."`
	Pairs    sessionPairsCommand    `cmd:"" help:"Have people talk in pairs."`
	Together sessionTogetherCommand `cmd:"" help:"Bring everybody back from pairs."`

	Extend  sessionExtendCommand  `cmd:"" help:"End later: half an hour at most, in all."`
	Ring    sessionRingCommand    `cmd:"" help:"Ring the next facilitator of the group's file."`
	Closing sessionClosingCommand `cmd:"" help:"Begin the closing round: a minute each, then the end."`
	Close   sessionCloseCommand   `cmd:"" help:"Close the session now, with kind words."`
}

// inSession says which group's session a command is about, and who gives it.
type inSession struct {
	Code string `arg:"" help:"The group's code."`
	JSON bool   `name:"json" help:"What came of it, as JSON."`
	staff
}

type staff struct {
	As string `help:"Who you are, for the audit log (default: the account of the system)." placeholder:"NAME"`
}

// withPerson is a command about somebody in the session.
type withPerson struct {
	inSession
	Alias string `arg:"" help:"Their alias, or the number of their seat, as show tells them."`
}

// sure is a command that cannot be undone.
type sure struct {
	Yes bool `help:"Do it: this cannot be undone."`
}

type sessionNextCommand struct{ inSession }

// Run gives the microphone to the next one.
func (c sessionNextCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Next})
}

type sessionModeCommand struct {
	inSession
	Mode string `arg:"" enum:"open,hands,circle,listen" help:"open, hands, circle or listen."`
}

// Run changes the mode.
func (c sessionModeCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.SetMode, Mode: session.Mode(c.Mode)})
}

type sessionMuteCommand struct{ withPerson }

// Run closes a microphone.
func (c sessionMuteCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.MuteSeat})
}

type sessionUnmuteCommand struct{ withPerson }

// Run takes a facilitator's mute back.
func (c sessionUnmuteCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.UnmuteSeat})
}

type sessionQuietCommand struct{ inSession }

// Run mutes all but who speaks.
func (c sessionQuietCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Quiet})
}

type sessionLockCommand struct{ inSession }

// Run locks the door.
func (c sessionLockCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Lock})
}

type sessionUnlockCommand struct{ inSession }

// Run unlocks the door.
func (c sessionUnlockCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Unlock})
}

type sessionScreenCommand struct {
	inSession
	Off bool `help:"Let newcomers in by themselves again."`
}

// Run has newcomers wait, or not.
func (c sessionScreenCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if c.Off {
		return c.orders(ctx, s, io, session.Request{Verb: session.Unscreen})
	}
	return c.orders(ctx, s, io, session.Request{Verb: session.Screen})
}

type sessionAdmitCommand struct {
	inSession
	Alias string `arg:"" optional:"" help:"One of those who wait (default: all of them)."`
}

// Run lets in who waits.
func (c sessionAdmitCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if c.Alias == "" {
		return c.orders(ctx, s, io, session.Request{Verb: session.Admit})
	}
	return withPerson(c).ordersOf(ctx, s, io, session.Request{Verb: session.Admit})
}

type sessionRemoveCommand struct {
	withPerson
	sure
}

// Run removes somebody.
func (c sessionRemoveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if err := c.check("Whoever it is hears that they cannot come back to this session."); err != nil {
		return err
	}
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.Remove})
}

type sessionWaitCommand struct{ withPerson }

// Run sends somebody to the door.
func (c sessionWaitCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.ToWait})
}

type sessionExtendCommand struct {
	inSession
	Minutes int `arg:"" help:"By how many minutes."`
}

// Run has the session end later.
func (c sessionExtendCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Extend, Minutes: c.Minutes})
}

type sessionRingCommand struct{ inSession }

// Run rings a substitute.
func (c sessionRingCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Summon})
}

type sessionClosingCommand struct{ inSession }

// Run begins the closing round.
func (c sessionClosingCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Closing})
}

type sessionCloseCommand struct {
	inSession
	sure
}

// Run closes the session.
func (c sessionCloseCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if err := c.check("Everybody is thanked and sent out at once; closing begins a last round instead."); err != nil {
		return err
	}
	return c.orders(ctx, s, io, session.Request{Verb: session.Close})
}

// check refuses what was not meant.
func (c sure) check(what string) error {
	if c.Yes {
		return nil
	}
	return argumentError(what + " Add --yes to do it")
}
