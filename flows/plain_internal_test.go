package flows

import (
	"strings"
	"testing"
	"unicode"
)

// Words read plainly are one space apart, and read again they are the same.
func FuzzPlainly(f *testing.F) {
	for _, text := range []string{"JOIN 482105", "don't `stop`", "*", " # ", "a\tb\x00c", "Uno, dos. TRES!", "café", "周二7点", "l’été", "İ ﷺ ½"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := plainly(text)
		if again := plainly(plain); again != plain || strings.Join(plainWords(text), " ") != plain {
			t.Errorf("%q is read as %q, and that as %q", text, plain, again)
		}
	})
}

// No Chinese character stands before the one that is taken for the first.
func TestNoChineseCharacterIsBeforeTheFirst(t *testing.T) {
	t.Parallel()
	if first := rune(unicode.Han.R16[0].Lo); first != firstHan {
		t.Errorf("the first is %q", first)
	}
}

// A quick look at a text misses nothing that a voice misreads.
func TestQuickLooksMissNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Dial 911.", "１２", "Write to https://example.org", "HTTP: no", "Go to www.example", "see example.com", "PTSD", "Dr. Rose", "St. Mark", "approx. ten",
		"etc.", "J. R. is here", "a. b.", "Sra. Ana", "Mme. X", "a & b", "50%", "a\\b", "a^b", "a/b", "€", "5 $",
	} {
		found := false
		for _, m := range misread {
			if m.text.MatchString(text) {
				found = true
				if !m.maybe(text) {
					t.Errorf("%q is missed: it %s", text, m.what)
				}
			}
		}
		if !found {
			t.Errorf("%q is read well", text)
		}
	}
	for _, text := range []string{"To hear them, press 1.", "Your call is private. Nothing is recorded."} {
		for _, m := range misread {
			if m.maybe(text) {
				t.Errorf("%q is looked at as if it %s", text, m.what)
			}
		}
	}
}

// A distance is the same whether its words are short or longer than there is room for.
func FuzzDistance(f *testing.F) {
	f.Add("join", "jion")
	f.Add(strings.Repeat("a", 40), strings.Repeat("a", 39)+"b")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 100 || len(b) > 100 {
			return
		}
		d := distance(a, b)
		if d != distance(b, a) || d > max(len(a), len(b)) || d < max(len(a), len(b))-min(len(a), len(b)) || d == 0 && a != b || d < farther(len(a), len(b), lettersOf(a), lettersOf(b)) {
			t.Errorf("from %q to %q there are %d slips, and %d back", a, b, d, distance(b, a))
		}
	})
}
