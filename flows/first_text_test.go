package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// The first text that anybody gets names the same orders in every language, by words that
// the language knows, in one segment of a line of two languages.
func TestTheFirstTextNamesTheSameOrders(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range f.Languages() {
		words := map[string][]string{}
		for _, p := range bundle.Prompts(lang) {
			words[p.Name] = p.Words
		}
		other := "en"
		if lang == other {
			other = "es"
		}
		v := view(t)
		v.Text, v.Directory = true, flows.NewDirectory(flows.Line{
			ID: "line", Name: "The Tuesday Support Line", Zone: "America/New_York", Languages: []string{lang, other}, CodeLength: 6, CrisisName: "988",
		}, nil, at)
		text := flows.Run(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Texted, Keys: words["word_menu"][0]}, admits(v)).Message()
		if n := flows.CountSegments(text); n.Count > 1 && lang != "zh-Hans" {
			t.Errorf("%s: %+v: %s", lang, n, text)
		}
		first, _, _ := strings.Cut(text, "\n")
		for _, order := range []string{"word_now", "word_find", "word_join", "word_help"} {
			if !slices.ContainsFunc(words[order], func(w string) bool { return strings.Contains(first, flows.Fold(strings.ToUpper(w))) }) {
				t.Errorf("%s names none of %q: %s", lang, words[order], first)
			}
		}
	}
}
