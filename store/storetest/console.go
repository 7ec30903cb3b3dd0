package storetest

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store"
)

// NewConsole returns a database like that of New, as a login sees it that serves calls,
// and as one does that has the rights of the console's role alone.
func NewConsole(t testing.TB) (db, console *store.DB) {
	t.Helper()
	dsn := URL(t)
	if open(t, dsn).ApplyRoles(t.Context()) != nil {
		t.Fatal("the roles cannot be made")
	}
	return open(t, login(t, dsn, "serve", "hearthline_web, hearthline_jobs")), open(t, login(t, dsn, "desk", "hearthline_console"))
}

// login makes one with the rights of some roles, and returns where it connects.
func login(t testing.TB, dsn, name, roles string) string {
	t.Helper()
	at, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	login := strings.TrimPrefix(at.Path, "/") + "_" + name
	if err := admin(context.Background(), `CREATE ROLE `+pq.QuoteIdentifier(login)+` LOGIN IN ROLE `+roles); err != nil {
		t.Fatal(err)
	}
	q := at.Query()
	q.Set("user", login)
	at.RawQuery = q.Encode()
	return at.String()
}

func open(t testing.TB, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{URL: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
