package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hearthline/hearthline/store"
)

// dateOfGroup says which date of which group a command is about.
type dateOfGroup struct {
	Code string `arg:"" help:"The group's code."`
	Date string `arg:"" help:"The date, as the schedule has it: 2026-11-24, tomorrow, 24 november."`
	JSON bool   `name:"json" help:"As JSON."`
	beforehand
}

type groupSkipCommand struct{ dateOfGroup }

// Run cancels one date, and has the group's members told.
func (g groupSkipCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, on day) error {
		read := at.about("Cancel one date", on.given, given.isHeld, given.heldAt)
		if does, err := at.agreed(g.beforehand, g.JSON, on.exact, read); !does {
			return err
		}
		done, err := at.db.SkipBy(ctx, at.keys, at.line.ID, at.by(), store.OfDate{Group: at.group.ID, Date: on.Date})
		if err != nil {
			return err
		}
		return at.tell("Not held", done, g.JSON)
	})
}

type groupUnskipCommand struct{ dateOfGroup }

// Run takes a cancelled or moved date back to what the schedule has.
func (g groupUnskipCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, on day) error {
		read := at.about("Hold one date as the schedule has it", on.given, given.isChanged, given.ruledAt)
		if does, err := at.agreed(g.beforehand, g.JSON, on.exact, read); !does {
			return err
		}
		done, err := at.db.UnskipBy(ctx, at.keys, at.line.ID, at.by(), store.OfDate{Group: at.group.ID, Date: on.Date})
		if err != nil {
			return err
		}
		return at.tell("Held as the schedule has it", done, g.JSON)
	})
}

type groupMoveCommand struct {
	dateOfGroup
	To string `arg:"" help:"When it is held instead, in the meeting's own zone: 2026-11-25T18:00, 'wednesday 6pm'."`
}

// Run moves one date, and has the group's members told. A weekday is the one beside
// the date.
func (g groupMoveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, on day) error {
		zone := on.given[0].Zone
		w, exact, err := at.when("TO", g.To, zone)
		if err != nil {
			return err
		}
		to := w.Near(on.Date).Start
		read := at.about("Move one date", on.given, given.isHeld, given.heldAt)
		read.To = new(at.reads(to.In(on.given[0].byRule.Location()), at.now, to))
		if does, err := at.agreed(g.beforehand, g.JSON, exact && on.exact, read); !does {
			return err
		}
		done, err := at.db.MoveBy(ctx, at.keys, at.line.ID, at.by(), store.OfDate{Group: at.group.ID, Date: on.Date}, to)
		if err != nil {
			return err
		}
		return at.tell("Moved to", done, g.JSON)
	})
}

type groupAddDateCommand struct {
	Code     string `arg:"" help:"The group's code."`
	At       string `arg:"" help:"When it is held: 2026-12-05T10:00, '5 december 10am'."`
	Timezone string `help:"IANA zone of that time (default: LINE_TIMEZONE)." placeholder:"ZONE"`
	Minutes  int    `default:"60" help:"How long it lasts."`
	JSON     bool   `name:"json" help:"As JSON."`
	beforehand
}

// Run adds one date beside the group's schedule; it is reminded of like any.
func (g groupAddDateCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if g.Timezone != "" && !isZone(g.Timezone) {
		return argumentError("--timezone is not an IANA time zone; write it like --timezone=America/New_York")
	}
	return s.atGroup(ctx, io, g.Code, func(ctx context.Context, at dateDesk) error {
		zone := cmp.Or(g.Timezone, at.line.Zone)
		w, exact, err := at.when("AT", g.At, zone)
		if err != nil {
			return err
		}
		loc, err := time.LoadLocation(zone)
		if err != nil {
			return err
		}
		const effect = "Members are reminded of it as of every date."
		read := understood{
			Does: "Add one date", Group: at.group.Name.In(at.line.Languages[0]), Code: at.group.Code,
			Dates: []readDate{at.reads(w.Start.In(loc), at.now, w.Start)}, Effect: effect,
		}
		if does, err := at.agreed(g.beforehand, g.JSON, exact, read); !does {
			return err
		}
		done, err := at.db.AddDateBy(ctx, at.keys, at.line.ID, at.by(), at.group.ID, w.Start, zone, g.Minutes)
		if err != nil {
			return err
		}
		if g.JSON {
			return at.asJSON(done)
		}
		if !done.Changed {
			fmt.Fprintf(at.Out, "Nothing changed: the group meets then already, %s.\n", at.dated(done))
			return nil
		}
		fmt.Fprintf(at.Out, "Added: %s. %s\n", at.dated(done), effect)
		return nil
	})
}

func (s settings) changeDate(ctx context.Context, io stdio, of dateOfGroup, do func(context.Context, dateDesk, day) error) error {
	return s.atGroup(ctx, io, of.Code, func(ctx context.Context, at dateDesk) error {
		on, err := at.day(of.Date)
		if err != nil {
			return err
		}
		return do(ctx, at, on)
	})
}
