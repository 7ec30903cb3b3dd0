package flows_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
)

// FuzzTurn gives the built-in flow any state and any input. Whatever they are, a turn
// ends, at a node that there is, in a state that can be kept; and the same turn comes to
// the same.
func FuzzTurn(f *testing.F) {
	flow, v := builtIn(f), view(f)
	nodes := map[string]bool{}
	for i, s := range flow.Steps() {
		nodes[s.Name] = true
		kept, err := flows.State{
			Node: s.Name, Lang: "es", Group: "482105", Offered: []string{"482105", "1"}, Returns: []string{"mine_log_in"}, Vars: map[string]string{"pin": "739146", "zone": "?"},
		}.AppendBinary(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(kept, uint8(i%10), []string{"1", "482105", "*", "FIND grief", "ok 4821", "\xff"}[i%6], uint64(i))
	}
	f.Add([]byte("nowhere"), uint8(flows.Waiting), flows.WaitAlone, uint64(0))
	f.Fuzz(func(t *testing.T, kept []byte, event uint8, said string, seed uint64) {
		var s flows.State
		if s.UnmarshalBinary(kept) != nil {
			s = flows.State{Node: string(kept)}
		}
		v := v
		v.Text = flows.Event(event) == flows.Texted
		in := flows.Input{Event: flows.Event(event), Keys: said, Result: said}
		turn := func() flows.Outcome {
			r := rand.New(rand.NewPCG(seed, 0))
			return flows.Run(flow, v, s, in, func(q flows.Request) flows.Answer {
				outcomes := flows.Outcomes(q.Function)
				return flows.Answer{Result: outcomes[r.IntN(len(outcomes))], Set: map[string]string{"group": said}}
			})
		}
		out := turn()
		if diff := cmp.Diff(s, out.State); in.Event == flows.Waiting && diff != "" {
			t.Fatalf("who waits is elsewhere now: %s", diff)
		}
		// What is placed for something that the flow does not know is hung up at once.
		if _, over := out.Then.(flows.End); !nodes[out.State.Node] && !over && in.Event != flows.Waiting {
			t.Fatalf("the flow is at %q", out.State.Node)
		}
		if diff := cmp.Diff(out, turn()); diff != "" {
			t.Fatal(diff)
		}
		b, err := out.State.AppendBinary(nil)
		var again flows.State
		if err != nil || again.UnmarshalBinary(b) != nil {
			t.Fatalf("the state %+v cannot be kept: %v", out.State, err)
		}
	})
}

// FuzzReadDialogues reads whatever is written as dialogues, and plays what it reads.
func FuzzReadDialogues(f *testing.F) {
	flow, v := builtIn(f), view(f)
	f.Add([]byte("- dialogue: a\n  voice: [hear welcome, press 1, silence, ended, \"at 2026-11-24T18:05:00-05:00\"]\n  sms: [text NOW, see now, asked]\n"))
	f.Add([]byte("- {dialogue: b, placed: reminder, about: {group: \"482105\"}, as: \"member:heron\", voice: [press 1, in_room 482105, answered]}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dialogues, err := flows.ReadDialogues("d.yaml", text)
		if err != nil {
			return
		}
		for _, d := range dialogues {
			_ = d.Play(flow, v, playsAlong{}) // whether it holds is its own matter
		}
	})
}

// playsAlong is an edge on which everything succeeds.
type playsAlong struct{}

func (playsAlong) Run(f *flows.Flow, v flows.View, s flows.State, in flows.Input) flows.Outcome {
	return flows.Run(f, v, s, in, func(q flows.Request) flows.Answer { return flows.Answer{Result: flows.Outcomes(q.Function)[0]} })
}
