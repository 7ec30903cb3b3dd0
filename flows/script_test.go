package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// Whatever the built-in flow says in the same words each time is in the script once,
// in each language, with a number that is the same in all.
func TestScript(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	numbers := map[string]int{}
	for _, lang := range f.Languages() {
		script, seen := f.Script(lang), map[string]bool{}
		if len(script) < 200 {
			t.Errorf("%s: %d lines", lang, len(script))
		}
		last := 0
		for _, l := range script {
			if seen[l.Hash] || l.Hash != flows.TextHash(l.Text) || strings.ContainsAny(l.Text, "{}[]") || strings.TrimSpace(l.Text) != l.Text {
				t.Errorf("%s: %+v", lang, l)
			}
			seen[l.Hash] = true
			if n, ok := numbers[l.Prompt]; ok && n != l.Number {
				t.Errorf("%s has the number %d in one language and %d in another", l.Prompt, n, l.Number)
			}
			numbers[l.Prompt] = l.Number
			if l.Number <= last || l.Number < 101 || l.Number > 999 {
				t.Errorf("%s: %s has the number %d after %d", lang, l.Prompt, l.Number, last)
			}
			last = l.Number
			if got, ok := f.ScriptLine(lang, l.Number); !ok || got != l {
				t.Errorf("%s: the number %d finds %+v", lang, l.Number, got)
			}
		}
	}
	if _, ok := f.ScriptLine("en", 0); ok {
		t.Error("a line without a number is found")
	}
	for _, name := range []string{"opt_code@1", "_wrong_r1", flows.Alone, "code_r1"} {
		if numbers[name] == 0 {
			t.Errorf("%s is not in the script", name)
		}
	}
	for _, name := range []string{"confirm_text", "answer_help", "main_now", "_option", "_aliases"} {
		if numbers[name] != 0 {
			t.Errorf("%s is in the script, and no voice says it alone", name)
		}
	}
}

// Who answers a call of ours, or a machine that keeps what it hears, may know a voice:
// nothing is in the script that only such a call says, until somebody is in a room.
func TestScriptHasNothingOfACallOfOurs(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for _, lang := range f.Languages() {
		for _, l := range f.Script(lang) {
			for _, name := range []string{"confirm_call", "masked_them", "masked_staff", "masked_gone", "machine_call", "call_over", "calls_stopped", "rechecked", "call_noted", "message_gone"} {
				if l.Prompt == name {
					t.Errorf("%s: a recording of %q would be heard by whoever answers", lang, name)
				}
			}
		}
	}
}

// All that a caller hears who comes to a menu is found in the script by its words,
// but for what has a value in it.
func TestScriptHasWhatIsSaid(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	v := view(t)
	for _, lang := range v.Directory.Line.Languages {
		hashes := map[string]bool{}
		for _, l := range f.Script(lang) {
			hashes[l.Hash] = true
		}
		out := flows.Turn(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Started})
		out = flows.Turn(f, v, out.State, flows.Input{Event: flows.Pressed, Keys: "0"})
		found := 0
		for _, u := range out.Said {
			if hashes[flows.TextHash(u.Text())] {
				found++
			}
		}
		if found == 0 {
			t.Errorf("%s: nothing of what help says is in the script: %+v", lang, out.Said)
		}
	}
}

// A remark of the check takes nothing out of the script: a key that is out of order is heard
// as well as any.
func TestScriptOfAFlowThatIsRemarkedOn(t *testing.T) {
	t.Parallel()
	own := flows.Bundle{"main.yaml": "extends: built-in\nnodes:\n  find: {options: [{key: 8, say: opt_soon, next: soon}]}\n"}.Over(inTwo(t))
	f, problems := flows.Compile(own)
	if f == nil || !slices.ContainsFunc(problems, func(p flows.Problem) bool { return p.Code == "F006" && p.Warning }) {
		t.Fatalf("nothing is remarked: %v", problems)
	}
	if got, want := len(f.Script("en")), len(builtIn(t).Script("en")); got < want {
		t.Errorf("the script has %d lines, and had %d", got, want)
	}
}

func TestTextHashLooksAtTheWordsAlone(t *testing.T) {
	t.Parallel()
	if flows.TextHash("Press 1,  please.\n") != flows.TextHash("Press 1, please.") {
		t.Error("spaces make it another text")
	}
	if flows.TextHash("Press 1.") == flows.TextHash("Press 2.") {
		t.Error("two texts are one")
	}
}
