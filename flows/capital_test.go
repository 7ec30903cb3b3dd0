package flows_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// Whatever fills a slot, a sentence begins with a capital; words that are offered, or are
// within a sentence, need not.
func TestSentencesBeginWithCapitals(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	v := view(t)
	v.Session = sitting()
	v.Member = &flows.Member{Groups: []string{"482105"}, Enrolled: "2026-03"}
	s := flows.State{Group: "482105", About: flows.About{Group: "482105", Start: v.Now.Unix() / 60, Was: v.Now.Unix()/60 + 60}}
	within := regexp.MustCompile(`^(opt|word|also|topic)_|^_`)
	small := regexp.MustCompile(`^\p{Ll}|[.!?]\s+\p{Ll}`)
	for _, lang := range f.Languages() {
		for _, p := range bundle.Prompts(lang) {
			if within.MatchString(p.Name) || len(p.Words) > 0 {
				continue
			}
			for _, v.Text = range []bool{false, true} {
				s.Lang = lang
				if got := f.Say(v, s, p.Name).Text(); small.MatchString(strings.TrimSpace(got)) {
					t.Errorf("%s in %s (text: %v): %q", p.Name, lang, v.Text, got)
				}
			}
		}
	}
}
