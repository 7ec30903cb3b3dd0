package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	beforehand
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
	Open bool   `help:"Have it meet at once (default: it is paused, until group resume)."`
	groupFlags
}

// Run sets a group up, and says what callers will hear of it. Like one of the desk it
// is paused until somebody has looked at it.
func (g groupAddCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if g.When == "" {
		return argumentError("--when is missing; say when the group meets, like --when '2nd tuesday 7pm'")
	}
	return s.atKeys(ctx, io, func(ctx context.Context, d dateDesk) error {
		group, err := g.onto(store.Group{Group: flows.Group{Code: g.Code}}, g.Name, d.line, d.now)
		if err != nil {
			return err
		}
		return d.add(ctx, group, g.Open, g.groupFlags)
	})
}

// readBack asks whether a group meets when the flags are understood to say.
func (d dateDesk) readBack(does string, g store.Group, f groupFlags, effect string) (bool, error) {
	u := understood{Does: does, Group: g.Name.In(d.line.Languages[0]), Code: g.Code, Dates: d.upcoming(g.Meetings), Effect: effect}
	for _, m := range g.Meetings {
		u.Meets = append(u.Meets, meets(d.line.Languages[0], m))
	}
	return d.agreed(f.beforehand, f.JSON, f.When == "", u)
}

func meets(lang string, m schedule.Meeting) string {
	return fmt.Sprintf("It meets %s, for %d minutes.", schedule.SpokenSeries(lang, m), m.Minutes)
}

// add sets a group up, paused unless it is to be open.
func (d dateDesk) add(ctx context.Context, g store.Group, open bool, f groupFlags) error {
	effect := "It is open at once."
	if g.Stage = flows.StageOpen; !open {
		g.Stage, effect = flows.StagePaused, "It is paused until `hearthline group resume` opens it."
	}
	if does, err := d.readBack("Set up a group", g, f, effect); !does {
		return err
	}
	id, err := d.db.AddGroup(ctx, d.keys, d.line.ID, d.by(), g)
	if err != nil {
		return groupFaults(err)
	}
	return d.show(ctx, id, "Added", f.JSON)
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
		fmt.Fprintln(d.Out, meets(lang, m))
	}
	if g.Stage == flows.StagePaused {
		fmt.Fprintf(d.Out, "While it is paused nobody enters it or is reminded of it. To open it: hearthline group resume %s\n", g.Code)
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
		if g.When != "" || g.DryRun {
			if does, err := d.readBack("Change a group", group, g.groupFlags, "Its members are told of dates that change."); !does {
				return err
			}
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
	Open bool   `help:"Have it meet at once (default: it is paused, until group resume)."`
	groupFlags
}

// Run sets a group up like another, paused: with its times, unless --when says others,
// and without its bridge and who holds it.
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
		return d.add(ctx, group, g.Open, g.groupFlags)
	})
}
