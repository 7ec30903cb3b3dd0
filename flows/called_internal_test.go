package flows

import (
	"maps"
	"slices"
	"testing"
)

// Whatever a flow can name has words of its own, told apart from the others of its kind, and
// there are no words for what it cannot name.
func TestEverythingThatAFlowCanNameIsCalledSomething(t *testing.T) {
	t.Parallel()
	names := map[kind][]string{
		kindDo: slices.Collect(maps.Keys(functions)), kindPick: slices.Collect(maps.Keys(lists)), kindIf: slices.Collect(maps.Keys(conditions)),
		kindAsk: answers, kindDial: dialled, kindRecord: slices.Collect(maps.Keys(recordings)), kindJoin: {"group"},
	}
	for k, all := range called {
		said := map[string]string{}
		for name, words := range all {
			if !slices.Contains(names[k], name) {
				t.Errorf("%s: there is no %q", k, name)
			}
			if other := said[words.Pattern]; other != "" {
				t.Errorf("%s: %q and %q are both called %q", k, other, name, words.Pattern)
			}
			said[words.Pattern] = name
		}
	}
	for k, all := range names {
		for _, name := range all {
			if called[k][name].Pattern == "" {
				t.Errorf("%s: no words for %q", k, name)
			}
		}
	}
	if own := kindDial.called("prayer").String(); own != "prayer" {
		t.Errorf("a name of the author's is %q", own)
	}
}
