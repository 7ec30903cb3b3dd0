package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
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

// What the desk reads with the rights of who serves calls is held to the same scope;
// calls and texts, which have none, are not. What was sent is its group's.
func TestWhatServesIsHeldToTheDesksScope(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	p := newPaths(t, dsn)
	answerable(t, p)
	mine := texts(t, p.look, `SELECT f.group_id FROM firing f JOIN outbox o USING (line_id, firing_id) JOIN membership m USING (line_id, group_id)`)[0]
	const another = "00000000-0000-4000-8000-00000000abcd"
	logins := map[string]*store.DB{
		"serve":   openURL(t, login(t, dsn, "", "hearthline_web", "hearthline_jobs")),
		"console": openURL(t, login(t, dsn, "", "hearthline_console")),
	}
	for name, c := range map[string]struct {
		scope *store.Scope
		sees  map[string]bool
	}{
		"its group":     {&store.Scope{Line: p.id, Groups: []string{mine}}, map[string]bool{"serve": true, "console": true}},
		"every group":   {&store.Scope{Line: p.id, All: true}, map[string]bool{"serve": true, "console": true}},
		"another group": {&store.Scope{Line: p.id, Groups: []string{another}}, nil},
		"another line":  {&store.Scope{Line: another, All: true}, nil},
		"no scope":      {nil, map[string]bool{"serve": true}},
	} {
		ctx := t.Context()
		if c.scope != nil {
			ctx = store.Within(ctx, *c.scope)
		}
		for login, db := range logins {
			for _, of := range []string{`membership`, `firing`, `outbox WHERE firing_id IS NOT NULL`} {
				rows, err := db.Column(ctx, `SELECT line_id FROM `+of)
				if sees := len(rows) > 0; err != nil || sees != c.sees[login] {
					t.Errorf("%s, as %s: sees %d of %s, %v", name, login, len(rows), of, err)
				}
			}
		}
	}
}

// Whoever coordinates one group does to it all that the desk offers, within its scope
// and with the rights of who serves calls, and nothing to another group's people.
func TestTheRosterIsHeldToTheDesksScope(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	p := newPaths(t, dsn)
	member(t, p)
	mine := texts(t, p.look, `SELECT group_id FROM membership LIMIT 1`)[0]
	key := texts(t, p.look, `SELECT encode(pseudonym, 'hex') FROM membership LIMIT 1`)[0]
	roster := store.NewRoster(openURL(t, login(t, dsn, "", "hearthline_web", "hearthline_jobs")), p.keys, func() time.Time { return noon })
	own := store.Within(t.Context(), store.Scope{Line: p.id, Groups: []string{mine}})
	foreign := store.Within(t.Context(), store.Scope{Line: p.id, Groups: slices.DeleteFunc(texts(t, p.look, `SELECT group_id FROM groups`), func(id string) bool { return id == mine })})
	if all, err := roster.List(own, p.id, mine); err != nil || len(all) == 0 {
		t.Errorf("one's own roster has %d, %v", len(all), err)
	}
	if all, err := roster.List(foreign, p.id, mine); err != nil || len(all) != 0 {
		t.Errorf("another's roster has %d, %v", len(all), err)
	}
	if err := roster.SetAlias(foreign, p.id, staffAct, mine, key, "Blue"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody of another group is given a name: %v", err)
	}
	if err := roster.SetAlias(own, p.id, staffAct, mine, key, "Blue"); err != nil {
		t.Error(err)
	}
	if err := roster.Invite(own, store.By{Actor: "Grace", Event: "invite", At: noon}, store.Invitation{
		Line: p.id, Number: p.bea, Group: mine, Stated: "by telephone", Preferences: flows.Preferences{Channel: flows.ByText, Language: "en"}.Complete(),
	}); err != nil {
		t.Error(err)
	}
}

// Whoever sets one group up is told that its facilitator holds another one too, which
// they do not look after.
func TestWhoHoldsAnotherGroupIsFoundInAnyScope(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	groups := sampleGroups(t)
	var held []int
	for n := range groups {
		if len(groups[n].Facilitators) > 0 {
			groups[n].Facilitators = groups[n].Facilitators[:1]
			groups[n].Facilitators[0].Number = number(t, "+12025550143")
			held = append(held, n)
		}
	}
	i.run(t, groups)
	if err := i.db.ApplyRoles(t.Context()); err != nil {
		t.Fatal(err)
	}
	mine := texts(t, raw(t, i.url), `SELECT group_id FROM facilitator ORDER BY 1 LIMIT 1`)[0]
	serve := openURL(t, login(t, i.url, "", "hearthline_web", "hearthline_jobs"))
	same, err := serve.HeldBySame(store.Within(t.Context(), store.Scope{Line: i.line, Groups: []string{mine}}), i.keys, i.line, mine)
	if err != nil || len(same) != len(held)-1 || len(held) < 2 {
		t.Errorf("%d of %d other groups are found, %v", len(same), len(held)-1, err)
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
			AND p.roles = '{hearthline_console}' AND p.qual LIKE '%hearthline.line%' AND p.with_check LIKE '%hearthline.line%')
			AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'served'
			AND p.roles = '{hearthline_jobs,hearthline_web}' AND p.qual LIKE '%hearthline.line%' AND p.with_check LIKE '%hearthline.line%'))`) {
		t.Errorf("%s is not held to a line", table)
	}
	if n := count(t, look, `SELECT count(*) FROM pg_policies WHERE policyname = 'others' AND (roles && '{hearthline_web,hearthline_jobs,hearthline_console}'::name[])`); n != 0 {
		t.Errorf("%d tables are open whatever the scope", n)
	}
}
