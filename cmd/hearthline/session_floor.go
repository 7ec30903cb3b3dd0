package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// floor is a live session as the command line reaches it.
type floor struct {
	sessionDesk
	group  store.Group
	actor  string
	inJSON bool
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
	if err != nil {
		return err
	}
	words, done := answer(came)
	switch {
	case !done:
		return errors.New(words)
	case came == session.Already && r.Verb == session.UnmuteSeat && closed(now, r.Seat):
		return errors.New("it was not a facilitator who closed that microphone: it stays closed")
	case f.inJSON:
		return f.json(ordered{Changed: came != session.Already, Session: shown(f.group, f.line.Languages[0], now)})
	}
	fmt.Fprintln(f.Out, words)
	fmt.Fprintln(f.Out, sentence(now))
	return nil
}

// ordered is what came of a request that was not refused.
type ordered struct {
	Changed bool         `json:"changed"` // false: it was so before
	Session shownSession `json:"session"` // as it is then
}

// closed says whether somebody's microphone is.
func closed(now *flows.Session, seat int) bool {
	return slices.ContainsFunc(now.People, func(p flows.Person) bool { return p.ID == strconv.Itoa(seat) && p.Muted })
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
func (s settings) inSession(ctx context.Context, io stdio, of inSession, do func(floor) error) error {
	return s.atSessions(ctx, io, func(d sessionDesk) error {
		group, err := groupByCode(ctx, d.db, d.line, of.Code)
		if err != nil {
			return err
		}
		return do(floor{d, group, cmp.Or(strings.TrimSpace(of.As), actor()), of.JSON})
	})
}

// orders asks for something in a session, and says what came of it.
func (c inSession) orders(ctx context.Context, s *settings, io stdio, r session.Request) error {
	return s.inSession(ctx, io, c, func(f floor) error { return f.order(ctx, r) })
}

// ordersOf asks for something about a person.
func (c withPerson) ordersOf(ctx context.Context, s *settings, io stdio, r session.Request) error {
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
