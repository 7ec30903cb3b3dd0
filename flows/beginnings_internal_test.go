package flows

import (
	"regexp"
	"testing"
)

// A text that a pattern matches begins as the pattern may.
func TestSentencesBeginAsTheyMay(t *testing.T) {
	t.Parallel()
	const pattern = `^(?:please )*(?:stops?|opt ?out|no|x(?: .*)?|[a-c]z\b.*)$`
	whole, s := regexp.MustCompile(pattern), sentencePatternOf(pattern)
	for _, text := range []string{"stop", "stops", "please stop", "please please optout", "opt out", "no", "x", "x y z", "x é", "x 中", "az", "bz é", "please", "stopped", "nope", "", "x1", "opt", "dz"} {
		if got := s.match(text); got != whole.MatchString(text) {
			t.Errorf("%q is such a sentence: %t", text, got)
		}
	}
	for _, h := range haltings {
		if h.sentence != nil && (len(h.sentence.begin) > 500 || h.sentence.begin["zzz"]) {
			t.Errorf("the pattern of %s begins in %d ways", h.lang, len(h.sentence.begin))
		}
	}
}
