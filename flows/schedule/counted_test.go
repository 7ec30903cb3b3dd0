package schedule

import (
	"strings"
	"testing"
)

func TestCounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		n    int
		form Form
		want string
	}{
		{"es", 1, Feminine, "una"},
		{"es", 2, Feminine, "dos"},
		{"es", 21, Feminine, "veintiuna"},
		{"es", 21, Masculine, "veintiún"},
		{"es", 21, "", "21"},
		{"es", 61, Masculine, "sesenta y un"},
		{"es", 22, Feminine, "22"},
		{"pt-BR", 2, Feminine, "duas"},
		{"pt-BR", 22, Feminine, "vinte e duas"},
		{"pt-BR", 12, Feminine, "doze"},
		{"pt-BR", 2, "", "2"},
		{"fr", 31, Feminine, "trente et une"},
		{"fr", 71, Feminine, "71"},
		{"ht", 21, Feminine, "21"},
		{"zh-Hans", 2, Measured, "两"},
		{"zh-Hans", 12, Measured, "十二"},
		{"zh-Hans", 2, "", "2"},
		{"en", 3, Feminine, "three"},
	} {
		if got := Counted(c.lang, c.n, c.form); got != c.want {
			t.Errorf("%d in %s (%s) is %q, not %q", c.n, c.lang, c.form, got, c.want)
		}
	}
}

// TestInflectedNumbersAreThemselves holds each word of a form to the number's own, of which
// only the end may differ.
func TestInflectedNumbersAreThemselves(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		l := wordsOf(lang)
		for form, all := range l.inflected {
			for n, word := range all {
				if n <= 20 || n >= len(l.numbers) {
					continue
				}
				if tens := strings.TrimSuffix(l.numbers[n], l.numbers[n%10]); !strings.HasPrefix(word, tens) || word == tens {
					t.Errorf("%s: %d is %q when it is %s", lang, n, word, form)
				}
			}
		}
	}
}
