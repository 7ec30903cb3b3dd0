package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type outboxCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// Run says whether anything sends, and what is due, late, stuck and to come: how
// many, and never whose.
func (o outboxCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keyset().Load()
		if err != nil {
			return err
		}
		now := io.Now()
		r, err := reportOutbox(ctx, db, keys, line, now)
		if err != nil {
			return err
		}
		if o.JSON {
			return io.json(r)
		}
		r.tell(io.Out, now)
		return nil
	})
}

const (
	// ahead is how far reminders are foretold.
	ahead = 24 * time.Hour
	// missed is how long after a program was last seen it is taken to be dead: it
	// says that it is there every few seconds.
	missed = time.Minute
)

// outboxReport is the outbox as an operator sees it.
type outboxReport struct {
	store.Survey
	// Running says that some program is; Seen is when one was last seen, by this
	// machine's clock.
	Running bool      `json:"running"`
	Seen    time.Time `json:"seen,omitzero"`
	// Coming is how many reminders fall due in the next 24 hours.
	Coming int `json:"coming"`

	ago time.Duration // since Seen
}

func reportOutbox(ctx context.Context, db *store.DB, keys *vault.Keyring, line flows.Line, now time.Time) (outboxReport, error) {
	box := store.NewOutbox(db, keys)
	var r outboxReport
	var err error
	if r.Survey, err = box.Survey(ctx, now, line.ID); err != nil {
		return r, err
	}
	var known bool
	if r.ago, known, err = store.NewReplicas(db).LastSeen(ctx, line.ID); err != nil {
		return r, err
	}
	if known {
		r.Seen, r.Running = now.Add(-r.ago).UTC().Truncate(time.Second), r.ago < missed
	}
	groups, err := db.Groups(ctx, line.ID)
	if err != nil {
		return r, err
	}
	meeting := make([]flows.Group, len(groups))
	for i, g := range groups {
		meeting[i] = g.Group
	}
	r.Coming, err = box.Foresee(ctx, line.ID, outbox.Coming(flows.NewDirectory(line, meeting, now), now, now.Add(ahead)))
	return r, err
}

func (r outboxReport) tell(out io.Writer, now time.Time) {
	switch {
	case r.Running:
		fmt.Fprintf(out, "A program sends for this line; it was seen %s ago.\n", r.ago.Round(time.Second))
	case r.Seen.IsZero():
		fmt.Fprintln(out, "WARNING: no `serve` is running. Nothing is sent, and no reminder planned, until one is.")
	default:
		fmt.Fprintf(out, "WARNING: no `serve` was seen for %s. Nothing is sent, and no reminder planned, until one runs.\n", r.ago.Round(time.Second))
	}
	fmt.Fprintf(out, "%d %s due in the next 24 hours.\n\n", r.Coming, plural(r.Coming, "reminder falls", "reminders fall"))
	tellSurvey(out, r.Survey, now)
}

func tellSurvey(out io.Writer, s store.Survey, now time.Time) {
	if s.Stopped.After(now) {
		fmt.Fprintf(out, "STOPPED for %s more: the carrier bars what the line sends; the log says why.\n\n", s.Stopped.Sub(now).Round(time.Minute))
	}
	if s.Full.After(now) {
		fmt.Fprintf(out, "Confirmations and questions wait for %s more: the line has sent as many as it may in an hour.\n\n", s.Full.Sub(now).Round(time.Minute))
	}
	if len(s.Backlogs) == 0 {
		fmt.Fprintln(out, "Nothing waits to be sent.")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(s.Backlogs) > 0 {
		fmt.Fprintln(w, "WHAT\tBY\tLATER\tDUE\tLATE\tSTUCK\tOLDEST")
	}
	for _, b := range s.Backlogs {
		oldest := "-"
		if !b.Oldest.IsZero() {
			oldest = now.Sub(b.Oldest).Round(time.Second).String()
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\n", kindName(b.Kind), b.Channel, b.Waiting, b.Due, b.Late, b.Stuck, oldest)
	}
	_ = w.Flush()
	tellFates(out, s.Fates)
	for _, name := range slices.Sorted(maps.Keys(s.Left)) {
		if s.Left[name] < 1 {
			fmt.Fprintf(out, "\nThe carrier's rate is spent for each %s; the next one goes when it allows.", name)
		}
	}
	if late := stuck(s); late > 0 {
		fmt.Fprintf(out, "\n%d stuck: is `serve` running, and can it reach Twilio?\n", late)
	}
}

func tellFates(out io.Writer, fates []store.Fate) {
	if len(fates) == 0 {
		return
	}
	fmt.Fprintln(out, "\nWhat became of the rest, and why:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WHAT\tBY\tIS\tOUTCOME\tWHY\tHOW MANY")
	for _, f := range fates {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\n", kindName(f.Kind), f.Channel, f.State, orDash(string(f.Outcome)), orDash(f.Reason), f.Rows)
	}
	_ = w.Flush()
}

// kindName is a kind as a person says it.
func kindName(k store.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func stuck(s store.Survey) int {
	n := 0
	for _, b := range s.Backlogs {
		n += b.Stuck
	}
	return n
}
