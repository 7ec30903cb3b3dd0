package store_test

import (
	"context"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// rosterPaths act on ann, who is the only one.
var rosterPaths = []writePath{
	{name: "Approve", covers: "Roster.Approve", web: true, before: applied, do: decided((*store.Roster).Approve)},
	{name: "Decline", covers: "Roster.Decline", web: true, before: applied, once: true, do: decided((*store.Roster).Decline)},
	{name: "Block", covers: "Roster.Block", web: true, before: applied, do: decided((*store.Roster).Block)},
	{name: "Unblock", covers: "Roster.Unblock", web: true, before: blocked, do: decided((*store.Roster).Unblock)},
	{name: "SetAlias", covers: "Roster.SetAlias", web: true, before: applied, do: decided(func(r *store.Roster, ctx context.Context, line string, by store.By, group, key string) error {
		return r.SetAlias(ctx, line, by, group, key, "Fern")
	})},
	{name: "SetNote", covers: "Roster.SetNote", web: true, before: applied, do: decided(func(r *store.Roster, ctx context.Context, line string, by store.By, group, key string) error {
		return r.SetNote(ctx, line, by, group, key, "Asked last.")
	})},
	{name: "Calls", covers: "Roster.Calls", web: true, before: callable, do: func(ctx context.Context, p *paths) error {
		_, err := p.newRoster().Calls(ctx, p.id, store.By{Actor: "Ada", Event: auditID, At: noon}, p.groups[0], p.key)
		return err
	}},
	{name: "Invite to the roster", covers: "Roster.Invite", before: withGroups, do: func(ctx context.Context, p *paths) error {
		return p.newRoster().Invite(ctx, store.By{Actor: "Ada", Event: auditID, At: noon},
			store.Invitation{Line: p.id, Number: p.ann, Group: p.groups[0], Preferences: english, Stated: "Asked at the desk."})
	}},
	{name: "Roster", covers: "Roster.List Roster.Waiting", web: true, still: true, before: applied, do: func(ctx context.Context, p *paths) error {
		_, err := p.newRoster().List(ctx, p.id, p.groups[0])
		return err
	}},
}

func decided(do func(r *store.Roster, ctx context.Context, line string, by store.By, group, key string) error) func(context.Context, *paths) error {
	return func(ctx context.Context, p *paths) error {
		return do(p.newRoster(), ctx, p.id, store.By{Actor: "Ada", Event: auditID, At: noon}, p.groups[0], p.key)
	}
}

// applied is ann, who waits to be let in.
func applied(t *testing.T, p *paths) {
	t.Helper()
	withGroups(t, p)
	p.byText(t, ann, p.groups[0])
	p.key = texts(t, p.look, `SELECT encode(pseudonym, 'hex') FROM membership`)[0]
}

// callable is ann, who lets whoever leads the group call her.
func callable(t *testing.T, p *paths) {
	t.Helper()
	withGroups(t, p)
	p.asks(t, ann, p.groups[0])
	p.key = texts(t, p.look, `SELECT encode(pseudonym, 'hex') FROM membership`)[0]
}

func blocked(t *testing.T, p *paths) {
	t.Helper()
	applied(t, p)
	do(t, p.look, `UPDATE membership SET state = 'blocked'`)
}
