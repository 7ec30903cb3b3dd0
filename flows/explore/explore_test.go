package explore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/explore"
	"github.com/hearthline/hearthline/flows/lines"
)

// quick is how far a test walks the built-in flow; `make explore` walks it to the end.
const quick = 4

func builtIn(t testing.TB, change ...string) *flows.Flow {
	t.Helper()
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range bundle {
		bundle[file] = strings.NewReplacer(change...).Replace(text)
	}
	flow, problems := flows.Compile(bundle)
	if flow == nil {
		t.Fatal(problems)
	}
	return flow
}

func world(t testing.TB, f *flows.Flow, name string) explore.World {
	t.Helper()
	worlds, err := explore.Worlds(f.Languages())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(worlds, func(w explore.World) bool { return w.Name == name })
	if i < 0 {
		t.Fatalf("no world is called %q", name)
	}
	return worlds[i]
}

func TestBuiltInFlowKeepsItsPromises(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	worlds, err := explore.Worlds(f.Languages())
	if err != nil {
		t.Fatal(err)
	}
	all := explore.Together()
	for _, w := range worlds {
		all = explore.Together(all, explore.Walk(f, w, quick))
	}
	for _, fault := range all.Faults {
		t.Error(fault)
	}
	c := all.Coverage(f, f.Languages())
	if c.Nodes.Percent() < 55 || c.Edges.Percent() < 45 || c.Prompts.Percent() < 55 {
		t.Errorf("%d %% of the nodes, %d %% of the ways, %d %% of the prompts were come to", c.Nodes.Percent(), c.Edges.Percent(), c.Prompts.Percent())
	}
	t.Logf("%d states, %d turns; %d %%, %d %%, %d %%", all.Counts.States, all.Counts.Turns, c.Nodes.Percent(), c.Edges.Percent(), c.Prompts.Percent())
}
