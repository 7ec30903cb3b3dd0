package flows

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// says is a catalogue whose _say is that.
func says(t testing.TB, text string) *catalogue {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	c := &compiler{where: map[*string]Place{}}
	cat := &catalogue{says: byFirst(c.pronunciations(doc.Content[0]))}
	if len(c.problems) > 0 {
		t.Fatal(c.problems)
	}
	return cat
}

func TestPronunciations(t *testing.T) {
	t.Parallel()
	c := says(t, `{Sequim: Skwim, St. Anne: Saint Ann, Anne: Ann, PTSD: P T S D, 重庆: chóng qìng, São: Sow}`)
	for text, want := range map[string][]Part{
		"Nothing here.":           {{Text: "Nothing here."}},
		"In Sequim, on Tuesdays.": {{Text: "In "}, {Text: "Sequim", Alias: "Skwim"}, {Text: ", on Tuesdays."}},
		"SEQUIM sequim":           {{Text: "SEQUIM", Alias: "Skwim"}, {Text: " "}, {Text: "sequim", Alias: "Skwim"}},
		"Sequims, Xsequim, Se":    {{Text: "Sequims, Xsequim, Se"}},
		"St. Anne and Anne":       {{Text: "St. Anne", Alias: "Saint Ann"}, {Text: " and "}, {Text: "Anne", Alias: "Ann"}},
		"Sãos e São":              {{Text: "Sãos e "}, {Text: "São", Alias: "Sow"}},
		"在重庆开会":                   {{Text: "在"}, {Text: "重庆", Alias: "chóng qìng"}, {Text: "开会"}},
	} {
		if diff := cmp.Diff(want, c.pronounced([]Part{{Text: text}})); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	parts := []Part{{Text: "PTSD", Slow: true}, {Pause: beat}, {Text: "Sequim", Alias: "Sekwim"}}
	want := []Part{{Text: "PTSD", Alias: "P T S D", Slow: true}, {Pause: beat}, {Text: "Sequim", Alias: "Sekwim"}}
	if diff := cmp.Diff(want, c.pronounced(parts)); diff != "" {
		t.Error(diff)
	}
}

// FuzzPronounced holds that a voice is given the words that a caption shows, and a
// word's own sound wherever it stands alone.
func FuzzPronounced(f *testing.F) {
	for _, s := range []string{"", "Sequim", "a sequim b", "Sequi\xcc\x81m", "重庆Sequim", "\xffSequim\xff", "ſequim"} {
		f.Add(s)
	}
	c := says(f, `{Sequim: Skwim, 重庆: chóng qìng}`)
	f.Fuzz(func(t *testing.T, text string) {
		parts := c.pronounced([]Part{{Text: text}})
		if got := (Utterance{Parts: parts}).Text(); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		if alone := slices.Contains(strings.Split(text, " "), "Sequim"); alone && !slices.ContainsFunc(parts, func(p Part) bool { return p.Alias == "Skwim" }) {
			t.Fatalf("%q is said as it is written", text)
		}
	})
}

// However many sounds a language has, few are looked at for each word.
func TestManySoundsCostLittle(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	many.WriteString("{Élan: Aylan")
	for i := range 499 {
		fmt.Fprintf(&many, ", %c%c%d: x", 'a'+i%26, 'a'+i/26%26, i)
	}
	c := says(t, many.String()+"}")
	most := 0
	for _, of := range c.says {
		most = max(most, len(of))
	}
	if most > 30 {
		t.Errorf("%d sounds are looked at for a word", most)
	}
	if got := c.pronounced([]Part{{Text: "With éLAN"}}); len(got) != 2 || got[1].Alias != "Aylan" {
		t.Errorf("%+v", got)
	}
}
