package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

var planPaths = []writePath{
	{name: "Plan", covers: "Outbox.Plan", before: belonging, do: func(ctx context.Context, p *paths) error {
		_, err := p.outbox.Plan(ctx, p.id, []store.Firing{{
			Group: p.groups[0], Meeting: p.meeting, Date: thursday, Purpose: "24h", Start: thursdayAt, Due: noon, Expires: thursdayAt,
		}})
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
