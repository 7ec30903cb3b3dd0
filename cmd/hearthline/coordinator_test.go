package main

import (
	"encoding/json"
	"regexp"
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

// Each start tells once how somebody becomes the first owner, while there is nobody.
func TestAStartTellsALinkForTheFirstOwner(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	links := func() []string {
		var tokens []string
		for _, m := range regexp.MustCompile(`https://line\.example\.org/console/join#([A-Z2-7]+)`).FindAllStringSubmatch(s.log.String(), -1) {
			tokens = append(tokens, m[1])
		}
		return tokens
	}
	told := links()
	if len(told) != 1 {
		t.Fatalf("%d links are told", len(told))
	}
	a := s.replica.app
	if first, err := store.NewAccounts(a.db, a.keys, a.now).IsFirst(t.Context(), a.line, told[0]); err != nil || !first {
		t.Errorf("the link makes an owner: %t, %v", first, err)
	}
	s.types("", "coordinator", "add", "ada@example.org")
	s.start()
	if n := len(links()); n != 1 {
		t.Errorf("%d links are told, one beside an owner", n)
	}
	if demo := newStage(t, func(o *stageOptions) { o.demo = true }); strings.Contains(demo.log.String(), "console/join#") {
		t.Error("a demo, in which whoever comes signs in, tells a link")
	}
}
