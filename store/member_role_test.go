package store_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// Webhooks are answered with the rights of web, which may not change a key.
func TestMembersWorkAsWeb(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	l := setUpMembersAt(t, dsn)
	l.Members = store.NewMembers(openURL(t, login(t, dsn, "", "hearthline_web")), l.keys)
	l.fillTables(t)
	member := l.leaveTraces(t)
	if _, err := l.SetPIN(t.Context(), l.act(member), "771100"); err != nil {
		t.Error(err)
	}
	l.load(t, member)
	if _, err := l.Belongs(t.Context(), l.id, member, l.groups[0]); err != nil {
		t.Error(err)
	}
	if _, err := l.Quick(t.Context(), l.id, number(t, ann)); err != nil {
		t.Error(err)
	}
	if err := l.Stop(t.Context(), l.event(noon), number(t, ann), true, l.groups); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := l.Leave(t.Context(), l.act(member), l.groups[2]); err != nil {
			t.Error(err)
		}
		if err := l.Join(t.Context(), l.act(member), l.groups[2], flows.AccessOpen); err != nil {
			t.Error(err)
		}
	}
	if err := l.Erase(t.Context(), l.act(member), l.groups); err != nil {
		t.Error(err)
	}
	if _, err := l.Expire(t.Context(), l.id, noon.AddDate(2, 0, 0), l.groups); err != nil {
		t.Error(err)
	}
	l.wantNothing(t, "afterwards")
}
