package flows

import (
	"slices"
	"testing"
)

// A node that is laid over another stays in the part that it is in, whatever is written
// above it; what a flow has beside is a part of its own, and a question that confirms an
// option stands after its menu, in the drawing as in the list.
func TestWhatIsLaidOverStaysInItsPart(t *testing.T) {
	t.Parallel()
	base := `version: 1
start: main
languages: [en]
always: {"*": {go: main}}
nodes:
  # the menu
  main: {menu: main, options: [{key: 1, say: opt_a, confirm: sure, next: bye}]}
  # the end
  bye: {say: bye}
`
	b := Bundle{
		mainFile:                 "extends: built-in\nnodes:\n  # here we part\n  bye: {next: extra}\n  extra: {say: bye}\n  more: {say: bye}\n",
		BuiltIn + "/" + mainFile: base,
	}
	want := map[string]string{"main": "The menu", "sure": "The menu", "bye": "The end", "extra": "This line's own", "more": "This line's own"}
	nodes := b.Steps("en").Nodes
	for _, n := range nodes {
		if n.Section != want[n.Name] {
			t.Errorf("%s is in %q", n.Name, n.Section)
		}
	}
	if len(nodes) != len(want) {
		t.Errorf("%d nodes", len(nodes))
	}
	var drawn []string
	for _, s := range DrawChecked(b, nil, "en").Sections() {
		drawn = append(drawn, s.Title)
	}
	if !slices.Equal(drawn, []string{"The menu", "The end", "This line's own"}) {
		t.Errorf("drawn: %q", drawn)
	}
}
