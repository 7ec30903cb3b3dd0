package flows_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
)

// A translator reads what is spoken, what is written, lists of words and the notes, of
// what a catalogue has itself and of what it is laid over.
func TestPromptsAreReadForATranslator(t *testing.T) {
	t.Parallel()
	base := `# what greets
welcome: "Hello."
main: {voice: "Main menu.", sms: "Menu"}
word_now: [now, open]
_voice: {name: Polly.Joanna}
_speech: en-US
_long: [main]
`
	alone := flows.Bundle{"main.yaml": "flow: x\n", "prompts/en.yaml": base}
	want := []flows.Prompt{
		{Name: "welcome", Note: "what greets", Voice: "Hello."},
		{Name: "main", Voice: "Main menu.", Text: "Menu"},
		{Name: "word_now", Words: []string{"now", "open"}},
	}
	if diff := cmp.Diff(want, alone.Prompts("en")); diff != "" {
		t.Errorf("alone (-want +got):\n%s", diff)
	}
	if alone.Catalogue("en") != base || alone.Catalogue("es") != "" || alone.Prompts("es") != nil {
		t.Error("a catalogue is not its file, or one is there that is none")
	}
	over := flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/en.yaml": "welcome: Good day.\n", "built-in/main.yaml": "", "built-in/prompts/en.yaml": base}
	want[0].Voice = "Good day."
	got := over.Prompts("en")
	got[0].Note = want[0].Note // what is written anew has a note of its own
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("laid over (-want +got):\n%s", diff)
	}
	again := over.WithCatalogue("en", over.Catalogue("en"))
	if !slices.EqualFunc(again.Prompts("en"), over.Prompts("en"), func(a, b flows.Prompt) bool { return a.Voice == b.Voice && a.Name == b.Name }) {
		t.Error("what was taken out and in again is something else")
	}
	if over["prompts/en.yaml"] != "welcome: Good day.\n" {
		t.Error("the bundle itself was changed")
	}
}

func FuzzPrompts(f *testing.F) {
	f.Add("welcome: Hello.\n")
	f.Add("a: {voice: x, sms: y}\nb: [c, d]\n_voice: {}\n")
	f.Fuzz(func(t *testing.T, text string) {
		b := flows.Bundle{"main.yaml": "flow: x\n", "prompts/en.yaml": text}
		if b.Catalogue("en") == "" && b.Prompts("en") != nil {
			t.Error("there are prompts of no catalogue")
		}
	})
}
