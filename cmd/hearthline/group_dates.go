package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// dateOfGroup says which date of which group a command is about.
type dateOfGroup struct {
	Code string `arg:"" help:"The group's code."`
	Date string `arg:"" help:"The date, as the schedule has it: 2026-11-24, tomorrow, 24 november."`
	JSON bool   `name:"json" help:"As JSON."`
}

type groupSkipCommand struct{ dateOfGroup }

// Run cancels one date, and has the group's members told.
func (g groupSkipCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, date schedule.Date) error {
		done, err := at.db.SkipBy(ctx, at.keys, at.line.ID, at.by(), store.OfDate{Group: at.group.ID, Date: date})
		if err != nil {
			return err
		}
		return at.tell("Not held", done, g.JSON)
	})
}

type groupUnskipCommand struct{ dateOfGroup }

// Run takes a cancelled or moved date back to what the schedule has.
func (g groupUnskipCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, date schedule.Date) error {
		done, err := at.db.UnskipBy(ctx, at.keys, at.line.ID, at.by(), store.OfDate{Group: at.group.ID, Date: date})
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

// Run moves one date, and has the group's members told.
func (g groupMoveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.changeDate(ctx, io, g.dateOfGroup, func(ctx context.Context, at dateDesk, date schedule.Date) error {
		to, err := at.wall("TO", g.To, at.zone(date))
		if err != nil {
			return err
		}
		done, err := at.db.MoveBy(ctx, at.keys, at.line.ID, at.by(), store.OfDate{Group: at.group.ID, Date: date}, to)
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
}

// Run adds one date beside the group's schedule; it is reminded of like any.
func (g groupAddDateCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if g.Timezone != "" && !isZone(g.Timezone) {
		return argumentError("--timezone is not an IANA time zone; write it like --timezone=America/New_York")
	}
	return s.atGroup(ctx, io, g.Code, func(ctx context.Context, at dateDesk) error {
		zone := at.line.Zone
		if g.Timezone != "" {
			zone = g.Timezone
		}
		wall, err := at.wall("AT", g.At, zone)
		if err != nil {
			return err
		}
		done, err := at.db.AddDateBy(ctx, at.keys, at.line.ID, at.by(), at.group.ID, wall, zone, g.Minutes)
		if err != nil {
			return err
		}
		if g.JSON {
			return at.asJSON(done)
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

// by is whose act it is: typed once.
func (d dateDesk) by() store.By { return store.By{Actor: actor(), At: d.now} }

// zone is that of the meeting that gives a date; the line's if none does.
func (d dateDesk) zone(date schedule.Date) string {
	zone := d.line.Zone
	for _, m := range d.group.Meetings {
		zone = m.Zone
		m.Skipped, m.Moved = nil, nil
		noon := schedule.Wall{Date: date, Hour: 12}.In(time.UTC)
		for _, o := range m.Between(noon.AddDate(0, 0, -2), noon.AddDate(0, 0, 2)) {
			if o.Date == date {
				return zone
			}
		}
	}
	return zone
}

// wall reads a time of an argument: as computers write it, or as people do.
func (d dateDesk) wall(name, text, zone string) (schedule.Wall, error) {
	if wall, err := wallArgument(name, text); err == nil {
		return wall, nil
	}
	w, err := schedule.ParseWhenIn(d.line.Languages, text, d.now, zone)
	if err != nil {
		return schedule.Wall{}, whenArgument(name, err)
	}
	return w.Start, nil
}

// whenArgument is what is wrong with a time that was typed.
func whenArgument(name string, err error) error {
	var fault *schedule.Fault
	if errors.As(err, &fault) {
		return argumentError(name + ": " + fault.What + "; " + fault.Mend)
	}
	return err
}

// asJSON writes what became of a date.
func (d dateDesk) asJSON(c store.DateChange) error {
	return d.json(map[string]any{
		"group": d.group.Code, "date": c.Date.String(), "start": c.Start, "end": c.End, "changed": c.Changed, "told": c.Told, "told_later": c.Later,
	})
}

// tell says what became of a date, and who hears of it.
func (d dateDesk) tell(is string, c store.DateChange, asJSON bool) error {
	if asJSON {
		return d.asJSON(c)
	}
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
	return nil
}

func (s settings) changeDate(ctx context.Context, io stdio, of dateOfGroup, do func(context.Context, dateDesk, schedule.Date) error) error {
	date, err := schedule.ParseDate(of.Date)
	if err != nil && !strings.ContainsFunc(of.Date, unicode.IsLetter) {
		return argumentError(fmt.Sprintf("DATE: %q is not a date; write it like 2026-11-24", of.Date))
	}
	return s.atGroup(ctx, io, of.Code, func(ctx context.Context, at dateDesk) error {
		if err != nil {
			if date, err = schedule.ParseDay(at.line.Languages[0], of.Date, at.now, at.line.Zone); err != nil {
				return whenArgument("DATE", err)
			}
		}
		return do(ctx, at, date)
	})
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
