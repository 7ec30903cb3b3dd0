package storetest

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store"
)

// NewConsole returns a database like that of New, and the same one as a login sees it
// that has the rights of the console's role alone.
func NewConsole(t testing.TB) (db, console *store.DB) {
	t.Helper()
	dsn := URL(t)
	at, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	if db = open(t, dsn); db.ApplyRoles(t.Context()) != nil {
		t.Fatal("the roles cannot be made")
	}
	login := strings.TrimPrefix(at.Path, "/") + "_desk"
	if err := admin(context.Background(), `CREATE ROLE `+pq.QuoteIdentifier(login)+` LOGIN IN ROLE hearthline_console`); err != nil {
		t.Fatal(err)
	}
	q := at.Query()
	q.Set("user", login)
	at.RawQuery = q.Encode()
	return db, open(t, at.String())
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
