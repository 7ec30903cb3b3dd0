package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// dateOfGroup says which date of which group a command is about.
type dateOfGroup struct {
	Code string `arg:"" help:"The group's code."`
	Date string `arg:"" help:"The date, as the schedule has it: 2026-11-24."`
}

type groupSkipCommand struct{ dateOfGroup }

// Run cancels one date, and has the group's members told.
func (g groupSkipCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, date schedule.Date) error {
		if err := at.record(ctx, "group.skip", fmt.Sprintf("group %s on %s", at.group.Code, date)); err != nil {
			return err
		}
		done, err := at.db.Skip(ctx, at.line.ID, at.group.ID, date, at.now)
		if err != nil {
			return err
		}
		at.tell("Not held", done)
		return nil
	})
}

type groupUnskipCommand struct{ dateOfGroup }

// Run takes a cancelled or moved date back to what the schedule has.
func (g groupUnskipCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, date schedule.Date) error {
		if err := at.record(ctx, "group.unskip", fmt.Sprintf("group %s on %s", at.group.Code, date)); err != nil {
			return err
		}
		done, err := at.db.Unskip(ctx, at.line.ID, at.group.ID, date, at.now)
		if err != nil {
			return err
		}
		at.tell("Held as the schedule has it", done)
		return nil
	})
}

type groupMoveCommand struct {
	dateOfGroup
	To string `arg:"" help:"When it is held instead, in the meeting's own zone: 2026-11-25T18:00."`
}

// Run moves one date, and has the group's members told.
func (g groupMoveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	to, err := wallArgument("TO", g.To)
	if err != nil {
		return err
	}
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, date schedule.Date) error {
		if err := at.record(ctx, "group.move", fmt.Sprintf("group %s on %s to %s", at.group.Code, date, to)); err != nil {
			return err
		}
		done, err := at.db.Move(ctx, at.line.ID, at.group.ID, date, to, at.now)
		if err != nil {
			return err
		}
		at.tell("Moved to", done)
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
func (g groupAddDateCommand) Run(ctx context.Context, s *settings, io stdio) error {
	wall, err := wallArgument("AT", g.At)
	if err != nil {
		return err
	}
	if g.Timezone != "" && !isZone(g.Timezone) {
		return argumentError("--timezone is not an IANA time zone; write it like --timezone=America/New_York")
	}
	return s.atGroup(ctx, io, g.Code, func(ctx context.Context, at dateDesk) error {
		zone := at.line.Zone
		if g.Timezone != "" {
			zone = g.Timezone
		}
		if err := at.record(ctx, "group.add_date", fmt.Sprintf("group %s at %s", at.group.Code, wall)); err != nil {
			return err
		}
		done, err := at.db.AddDate(ctx, at.line.ID, at.group.ID, wall, zone, g.Minutes, at.now)
		if err != nil {
			return err
		}
		if !done.Changed {
			fmt.Fprintf(at.Out, "Nothing changed: the group meets then already, %s.\n", at.when(done))
			return nil
		}
		fmt.Fprintf(at.Out, "Added: %s. Members are reminded of it as of every date.\n", at.when(done))
		return nil
	})
}

// dateDesk is where a command changes one date of a group.
type dateDesk struct {
	desk
	group store.Group
}

func (d dateDesk) when(c store.DateChange) string {
	return schedule.Written(d.line.Languages[0], c.Start, d.now)
}

func (d dateDesk) record(ctx context.Context, act, detail string) error {
	return d.desk.record(ctx, act, detail, vault.Number{})
}

// tell says what became of a date, and who hears of it.
func (d dateDesk) tell(is string, c store.DateChange) {
	told := "Nobody is told."
	switch {
	case !c.Changed:
		told = "It was so before; nothing changed."
	case c.Told > 0:
		told = fmt.Sprintf("%d %s told.", c.Told, plural(c.Told, "member is", "members are"))
	case c.Later:
		told = "Members are told a week before."
	}
	fmt.Fprintf(d.Out, "%s: %s. %s\n", is, d.when(c), told)
}

func (s settings) changeDate(ctx context.Context, io stdio, of dateOfGroup, do func(context.Context, dateDesk, schedule.Date) error) error {
	date, err := schedule.ParseDate(of.Date)
	if err != nil {
		return argumentError(fmt.Sprintf("DATE: %q is not a date; write it like 2026-11-24", of.Date))
	}
	return s.atGroup(ctx, io, of.Code, func(ctx context.Context, at dateDesk) error { return do(ctx, at, date) })
}

// atGroup does something about the group with a code.
func (s settings) atGroup(ctx context.Context, io stdio, code string, do func(context.Context, dateDesk) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		group, err := groupByCode(ctx, db, line, code)
		if err != nil {
			return err
		}
		keys, err := c.keyset().Load()
		if err != nil {
			return err
		}
		if err := fits(ctx, db, keys, line.ID); err != nil {
			return err
		}
		return do(ctx, dateDesk{desk{stdio: io, config: c, db: db, keys: keys, line: line, now: io.Now()}, group})
	})
}

// wallArgument reads a time as a groups file or a person writes it, with a T or a
// space.
func wallArgument(name, text string) (schedule.Wall, error) {
	wall, err := schedule.ParseWall(strings.Replace(strings.TrimSpace(text), " ", "T", 1))
	if err != nil {
		return wall, argumentError(fmt.Sprintf("%s: %q is not a date and time; write it like 2026-11-24T19:00, in 24 hours and without a zone", name, text))
	}
	return wall, nil
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
