package flows_test

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

func TestCountSegments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		encoding   flows.Encoding
		units, n   int
	}{
		{"nothing", "", flows.GSM7, 0, 1},
		{"one whole", strings.Repeat("a", 160), flows.GSM7, 160, 1},
		{"one more", strings.Repeat("a", 161), flows.GSM7, 161, 2},
		{"two whole", strings.Repeat("a", 306), flows.GSM7, 306, 2},
		{"three", strings.Repeat("a", 307), flows.GSM7, 307, 3},
		{"extended characters", strings.Repeat("€", 80), flows.GSM7, 160, 1},
		{"an extended character is not split", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), flows.GSM7, 306, 3},
		{"accents of the alphabet", "¿Mañana? ¡Sí, señor! é ñ ü à", flows.UCS2, 28, 1},
		{"spanish that fits", "¿Una niña más?", flows.UCS2, 14, 1},
		{"spanish without acute a", "¿Una niña? ¡Qué alegre!", flows.GSM7, 23, 1},
		{"a curly quote", "it’s", flows.UCS2, 4, 1},
		{"seventy", strings.Repeat("ê", 70), flows.UCS2, 70, 1},
		{"seventy-one", strings.Repeat("ê", 71), flows.UCS2, 71, 2},
		{"emoji take two", strings.Repeat("💙", 35), flows.UCS2, 70, 1},
		{"an emoji is not split", strings.Repeat("💙", 67), flows.UCS2, 134, 3},
		{"invalid UTF-8", "a\xffb", flows.UCS2, 3, 1},
	} {
		got := flows.CountSegments(tt.text)
		if got.Encoding != tt.encoding || got.Units != tt.units || got.Count != tt.n {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
	if got := flows.CountSegments("it’s").Forced; got != '’' {
		t.Errorf("what forced UCS-2 is said to be %q", got)
	}
}
