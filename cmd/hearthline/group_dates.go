package main

import (
	"context"
	"fmt"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// dateOfGroup says which date of which group a command is about.
type dateOfGroup struct {
	Code string `arg:"" help:"The group's code."`
	Date string `arg:"" help:"The date, as the schedule has it: 2026-11-24."`
}

type groupSkipCommand struct{ dateOfGroup }

// Run cancels one date, and has the group's members told.
func (g groupSkipCommand) Run(ctx context.Context, s *settings, io console) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk) error {
		o, err := at.db.Skip(ctx, at.line.ID, at.group.ID, at.date, io.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "Not held: %s. Whoever is to be reminded of it is told.\n", at.when(o))
		return nil
	})
}

type groupUnskipCommand struct{ dateOfGroup }

// Run takes a cancelled or moved date back to what the schedule has.
func (g groupUnskipCommand) Run(ctx context.Context, s *settings, io console) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk) error {
		o, err := at.db.Unskip(ctx, at.line.ID, at.group.ID, at.date, io.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "Held after all: %s. Whoever is to be reminded of it is told.\n", at.when(o))
		return nil
	})
}

type groupMoveCommand struct {
	dateOfGroup
	To string `arg:"" help:"When it is held instead, in the meeting's own zone: 2026-11-25T18:00."`
}

// Run moves one date, and has the group's members told.
func (g groupMoveCommand) Run(ctx context.Context, s *settings, io console) error {
	to, err := schedule.ParseWall(g.To)
	if err != nil {
		return settingsError{fmt.Sprintf("%q is %s", g.To, err)}
	}
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk) error {
		o, err := at.db.Move(ctx, at.line.ID, at.group.ID, at.date, to, io.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "Moved to %s. Whoever is to be reminded of it is told.\n", at.when(o))
		return nil
	})
}

type groupAddDateCommand struct {
	Code     string `arg:"" help:"The group's code."`
	At       string `arg:"" help:"When it is held: 2026-12-05T10:00."`
	Timezone string `help:"IANA zone of that time (default: LINE_TIMEZONE)." placeholder:"ZONE"`
	Minutes  int    `default:"60" help:"How long it lasts."`
}

// Run adds one date beside the group's schedule; it is reminded of like any.
func (g groupAddDateCommand) Run(ctx context.Context, s *settings, io console) error {
	at, err := schedule.ParseWall(g.At)
	if err != nil {
		return settingsError{fmt.Sprintf("%q is %s", g.At, err)}
	}
	return s.onLine(ctx, io, func(_ config, db *store.DB, line flows.Line) error {
		group, err := groupByCode(ctx, db, line, g.Code)
		if err != nil {
			return err
		}
		zone := line.Zone
		if g.Timezone != "" {
			zone = g.Timezone
		}
		if err := db.AddDate(ctx, line.ID, group.ID, at, zone, g.Minutes); err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "Added: %s, %s.\n", group.Name.In(line.Languages[0]), at)
		return nil
	})
}

// dateDesk is where a command changes one date of a group.
type dateDesk struct {
	db    *store.DB
	line  flows.Line
	group store.Group
	date  schedule.Date
	io    console
}

func (d dateDesk) when(o schedule.Occurrence) string {
	return schedule.Written(d.line.Languages[0], o.Start, d.io.Now())
}

func (s settings) changeDate(ctx context.Context, io console, of dateOfGroup, do func(context.Context, dateDesk) error) error {
	date, err := schedule.ParseDate(of.Date)
	if err != nil {
		return settingsError{fmt.Sprintf("%q is %s", of.Date, err)}
	}
	return s.onLine(ctx, io, func(_ config, db *store.DB, line flows.Line) error {
		group, err := groupByCode(ctx, db, line, of.Code)
		if err != nil {
			return err
		}
		return do(ctx, dateDesk{db: db, line: line, group: group, date: date, io: io})
	})
}

func groupByCode(ctx context.Context, db *store.DB, line flows.Line, code string) (store.Group, error) {
	groups, err := db.Groups(ctx, line.ID)
	if err != nil {
		return store.Group{}, err
	}
	for _, g := range groups {
		if g.Code == code {
			return g, nil
		}
	}
	return store.Group{}, fmt.Errorf("no group has the code %s; `hearthline group list` shows them", code)
}
