package explore

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
)

// Each promise is looked at: a turn that breaks it is found, and a turn that keeps it
// is not. Such turns are made up, since no flow that compiles takes them.
func TestBrokenPromisesAreFound(t *testing.T) {
	t.Parallel()
	f := flowstest.BuiltIn()
	worlds, err := Worlds(f.Languages())
	if err != nil {
		t.Fatal(err)
	}
	said := func(lang, prompt, words string) flows.Utterance {
		return flows.Utterance{Prompt: prompt, Lang: lang, Parts: []flows.Part{{Text: words}}}
	}
	long := said("en", "help", strings.Repeat("a", 700))
	main := flows.State{Node: "main", Lang: "en"}
	wrong := main
	wrong.Wrongs = 1
	asked := place{state: main, then: flows.Await{Digits: 1}, keys: map[string]bool{"1": true}}
	for name, test := range map[string]struct {
		world int
		so    result
		want  string
	}{
		"as it should be":    {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("en", "main", "Main menu.")}, Then: flows.Await{}, State: main}}, ""},
		"waiting in silence": {0, result{Outcome: flows.Outcome{Then: flows.Await{}, State: main}}, faultDeadEnd},
		"hanging up":         {0, result{Outcome: flows.Outcome{Then: flows.End{}, State: main}}, faultDeadEnd},
		"no node":            {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("en", "main", "Hello.")}, State: flows.State{Node: "?", Lang: "en"}}}, faultState},
		"a key of no use":    {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("en", "main", "Hello.")}, Then: flows.Await{}, State: wrong}}, faultKey},
		"twice":              {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("en", "kept", "Done."), said("en", "kept", "Done.")}, State: main}}, faultTwice},
		"done and not done":  {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("en", "kept", "Done.")}, State: main}, nodes: []string{"prefer", "kept", "later"}}, faultTwice},
		"nothing":            {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("en", "kept", " ")}, State: main}}, faultWords},
		"another language":   {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("es", "kept", "Hecho.")}, State: main}}, faultWords},
		"a long text":        {4, result{Outcome: flows.Outcome{Said: []flows.Utterance{long}, Then: flows.End{}, State: main}}, faultSegment},
		"a state of no room": {0, result{Outcome: flows.Outcome{Said: []flows.Utterance{said("en", "main", "Main menu.")}, Then: flows.Await{}, State: flows.State{
			Node: "main", Lang: "en", Query: strings.Repeat("a", 256),
		}}}, faultState},
	} {
		w := newWalk(f, worlds[test.world])
		w.check(asked, flows.Input{Event: flows.Pressed, Keys: "1"}, test.so)
		got := ""
		if len(w.faults) > 0 {
			got = w.faults[0].Kind
		}
		if got != test.want {
			t.Errorf("%s: found %v, want %q", name, w.faults, test.want)
		}
	}
}
