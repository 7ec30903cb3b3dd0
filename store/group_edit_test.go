package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

func (i imports) group(t *testing.T, id string) store.Group {
	t.Helper()
	g, err := i.db.Group(t.Context(), i.line, id)
	if err != nil {
		t.Fatal(err)
	}
	return *g
}

// Group reads of one group what Groups reads of all.
func TestGroupIsAsInGroups(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	i.run(t, sampleGroups(t))
	all, err := i.db.Groups(t.Context(), i.line)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range all {
		got := i.group(t, want.ID)
		for n := range got.Facilitators {
			if got.Facilitators[n].ID == "" {
				t.Errorf("%s: facilitator %d has no id", want.Code, n)
			}
			got.Facilitators[n].ID = ""
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(store.Facilitator{}), cmp.Comparer(func(a, b store.Dial) bool { return a.IsZero() && b.IsZero() })); diff != "" {
			t.Errorf("%s (-Groups +Group):\n%s", want.Code, diff)
		}
	}
	for _, id := range []string{"00000000-0000-4000-8000-000000000009", "no id", ""} {
		if _, err := i.db.Group(t.Context(), i.line, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("group %q: %v", id, err)
		}
	}
}

func TestAGroupIsAddedOnce(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	g := newGroup()
	g.Code = ""
	first, err := i.db.AddGroup(t.Context(), i.keys, i.line, ada, g)
	if err != nil {
		t.Fatal(err)
	}
	again, err := i.db.AddGroup(t.Context(), i.keys, i.line, ada, g)
	if err != nil || again != first {
		t.Errorf("the same form again: %s (%v), want %s", again, err, first)
	}
	other := ada
	other.Event = "form 2"
	if second, err := i.db.AddGroup(t.Context(), i.keys, i.line, other, g); err != nil || second == first {
		t.Errorf("another form: %s (%v)", second, err)
	}
	added := i.group(t, first)
	if len(added.Code) != 6 || added.Stage != flows.StageOpen || added.Capacity != 50 || !slices.Equal(added.Reminders, []string{"24h", "15m"}) || !slices.Equal(added.Languages, []string{"en"}) {
		t.Errorf("it is %+v", added.Group)
	}
}

// What is wrong with a group is what a groups file would be told.
func TestAGroupWithFaults(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	i.run(t, sampleGroups(t))
	for field, spoil := range map[string]func(*store.Group){
		"name":              func(g *store.Group) { g.Name = nil },
		"name.es":           func(g *store.Group) { g.Name = flows.Words{"en": "Cedar", "es": strings.Repeat("x", 81)} },
		"code":              func(g *store.Group) { g.Code = "482105" },
		"topics[0]":         func(g *store.Group) { g.Topics = []string{"Grief!"} },
		"capacity":          func(g *store.Group) { g.Capacity = 1 },
		"reminders[0]":      func(g *store.Group) { g.Reminders = []string{"1 day"} },
		"meetings":          func(g *store.Group) { g.Meetings = nil },
		"meetings[0].rrule": func(g *store.Group) { g.Meetings[0].Rule = "FREQ=HOURLY" },
		"access":            func(g *store.Group) { g.Access = "closed" },
		"place":             func(g *store.Group) { g.Place, g.Bridge = "12 Elm Street", true },
		"facilitators[0].phone": func(g *store.Group) {
			g.Facilitators = []store.Facilitator{store.Facilitator{Alias: "Rose"}.WithPIN("73914626")}
		},
		"facilitators[0].alias": func(g *store.Group) {
			g.Facilitators = []store.Facilitator{store.Facilitator{Number: number(t, ann)}.WithPIN("73914626")}
		},
		"facilitators[0].pin": func(g *store.Group) {
			g.Facilitators = []store.Facilitator{store.Facilitator{Alias: "Rose", Number: number(t, ann)}.WithPIN(ann[len(ann)-7:])}
		},
		"facilitators[1].alias": func(g *store.Group) {
			g.Facilitators = []store.Facilitator{store.Facilitator{Alias: "Rose", Number: number(t, ann)}.WithPIN("73914626"), store.Facilitator{Alias: "rose", Number: number(t, bea)}.WithPIN("50391827")}
		},
	} {
		g := newGroup()
		spoil(&g)
		_, err := i.db.AddGroup(t.Context(), i.keys, i.line, store.By{Actor: "Ada", At: noon}, g)
		var faults store.Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Field != field {
			t.Errorf("%s: %v", field, err)
			continue
		}
		if strings.Contains(err.Error(), ann) || faults[0].Mend == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// A form that says nothing of a number, a PIN or a bridge leaves them.
func TestAChangeKeepsWhatItDoesNotSay(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	i.run(t, sampleGroups(t))
	all, err := i.db.Groups(t.Context(), i.line)
	if err != nil {
		t.Fatal(err)
	}
	look := raw(t, i.url)
	secrets := func(id string) []string {
		return texts(t, look, `SELECT encode(number, 'hex') || pin_hash FROM facilitator WHERE group_id = $1
			UNION ALL SELECT encode(bridge_number || bridge_keys, 'hex') FROM groups WHERE group_id = $1 AND bridge_number IS NOT NULL ORDER BY 1`, id)
	}
	for _, group := range all {
		before := secrets(group.ID)
		g := i.group(t, group.ID)
		g.Capacity, g.Meetings = 20, nil
		for n := range g.Facilitators {
			g.Facilitators[n].Alias += " B"
		}
		if err := i.db.ChangeGroup(t.Context(), i.keys, i.line, store.By{Actor: "Ada", At: noon}, g); err != nil {
			t.Fatal(err)
		}
		after := i.group(t, group.ID)
		if after.Capacity != 20 || !cmp.Equal(after.Meetings, group.Meetings) || after.Bridge != group.Bridge {
			t.Errorf("%s is %+v", group.Code, after.Group)
		}
		for n, f := range after.Facilitators {
			if f.Alias != group.Facilitators[n].Alias+" B" {
				t.Errorf("%s: %q was not renamed", group.Code, f.Alias)
			}
		}
		if diff := cmp.Diff(before, secrets(group.ID)); diff != "" {
			t.Errorf("%s: what is sealed changed", group.Code)
		}
		// What changes nothing is not entered.
		if err := i.db.ChangeGroup(t.Context(), i.keys, i.line, store.By{Actor: "Ada", At: noon}, after); err != nil {
			t.Fatal(err)
		}
	}
	if entries := texts(t, look, `SELECT detail FROM audit WHERE act = 'group.change'`); len(entries) != len(all) {
		t.Errorf("the log has %q", entries)
	}
	// A bridge that is gone is gone, and so is a facilitator; another takes the alias.
	bridged := all[slices.IndexFunc(all, func(g store.Group) bool { return g.Bridge })]
	g := i.group(t, bridged.ID)
	g.Bridge, g.Place = false, "12 Elm Street"
	g.Facilitators = []store.Facilitator{store.Facilitator{Alias: "Rose", Number: number(t, ann)}.WithPIN("73914626")}
	if err := i.db.ChangeGroup(t.Context(), i.keys, i.line, ada, g); err != nil {
		t.Fatal(err)
	}
	if after := i.group(t, bridged.ID); after.Bridge || after.Place == "" || len(after.Facilitators) != 1 {
		t.Errorf("it is %+v", after)
	}
}

// A group that pauses keeps everything, and is no longer told of; the feed that it is
// of does not wake it.
func TestAPausedGroupIsNotRemindedOf(t *testing.T) {
	t.Parallel()
	l := changing(t)
	before := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`)
	l.plan(t, l.firing("24h"))
	if due := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); due <= before {
		t.Fatalf("%d are due, and were %d", due, before)
	}
	if err := l.db.SetStage(t.Context(), l.keys, l.id, ada, l.groups[0], flows.StagePaused); err != nil {
		t.Fatal(err)
	}
	if due := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); due != 0 {
		t.Errorf("%d are still due", due)
	}
	if err := l.db.SetStage(t.Context(), l.keys, l.id, ada, l.groups[0], "gone"); err == nil {
		t.Error("a stage that there is not is set")
	}
}

func TestFreeCode(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	code, err := i.db.FreeCode(t.Context(), i.line)
	if err != nil || len(code) != 6 || strings.Contains(code, "9") {
		t.Errorf("%q (%v)", code, err)
	}
}
