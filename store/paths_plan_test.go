package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

var planPaths = []writePath{
	{name: "Plan", covers: "Outbox.Plan", before: belonging, do: planThursday},
	{name: "TellChanges", covers: "DB.TellChanges", before: skippedLongBefore, do: func(ctx context.Context, p *paths) error {
		_, err := p.db.TellChanges(ctx, p.id, noon)
		return err
	}},
}

// thursday is the first one on which the sample's first group by code meets.
var (
	thursday   = schedule.Date{Year: 2026, Month: time.November, Day: 26}
	thursdayAt = time.Date(2026, time.November, 27, 0, 30, 0, 0, time.UTC)
)

// belonging are three members of that group.
func belonging(t *testing.T, p *paths) {
	withGroups(t, p)
	p.meeting = texts(t, p.look, `SELECT meeting_id FROM meeting WHERE group_id = $1 AND rule LIKE '%WEEKLY%'`, p.groups[0])[0]
	for range 3 {
		plantMember(t, p.look, p.id)
	}
}

// planThursday plans that they are reminded of it.
func planThursday(ctx context.Context, p *paths) error {
	_, err := p.outbox.Plan(ctx, p.id, []store.Firing{{
		Group: p.groups[0], Meeting: p.meeting, Date: thursday, Purpose: "24h", Start: thursdayAt, Due: noon, Expires: thursdayAt,
	}})
	return err
}

// beingReminded are those members: one of them is being reminded, and the others are
// about to be.
func beingReminded(t *testing.T, p *paths) {
	t.Helper()
	belonging(t, p)
	if err := planThursday(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	do(t, p.look, `UPDATE outbox SET state = 'intent' WHERE outbox_id = (SELECT min(outbox_id::text) FROM outbox)::uuid`)
}

// skipped is that Thursday, and one of them has heard of it.
func skipped(t *testing.T, p *paths) {
	t.Helper()
	belonging(t, p)
	if _, err := p.db.SkipBy(t.Context(), p.keys, p.id, adaAt(noon), store.OfDate{Group: p.groups[0], Date: thursday}); err != nil {
		t.Fatal(err)
	}
	do(t, p.look, `UPDATE outbox SET state = 'accepted' WHERE outbox_id = (SELECT min(outbox_id::text) FROM outbox)::uuid`)
}

// skippedLongBefore is that Thursday, and nobody has heard of it.
func skippedLongBefore(t *testing.T, p *paths) {
	t.Helper()
	belonging(t, p)
	if _, err := p.db.SkipBy(t.Context(), p.keys, p.id, adaAt(noon.AddDate(0, 0, -20)), store.OfDate{Group: p.groups[0], Date: thursday}); err != nil {
		t.Fatal(err)
	}
}
