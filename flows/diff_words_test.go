package flows_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// Whatever a setting is called in the file, that it was taken out or put in is told in words.
func TestChangesNameNoSettings(t *testing.T) {
	t.Parallel()
	whole, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"[^"]*"`)
	for setting, want := range map[string]string{
		"voice_only: true": "At \"place\", key 1 can be reached by phone only no more.", "quiet: true": "At \"main\", nobody is told of key 5 no more.",
		"instead: true": "", "spoken_in: others": "", "sensitive: true": "", "star: true": "", "discreet: ok": "", "end: true": "", "neutral: true": "", "ok: true": "",
	} {
		without := flows.Bundle{}
		for name, text := range whole {
			without[name] = text
		}
		without["main.yaml"] = regexp.MustCompile(`, `+setting+`|`+setting+`, |\n *`+setting).ReplaceAllString(whole["main.yaml"], "")
		said := false
		for _, changes := range [][]flows.Change{flows.Diff(whole, without), flows.Diff(without, whole)} {
			if len(changes) == 0 {
				t.Errorf("%s: nothing has changed", setting)
			}
			for _, c := range changes {
				said = said || c.What == want
				if words := quoted.ReplaceAllString(c.What, ""); strings.ContainsAny(words, "`_") {
					t.Errorf("%s: %s", setting, c.What)
				}
			}
		}
		if want != "" && !said {
			t.Errorf("%s: nothing says %q", setting, want)
		}
	}
}
