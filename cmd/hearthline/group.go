package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type groupCommands struct {
	Import groupImportCommand `cmd:"" help:"Set groups up from a groups file, all or nothing."`
	List   groupListCommand   `cmd:"" help:"List the groups."`
}

type groupImportCommand struct {
	File     string `arg:"" help:"A groups file, YAML or JSON." type:"path"`
	DryRun   bool   `help:"Say what would change, and change nothing."`
	Timezone string `help:"IANA zone of meetings that name none (default: LINE_TIMEZONE)."`
}

// Run imports a groups file.
func (g groupImportCommand) Run(ctx context.Context, s *settings, io console) error {
	f, err := os.Open(g.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return s.onLine(ctx, func(c config, db *store.DB, line flows.Line) error {
		groups, faults := store.ParseGroups(filepath.Base(g.File), f, store.ParseOptions{
			Languages: line.Languages, CodeLength: line.CodeLength, Timezone: cmp.Or(g.Timezone, line.Zone), Countries: c.countries,
		})
		errors := 0
		for _, fault := range faults {
			fmt.Fprintln(io.Err, fault.Error())
			if !fault.Warning {
				errors++
			}
		}
		if errors > 0 {
			fmt.Fprintf(io.Err, "Nothing was imported: mend %d %s.\n", errors, plural(errors, "fault", "faults"))
			return errReported
		}
		keys, err := vault.Load(c.keysetFile)
		if err != nil {
			return err
		}
		write := db.ImportGroups
		if g.DryRun {
			write = db.PreviewImport
		}
		done, err := write(ctx, keys, line.ID, groups)
		if err != nil {
			return err
		}
		g.tell(io, done)
		return nil
	})
}

func (g groupImportCommand) tell(io console, done store.Imported) {
	verb := ""
	if g.DryRun {
		verb = "would be "
	}
	for _, part := range []struct {
		what  string
		codes []string
	}{{"added", done.Added}, {"changed", done.Changed}, {"unchanged", done.Unchanged}} {
		if len(part.codes) > 0 {
			n := len(part.codes)
			fmt.Fprintf(io.Out, "%d %s %s%s: %s\n", n, plural(n, "group", "groups"), verb, part.what, strings.Join(part.codes, ", "))
		}
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

type groupListCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// Run lists the groups of the first line.
func (g groupListCommand) Run(ctx context.Context, s *settings, io console) error {
	return s.onLine(ctx, func(_ config, db *store.DB, line flows.Line) error {
		groups, err := db.Groups(ctx, line.ID)
		if err != nil {
			return err
		}
		if g.JSON {
			out := json.NewEncoder(io.Out)
			out.SetIndent("", "  ")
			return out.Encode(groups)
		}
		now := time.Now()
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "CODE\tNAME\tACCESS\tSTAGE\tNEXT")
		for _, group := range groups {
			next := "nothing planned"
			if o, ok := first(group, now); ok {
				next = schedule.Written(line.Languages[0], o.Start, now)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", group.Code, group.Name.In(line.Languages[0]), group.Access, group.Stage, next)
		}
		return w.Flush()
	})
}

// first is the group's first occurrence that has not ended.
func first(g store.Group, now time.Time) (schedule.Occurrence, bool) {
	var all []schedule.Occurrence
	for _, m := range g.Meetings {
		all = append(all, m.Next(now, 1)...)
	}
	if len(all) == 0 {
		return schedule.Occurrence{}, false
	}
	return slices.MinFunc(all, func(a, b schedule.Occurrence) int { return a.Start.Compare(b.Start) }), true
}
