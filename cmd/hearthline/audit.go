package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/store"
)

type auditCommands struct {
	Verify auditVerifyCommand `cmd:"" help:"Say whether any entry was changed, removed or moved."`
	List   auditListCommand   `cmd:"" help:"What staff did, the newest first."`
}

type auditVerifyCommand struct{}

// Run checks the whole log, against the copy of its end on this machine if
// there is one.
func (auditVerifyCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		var head *store.AuditHead
		switch kept, err := store.ReadAuditHead(c.stateDir, line.ID); {
		case err == nil:
			head = &kept
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		report, err := store.NewAudit(db, keys).Verify(ctx, line.ID, head)
		if err != nil {
			return err
		}
		for _, f := range report.Faults {
			fmt.Fprintf(io.Err, "entry %d: %s\n", f.Seq, f.What)
		}
		if !report.Whole() {
			return errReported
		}
		fmt.Fprintf(io.Out, "The audit log is whole: %d %s, the last one number %d.\n", report.Entries, plural(report.Entries, "entry", "entries"), report.Last)
		if report.Retired > 0 {
			fmt.Fprintf(io.Out, "Those up to number %d were removed after their year.\n", report.Retired)
		}
		if !report.HeadChecked {
			fmt.Fprintln(io.Out, "There is no copy of the log's end in HEARTHLINE_STATE_DIR, where `serve` keeps one every few minutes: entries cut off at the end would not show.")
		}
		return nil
	})
}

type auditListCommand struct {
	Actor string `help:"Who acted, as they stand there." placeholder:"NAME"`
	Act   string `help:"What: group.pause, or group for all of its kind." placeholder:"ACT"`
	Limit int    `default:"50" help:"How many, at most."`
	JSON  bool   `help:"As JSON."`
}

// Run prints the newest entries in words; as JSON, with their verbs.
func (m auditListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if m.Limit < 1 {
		return argumentError("--limit is how many entries there are to be: at least 1. Example: --limit=50")
	}
	return s.onLine(ctx, io, func(_ config, db *store.DB, line flows.Line) error {
		entries, err := store.NewAudit(db, nil).List(ctx, line.ID, store.AuditFilter{Actor: m.Actor, Act: m.Act}, m.Limit)
		if err != nil {
			return err
		}
		if m.JSON {
			return io.json(entries)
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		for _, e := range entries {
			did, more, err := console.SayAct("en", e)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", e.Seq, e.At.UTC().Format(time.RFC3339), e.Actor, did, more)
		}
		return w.Flush()
	})
}
