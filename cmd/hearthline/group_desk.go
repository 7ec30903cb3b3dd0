package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// dateDesk is where a command changes one date of a group.
type dateDesk struct {
	desk
	group store.Group
}

// dated is when what was changed is, in words.
func (d dateDesk) dated(c store.DateChange) string {
	return schedule.Written(d.line.Languages[0], c.Start, d.now)
}

// by is whose act it is: typed once.
func (d dateDesk) by() store.By { return store.By{Actor: actor(), At: d.now} }

// when reads a time of an argument: as computers write it, which is exact, or as people
// do.
func (d dateDesk) when(name, text, zone string) (w schedule.When, exact bool, err error) {
	if wall, err := wallArgument(name, text); err == nil {
		return schedule.When{Start: wall}, true, nil
	}
	if w, err = schedule.ParseWhenIn(d.line.Languages, text, d.now, zone); err != nil {
		return w, false, whenArgument(name, err)
	}
	return w, false, nil
}

// day is the date that an argument says.
type day struct {
	schedule.Date
	exact bool    // it was written as computers write it
	given []given // by the group's meetings, one at least
}

// day reads a date of an argument, as computers or as people write it.
func (d dateDesk) day(text string) (on day, err error) {
	if on.Date, err = schedule.ParseDate(text); err == nil {
		on.exact = true
	} else if !strings.ContainsFunc(text, unicode.IsLetter) {
		return on, argumentError(fmt.Sprintf("DATE: %q is not a date; write it like 2026-11-24", text))
	} else if on.Date, err = d.wordedDay(text); err != nil {
		return on, whenArgument("DATE", err)
	}
	if on.given = d.givenOn(on.Date); len(on.given) == 0 {
		return on, fmt.Errorf("%w on %s", store.ErrNoDate, on.Date)
	}
	return on, nil
}

// wordedDay reads a day in the first of the line's languages in which it makes sense.
func (d dateDesk) wordedDay(text string) (schedule.Date, error) {
	var first error
	for _, lang := range d.line.Languages {
		date, err := schedule.ParseDay(lang, text, d.now, d.line.Zone)
		if err == nil {
			return date, nil
		}
		first = cmp.Or(first, err)
	}
	return schedule.Date{}, first
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
	fmt.Fprintf(d.Out, "%s: %s. %s\n", is, d.dated(c), told)
	return nil
}

// atGroup does something about the group with a code.
func (s settings) atGroup(ctx context.Context, io stdio, code string, do func(context.Context, dateDesk) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		group, err := groupByCode(ctx, db, line, code)
		if err != nil {
			return err
		}
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
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

// atKeys does something on the line that needs its keys.
func (s settings) atKeys(ctx context.Context, io stdio, do func(context.Context, dateDesk) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		return do(ctx, dateDesk{desk: desk{stdio: io, config: c, db: db, keys: keys, line: line, now: io.Now()}})
	})
}
