package lines_test

import (
	"math"
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
