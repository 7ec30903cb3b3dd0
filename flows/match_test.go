package flows_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// What is looked for is found by any of its words, and by one that a small word runs
// into.
func TestWhatIsLookedFor(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	var groups []flows.Group
	for _, topic := range []string{"anxiety", "grief", "living-with-illness"} {
		groups = append(groups, flows.Group{ID: topic, Name: flows.Words{"": "x " + topic}, Topics: []string{topic}, Access: flows.AccessOpen, Stage: flows.StageOpen})
	}
	line := v.Directory.Line
	line.Languages = f.Languages()
	v.Text, v.Directory = true, flows.NewDirectory(line, groups, at)
	for text, want := range map[string]string{
		"chercher l'anxiété": "anxiety", "anxiété": "anxiety", "find illness": "living-with-illness", "chercher maladie": "living-with-illness",
		"find grief": "grief", "find the": "", "find lanes": "",
	} {
		if got := flows.Turn(f, v, flows.State{Lang: "en"}, flows.Input{Event: flows.Texted, Keys: text}).State.Topic; got != want {
			t.Errorf("%q finds %q, not %q", text, got, want)
		}
	}
}
