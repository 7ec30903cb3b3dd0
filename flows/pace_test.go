package flows_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// slowly fails a test unless all of what was said is said as slowly as that.
func slowly(t *testing.T, out flows.Outcome, slow bool) {
	t.Helper()
	if len(out.Said) == 0 {
		t.Error("nothing was said")
	}
	for _, u := range out.Said {
		if u.Slow != slow {
			t.Errorf("%s is said slowly: %t", u.Prompt, u.Slow)
		}
	}
}

// Whoever asks for it hears everything more slowly, lists and what an edge says among
// it, until they ask again or hang up.
func TestSpeakingSlowlyLastsAsLongAsTheCall(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	s := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v)).State
	for _, key := range []string{"0", "4", "2", "*", "3", "1", "9"} {
		out := flows.Run(f, v, s, press(key), admits(v))
		slowly(t, out, key != "0")
		if s = out.State; f.Say(v, s, flows.OneMoment).Slow != s.Slow {
			t.Errorf("after %s an edge speaks otherwise", key)
		}
	}
	lost := s
	lost.Node = ""
	slowly(t, flows.Run(f, v, lost, flows.Input{}, admits(v)), true)
	s = flows.Run(f, v, s, press("0"), admits(v)).State
	slowly(t, flows.Run(f, v, s, press("4"), admits(v)), false)
}

// Who has signed in is asked once: from the PIN on, their next call is as slow.
func TestSpeakingSlowlyIsKeptBehindThePIN(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	edge := lines.Enrolled(ownPIN, "482105")
	calls := func(keys ...string) flows.Outcome {
		out := edge.Run(f, v, flows.State{}, flows.Input{})
		for _, k := range keys {
			out = edge.Run(f, v, out.State, press(k))
		}
		return out
	}
	signIn := []string{"4", "2", "1", ownPIN}
	calls(append(signIn, "0", "4")...)
	slowly(t, calls(), false) // greeted like anybody
	slowly(t, calls(signIn...), true)
	if out := calls(append(signIn, "0", "4")...); out.Said[0].Prompt != "as_before" {
		t.Errorf("they heard %s", out.Said[0].Prompt)
	}
	slowly(t, calls(signIn...), false)
}

func TestCallOfOursIsAsSlow(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	placed := flows.Run(f, v, flows.State{Lang: "en", Slow: true, About: flows.About{Group: "482105"}}, flows.Input{Event: flows.Placed, Result: "reminder"}, admits(v))
	slowly(t, placed, true)
}
