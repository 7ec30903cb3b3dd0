package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// versions is what a command works with that says which flow is heard.
type versions struct {
	stdio
	*store.FlowVersions
	config config
	line   string
	by     store.By
}

// ofFlows does something with the versions of the first line.
func (s settings) ofFlows(ctx context.Context, io stdio, do func(versions) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		return do(versions{
			stdio: io, FlowVersions: store.NewFlowVersions(db, keys, store.NewFlowArchive(db, c.stateDir)),
			config: c, line: line.ID, by: store.By{Actor: actor(), At: io.Now()},
		})
	})
}

// check reads a folder's flow as a version, and prints its problems; errReported if it
// cannot be heard.
func (v versions) check(dir string) (store.FlowVersion, error) {
	bundle, err := readFlow(dir)
	if err != nil {
		return store.FlowVersion{}, err
	}
	flow, problems := v.config.compile(bundle)
	for _, p := range problems {
		fmt.Fprintln(v.Err, p)
	}
	if flow == nil {
		return store.FlowVersion{}, errReported
	}
	return store.FlowVersion{Hash: flow.Hash, Content: bundle.Encode()}, nil
}

type flowPublishCommand struct {
	Dir string `arg:"" help:"Folder with main.yaml and prompts/." type:"existingdir"`
}

// Run publishes a flow that has no error, and nothing else.
func (f flowPublishCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.ofFlows(ctx, io, func(v versions) error {
		version, err := v.check(f.Dir)
		if err != nil {
			return err
		}
		if err := v.Publish(ctx, v.line, v.by, version); err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "Version %s is heard by everybody from their next call on. Calls in progress end as they began.\n", store.Brief(version.Hash))
		return nil
	})
}

type flowRollbackCommand struct{}

// Run takes the last publish back.
func (flowRollbackCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.ofFlows(ctx, io, func(v versions) error {
		err := v.Rollback(ctx, v.line, v.by, "")
		if errors.Is(err, store.ErrNotFound) {
			return errors.New("nothing is published that could be taken back: everybody hears the flow of LINE_FLOW_DIR, or the built-in one")
		}
		if err != nil {
			return err
		}
		return v.tell(ctx)
	})
}

// tell says what is heard now.
func (v versions) tell(ctx context.Context) error {
	heard, err := v.Heard(ctx, v.line)
	if err != nil {
		return err
	}
	if heard.Live == "" {
		fmt.Fprintln(v.Out, "Everybody hears the flow of LINE_FLOW_DIR, or the built-in one: nothing is published.")
	} else {
		fmt.Fprintf(v.Out, "Everybody hears version %s.\n", store.Brief(heard.Live))
	}
	testers := fmt.Sprintf("%d %s", len(heard.Testers), plural(len(heard.Testers), "tester", "testers"))
	if heard.Draft == "" {
		fmt.Fprintf(v.Out, "There is no draft (%s).\n", testers)
	} else {
		fmt.Fprintf(v.Out, "The draft is version %s (%s).\n", store.Brief(heard.Draft), testers)
	}
	return nil
}

type flowDraftCommand struct {
	Dir  string `arg:"" optional:"" help:"Folder with main.yaml and prompts/." type:"existingdir"`
	Drop bool   `help:"Have testers hear what everybody does."`
}

// Run has testers hear a flow that has no error.
func (f flowDraftCommand) Run(ctx context.Context, s *settings, io stdio) error {
	if f.Drop == (f.Dir != "") {
		return argumentError("a draft is a folder, or --drop. Example: hearthline flow draft /etc/hearthline/flow")
	}
	return s.ofFlows(ctx, io, func(v versions) error {
		if f.Drop {
			if err := v.DropDraft(ctx, v.line, v.by); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			return v.tell(ctx)
		}
		version, err := v.check(f.Dir)
		if err != nil {
			return err
		}
		if err := v.Draft(ctx, v.line, v.by, version); err != nil {
			return err
		}
		return v.tell(ctx)
	})
}

type flowVersionsCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// shownVersion is a published version for a machine.
type shownVersion struct {
	Number    int        `json:"number"`
	Version   string     `json:"version"`
	Published time.Time  `json:"published"`
	Withdrawn *time.Time `json:"withdrawn,omitempty"`
}

// Run lists what was published, the newest first, and says what is heard.
func (f flowVersionsCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.ofFlows(ctx, io, func(v versions) error {
		all, err := v.Publications(ctx, v.line)
		if err != nil {
			return err
		}
		shown := make([]shownVersion, len(all))
		for i, p := range all {
			shown[i] = shownVersion{Number: p.Seq, Version: p.Hash, Published: p.Published}
			if !p.Withdrawn.IsZero() {
				shown[i].Withdrawn = &p.Withdrawn
			}
		}
		if f.JSON {
			return io.json(shown)
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		for _, p := range shown {
			back := ""
			if p.Withdrawn != nil {
				back = "taken back " + p.Withdrawn.Format(time.RFC3339)
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", p.Number, store.Brief(p.Version), p.Published.Format(time.RFC3339), back)
		}
		_ = w.Flush()
		return v.tell(ctx)
	})
}

type flowTesterCommands struct {
	Add    flowTesterAddCommand    `cmd:"" help:"Have a number hear drafts. The number on standard input."`
	Remove flowTesterRemoveCommand `cmd:"" help:"Have a number hear what everybody does. The number on standard input."`
}

type flowTesterAddCommand struct{}

// Run adds a tester.
func (flowTesterAddCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.withTester(ctx, io, func(v versions, n vault.Number) error { return v.AddTester(ctx, v.line, v.by, n) })
}

type flowTesterRemoveCommand struct{}

// Run removes a tester.
func (flowTesterRemoveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.withTester(ctx, io, func(v versions, n vault.Number) error {
		if err := v.RemoveTester(ctx, v.line, v.by, n); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return errors.New("that number hears no drafts")
	})
}

func (s settings) withTester(ctx context.Context, io stdio, do func(versions, vault.Number) error) error {
	n, err := readNumber(io)
	if err != nil {
		return err
	}
	return s.ofFlows(ctx, io, func(v versions) error {
		if err := do(v, n); err != nil {
			return err
		}
		return v.tell(ctx)
	})
}
