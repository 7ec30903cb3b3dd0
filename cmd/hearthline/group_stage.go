package main

import (
	"context"

	"github.com/hearthline/hearthline/flows"
)

// groupOf is the group that a command is about.
type groupOf struct {
	Code string `arg:"" help:"The group's code."`
	JSON bool   `name:"json" help:"As JSON."`
}

func (g groupOf) stage(ctx context.Context, s *settings, io stdio, stage flows.Stage, is string) error {
	return s.atGroup(ctx, io, g.Code, func(ctx context.Context, d dateDesk) error {
		if err := d.db.SetStage(ctx, d.keys, d.line.ID, d.by(), d.group.ID, stage); err != nil {
			return err
		}
		return d.show(ctx, d.group.ID, is, g.JSON)
	})
}

type groupPauseCommand struct{ groupOf }

// Run has nobody enter a group or be reminded of it, for now.
func (g groupPauseCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return g.stage(ctx, s, io, flows.StagePaused, "Paused")
}

type groupResumeCommand struct{ groupOf }

// Run has a group meet again.
func (g groupResumeCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return g.stage(ctx, s, io, flows.StageOpen, "Resumed")
}

type groupArchiveCommand struct{ groupOf }

// Run ends a group, and keeps it.
func (g groupArchiveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return g.stage(ctx, s, io, flows.StageClosed, "Archived")
}
