package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

type statisticsCommand struct {
	Group string `help:"Of the group with this code alone." placeholder:"CODE"`
	JSON  bool   `name:"json" xor:"as" help:"As JSON; what is not shown is null."`
	CSV   bool   `name:"csv" xor:"as" help:"As a spreadsheet."`
}

// Run prints what the desk's statistics show. What is small is shown to nobody, nor
// what would tell it: who runs the line is no group's own staff.
func (c statisticsCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onLine(ctx, io, func(_ config, db *store.DB, line flows.Line) error {
		groups, err := db.Groups(ctx, line.ID)
		if err != nil {
			return err
		}
		figures, err := db.Statistics(ctx, line.ID, io.Now())
		if err != nil {
			return err
		}
		if c.Group != "" {
			at := slices.IndexFunc(groups, func(g store.Group) bool { return g.Code == c.Group })
			if at < 0 {
				return fmt.Errorf("statistics: no group has the code %s; see hearthline group list", c.Group)
			}
			figures = figures.Only(groups[at].ID)
		}
		name := func(id string) string {
			for _, g := range groups {
				if g.ID == id {
					return g.Name.In(line.Languages[0])
				}
			}
			return "a group that is no more"
		}
		switch {
		case c.JSON:
			return io.json(figureRows(figures.Spreadsheet(name)))
		case c.CSV:
			return store.WriteSpreadsheet(io.Out, figures.Spreadsheet(name))
		case figures.Empty():
			fmt.Fprintln(io.Out, "Nothing has been counted that can be shown: only weeks that are over are.")
			return nil
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		for _, row := range figures.Spreadsheet(name) {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", row[0], row[1], row[2], row[3], row[4])
		}
		return w.Flush()
	})
}

// figureRow is a number in JSON, null if it is not shown.
type figureRow struct {
	From   string `json:"from"`
	To     string `json:"to"`
	What   string `json:"what"`
	Of     string `json:"of"`
	Number *int   `json:"number"`
}

// figureRows reads a spreadsheet with its head.
func figureRows(rows [][]string) []figureRow {
	all := make([]figureRow, 0, len(rows))
	for _, row := range rows[1:] {
		r := figureRow{From: row[0], To: row[1], What: row[2], Of: row[3]}
		if n, err := strconv.Atoi(row[4]); err == nil {
			r.Number = &n
		}
		all = append(all, r)
	}
	return all
}
