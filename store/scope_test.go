package store_test

import (
	"slices"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// The database holds the console's role to a line, and to the people of some of its
// groups, whatever a statement asks for.
func TestTheConsolesRoleIsHeldToItsScope(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	p := newPaths(t, dsn)
	facilitated(t, p)
	mine := p.groups[0]
	others := texts(t, p.look, `SELECT group_id FROM facilitator WHERE group_id <> '`+mine+`'`)
	as := openURL(t, login(t, dsn, "", "hearthline_console"))
	all := texts(t, p.look, `SELECT group_id FROM groups ORDER BY 1`)
	if len(others) == 0 || len(all) < 2 {
		t.Fatal("the sample has nothing to hide")
	}
	const another = "00000000-0000-4000-8000-00000000abcd"
	for name, c := range map[string]struct {
		scope store.Scope
		staff []string
		lines int
	}{
		"a group":      {store.Scope{Line: p.id, Groups: []string{mine}}, []string{mine}, 1},
		"no group":     {store.Scope{Line: p.id}, nil, 1},
		"every group":  {store.Scope{Line: p.id, All: true}, texts(t, p.look, `SELECT DISTINCT group_id FROM facilitator ORDER BY 1`), 1},
		"another line": {store.Scope{Line: another, All: true}, nil, 0},
		"no scope":     {store.Scope{}, nil, 0},
	} {
		ctx := store.Within(t.Context(), c.scope)
		staff, err := as.Column(ctx, `SELECT DISTINCT group_id FROM facilitator ORDER BY 1`)
		if err != nil || !slices.Equal(staff, c.staff) {
			t.Errorf("%s: facilitators of %d groups are seen, %v", name, len(staff), err)
		}
		lines, err := as.Column(ctx, `SELECT line_id FROM line`)
		if err != nil || len(lines) != c.lines {
			t.Errorf("%s: %d lines are seen, %v", name, len(lines), err)
		}
	}
	if lines, err := as.Column(t.Context(), `SELECT line_id FROM line`); err != nil || len(lines) != 0 {
		t.Errorf("without a scope: %d lines are seen, %v", len(lines), err)
	}
}

// Every table of a line is held to it, those that come later too.
func TestEveryTableOfALineHasItsPolicies(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	look := raw(t, dsn)
	for _, table := range texts(t, look, `
		SELECT c.oid::regclass FROM pg_class c
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
		  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'line_id')
		  AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'console'
			AND p.roles = '{hearthline_console}' AND p.qual LIKE '%hearthline.line%' AND p.with_check LIKE '%hearthline.line%'))`) {
		t.Errorf("%s is not held to a line", table)
	}
}
