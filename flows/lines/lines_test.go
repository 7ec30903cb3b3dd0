package lines_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// at is the moment of the dialogues: a Tuesday evening in New York.
var at = time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)

func builtIn(t testing.TB) *flows.Flow {
	t.Helper()
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	flow, problems := flows.Compile(bundle)
	for _, p := range problems {
		t.Error(p)
	}
	if flow == nil {
		t.FailNow()
	}
	return flow
}

func view(t testing.TB) flows.View {
	t.Helper()
	groups, err := lines.Sample(at, "America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	line := flows.Line{
		ID: "line", Name: "The support line", Zone: "America/New_York",
		Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
	}
	return flows.View{Now: at, Number: "(202) 555-0100", Directory: flows.NewDirectory(line, groups, at)}
}

func TestBuiltInFlowHasNoProblems(t *testing.T) {
	t.Parallel()
	builtIn(t)
}

func TestDialogues(t *testing.T) {
	t.Parallel()
	flow, v := builtIn(t), view(t)
	scripts, err := lines.Dialogues()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range scripts {
		dialogues, err := flows.ReadDialogues(file, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range dialogues {
			t.Run(strings.TrimSuffix(file, ".yaml")+"/"+d.Name, func(t *testing.T) {
				t.Parallel()
				if err := d.Play(flow, v, &lines.Practice{Room: d.Room}); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// What a caller has to listen to is short. A voice speaks 150 words a minute.
func TestWordsAreShort(t *testing.T) {
	t.Parallel()
	flow, v := builtIn(t), view(t)
	seconds := func(us ...flows.Utterance) (s float64) {
		for _, u := range us {
			s += float64(len(strings.Fields(u.Text()))) / 2.5
		}
		return s
	}
	for _, lang := range []string{"en", "es"} {
		about := flows.About{Group: "836254", Start: at.Add(4*time.Hour).Unix() / 60, Was: at.Add(3*time.Hour).Unix() / 60}
		s := flows.State{Lang: lang, Group: "482105", About: about}
		for prompt, longest := range map[string]float64{
			"rules": 12, "welcome": 5,
			flows.Alone: 8, flows.AloneAgain: 5, flows.AloneOffer: 8, flows.LeftAlone: 8, flows.OneMoment: 3,
			"crisis": 6, "elsewhere": 6, "confirm_call": 6, "confirmed": 13, "forgotten": 6,
			"enrol": 18, "late": 12, "machine_call": 6, "reminder_ahead": 8, "moved": 14, "calls_stopped": 5, "call_coming": 7, "call_ring": 9, "rechecked": 6, "far": 5, "held_sent": 18,
		} {
			if got := seconds(flow.Say(v, s, prompt)); got == 0 || got > longest {
				t.Errorf("%s: %q takes %.1f s of %.0f", lang, prompt, got, longest)
			}
		}
	}
}
