package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store"
)

// The items of deploy/asvs.md that the database holds.

func TestASVS_38_8_4_1_GroupsAreApartInTheDatabase(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	p := newPaths(t, dsn)
	facilitated(t, p)
	as := openURL(t, login(t, dsn, "", "hearthline_console"))
	staff, err := as.Column(store.Within(t.Context(), store.Scope{Line: p.id, Groups: []string{auditID}}), `SELECT alias FROM facilitator`)
	if err != nil || len(staff) != 0 {
		t.Errorf("%d facilitators of other groups are seen, %v", len(staff), err)
	}
	staff, err = as.Column(store.Within(t.Context(), store.Scope{Line: p.id, Groups: p.groups}), `SELECT alias FROM facilitator`)
	if err != nil || len(staff) == 0 {
		t.Errorf("%d facilitators of one's own group are seen, %v", len(staff), err)
	}
}

func TestASVS_39_13_2_2_RolesHaveTheLeast(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	for _, statement := range []string{
		`SELECT FROM keys.member`, `SELECT number FROM membership`, `SELECT number FROM account`, `SELECT pin_hash FROM account`,
		`DELETE FROM audit`, `DELETE FROM line`, `CREATE TABLE mine (x int)`,
	} {
		var refused *pq.Error
		if err := as(t, raw(t, dsn), "hearthline_console", statement); !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("the console may %s (%v)", statement, err)
		}
	}
	// What each role may is all in the golden file: see TestRolesMatrix.
	if m := matrix(t, raw(t, dsn)); !strings.Contains(m, "public.account of hearthline_owner") {
		t.Error("the matrix lacks accounts")
	}
}
