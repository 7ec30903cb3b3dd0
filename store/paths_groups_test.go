package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// ada changes groups, in one act that is tried again.
var ada = store.By{Actor: "Ada", Event: "form 1", At: noon}

var groupPaths = []writePath{
	{name: "AddGroup", covers: "DB.AddGroup", before: withGroups, do: func(ctx context.Context, p *paths) error {
		_, err := p.db.AddGroup(ctx, p.keys, p.id, ada, newGroup())
		return err
	}},
	{name: "ChangeGroup", covers: "DB.ChangeGroup", before: withGroups, do: func(ctx context.Context, p *paths) error {
		g := newGroup()
		g.ID, g.Meetings = p.groups[0], nil
		return p.db.ChangeGroup(ctx, p.keys, p.id, ada, g)
	}},
	{name: "SetStage", covers: "DB.SetStage", before: beingReminded, do: func(ctx context.Context, p *paths) error {
		return p.db.SetStage(ctx, p.keys, p.id, ada, p.groups[0], flows.StagePaused)
	}},
	{name: "SetMeetings", covers: "DB.SetMeetings", before: beingReminded, do: func(ctx context.Context, p *paths) error {
		return p.db.SetMeetings(ctx, p.keys, p.id, ada, p.groups[0], newGroup().Meetings)
	}},
	{name: "SkipBy", covers: "DB.SkipBy", before: beingReminded, do: func(ctx context.Context, p *paths) error {
		_, err := p.db.SkipBy(ctx, p.keys, p.id, ada, store.OfDate{Group: p.groups[0], Date: thursday})
		return err
	}},
	{name: "UnskipBy", covers: "DB.UnskipBy", before: skipped, do: func(ctx context.Context, p *paths) error {
		_, err := p.db.UnskipBy(ctx, p.keys, p.id, ada, store.OfDate{Group: p.groups[0], Date: thursday})
		return err
	}},
	{name: "MoveBy", covers: "DB.MoveBy", before: beingReminded, do: func(ctx context.Context, p *paths) error {
		_, err := p.db.MoveBy(ctx, p.keys, p.id, ada, store.OfDate{Group: p.groups[0], Date: thursday}, schedule.Wall{Date: thursday.Add(1), Hour: 18})
		return err
	}},
	{name: "AddDateBy", covers: "DB.AddDateBy", before: belonging, do: func(ctx context.Context, p *paths) error {
		_, err := p.db.AddDateBy(ctx, p.keys, p.id, ada, p.groups[0], schedule.Wall{Date: thursday.Add(1), Hour: 18}, "America/Chicago", 60)
		return err
	}},
}

// newGroup is one that the sample has not.
func newGroup() store.Group {
	return store.Group{Group: flows.Group{
		Code: "517283", Name: flows.Words{"": "Cedar circle"}, DiscreetName: flows.Words{"": "Wednesday call"}, Topics: []string{"grief"},
		Meetings: []schedule.Meeting{{
			Start: schedule.Wall{Date: schedule.Date{Year: 2026, Month: time.November, Day: 25}, Hour: 19}, Zone: "America/New_York", Rule: "FREQ=WEEKLY;BYDAY=WE", Minutes: 60,
		}},
	}}
}

// The two ways to change a date come to the same.
func TestWhatStaffChangeIsEntered(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	id, err := i.db.AddGroup(t.Context(), i.keys, i.line, ada, newGroup())
	if err != nil {
		t.Fatal(err)
	}
	wednesday := newGroup().Meetings[0].Start.Date
	for range 2 {
		if _, err := i.db.SkipBy(t.Context(), i.keys, i.line, store.By{Actor: "Ada", At: noon}, store.OfDate{Group: id, Date: wednesday}); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.db.SetStage(t.Context(), i.keys, i.line, ada, id, flows.StageClosed); err != nil {
		t.Fatal(err)
	}
	entries := texts(t, raw(t, i.url), `SELECT actor || ' ' || act || ' ' || detail FROM audit ORDER BY seq`)
	want := []string{"Ada group.add 517283", "Ada group.skip group 517283 on 2026-11-25", "Ada group.archive 517283"}
	if len(entries) != len(want) {
		t.Fatalf("the log has %q, want %q", entries, want)
	}
	for n := range want {
		if entries[n] != want[n] {
			t.Errorf("entry %d is %q, want %q", n, entries[n], want[n])
		}
	}
}
