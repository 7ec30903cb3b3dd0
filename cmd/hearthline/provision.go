package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/doctor"
	"github.com/hearthline/hearthline/store"
)

type provisionCommands struct {
	Plan  provisionPlanCommand  `cmd:"" help:"What would be entered at Twilio. Changes nothing."`
	Apply provisionApplyCommand `cmd:"" help:"Enter the line's addresses at Twilio, and keep what stood there."`
	Undo  provisionUndoCommand  `cmd:"" help:"Put back what stood there before the last apply."`
}

// atCarrier does something with the settings of the line's numbers.
func (s settings) atCarrier(ctx context.Context, io stdio, do func(*doctor.Doctor) error) error {
	c, _, client, err := s.toLookAt()
	if err != nil {
		return err
	}
	return s.onLine(ctx, io, func(_ config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		looks, err := c.lookAt(ctx, db, keys, line.ID)
		if err != nil {
			return err
		}
		return do(c.newDoctor(client, func() *flows.Flow { return looks.heard }, db, keys, func() string { return line.ID }, c.saidOf(db, keys, line), io.Now, nil))
	})
}

// shownStep is a step for a machine.
type shownStep struct {
	Number  string `json:"number"`
	Setting string `json:"setting"`
	Now     string `json:"now"`
	Then    string `json:"then"`
	Foreign bool   `json:"foreign"`
}

type shownPlan struct {
	Steps   []shownStep `json:"steps"`
	Applied bool        `json:"applied"`
	Service string      `json:"messaging_service,omitempty"` // made
}

func showPlan(p doctor.Plan) shownPlan {
	shown := shownPlan{Steps: []shownStep{}}
	for _, s := range p.Steps {
		setting := s.Field
		if setting == "" {
			setting = s.Kind
		}
		shown.Steps = append(shown.Steps, shownStep{Number: s.Which, Setting: strings.NewReplacer("member", "messaging service", "defers", "texts of the service go to the number's own address").Replace(setting), Now: s.From(), Then: s.To(), Foreign: s.Foreign})
	}
	return shown
}

func (p shownPlan) tell(out io.Writer) {
	if len(p.Steps) == 0 {
		fmt.Fprintln(out, "All of it stands there already: there is nothing to change.")
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tSETTING\tNOW\tTHEN\t")
	for _, s := range p.Steps {
		foreign := ""
		if s.Foreign {
			foreign = "NOT OURS"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Number, s.Setting, orDash(s.Now), orDash(s.Then), foreign)
	}
	_ = w.Flush()
}

type provisionPlanCommand struct {
	Service bool `help:"Also make a messaging service for numbers that are in none."`
	JSON    bool `name:"json" help:"As JSON."`
}

// Run says what would be changed.
func (cmd provisionPlanCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atCarrier(ctx, io, func(d *doctor.Doctor) error {
		p, err := d.Plan(ctx, doctor.Way{Service: cmd.Service})
		if err != nil {
			return err
		}
		if cmd.JSON {
			return io.json(showPlan(p))
		}
		showPlan(p).tell(io.Out)
		return nil
	})
}

type provisionApplyCommand struct {
	Force   bool   `help:"Also overwrite what is not this line's."`
	Service bool   `help:"Also make a messaging service for numbers that are in none."`
	As      string `default:"terminal" help:"Who acts, for the audit log."`
	JSON    bool   `name:"json" help:"As JSON."`
}

// Run makes the numbers what they should be.
func (cmd provisionApplyCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atCarrier(ctx, io, func(d *doctor.Doctor) error {
		a, err := d.Apply(ctx, store.By{Actor: cmd.As, At: io.Now()}, doctor.Way{Force: cmd.Force, Service: cmd.Service})
		shown := showPlan(a.Plan)
		shown.Applied, shown.Service = err == nil, a.Service
		switch {
		case err != nil && a.Begun:
			return fmt.Errorf("not everything could be entered; `hearthline provision undo` puts it back: %w", atTwilio(err))
		case err != nil && !errors.Is(err, doctor.ErrForeign):
			return err
		}
		if cmd.JSON {
			if err := io.json(shown); err != nil {
				return err
			}
		} else {
			shown.tell(io.Out)
		}
		if err != nil {
			return err
		}
		if a.Service != "" && !cmd.JSON {
			fmt.Fprintf(io.Out, "\nA messaging service was made. Texts go out by it once this is set:\n\n  TWILIO_MESSAGING_SERVICE_SID=%s\n", a.Service)
		}
		if len(a.Steps) > 0 && !cmd.JSON {
			fmt.Fprintln(io.Out, "\nEntered. Ring the number; `hearthline doctor` says whether anything is amiss.")
		}
		return nil
	})
}

type provisionUndoCommand struct {
	As   string `default:"terminal" help:"Who acts, for the audit log."`
	JSON bool   `name:"json" help:"As JSON."`
}

// Run puts back what stood there.
func (cmd provisionUndoCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atCarrier(ctx, io, func(d *doctor.Doctor) error {
		u, err := d.Undo(ctx, store.By{Actor: cmd.As, At: io.Now()})
		if err != nil {
			return err
		}
		if cmd.JSON {
			return io.json(map[string]int{"back": u.Back, "left": u.Left})
		}
		fmt.Fprintf(io.Out, "%d %s as before.\n", u.Back, plural(u.Back, "setting is", "settings are"))
		if u.Left > 0 {
			fmt.Fprintf(io.Out, "%d %s changed by somebody since, and stayed.\n", u.Left, plural(u.Left, "was", "were"))
		}
		return nil
	})
}
