package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

type rosterCommands struct {
	List    rosterListCommand    `cmd:"" help:"Who is in groups, and who waits to be let in: names and numbers of the desk's own, no telephone numbers."`
	Approve rosterApproveCommand `cmd:"" help:"Let somebody in who waits, by the number that list shows."`
	Decline rosterDeclineCommand `cmd:"" help:"Forget that somebody who waits asked to be let in."`
	Call    rosterCallCommand    `cmd:"" help:"Connect a coordinator with somebody who waits, and lets them call: neither sees the other's number."`
	Invite  memberInviteCommand  `cmd:"" help:"Ask a number, once and neutrally, whether it wants to be in a group. The number on standard input."`
}

// rosterDesk is where a command works on rosters.
type rosterDesk struct {
	stdio
	roster *store.Roster
	flow   *flows.Flow
	line   flows.Line
	groups []store.Group
}

// atRoster does something about the rosters of the first line.
func (s settings) atRoster(ctx context.Context, io stdio, do func(rosterDesk) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		groups, err := db.Groups(ctx, line.ID)
		if err != nil {
			return err
		}
		looks, err := c.lookAt(ctx, db, keys, line.ID)
		if err != nil {
			return err
		}
		return do(rosterDesk{stdio: io, roster: store.NewRoster(db, keys, io.Now), flow: looks.heard, line: line, groups: groups})
	})
}

type rosterListCommand struct {
	Group   string `help:"Of this group alone, by its code." placeholder:"CODE"`
	Waiting bool   `help:"Those alone who wait to be let in."`
	JSON    bool   `name:"json" help:"As JSON."`
}

// onRoster is somebody as a command shows them.
type onRoster struct {
	Group   string `json:"group"` // its code
	Number  int    `json:"number,omitempty"`
	Name    string `json:"name"`
	Note    string `json:"note,omitempty"`
	State   string `json:"state"`
	Channel string `json:"channel"`
	MayCall bool   `json:"may_call"`
}

// Run lists who is on the roster.
func (c rosterListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atRoster(ctx, io, func(d rosterDesk) error {
		all := []onRoster{}
		for _, g := range d.groups {
			if c.Group != "" && g.Code != c.Group {
				continue
			}
			entries, err := d.roster.List(ctx, d.line.ID, g.ID)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if !c.Waiting || e.Number != 0 {
					all = append(all, onRoster{g.Code, e.Number, d.called(e), e.Note, e.State, string(e.Channel), e.MayCall})
				}
			}
		}
		if c.Group != "" && !slices.ContainsFunc(d.groups, func(g store.Group) bool { return g.Code == c.Group }) {
			return fmt.Errorf("no group has the code %s; `hearthline group list` shows them", c.Group)
		}
		if c.JSON {
			return d.json(all)
		}
		return d.table(all)
	})
}

func (d rosterDesk) called(e store.RosterEntry) string {
	return cmp.Or(e.Alias, d.flow.Alias(d.line.Languages[0], e.Word))
}

func (d rosterDesk) table(all []onRoster) error {
	if len(all) == 0 {
		fmt.Fprintln(d.Out, "Nobody.")
		return nil
	}
	w := tabwriter.NewWriter(d.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "GROUP\tNUMBER\tNAME\tSTATE\tREMINDERS\tMAY BE CALLED\tNOTE")
	for _, e := range all {
		number := ""
		if e.Number != 0 {
			number = strconv.Itoa(e.Number)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\tby %s\t%s\t%s\n", e.Group, number, e.Name, e.State, e.Channel, yesOrNo(e.MayCall), e.Note)
	}
	return w.Flush()
}

// waitingOne is who a command is about, and who gives it.
type waitingOne struct {
	Number int  `arg:"" help:"The number of who waits, as list --waiting shows it."`
	JSON   bool `name:"json" help:"What came of it, as JSON."`
	staff
}

type rosterApproveCommand struct{ waitingOne }

// Run lets somebody in.
func (c rosterApproveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.decide(ctx, s, io, "approved", (*store.Roster).Approve)
}

type rosterDeclineCommand struct{ waitingOne }

// Run does not let somebody in.
func (c rosterDeclineCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return c.decide(ctx, s, io, "declined", (*store.Roster).Decline)
}

// rosterChange is what came of a decision.
type rosterChange struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	Done  string `json:"done"` // approved, declined, ringing
}

func (c waitingOne) decide(ctx context.Context, s *settings, io stdio, done string, do func(r *store.Roster, ctx context.Context, line string, by store.By, group, key string) error) error {
	return s.atRoster(ctx, io, func(d rosterDesk) error {
		e, code, err := d.waiting(ctx, c.Number)
		if err != nil {
			return err
		}
		by := store.By{Actor: cmp.Or(strings.TrimSpace(c.As), actor()), At: io.Now()}
		if err := do(d.roster, ctx, d.line.ID, by, e.Group, e.Key); err != nil {
			return err
		}
		change := rosterChange{code, d.called(e), done}
		if c.JSON {
			return d.json(change)
		}
		fmt.Fprintf(d.Out, "%s, who waited for group %s: %s.\n", change.Name, change.Group, done)
		return nil
	})
}
