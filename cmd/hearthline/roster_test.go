package main

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// Who asks by text to be in a group that needs approval waits under a number, and is in
// once somebody says so.
func TestTheRosterInTheTerminal(t *testing.T) {
	t.Parallel()
	s := newStage(t, group("836254", func(g *store.Group) { g.Access = flows.AccessApproval }))
	s.caller(sam).says("REMIND 836254")
	s.caller(sam).says("1")
	s.caller(sam).says("OK")
	list := func(args ...string) []onRoster {
		t.Helper()
		var all []onRoster
		if err := json.Unmarshal([]byte(s.types("", append([]string{"roster", "list", "--json"}, args...)...)), &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	waits := list("--waiting")
	if len(waits) != 1 || waits[0].Group != "836254" || waits[0].State != "applied" || waits[0].Name == "" {
		t.Fatalf("who waits: %+v", waits)
	}
	number := strconv.Itoa(waits[0].Number)
	mention(t, s.fails(exitFailed, "", "roster", "approve", "1000"), "nobody waits")
	mention(t, s.types("", "roster", "approve", number, "--as", "Maria"), "approved")
	mention(t, s.fails(exitFailed, "", "roster", "decline", number), "nobody waits")
	// By voice somebody may let whoever leads the group call them.
	ida := s.caller(ida)
	call := ida.dials("1", "836254", "1", "1", "1", noLateOnes, "739146", "739146")
	call.Hangup()
	s.sendDue()
	ida.says("OK")
	if waits := list("--waiting"); len(waits) != 1 || !waits[0].MayCall {
		t.Errorf("who may be called: %+v", waits)
	}
	if all := list("--group", "836254"); len(all) != 2 || all[1].State != "active" || all[1].Name != waits[0].Name {
		t.Errorf("then: %+v", all)
	}
	mention(t, s.types("", "roster", "decline", strconv.Itoa(list("--waiting")[0].Number)), "declined")
	mention(t, s.types("", "roster", "list", "--waiting"), "Nobody")
	mention(t, s.fails(exitFailed, "", "roster", "list", "--group", "999999"), "no group has the code")
}
