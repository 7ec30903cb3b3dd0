package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

type groupListCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// Run lists the groups of the first line.
func (g groupListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onLine(ctx, io, func(_ config, db *store.DB, line flows.Line) error {
		groups, err := db.Groups(ctx, line.ID)
		if err != nil {
			return err
		}
		if g.JSON {
			return io.json(append([]store.Group{}, groups...)) // [] for none
		}
		now := io.Now()
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "CODE\tNAME\tACCESS\tSTAGE\tNEXT\tDATES CHANGED")
		for _, group := range groups {
			next := "nothing planned"
			if o, ok := first(group, now); ok {
				next = schedule.Written(line.Languages[0], o.Start, now)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n",
				group.Code, group.Name.In(line.Languages[0]), group.Access, group.Stage, next, orDash(changedDates(group, now)))
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

// changesListed is how far ahead a list tells of dates that were changed.
const changesListed = 60 * 24 * time.Hour

// changedDates is how many of the group's coming dates are not as its schedule has
// them, as in "1 cancelled, 2 moved"; "" when all are.
func changedDates(g store.Group, now time.Time) string {
	cancelled, moved := 0, 0
	for _, m := range g.Meetings {
		held := m.Between(now, now.Add(changesListed))
		moved += count(held, func(o schedule.Occurrence) bool {
			return slices.ContainsFunc(m.Moved, func(to schedule.Move) bool { return to.Date == o.Date })
		})
		skipped := m.Skipped
		m.Skipped, m.Moved = nil, nil
		cancelled += count(m.Between(now, now.Add(changesListed)), func(o schedule.Occurrence) bool { return slices.Contains(skipped, o.Date) })
	}
	var parts []string
	if cancelled > 0 {
		parts = append(parts, fmt.Sprintf("%d cancelled", cancelled))
	}
	if moved > 0 {
		parts = append(parts, fmt.Sprintf("%d moved", moved))
	}
	return strings.Join(parts, ", ")
}

func count(all []schedule.Occurrence, is func(schedule.Occurrence) bool) (n int) {
	for _, o := range all {
		if is(o) {
			n++
		}
	}
	return n
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
