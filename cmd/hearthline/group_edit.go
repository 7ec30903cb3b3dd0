package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// groupFlags are what can be said of a group on the command line. Numbers and PINs
// are not: a shell keeps what is typed. They come in a groups file, or at the desk.
type groupFlags struct {
	When      string            `help:"When it meets, as people say it: '2nd tuesday 7pm', 'every other friday 6:30 pm for 90 minutes'." placeholder:"WORDS"`
	Timezone  string            `help:"IANA zone of that time (default: LINE_TIMEZONE)." placeholder:"ZONE"`
	Minutes   int               `help:"How long it lasts, if --when does not say." default:"60"`
	Names     map[string]string `name:"name-in" help:"Its name in a language: es=Círculo." placeholder:"LANG=NAME"`
	Discreet  string            `help:"Its discreet name." placeholder:"NAME"`
	Topic     []string          `help:"A topic: grief. Repeat for more."`
	Language  []string          `help:"A language spoken in it: en. Repeat for more."`
	Format    string            `help:"peer-led or professional-led."`
	Access    string            `help:"open, code or approval."`
	Host      string            `help:"none or required."`
	Capacity  int               `help:"How many people at most."`
	Reminders []string          `help:"How long before a meeting, at most two: 24h,15m."`
	Place     string            `help:"An address, if it meets in person." placeholder:"ADDRESS"`
	JSON      bool              `name:"json" help:"As JSON."`
}

// onto is a group with what the flags say of it.
func (f groupFlags) onto(g store.Group, name string, line flows.Line, now time.Time) (store.Group, error) {
	first := line.Languages[0]
	if name != "" {
		g.Name = maps.Clone(g.Name)
		if g.Name == nil || g.Name[""] != "" {
			g.Name = flows.Words{}
		}
		g.Name[first] = name
	}
	for lang, text := range f.Names {
		if g.Name = maps.Clone(g.Name); g.Name[""] != "" {
			g.Name = flows.Words{first: g.Name[""]}
		}
		g.Name[lang] = text
	}
	if f.Discreet != "" {
		g.DiscreetName = flows.Words{"": f.Discreet}
	}
	if len(f.Topic) > 0 {
		g.Topics = f.Topic
	}
	if len(f.Language) > 0 {
		g.Languages = f.Language
	}
	if len(f.Reminders) > 0 {
		g.Reminders = f.Reminders
	}
	g.Format, g.Access, g.Host = cmp.Or(flows.Format(f.Format), g.Format), cmp.Or(flows.Access(f.Access), g.Access), cmp.Or(flows.Host(f.Host), g.Host)
	g.Capacity, g.Place = cmp.Or(f.Capacity, g.Capacity), cmp.Or(f.Place, g.Place)
	if f.When == "" {
		return g, nil
	}
	zone := cmp.Or(f.Timezone, line.Zone)
	w, err := schedule.ParseWhenIn(line.Languages, f.When, now, zone)
	if err != nil {
		return g, whenArgument("--when", err)
	}
	m := w.Meeting(zone)
	m.Minutes = cmp.Or(w.Minutes, f.Minutes)
	g.Meetings = []schedule.Meeting{m}
	return g, nil
}

type groupAddCommand struct {
	Name string `arg:"" help:"Its name, in the line's first language."`
	Code string `help:"Its code (default: one that is easy to hear)."`
	groupFlags
}

// Run sets a group up, and says what callers will hear of it.
func (g groupAddCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if g.When == "" {
		return argumentError("--when is missing; say when the group meets, like --when '2nd tuesday 7pm'")
	}
	return s.atKeys(ctx, io, func(ctx context.Context, d dateDesk) error {
		group, err := g.onto(store.Group{Group: flows.Group{Code: g.Code}}, g.Name, d.line, d.now)
		if err != nil {
			return err
		}
		return d.add(ctx, group, g.JSON)
	})
}

func (d dateDesk) add(ctx context.Context, g store.Group, asJSON bool) error {
	id, err := d.db.AddGroup(ctx, d.keys, d.line.ID, d.by(), g)
	if err != nil {
		return groupFaults(err)
	}
	return d.show(ctx, id, "Added", asJSON)
}

// show says what a group is now.
func (d dateDesk) show(ctx context.Context, id, is string, asJSON bool) error {
	g, err := d.db.Group(ctx, d.line.ID, id)
	if err != nil {
		return err
	}
	if asJSON {
		return d.json(g)
	}
	lang := d.line.Languages[0]
	fmt.Fprintf(d.Out, "%s: %s, code %s, %s.\n", is, g.Name.In(lang), g.Code, g.Stage)
	for _, m := range g.Meetings {
		fmt.Fprintf(d.Out, "It meets %s, for %d minutes.\n", schedule.SpokenSeries(lang, m), m.Minutes)
	}
	if o, ok := first(*g, d.now); ok && g.Stage.Meets() {
		fmt.Fprintf(d.Out, "The next date is %s.\n", schedule.Written(lang, o.Start, d.now))
	}
	return nil
}

// groupFaults is what is wrong with a group, as of an argument.
func groupFaults(err error) error {
	var faults store.Faults
	if errors.As(err, &faults) {
		return argumentError(faults.Error())
	}
	return err
}

type groupEditCommand struct {
	Code string `arg:"" help:"The group's code."`
	Name string `help:"Its name, in the line's first language."`
	groupFlags
}

// Run changes what the flags say of a group, and leaves the rest.
func (g groupEditCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atGroup(ctx, io, g.Code, func(ctx context.Context, d dateDesk) error {
		// With the ids of who holds it, who stay.
		before, err := d.db.Group(ctx, d.line.ID, d.group.ID)
		if err != nil {
			return err
		}
		group, err := g.onto(*before, g.Name, d.line, d.now)
		if err != nil {
			return err
		}
		if err := d.db.ChangeGroup(ctx, d.keys, d.line.ID, d.by(), group); err != nil {
			return groupFaults(err)
		}
		return d.show(ctx, group.ID, "Changed", g.JSON)
	})
}

type groupDuplicateCommand struct {
	Of   string `arg:"" name:"code" help:"The code of the group that it is like."`
	Name string `arg:"" help:"Its name, in the line's first language."`
	Code string `help:"Its own code (default: one that is easy to hear)."`
	groupFlags
}

// Run sets a group up like another: with its times, unless --when says others, and
// without its bridge and who holds it.
func (g groupDuplicateCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atGroup(ctx, io, g.Of, func(ctx context.Context, d dateDesk) error {
		like := d.group
		like.ID, like.Code, like.Feed, like.Slug, like.Bridge, like.Facilitators, like.Stage = "", g.Code, "", "", false, nil, ""
		like.Meetings = slices.Clone(like.Meetings)
		for i := range like.Meetings {
			like.Meetings[i].ID, like.Meetings[i].Skipped, like.Meetings[i].Moved = "", nil, nil
		}
		group, err := g.onto(like, g.Name, d.line, d.now)
		if err != nil {
			return err
		}
		return d.add(ctx, group, g.JSON)
	})
}

// groupOf is the group that a command is about.
type groupOf struct {
	Code string `arg:"" help:"The group's code."`
	JSON bool   `name:"json" help:"As JSON."`
}

func (g groupOf) stage(ctx context.Context, s *settings, io stdio, stage flows.Stage, is string) error {
	return s.atGroup(ctx, io, g.Code, func(ctx context.Context, d dateDesk) error {
		if err := d.db.SetStage(ctx, d.keys, d.line.ID, d.by(), d.group.ID, stage); err != nil {
			return err
		}
		return d.show(ctx, d.group.ID, is, g.JSON)
	})
}

type groupPauseCommand struct{ groupOf }

// Run has nobody enter a group or be reminded of it, for now.
func (g groupPauseCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return g.stage(ctx, s, io, flows.StagePaused, "Paused")
}

type groupResumeCommand struct{ groupOf }

// Run has a group meet again.
func (g groupResumeCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return g.stage(ctx, s, io, flows.StageOpen, "Resumed")
}

type groupArchiveCommand struct{ groupOf }

// Run ends a group, and keeps it.
func (g groupArchiveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return g.stage(ctx, s, io, flows.StageClosed, "Archived")
}

type groupDatesCommand struct {
	groupOf
	N int `short:"n" default:"8" help:"How many."`
}

// Run lists a group's next dates, those that are moved or not held among them.
func (g groupDatesCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atGroup(ctx, io, g.Code, func(_ context.Context, d dateDesk) error {
		dates := d.dates(max(g.N, 0))
		if g.JSON {
			return d.json(dates)
		}
		if len(dates) == 0 {
			fmt.Fprintln(d.Out, "The group has no date to come.")
		}
		for _, date := range dates {
			is := ""
			if date.Is != "held" {
				is = "  " + date.Is
			}
			fmt.Fprintf(d.Out, "%s  %s%s\n", date.Date, schedule.Written(d.line.Languages[0], date.Start, d.now), is)
		}
		return nil
	})
}

// dateOf is a date of a group.
type dateOf struct {
	Date  string    `json:"date"` // by which commands name it
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Is    string    `json:"is"` // held, moved or skipped
}

func (d dateDesk) dates(n int) []dateOf {
	all := []dateOf{}
	add := func(o schedule.Occurrence, is string) {
		all = append(all, dateOf{Date: o.Date.String(), Start: o.Start, End: o.End, Is: is})
	}
	for _, m := range d.group.Meetings {
		for _, o := range m.Next(d.now, n) {
			is := "held"
			if slices.ContainsFunc(m.Moved, func(move schedule.Move) bool { return move.Date == o.Date }) {
				is = "moved"
			}
			add(o, is)
		}
		plain := m
		plain.Skipped, plain.Moved = nil, nil
		for _, o := range plain.Next(d.now, n+len(m.Skipped)) {
			if slices.Contains(m.Skipped, o.Date) {
				add(o, "skipped")
			}
		}
	}
	slices.SortFunc(all, func(a, b dateOf) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.Date, b.Date))
	})
	return all[:min(n, len(all))]
}

// atKeys does something on the line that needs its keys.
func (s settings) atKeys(ctx context.Context, io stdio, do func(context.Context, dateDesk) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keyset().Load()
		if err != nil {
			return err
		}
		if err := fits(ctx, db, keys, line.ID); err != nil {
			return err
		}
		return do(ctx, dateDesk{desk: desk{stdio: io, config: c, db: db, keys: keys, line: line, now: io.Now()}})
	})
}
