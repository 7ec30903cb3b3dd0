package phone

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/store"
)

// Of two callers, one hangs up at the code, and one asks for help and is seen no more.
func TestStops(t *testing.T) {
	t.Parallel()
	s := NewStops()
	at := func(node string) flows.State { return flows.State{Node: node} }
	asks := func(node string) flows.Outcome { return flows.Outcome{State: at(node), Then: flows.Await{}} }
	for range 2 {
		s.turn("line", at(""), flows.Input{Event: flows.Started}, asks("main"))
	}
	s.turn("line", at("main"), flows.Input{Event: flows.Pressed, Keys: "1"}, asks("code"))
	s.turn("line", at("main"), flows.Input{Event: flows.Pressed, Keys: "0"}, asks("help"))
	s.turn("line", at("help"), flows.Input{Event: flows.Pressed, Keys: "1"}, flows.Outcome{State: at("crisis_line"), Then: flows.Dial{Crisis: true}})
	want := map[string]map[store.Stop]store.Stopped{"line": {"main": {Asked: 2, Stayed: 2}, "code": {Asked: 1}}}
	if diff := cmp.Diff(want, s.Drain()); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	if left := s.Drain(); len(left) != 0 {
		t.Errorf("counted twice: %v", left)
	}
}

// What is counted are questions of the built-in menus.
func TestStopsAreAsked(t *testing.T) {
	t.Parallel()
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	var flow struct {
		Nodes map[string]struct{ Menu, Pick, Ask, Type string }
	}
	if err := yaml.Unmarshal([]byte(bundle["main.yaml"]), &flow); err != nil {
		t.Fatal(err)
	}
	for _, at := range store.Stops() {
		if n := flow.Nodes[string(at)]; n.Menu+n.Pick+n.Ask == "" || n.Type == "pin" {
			t.Errorf("%s asks nothing of a caller, or what is to be counted nowhere", at)
		}
	}
}
