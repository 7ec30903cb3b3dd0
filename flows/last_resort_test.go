package flows_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// shortForm is a word of Creole in one consonant, which a voice of another language spells.
var shortForm = regexp.MustCompile(`(?i)(?:^|[^\p{L}])[klmnwy](?:[^\p{L}]|$)`)

// What is said without a flow is said in each of its languages, by the voice that it has in
// the last resort, and a text of all of them is no longer than any.
func TestTheLastResortIsInEveryLanguage(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	var langs, texts []string
	for _, w := range flows.LastResort() {
		langs, texts = append(langs, w.Lang), append(texts, w.Instead)
		if v := f.Voice(w.Lang); w.Voice.Name != v.Fallback || w.Voice.Locale != v.Locale {
			t.Errorf("%s is read by %+v, and by %+v elsewhere", w.Lang, w.Voice, v)
		}
		if strings.Count(w.Down, "{crisis}") != 1 || w.Again == "" || w.Instead == "" {
			t.Errorf("%s lacks something: %+v", w.Lang, w)
		}
		if bare := shortForm.FindString(w.Down + " " + w.Again); w.Lang == "ht" && bare != "" {
			t.Errorf("the French voice spells %q, which is a word of one letter in %s", bare, w.Lang)
		}
	}
	if strings.Join(langs, " ") != strings.Join(f.Languages(), " ") {
		t.Errorf("they are in %v, and the flow speaks %v", langs, f.Languages())
	}
	if n := flows.CountSegments(strings.Join(texts, " / ")); n.Count > 3 {
		t.Errorf("a text of all takes %+v", n)
	}
}
