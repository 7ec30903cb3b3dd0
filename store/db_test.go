package store_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

var day = schedule.Date{Year: 2026, Month: time.November, Day: 24}

func TestOpenSaysHowToMendIt(t *testing.T) {
	t.Parallel()
	noDatabase, err := url.Parse(storetest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	noDatabase.Path = "/no_such_database"
	for name, c := range map[string]struct{ url, says string }{
		"unset":       {"", "DATABASE_URL is not set"},
		"nobody":      {"postgres://u:secret@127.0.0.1:1/h", "start it"},
		"no socket":   {"postgres://u:secret@/h?host=" + t.TempDir(), "start it"},
		"no database": {noDatabase.String(), `no database "no_such_database"`},
		"in the open": {"postgres://u:secret@db.example.org/h?sslmode=disable", "sslmode=verify-full"},
	} {
		db, err := store.Open(t.Context(), store.Options{URL: c.url})
		if err == nil {
			_ = db.Close()
			t.Errorf("%s: opened", name)
			continue
		}
		if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if answers := name == "unset" || name == "in the open"; errors.Is(err, store.ErrUnreachable) == answers {
			t.Errorf("%s: is it ErrUnreachable? %v", name, err)
		}
	}
}

func TestACancelledStatementIsTheContextsError(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := db.Sleep(ctx, 60); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if err := db.Sleep(ctx, 60); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancellation: %v", err)
	}
}

func TestAStatementTimeoutIsADeadline(t *testing.T) {
	t.Parallel()
	text := storetest.URL(t) + "&statement_timeout=1000" // ms: what it takes to connect is within
	if err := openURL(t, text).Sleep(t.Context(), 60); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestAddCounts(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	for _, counts := range []map[store.Count]int{
		{store.CodeRight: 2, store.CodeWrong: 1, store.CodeRefused: 0},
		{store.CodeWrong: 4},
	} {
		if err := i.db.AddCounts(t.Context(), i.line, day, counts); err != nil {
			t.Fatal(err)
		}
	}
	look := raw(t, i.url)
	for name, want := range map[string]int{"code_right": 2, "code_wrong": 5, "code_refused": 0} {
		if got := count(t, look, `SELECT coalesce(sum(count), 0) FROM daily_count WHERE day = '2026-11-24' AND name = $1`, name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	err := i.db.AddCounts(t.Context(), i.line, day, map[store.Count]int{store.CodeRight: 1, "+12025550143": 1})
	if err == nil || contains(err, "5550143") {
		t.Errorf("a name outside the set: %v", err)
	}
	if got := count(t, look, `SELECT count FROM daily_count WHERE name = 'code_right'`); got != 2 {
		t.Errorf("a refused set of counts was written in part: %d", got)
	}
}
