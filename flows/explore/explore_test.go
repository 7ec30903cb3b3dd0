package explore_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/explore"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/lines"
)

// quick is how far a test walks the built-in flow; `make explore` walks it to the end.
const quick = 3

func builtIn(testing.TB) *flows.Flow { return flowstest.BuiltIn() }

func world(t testing.TB, languages []string, name string) explore.World {
	t.Helper()
	worlds, err := explore.Worlds(languages)
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
	if c.Nodes.Percent() < 45 || c.Edges.Percent() < 40 || c.Prompts.Percent() < 35 {
		t.Errorf("%d %% of the nodes, %d %% of the ways, %d %% of the prompts were come to", c.Nodes.Percent(), c.Edges.Percent(), c.Prompts.Percent())
	}
}

// A walk comes to the same whenever it is made.
func TestWalksAreAlike(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	w := world(t, f.Languages(), "one call open")
	once, again := explore.Walk(f, w, quick), explore.Walk(f, w, quick)
	if once.Counts.States != again.Counts.States || once.Counts.Turns != again.Counts.Turns {
		t.Errorf("%d states and %d turns, and then %d and %d", once.Counts.States, once.Counts.Turns, again.Counts.States, again.Counts.Turns)
	}
}

// An English sentence in a Spanish catalogue is heard, wherever it is said.
func TestWalkHearsALeak(t *testing.T) {
	t.Parallel()
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^goodbye: .*$`)
	bundle["prompts/es.yaml"] = line.ReplaceAllString(bundle["prompts/es.yaml"], `goodbye: "Thank you for calling {line.name}. Take care of yourself."`)
	f, problems := flows.Compile(bundle)
	if f == nil {
		t.Fatal(problems)
	}
	found := explore.Walk(f, world(t, f.Languages(), "one call open"), 9)
	if !slices.ContainsFunc(found.Faults, func(f explore.Fault) bool {
		return f.Kind == "words" && strings.HasPrefix(f.What, "goodbye says") && strings.HasSuffix(f.What, "in es")
	}) {
		t.Errorf("found %v", found.Faults)
	}
}

func TestShortestWays(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	keys := map[string]int{}
	for _, g := range explore.Goals() {
		way, ok := explore.Shortest(f, world(t, f.Languages()[:1], g.World), g)
		if !ok {
			t.Errorf("there is no way to %s on %s", g.Name, g.World)
			continue
		}
		keys[g.Name+", "+g.World] = way.Keys
		if way.Known > way.Heard || way.Heard <= 0 && !strings.HasPrefix(g.World, "texts") {
			t.Errorf("%s: it takes longer to know the keys than to hear them", way)
		}
	}
	for goal, most := range map[string]int{
		"a live room, one call open": 2, "a live room, many calls open": 3, "a live room, calls that we place": 1, "help, one call open": 1,
		"the crisis line, one call open": 2, "a reminder, texts": 2, "erasure, texts": 2, "a reminder, of a stranger, one call open": 16, "erasure, one call open": 12,
	} {
		if got := keys[goal]; got == 0 || got > most {
			t.Errorf("%s takes %d keys, of %d", goal, got, most)
		}
	}
}
