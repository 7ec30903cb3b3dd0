package emulator

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

func TestCountSegments(t *testing.T) {
	t.Parallel()
	type count struct {
		encoding        string
		units, segments int
	}
	tests := map[string]struct {
		body string
		want count
	}{
		"empty":                      {"", count{"GSM-7", 0, 1}},
		"one segment":                {strings.Repeat("a", 160), count{"GSM-7", 160, 1}},
		"one too many":               {strings.Repeat("a", 161), count{"GSM-7", 161, 2}},
		"two full segments":          {strings.Repeat("a", 306), count{"GSM-7", 306, 2}},
		"and one more":               {strings.Repeat("a", 307), count{"GSM-7", 307, 3}},
		"euros take two":             {strings.Repeat("€", 80), count{"GSM-7", 160, 1}},
		"a euro is not split":        {strings.Repeat("a", 152) + "€" + strings.Repeat("a", 151), count{"GSM-7", 305, 2}},
		"which costs a segment":      {strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), count{"GSM-7", 306, 3}},
		"all of the extension":       {"\f^{}\\[~]|€", count{"GSM-7", 20, 1}},
		"accents of the alphabet":    {"ñ Ñ ü à è é ù ì ò Ç ß", count{"GSM-7", 21, 1}},
		"an accent outside it":       {"á", count{"UCS-2", 1, 1}},
		"small c with cedilla":       {"ç", count{"UCS-2", 1, 1}},
		"a curly quote":              {"don’t", count{"UCS-2", 5, 1}},
		"a tab":                      {"a\tb", count{"UCS-2", 3, 1}},
		"a grave accent":             {"`", count{"UCS-2", 1, 1}},
		"one UCS-2 segment":          {strings.Repeat("欢", 70), count{"UCS-2", 70, 1}},
		"one too many of those":      {strings.Repeat("欢", 71), count{"UCS-2", 71, 2}},
		"two of those":               {strings.Repeat("欢", 134), count{"UCS-2", 134, 2}},
		"an emoji takes two":         {strings.Repeat("😀", 35), count{"UCS-2", 70, 1}},
		"and is not split":           {strings.Repeat("😀", 66), count{"UCS-2", 132, 2}},
		"which also costs a segment": {strings.Repeat("😀", 67), count{"UCS-2", 134, 3}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoding, units, segments := CountSegments(tt.body)
			if got := (count{encoding, units, segments}); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestSegmentsHoldWhatTheyMust holds the count against the room that the
// segments have: never too few, and never one that could be done without but
// for the unit left over where a pair is not split.
func TestSegmentsHoldWhatTheyMust(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOfN(rapid.RuneFrom([]rune("aé€ñ[á欢😀\n")), 0, 700, -1).Draw(t, "body")
		encoding, units, segments := CountSegments(body)
		single, multi := 160, 153
		if encoding == encodingUCS2 {
			single, multi = 70, 67
			if n := len(utf16.Encode([]rune(body))); n != units {
				t.Fatalf("%d units, UTF-16 has %d", units, n)
			}
		}
		switch {
		case units <= single && segments != 1:
			t.Fatalf("%d units in %d segments", units, segments)
		case units > single && units > segments*multi:
			t.Fatalf("%d units do not fit %d segments", units, segments)
		case units > single && units <= (segments-1)*(multi-1):
			t.Fatalf("%d units need no %d segments", units, segments)
		}
	})
}
