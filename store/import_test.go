package store_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

func contains(err error, part string) bool { return strings.Contains(err.Error(), part) }

// imports is a line to import into, with a look past the package.
type imports struct {
	url  string
	db   *store.DB
	keys *vault.Keyring
	line string
}

func setUpImports(t *testing.T) imports {
	t.Helper()
	url := storetest.URL(t)
	i := imports{url: url, db: openURL(t, url), keys: storetest.Keyring(t)}
	i.line = ensureLine(t, i.db, i.keys)
	return i
}

func (i imports) run(t *testing.T, groups []store.Group) store.Imported {
	t.Helper()
	done, err := i.db.ImportGroups(t.Context(), i.keys, i.line, groups)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// rows is every row that an import writes, each as one text.
func (i imports) rows(t *testing.T) []string {
	t.Helper()
	found, err := raw(t, i.url).QueryContext(t.Context(), `
		SELECT to_jsonb(g)::text FROM groups g
		UNION ALL SELECT to_jsonb(m)::text FROM meeting m
		UNION ALL SELECT to_jsonb(f)::text FROM facilitator f
		ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	var all []string
	for found.Next() {
		var row string
		if err := found.Scan(&row); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestImportIsRepeatable(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	codes := []string{"482105", "317264", "850271", "604183"}
	if d := cmp.Diff(store.Imported{Added: codes}, i.run(t, sampleGroups(t))); d != "" {
		t.Error(d)
	}
	before := i.rows(t)
	if len(before) != 4+5+3 {
		t.Fatalf("%d rows", len(before))
	}
	if d := cmp.Diff(store.Imported{Unchanged: codes}, i.run(t, sampleGroups(t))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(before, i.rows(t)); d != "" {
		t.Errorf("a repeated import writes: %s", d)
	}
}

func TestImportChangesWhatChanged(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	i.run(t, sampleGroups(t))
	before := i.rows(t)
	for name, change := range map[string]func(*store.Group){
		"name":     func(g *store.Group) { g.Name = flows.Words{"": "Another name"} },
		"capacity": func(g *store.Group) { g.Capacity++ },
		"stage":    func(g *store.Group) { g.Stage = flows.StagePaused },
		"meeting":  func(g *store.Group) { g.Meetings[0].Minutes++ },
		"less":     func(g *store.Group) { g.Meetings = g.Meetings[:1] },
		"person":   func(g *store.Group) { g.Facilitators[0].Alias = "Ivy" },
		"phone":    func(g *store.Group) { g.Facilitators[0].Number = number(t, otherNumber) },
		"away":     func(g *store.Group) { g.Facilitators = nil },
	} {
		groups := sampleGroups(t)
		change(&groups[1])
		done := i.run(t, groups)
		if !slices.Equal(done.Changed, []string{"317264"}) || len(done.Unchanged) != 3 {
			t.Errorf("%s: %+v", name, done)
		}
		if slices.Equal(before, i.rows(t)) {
			t.Errorf("%s: nothing was written", name)
		}
		groups = sampleGroups(t)
		groups[1].Stage = flows.StageOpen
		i.run(t, groups)
	}
}

func TestImportKeepsTheIDsOfMeetingsAndTheStage(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	i.run(t, sampleGroups(t))
	ids := func() (ids []string) {
		groups, err := i.db.Groups(t.Context(), i.line)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			ids = append(ids, g.ID)
			for _, m := range g.Meetings {
				ids = append(ids, m.ID)
			}
		}
		return ids
	}
	before := ids()
	groups := sampleGroups(t)
	groups[0].Stage = flows.StagePaused
	groups[0].Meetings[0].Start.Hour = 20
	i.run(t, groups)
	if d := cmp.Diff(before, ids()); d != "" {
		t.Error(d)
	}
	i.run(t, sampleGroups(t))
	stored, err := i.db.Groups(t.Context(), i.line)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(stored, func(g store.Group) bool { return g.Code == "482105" })
	if stored[at].Stage != flows.StagePaused {
		t.Errorf("a file without a stage made a paused group %s", stored[at].Stage)
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	groups := sampleGroups(t)
	groups[3].Capacity = 1 // refused by the table
	if _, err := i.db.ImportGroups(t.Context(), i.keys, i.line, groups); err == nil || !contains(err, "check_violation") {
		t.Errorf("error %v", err)
	}
	if rows := i.rows(t); len(rows) != 0 {
		t.Errorf("%d rows were left", len(rows))
	}
	done, err := i.db.PreviewImport(t.Context(), i.keys, i.line, sampleGroups(t))
	if err != nil || len(done.Added) != 4 {
		t.Errorf("preview: %+v, %v", done, err)
	}
	if rows := i.rows(t); len(rows) != 0 {
		t.Errorf("a preview left %d rows", len(rows))
	}
}

func TestImportMakesCodesUp(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	const file = `groups:
  - {name: First, meetings: [&m {start: "2026-11-24T19:00", timezone: America/New_York, minutes: 60}]}
  - {name: {en: Second, es: Segundo}, meetings: [*m]}
`
	done := i.run(t, parse(t, file))
	if len(done.Added) != 2 || len(done.Added[0]) != 6 || done.Added[0] == done.Added[1] {
		t.Fatalf("%+v", done)
	}
	again := i.run(t, parse(t, file))
	if d := cmp.Diff(store.Imported{Unchanged: done.Added}, again); d != "" {
		t.Errorf("a repeated import does not know a group by its name: %s", d)
	}
}

func TestImportIntoNoLine(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	_, err := i.db.ImportGroups(t.Context(), i.keys, "00000000-0000-4000-8000-000000000000", sampleGroups(t))
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("error %v", err)
	}
}

func TestImportSealsWhatTheFileShows(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	i.run(t, sampleGroups(t))
	var group, id, hash string
	var sealed []byte
	if err := raw(t, i.url).QueryRowContext(t.Context(), `
		SELECT group_id, facilitator_id, number, pin_hash
		FROM facilitator
		WHERE alias = 'Rose'`).Scan(&group, &id, &sealed, &hash); err != nil {
		t.Fatal(err)
	}
	cell := vault.Cell{Table: "facilitator", Column: "number", Row: i.line + "/" + group + "/" + id}
	n, err := i.keys.OpenNumber(cell, sealed)
	if err != nil || !n.Equal(number(t, "+15005550101")) {
		t.Errorf("the number does not come back: %v", err)
	}
	if !i.keys.CheckPIN(hash, "73914626") || i.keys.CheckPIN(hash, "73914627") {
		t.Error("the PIN is not checked")
	}
}

func TestGroupsShowsACoordinatorNoNumber(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	i.run(t, sampleGroups(t))
	groups, err := i.db.Groups(t.Context(), i.line)
	if err != nil || len(groups) != 4 {
		t.Fatal(len(groups), err)
	}
	if !slices.IsSortedFunc(groups, func(a, b store.Group) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("not by code")
	}
	out, err := json.MarshalIndent(groups, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/groups.json.golden", string(out)+"\n")

	// What is listed can be imported again, but for what is not shown.
	var listed []map[string]any
	if err := json.Unmarshal(out, &listed); err != nil {
		t.Fatal(err)
	}
	for _, g := range listed {
		maps.DeleteFunc(g, func(field string, _ any) bool { return field == "has_bridge" || field == "facilitators" })
	}
	file, err := json.Marshal(map[string]any{"groups": listed})
	if err != nil {
		t.Fatal(err)
	}
	if done := i.run(t, parse(t, string(file))); len(done.Added) != 0 || !slices.Contains(done.Unchanged, "604183") {
		t.Errorf("%+v", done)
	}
}
