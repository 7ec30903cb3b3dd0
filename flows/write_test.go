package flows_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/hearthline/hearthline/flows"
)

// What a text leaves out is told, with where it stood; nothing else is.
func TestLeavesOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, folded string
		out          []flows.LeftOut
	}{
		{"The hall is closed.", "The hall is closed.", nil},
		{"“Mañana” – a las 7…", "\"Mañana\" - a las 7...", nil},
		{"明天见", "明天见", nil},
		{"one\ttwo\nthree\u00a0four", "one two\nthree four", nil},
		{"soft\u00adly", "softly", nil},
		{"With you 💛 always", "With you  always", []flows.LeftOut{{Mark: "💛", Before: "With you ", After: " always"}}},
		{"👩🏽‍👧❤️ at 7", " at 7", []flows.LeftOut{{Mark: "👩🏽‍👧❤️", After: " at 7"}}},
		{"Press 1️⃣ then ©", "Press 1 then ", []flows.LeftOut{{Mark: "⃣", Before: "Press 1\ufe0f", After: " then ©"}, {Mark: "©", Before: "Press 1️⃣ then "}}},
		{"a\xffb", "ab", []flows.LeftOut{{Mark: "\xff", Before: "a", After: "b"}}},
	} {
		if got := flows.Fold(tt.text); got != tt.folded {
			t.Errorf("%q: folded to %q", tt.text, got)
		}
		if diff := cmp.Diff(tt.out, flows.LeavesOut(tt.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

// Whatever a text is, what is said to be left out stands where it is said to, and is.
func FuzzLeavesOut(f *testing.F) {
	f.Add("With you 💛 always ©")
	f.Add("👩🏽‍👧❤️1️⃣\u0301")
	f.Fuzz(func(t *testing.T, text string) {
		for _, out := range flows.LeavesOut(text) {
			if out.Before+out.Mark+out.After != norm.NFC.String(text) || out.Mark == "" || flows.Fold(out.Mark) != "" {
				t.Errorf("%q: %+q", text, out)
			}
		}
		if folded := flows.Fold(text); len(flows.LeavesOut(folded)) > 0 || strings.ContainsRune(folded, '\t') {
			t.Errorf("%q folds to %q, of which something is left out", text, folded)
		}
	})
}
