package phone

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/store"
)

// Of two callers, one hangs up at the code, and one asks for help and is seen no more.
func TestStops(t *testing.T) {
	t.Parallel()
	s, f := NewStops(), builtIn(t, "flow: main", "flow: main")
	at := func(node string) flows.State { return flows.State{Node: node} }
	asks := func(node string) flows.Outcome { return flows.Outcome{State: at(node), Then: flows.Await{}} }
	for range 2 {
		s.turn("line", f, at(""), flows.Input{Event: flows.Started}, asks("main"))
	}
	s.turn("line", f, at("main"), flows.Input{Event: flows.Pressed, Keys: "1"}, asks("code"))
	s.turn("line", f, at("main"), flows.Input{Event: flows.Pressed, Keys: "0"}, asks("help"))
	s.turn("line", f, at("help"), flows.Input{Event: flows.Pressed, Keys: "1"}, flows.Outcome{State: at("crisis_line"), Then: flows.Dial{Crisis: true}})
	want := map[string]map[store.Stop]store.Stopped{"line": {"main": {Asked: 2, Stayed: 2}, "code": {Asked: 1}}}
	if diff := cmp.Diff(want, s.Drain()); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	if left := s.Drain(); len(left) != 0 {
		t.Errorf("counted twice: %v", left)
	}
}

// builtIn is the built-in flow with something else in it.
func builtIn(t *testing.T, old, replacement string) *flows.Flow {
	t.Helper()
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(bundle["main.yaml"], old) {
		t.Fatalf("the flow does not say %q", old)
	}
	bundle["main.yaml"] = strings.Replace(bundle["main.yaml"], old, replacement, 1)
	f, problems := flows.Compile(bundle)
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// A question that the flow calls sensitive is counted as little as one for a PIN, and a
// log does not name what it asks for.
func TestStopsLeaveOutWhatIsSensitive(t *testing.T) {
	t.Parallel()
	s, f := NewStops(), builtIn(t, "    menu: find\n", "    menu: find\n    sensitive: true\n")
	at := func(node string) flows.State { return flows.State{Node: node} }
	s.turn("line", f, at("main"), flows.Input{Event: flows.Pressed, Keys: "3"}, flows.Outcome{State: at("find"), Then: flows.Await{}})
	s.turn("line", f, at("find"), flows.Input{Event: flows.Pressed, Keys: "2"}, flows.Outcome{State: at("day"), Then: flows.Await{}})
	want := map[string]map[store.Stop]store.Stopped{"line": {"main": {Stayed: 1}, "day": {Asked: 1}}}
	if diff := cmp.Diff(want, s.Drain()); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	in := call{flow: f}
	for node, want := range map[string]string{"erase": "sensitive", "rejoin": "session.rejoin"} {
		if got := in.named(flows.Request{Function: "session.rejoin", State: at(node)}); got != want {
			t.Errorf("at %s a log says %s", node, got)
		}
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
	f := flowstest.BuiltIn()
	for _, at := range store.Stops() {
		if f.Sensitive(flows.State{Node: string(at)}) {
			t.Errorf("%s is sensitive, and counted", at)
		}
		if n := flow.Nodes[string(at)]; n.Menu+n.Pick+n.Ask == "" || n.Type == "pin" {
			t.Errorf("%s asks nothing of a caller, or what is to be counted nowhere", at)
		}
	}
}
