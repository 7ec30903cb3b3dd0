package main

import (
	"context"
	"fmt"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
)

// newAfield returns the desk of who looks after groups and is away from it. It goes by
// the rights of who serves calls: what it changes is sealed, or told to members.
func (a *app) newAfield() *phone.Afield {
	return phone.NewAfield(phone.AfieldOptions{
		Keys: a.keys, Groups: a.db,
		Accounts: store.NewAccounts(a.db, a.keys, a.now), Roster: store.NewRoster(a.db, a.keys, a.now), Covers: store.NewCovers(a.db, a.keys),
		Messages: store.NewMessages(a.db, a.keys), Audience: a.members.Audience, Studio: takes{a.studio},
		Live: func(ctx context.Context, f *flows.Flow, line string, d *flows.Directory) ([]rooms.Listed, error) {
			return a.rooms.Live(ctx, f, line, d)
		},
		MayAsk: a.mayAsk,
	})
}

type groupCoverCommand struct {
	Code string `arg:"" help:"The group's code."`
	Date string `help:"The date, as the schedule has it: 2026-11-24 (default: the next one)." placeholder:"DATE"`
	JSON bool   `name:"json" help:"As JSON."`
}

// Run asks the group's facilitators who can hold one date.
func (g groupCoverCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if _, err := schedule.ParseDate(g.Date); g.Date != "" && err != nil {
		return argumentError(fmt.Sprintf("--date: %q is not a date; write it like 2026-11-24", g.Date))
	}
	return s.atGroup(ctx, io, g.Code, func(ctx context.Context, at dateDesk) error {
		o, ok := g.occurrence(at)
		if !ok {
			return fmt.Errorf("group %s has no such date to come; `hearthline group list` shows when it meets", g.Code)
		}
		asked, err := store.NewCovers(at.db, at.keys).Ask(ctx, at.line.ID, store.By{Actor: actor(), At: at.now}, at.group.ID, o)
		if err != nil {
			return err
		}
		if g.JSON {
			return io.json(map[string]any{"code": g.Code, "date": o.Date.String(), "start": o.Start, "asked": asked})
		}
		when := schedule.Written(at.line.Languages[0], o.Start, at.now)
		if asked == 0 {
			return fmt.Errorf("group %s has no facilitators to ask who can hold %s; add some to it first", g.Code, when)
		}
		fmt.Fprintf(at.Out, "%d %s asked by text who can hold %s. The first who says yes holds it, and the others are told.\n",
			asked, plural(asked, "facilitator is", "facilitators are"), when)
		return nil
	})
}

// occurrence is the one that is meant: it has not begun.
func (g groupCoverCommand) occurrence(at dateDesk) (schedule.Occurrence, bool) {
	d := flows.NewDirectory(at.line, []flows.Group{at.group.Group}, at.now)
	for _, o := range d.Between(at.group.ID, at.now, at.now.AddDate(1, 0, 0)) {
		if o.Start.After(at.now) && (g.Date == "" || o.Date.String() == g.Date) {
			return o, true
		}
	}
	return schedule.Occurrence{}, false
}
