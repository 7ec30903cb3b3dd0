package lines_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// What the line says is plain: in English nobody needs more than six years of school.
func TestWordsArePlain(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for _, lang := range f.Languages() {
		r := f.Reading(lang)
		switch {
		case lang == "en" && (r.Formula != "Flesch-Kincaid grade" || r.Level > 6 || len(r.Hardest) != 3):
			t.Errorf("in English the grade is %.1f by %s; the hardest are %v", r.Level, r.Formula, r.Hardest)
		case r.Formula != "" && lang != "en" && r.Level < 70:
			t.Errorf("in %s the words are at %.0f by %s; the hardest are %v", lang, r.Level, r.Formula, r.Hardest)
		case r.Sentence < 2 || r.Sentence > 20:
			t.Errorf("in %s a sentence has %.1f words", lang, r.Sentence)
		}
	}
}

// It is plain in each sentence, and not only on the whole: what is hard to follow is
// most often heard by who is least able to.
func TestEveryEnglishPromptIsPlain(t *testing.T) {
	t.Parallel()
	levels := builtIn(t).Reading("en").Levels
	for name, level := range levels {
		if math.Round(10*level) > 60 { // as grades are told
			t.Errorf("%q is of grade %.1f", name, level)
		}
	}
	if len(levels) < 300 {
		t.Errorf("only %d prompts were looked at", len(levels))
	}
}

func TestHardWordsAreHarder(t *testing.T) {
	t.Parallel()
	before := builtIn(t).Reading("en")
	b := bundle(t)
	b[enYAML] = strings.Replace(b[enYAML], "\nexplain: \"", "\nexplain: \"Notwithstanding considerable organisational difficulties, administrative representatives facilitate communication between participating individuals, ", 1)
	f, problems := flows.Compile(b)
	if f == nil {
		t.Fatal(problems)
	}
	if after := f.Reading("en"); after.Level <= before.Level || after.Hardest[0] != "explain" {
		t.Errorf("grade %.2f after %.2f, and the hardest are %v", after.Level, before.Level, after.Hardest)
	}
}

// A spoken day begins with its article in Spanish and French, and a name may begin with a
// vowel in French: no word stands before either that would have to join it, as in "de el martes".
func TestSentencesTakeWhatTheyAreFilledWith(t *testing.T) {
	t.Parallel()
	const day = `\{(desk\.date|desk\.to|reminder\.when|reminder\.was|group\.next|group\.dates|group\.series|open\.series)\}`
	for file, wrong := range map[string]*regexp.Regexp{
		"prompts/es.yaml": regexp.MustCompile(`\b(?:de|a) ` + day),
		"prompts/fr.yaml": regexp.MustCompile(`\b(?:(?:de|à) ` + day + `|(?:de|que|si|le|la) \{(?:group|open|reminder|applicant)\.(?:name|group|title)\})`),
	} {
		for line := range strings.Lines(bundle(t)[file]) {
			if strings.Contains(line, "{sms: ") && file == "prompts/es.yaml" {
				continue // a text has "mar 24 nov", without an article
			}
			if wrong.MatchString(line) {
				t.Errorf("%s: %s", file, strings.TrimSpace(line))
			}
		}
	}
}
