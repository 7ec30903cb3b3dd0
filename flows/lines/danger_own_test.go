package lines_test

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// A line's own list of what danger sounds like adds to that of the flow which it extends.
func TestOwnDangersAdd(t *testing.T) {
	t.Parallel()
	b := flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/en.yaml": "_danger: [the bridge at last]\n"}.Over(inTwo(t))
	f, problems := flows.Compile(b)
	if f == nil {
		t.Fatal(flows.Errors(problems))
	}
	all := " " + strings.Join(f.Dangers("en"), " | ") + " "
	for _, phrase := range []string{"the bridge at last", "kill myself"} {
		if !strings.Contains(all, " "+phrase+" ") {
			t.Errorf("nobody is answered who writes %q", phrase)
		}
	}
}

// What is called harmless cannot hide what speaks of danger, in whatever language.
func TestHarmlessHidesNoDanger(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lang, phrase string }{
		{"en", "i want to die"}, {"en", "please kill me"}, {"es", "kill"}, {"es", "overdose"}, {"en", "quiero"},
	} {
		b := flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/" + tt.lang + ".yaml": "_harmless: [" + tt.phrase + "]\n"}.Over(inTwo(t))
		if f, problems := flows.Compile(b); f != nil || !strings.Contains(problemCodes(problems), "F041") {
			t.Errorf("%s: %q can be left out of what is read", tt.lang, tt.phrase)
		}
	}
}

func problemCodes(problems []flows.Problem) (codes string) {
	for _, p := range problems {
		codes += p.Code + " "
	}
	return codes
}
