package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

type sessionCommands struct {
	List sessionListCommand `cmd:"" help:"Which groups are in session: how many are in, who speaks, who waits."`
	Show sessionShowCommand `cmd:"" help:"One session: who is there, by alias, and what is going on."`

	Next    sessionNextCommand    `cmd:"" help:"The next one speaks."`
	Mode    sessionModeCommand    `cmd:"" help:"Say who may speak."`
	Mute    sessionMuteCommand    `cmd:"" help:"Close somebody's microphone."`
	Unmute  sessionUnmuteCommand  `cmd:"" help:"Take that back. Nobody is unmuted against their own wish, a pass or the mode."`
	Quiet   sessionQuietCommand   `cmd:"" help:"Mute all but who speaks."`
	Lock    sessionLockCommand    `cmd:"" help:"Let nobody in any more, but for who lost the line."`
	Unlock  sessionUnlockCommand  `cmd:"" help:"Let people in again."`
	Screen  sessionScreenCommand  `cmd:"" help:"Have newcomers wait to be let in."`
	Admit   sessionAdmitCommand   `cmd:"" help:"Let in who waits."`
	Remove  sessionRemoveCommand  `cmd:"" help:"Send somebody out, and keep them out until the end."`
	Extend  sessionExtendCommand  `cmd:"" help:"End later: half an hour at most, in all."`
	Ring    sessionRingCommand    `cmd:"" help:"Ring the next facilitator of the group's file."`
	Closing sessionClosingCommand `cmd:"" help:"Begin the closing round: a minute each, then the end."`
	Close   sessionCloseCommand   `cmd:"" help:"Close the session now, with kind words."`
}

// inSession says which group's session a command is about, and who gives it.
type inSession struct {
	Code string `arg:"" help:"The group's code."`
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
func (c sessionNextCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Next})
}

type sessionModeCommand struct {
	inSession
	Mode string `arg:"" enum:"open,hands,circle,listen" help:"open, hands, circle or listen."`
}

// Run changes the mode.
func (c sessionModeCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.SetMode, Mode: session.Mode(c.Mode)})
}

type sessionMuteCommand struct{ withPerson }

// Run closes a microphone.
func (c sessionMuteCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.ordersMute(ctx, s, io, true)
}

type sessionUnmuteCommand struct{ withPerson }

// Run takes a facilitator's mute back.
func (c sessionUnmuteCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.ordersMute(ctx, s, io, false)
}

type sessionQuietCommand struct{ inSession }

// Run mutes all but who speaks.
func (c sessionQuietCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Quiet})
}

type sessionLockCommand struct{ inSession }

// Run locks the door.
func (c sessionLockCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Lock})
}

type sessionUnlockCommand struct{ inSession }

// Run unlocks the door.
func (c sessionUnlockCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Unlock})
}

type sessionScreenCommand struct {
	inSession
	Off bool `help:"Let newcomers in by themselves again."`
}

// Run has newcomers wait, or not.
func (c sessionScreenCommand) Run(ctx context.Context, s *settings, io console) error {
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
func (c sessionAdmitCommand) Run(ctx context.Context, s *settings, io console) error {
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
func (c sessionRemoveCommand) Run(ctx context.Context, s *settings, io console) error {
	if err := c.check("Whoever it is hears that they cannot come back to this session."); err != nil {
		return err
	}
	return c.ordersOf(ctx, s, io, session.Request{Verb: session.Remove})
}

type sessionExtendCommand struct {
	inSession
	Minutes int `arg:"" help:"By how many minutes."`
}

// Run has the session end later.
func (c sessionExtendCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Extend, Minutes: c.Minutes})
}

type sessionRingCommand struct{ inSession }

// Run rings a substitute.
func (c sessionRingCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Summon})
}

type sessionClosingCommand struct{ inSession }

// Run begins the closing round.
func (c sessionClosingCommand) Run(ctx context.Context, s *settings, io console) error {
	return c.orders(ctx, s, io, session.Request{Verb: session.Closing})
}

type sessionCloseCommand struct {
	inSession
	sure
}

// Run closes the session.
func (c sessionCloseCommand) Run(ctx context.Context, s *settings, io console) error {
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

// orders asks for something in a session, and says what came of it.
func (c inSession) orders(ctx context.Context, s *settings, io console, r session.Request) error {
	return s.inSession(ctx, io, c, func(f floor) error { return f.order(ctx, r) })
}

// ordersOf asks for something about a person.
func (c withPerson) ordersOf(ctx context.Context, s *settings, io console, r session.Request) error {
	return s.inSession(ctx, io, c.inSession, func(f floor) error {
		p, err := f.person(ctx, c.Alias)
		if err != nil {
			return err
		}
		if r.Seat, err = strconv.Atoi(p.ID); err != nil {
			return err
		}
		return f.order(ctx, r)
	})
}

// ordersMute closes a microphone, or takes that back: one verb does both, by turns.
// One that its owner, a pass or the mode has closed stays so.
func (c withPerson) ordersMute(ctx context.Context, s *settings, io console, muted bool) error {
	return s.inSession(ctx, io, c.inSession, func(f floor) error {
		p, err := f.person(ctx, c.Alias)
		if err != nil {
			return err
		}
		r := session.Request{Verb: session.MuteSeat}
		if r.Seat, err = strconv.Atoi(p.ID); err != nil {
			return err
		}
		if p.Muted == muted {
			fmt.Fprintln(f.Out, already)
			return nil
		}
		if muted {
			return f.order(ctx, r)
		}
		came, _, err := f.ask(ctx, r)
		if err != nil || came != session.On {
			return f.tell(came, err)
		}
		if _, _, err := f.ask(ctx, r); err != nil {
			return err
		}
		return errors.New("it was not a facilitator who closed that microphone: it stays closed")
	})
}

// floor is a live session as the command line reaches it.
type floor struct {
	sessionDesk
	group store.Group
	actor string
}

func (f floor) ask(ctx context.Context, r session.Request) (session.Outcome, *flows.Session, error) {
	r.ID, r.Role = rand.Text(), session.Coordinator
	outcome, now, err := f.rooms.Order(ctx, f.flow, f.view, f.group.ID, f.actor, r)
	if errors.Is(err, rooms.ErrClosed) {
		return "", nil, fmt.Errorf("the group %s is not in session; `hearthline session list` shows which are", f.group.Code)
	}
	return outcome, now, err
}

func (f floor) order(ctx context.Context, r session.Request) error {
	came, now, err := f.ask(ctx, r)
	if err := f.tell(came, err); err != nil {
		return err
	}
	if now != nil {
		fmt.Fprintln(f.Out, sentence(now))
	}
	return nil
}

// tell says what came of a request.
func (f floor) tell(came session.Outcome, err error) error {
	if err != nil {
		return err
	}
	words, done := answer(came)
	if !done {
		return errors.New(words)
	}
	fmt.Fprintln(f.Out, words)
	return nil
}

const already = "It was so before; nothing changed."

// answer says what came of a request, and whether it was done.
func answer(o session.Outcome) (words string, done bool) {
	switch o {
	case session.OK, session.On, session.Off:
		return "Done.", true
	case session.Already:
		return already, true
	case session.Nobody:
		return "there is nobody for whom that could be done", false
	case session.NotNow:
		return "not now, or not in this mode; `hearthline session show` tells which it is", false
	case session.NotAllowed:
		return "that is for those in the session alone", false
	}
	return "that person, or the session, is not there any more", false
}

// person finds who has an alias or a seat.
func (f floor) person(ctx context.Context, alias string) (flows.Person, error) {
	_, now, err := f.ask(ctx, session.Request{Verb: session.Look})
	if err != nil {
		return flows.Person{}, err
	}
	for _, p := range now.People {
		if p.ID == alias || strings.EqualFold(p.Alias, alias) {
			return p, nil
		}
	}
	return flows.Person{}, fmt.Errorf("nobody there has that alias or seat; `hearthline session show %s` tells who is", f.group.Code)
}

// inSession does something in the live session of a group.
func (s settings) inSession(ctx context.Context, io console, of inSession, do func(floor) error) error {
	return s.atSessions(ctx, io, func(d sessionDesk) error {
		group, err := groupByCode(ctx, d.db, d.line, of.Code)
		if err != nil {
			return err
		}
		return do(floor{d, group, cmp.Or(strings.TrimSpace(of.As), actor())})
	})
}
