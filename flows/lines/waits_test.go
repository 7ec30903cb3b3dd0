package lines_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
)

// Who hears nobody in a room or at its door is told why by what is known then, again each
// half minute, and after ten minutes what else there is. They stay where they are.
func TestWhoWaitsIsTold(t *testing.T) {
	t.Parallel()
	flow, v := builtIn(t), view(t)
	for _, tt := range []struct {
		who  string
		told int
		of   *flows.Session
		want string
	}{
		{flows.WaitAlone, 0, nil, "alone"},
		{flows.WaitAlone, 0, &flows.Session{Here: 1}, "alone"},
		{flows.WaitAlone, 0, &flows.Session{Here: 1, Company: true}, "left_alone"},
		{flows.WaitAlone, 0, &flows.Session{Here: 4, Company: true, Paired: true, Host: true}, "pairs_apart"},
		{flows.WaitAlone, 0, &flows.Session{Here: 4, Company: true, Paired: true, Host: true, Aside: true}, "left_alone"},
		{flows.WaitAlone, 1, &flows.Session{Here: 1, Company: true}, "alone_again"},
		{flows.WaitAlone, 20, nil, "alone_offer"},
		{flows.WaitAlone, 21, nil, "alone_again"},
		{flows.WaitAlone, 40, nil, "alone_offer"},
		{flows.WaitMoved, 0, nil, "left_alone"},
		{flows.WaitMoved, 0, &flows.Session{Here: 2}, "one_moment"},
		{flows.WaitMoved, 0, &flows.Session{Here: 4, Paired: true, Host: true}, "pairs_apart"},
		{flows.WaitMoved, 1, nil, "alone_again"},
		{flows.WaitHost, 0, &flows.Session{Here: 2}, "waiting_host"},
		{flows.WaitHost, 20, &flows.Session{Here: 2}, "waiting_host_again"},
		{flows.WaitDoor, 0, nil, "waiting_door"},
		{flows.WaitDoor, 0, &flows.Session{Sent: true}, "waiting_sent"},
		{flows.WaitDoor, 1, &flows.Session{Sent: true}, "waiting_door_again"},
	} {
		v.Session = tt.of
		s := flows.State{Flow: flow.Hash, Node: "room", Group: "482105", Lang: "es", Turn: 7, Vars: map[string]string{"facilitator": "x"}}
		out := flows.Turn(flow, v, s, flows.Input{Event: flows.Waiting, Result: tt.who, Told: tt.told})
		if _, rests := out.Then.(flows.Rest); !rests || len(out.Said) != 1 || out.Said[0].Prompt != tt.want || out.Said[0].Lang != "es" {
			t.Errorf("%s, told %d times, of %+v: %+v, then %T", tt.who, tt.told, tt.of, out.Said, out.Then)
		}
		if diff := cmp.Diff(s, out.State); diff != "" {
			t.Errorf("%s is elsewhere: %s", tt.who, diff)
		}
	}
	// Of a call that is not known any more.
	out := flows.Turn(flow, v, flows.State{}, flows.Input{Event: flows.Waiting, Result: flows.WaitAlone, Told: 1})
	if _, rests := out.Then.(flows.Rest); !rests || out.Said[0].Prompt != "alone_again" || out.Said[0].Lang != "en" {
		t.Errorf("of no call: %+v", out)
	}
}

// Who comes back to the others is told so before they are in.
func TestWhoComesBackToTheOthersIsToldSo(t *testing.T) {
	t.Parallel()
	flow, v := builtIn(t), view(t)
	out := flows.Turn(flow, v, flows.State{Flow: flow.Hash, Node: "room", Group: "482105", Lang: "es"}, flows.Input{Event: flows.Again})
	to, ok := out.Then.(flows.Join)
	if !ok || len(out.Said) != 0 || len(to.Back) != 1 || to.Back[0].Prompt != "back_with_all" || to.Back[0].Lang != "es" {
		t.Errorf("%+v", out)
	}
}
