package flows

import (
	"slices"
	"testing"
)

// A request is one among any politeness, and nothing else is.
func TestRequestsAmongPoliteness(t *testing.T) {
	t.Parallel()
	r := politely("please; no; no thanks; thanks", `stops?`, `opt ?out`, `(?:do|did) not call(?: .*)?`, `no more texts`)
	for _, is := range []string{
		"stop", "please stop", "please no thanks stop", "stop please", "please stop no thanks please", "opt out", "optout thanks",
		"do not call", "do not call é 中", "no did not call", "no more texts", "no no more texts", "thanks no more texts please",
	} {
		if !r.match(is) {
			t.Errorf("%q is no request", is)
		}
	}
	for _, is := range []string{"", "please", "please please", "stopped", "no", "more texts", "pleasestop", "stopplease", "please  stop", "stop it", "do not", "do not callé", "é", "stop é", "no more texts é"} {
		if r.match(is) {
			t.Errorf("%q is a request", is)
		}
	}
	if (*requests)(nil).match("stop") {
		t.Error("a language without requests has one")
	}
}

func TestFirstWords(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string][]string{
		`(?:i |we )?(?:do not|dont) .*`: {"dont", "do", "i", "we"}, `opt ?out`: {"opt", "optout"}, `stops?(?: .*)?`: {"stop", "stops"}, `d(?:a|e sua) lista`: {"da", "de"},
	} {
		slices.Sort(want)
		if got := firstWords(pattern); !slices.Equal(got, want) {
			t.Errorf("%s begins in %q, not %q", pattern, got, want)
		}
	}
}

// The general matcher of regexp is used above 500 instructions, and takes ten times as long.
func TestEachRequestIsQuicklyMatched(t *testing.T) {
	t.Parallel()
	for _, h := range haltings {
		if h.sentence == nil {
			continue
		}
		for word, o := range h.sentence.by {
			for _, p := range o.patterns {
				if got := len(programOf(p.String()).Inst); got > 500 {
					t.Errorf("a pattern of %s that begins in %q has %d instructions", h.lang, word, got)
				}
			}
		}
	}
}
