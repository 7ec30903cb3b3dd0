package flows_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// A flow that does not say what who waits hears has them told by the engine's own prompts.
func TestWhoWaitsInAFlowThatSaysNothingOfIt(t *testing.T) {
	t.Parallel()
	flow, problems := flows.Compile(small(t))
	if flow == nil {
		t.Fatal(problems)
	}
	v := view(t)
	for who, want := range map[string]string{
		flows.WaitAlone: flows.Alone, flows.WaitMoved: flows.OneMoment, flows.WaitHost: flows.WaitingHost, flows.WaitDoor: flows.WaitingDoor,
	} {
		out := flows.Turn(flow, v, flows.State{Node: "room", Lang: "en"}, flows.Input{Event: flows.Waiting, Result: who, Told: 3})
		if rest, ok := out.Then.(flows.Rest); !ok || rest.For == 0 || len(out.Said) != 1 || out.Said[0].Prompt != want || out.State.Node != "room" {
			t.Errorf("%s: %+v", who, out)
		}
	}
}
