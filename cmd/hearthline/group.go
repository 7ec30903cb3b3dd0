package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type groupCommands struct {
	Import groupImportCommand `cmd:"" help:"Set groups up from a groups file, all or nothing, or from a Meeting Guide feed, row by row."`
	List   groupListCommand   `cmd:"" help:"List the groups."`

	Add       groupAddCommand       `cmd:"" help:"Set one group up, with its time in words."`
	Edit      groupEditCommand      `cmd:"" help:"Change a group."`
	Duplicate groupDuplicateCommand `cmd:"" help:"Set a group up like another one, with a code and a time of its own."`
	Pause     groupPauseCommand     `cmd:"" help:"Have a group not meet for now."`
	Resume    groupResumeCommand    `cmd:"" help:"Have a paused or archived group meet again."`
	Archive   groupArchiveCommand   `cmd:"" help:"End a group; everything about it is kept."`
	Dates     groupDatesCommand     `cmd:"" help:"List a group's next dates."`

	Skip    groupSkipCommand    `cmd:"" help:"Cancel one date; members are told."`
	Move    groupMoveCommand    `cmd:"" help:"Hold one date at another time; members are told."`
	Unskip  groupUnskipCommand  `cmd:"" help:"Hold a cancelled or moved date as the schedule has it; members are told."`
	AddDate groupAddDateCommand `cmd:"" help:"Add one date beside the schedule."`
	Cover   groupCoverCommand   `cmd:"" help:"Ask a group's facilitators who can hold one date; the first yes holds it."`
}

type groupImportCommand struct {
	File     string   `arg:"" help:"A groups file (YAML or JSON) or Meeting Guide JSON. A row of a feed with a telephone becomes a bridge, even if it has an address too; one with an address only becomes a place." type:"path"`
	DryRun   bool     `help:"Say what would change, and change nothing."`
	Strict   bool     `help:"Import a feed only if every row can be."`
	Timezone string   `help:"IANA zone of meetings that name none (default: LINE_TIMEZONE)."`
	Feed     string   `help:"The feed's name, the same at every import (default: the file's name)."`
	Topic    []string `default:"recovery" help:"Topics of every group of a feed, beside those of its types."`
}

// maxImport bounds what is read of a file, in bytes: more than any kind of file
// may have.
const maxImport = 64 << 20

// Run imports a file with groups, whichever kind it is.
func (g groupImportCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if err := g.check(); err != nil {
		return err
	}
	data, err := readFile(g.File)
	if err != nil {
		return err
	}
	kind := store.KindOf(data)
	if kind != store.GroupsFile && kind != store.MeetingGuide {
		fmt.Fprintf(io.Err, "%s: it looks like %s, which is not read; use a groups file (YAML or JSON, with a list under \"groups:\") "+
			"or Meeting Guide JSON (a bare array, [{\"name\": …, \"slug\": …, \"day\": …}])\n", filepath.Base(g.File), kind)
		return errReported
	}
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keyset().Load()
		if err != nil {
			return err
		}
		run := importRun{groupImportCommand: g, db: db, line: line.ID, keys: keys, stdio: io, options: store.ParseOptions{
			Languages: line.Languages, CodeLength: line.CodeLength, Timezone: cmp.Or(g.Timezone, line.Zone),
			Countries: c.countries, Topics: g.Topic,
		}}
		if kind == store.MeetingGuide {
			return run.feed(ctx, data)
		}
		return run.groupsFile(ctx, data)
	})
}

// check reports flags that cannot be.
func (g groupImportCommand) check() error {
	var faults settingsError
	if g.Timezone != "" && !isZone(g.Timezone) {
		faults = append(faults, "--timezone is not an IANA time zone. Example: --timezone=America/New_York")
	}
	if g.Feed != "" && !store.IsFeedName(g.Feed) {
		faults = append(faults, "--feed is not made of small letters, digits and - between words. Example: --feed=philadelphia")
	}
	if !all(g.Topic, store.IsTopic) {
		faults = append(faults, "--topic is not made of small letters, digits and - between words. Example: --topic=recovery")
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxImport))
}

// importRun is one import under way.
type importRun struct {
	groupImportCommand
	stdio
	db      *store.DB
	line    string
	keys    *vault.Keyring
	options store.ParseOptions
}

// tellFaults prints faults, and counts the places with one that is no warning:
// rows of a feed, each fault by itself in a groups file.
func (r importRun) tellFaults(faults []store.Fault) (places int) {
	rows := map[int]bool{}
	for _, fault := range faults {
		fmt.Fprintln(r.Err, fault.Error())
		if fault.Warning || rows[fault.Row] {
			continue
		}
		rows[fault.Row] = fault.Row > 0
		places++
	}
	return places
}

func (r importRun) groupsFile(ctx context.Context, data []byte) error {
	groups, faults := store.ParseGroups(filepath.Base(r.File), bytes.NewReader(data), r.options)
	if n := r.tellFaults(faults); n > 0 {
		fmt.Fprintf(r.Err, "Nothing was imported: mend %d %s.\n", n, plural(n, "fault", "faults"))
		return errReported
	}
	write := r.db.ImportGroups
	if r.DryRun {
		write = r.db.PreviewImport
	}
	done, err := write(ctx, r.keys, r.line, groups)
	if err != nil {
		return err
	}
	r.tell(done)
	return nil
}

func (r importRun) feed(ctx context.Context, data []byte) error {
	feed, faults := store.ParseMeetingGuide(filepath.Base(r.File), bytes.NewReader(data), r.options)
	feed.Name = cmp.Or(r.Feed, store.FeedName(r.File))
	if !store.IsFeedName(feed.Name) {
		return errors.New("the file's name makes no name for the feed; give one with --feed, like --feed=philadelphia")
	}
	left := r.tellFaults(faults)
	if left > 0 && r.Strict || len(feed.Groups) == 0 {
		fmt.Fprintf(r.Err, "Nothing was imported: %d %s to mend.\n", left, plural(left, "row", "rows"))
		return errReported
	}
	write := r.db.ImportFeed
	if r.DryRun {
		write = r.db.PreviewFeed
	}
	done, err := write(ctx, r.keys, r.line, feed)
	if err != nil {
		return err
	}
	verb := "Imported"
	if r.DryRun {
		verb = "Would import"
	}
	fmt.Fprintf(r.Out, "%s feed %s: %d added, %d changed, %d unchanged, %d paused, %d left out.\n",
		verb, feed.Name, len(done.Added), len(done.Changed), len(done.Unchanged), len(done.Paused), left)
	if left > 0 {
		return errPartly
	}
	return nil
}

func (r importRun) tell(done store.Imported) {
	verb := ""
	if r.DryRun {
		verb = "would be "
	}
	for _, part := range []struct {
		what  string
		codes []string
	}{{"added", done.Added}, {"changed", done.Changed}, {"unchanged", done.Unchanged}} {
		if len(part.codes) > 0 {
			n := len(part.codes)
			fmt.Fprintf(r.Out, "%d %s %s%s: %s\n", n, plural(n, "group", "groups"), verb, part.what, strings.Join(part.codes, ", "))
		}
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
