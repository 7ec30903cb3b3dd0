package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// listened is a wake-up call that a test waits for.
type listened chan struct{}

// listen has db's outbox listened to until the test ends.
func listen(t *testing.T, db *store.DB) listened {
	t.Helper()
	woken, over := make(listened, 1000), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(over)
		db.ListenOutbox(ctx, func() { woken <- struct{}{} })
	}()
	t.Cleanup(func() {
		cancel()
		<-over
	})
	return woken
}

func (w listened) wait(t *testing.T, what string) {
	t.Helper()
	select {
	case <-w:
	case <-time.After(time.Minute):
		t.Fatal("nobody was woken by " + what)
	}
}

func TestWhatIsPutIntoTheOutboxWakes(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 1, `NULL`)
	woken := listen(t, l.db)
	woken.wait(t, "the connection")
	l.plan(t, l.firing("24h"))
	woken.wait(t, "a reminder")
	l.byPhone(t, ann, "482913", l.groups[0])
	woken.wait(t, "a question")
	if rows := l.plan(t, l.firing("24h")); rows != 0 || len(woken) != 0 {
		t.Errorf("%d rows, and %d times woken by what was planned before", rows, len(woken))
	}
}

// What was told while the connection was away is lost: once it listens again, it
// wakes.
func TestAConnectionThatComesBackWakes(t *testing.T) {
	t.Parallel()
	dsn := storetest.URL(t)
	proxy, through := newCutter(t, dsn)
	look := raw(t, dsn)
	woken := listen(t, openURL(t, through))
	woken.wait(t, "the connection")
	proxy.setDown(true)
	woken.wait(t, "its loss")
	do(t, look, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()`)
	proxy.setDown(false)
	for count(t, look, `SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()`) == 0 {
		woken.wait(t, "its coming back")
	}
}
