package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

func TestCoordinatorCommands(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	mention(t, s.types("", "coordinator", "list"), "Nobody signs in yet")
	mention(t, s.fails(exitUsage, "", "coordinator", "add", "ada@example.org", "--role=viewer"), "has no owner yet")
	var link shownLink
	if err := json.Unmarshal([]byte(s.types("", "coordinator", "add", "ada@example.org", "--name=Ada", "--json")), &link); err != nil {
		t.Fatal(err)
	}
	if link.Role != store.RoleOwner {
		t.Errorf("the first account is of %s", link.Role)
	}
	_, token, ok := strings.Cut(link.Link, "/console/join#")
	if !ok || len(token) < 26 { // 128 bits in base32
		t.Errorf("the link's code has %d characters", len(token))
	}
	mention(t, s.fails(exitFailed, "", "coordinator", "add", "ada@example.org"), "has an account with this e-mail address")
	mention(t, s.fails(exitUsage, "", "coordinator", "add", "bea@example.org", "--group=000000"), "--group is no code of a group")
	mention(t, s.types("", "coordinator", "add", "bea@example.org", "--group=836254"), "bea, coordinator.", "/console/join#")
	mention(t, s.types("", "coordinator", "list"), "owner        invited   Ada <ada@example.org>", "coordinator  invited   bea <bea@example.org>")
	mention(t, s.types("", "coordinator", "disable", "bea@example.org"), "bea is disabled.")
	mention(t, s.fails(exitFailed, "", "coordinator", "reset-link", "bea@example.org"), "enable it first")
	mention(t, s.types("", "coordinator", "enable", "bea@example.org"), "bea is invited.")
	mention(t, s.types("", "coordinator", "reset-link", "bea@example.org"), "/console/join#")
	mention(t, s.fails(exitFailed, "", "coordinator", "reset-link", "nobody@example.org"), "nobody signs in with this e-mail address")
	var all []shownAccount
	if err := json.Unmarshal([]byte(s.types("", "coordinator", "list", "--json")), &all); err != nil || len(all) != 2 {
		t.Errorf("%d accounts: %v", len(all), err)
	}
}
