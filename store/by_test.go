package store_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// Whoever makes an Event up has no act be left out of the log: the same one for two
// objects is two acts and two entries, and for one object it acts once.
func TestAnEventIsOfOneActOnOneObject(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	withAccount(t, p)
	bea := activeAccount(t, p.accounts, p.id, "Bea", store.RoleViewer)
	by := store.By{Actor: "Grace", Event: "one form", At: noon}
	entries := func(act string) int {
		t.Helper()
		return len(must(p.db.Column(t.Context(), "SELECT entry_id FROM audit WHERE act = '"+act+"'")))
	}
	role := func(id string) store.Role { return must(p.accounts.Get(t.Context(), p.id, id)).Role }
	for _, id := range []string{p.row, bea} {
		if err := p.accounts.SetRole(t.Context(), p.id, by, id, store.RoleOwner); err != nil {
			t.Fatal(err)
		}
	}
	if n := entries("account.role"); n != 2 || role(p.row) != store.RoleOwner || role(bea) != store.RoleOwner {
		t.Errorf("two owners were made, and %d entries", n)
	}
	if err := p.accounts.SetRole(t.Context(), p.id, by, bea, store.RoleViewer); err != nil {
		t.Fatal(err)
	}
	if n := entries("account.role"); n != 2 || role(bea) != store.RoleOwner {
		t.Errorf("she is %s, and there are %d entries", role(bea), n)
	}
	for _, stage := range []flows.Stage{flows.StagePaused, flows.StageOpen, flows.StagePaused} {
		if err := p.db.SetStage(t.Context(), p.keys, p.id, by, p.groups[0], stage); err != nil {
			t.Fatal(err)
		}
	}
	if n := entries("group.pause"); n != 1 {
		t.Errorf("the group was paused %d times by one form", n)
	}
	if stage := must(p.db.Group(t.Context(), p.id, p.groups[0])).Stage; stage != flows.StageOpen {
		t.Errorf("the group is %s after a copy of what paused it", stage)
	}
	for i := range 2 {
		if err := p.db.SetStage(t.Context(), p.keys, p.id, by, p.groups[i], flows.StageClosed); err != nil {
			t.Fatal(err)
		}
	}
	if n := entries("group.archive"); n != 2 {
		t.Errorf("two groups were archived, and %d entries", n)
	}
}
