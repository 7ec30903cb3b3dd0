package store_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/lib/pq"

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

func TestWhatIsPutIntoTheOutboxIsTold(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 1, `NULL`)
	listener := pq.NewListener(l.url, time.Second, time.Second, nil)
	t.Cleanup(func() { _ = listener.Close() })
	if err := listener.Listen("hearthline_outbox"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		do   func()
		told string
	}{
		{func() { l.plan(t, l.firing("24h")) }, l.id},
		{func() { l.byPhone(t, ann, "482913", l.groups[0]) }, l.id},
		{func() { l.plan(t, l.firing("24h")) }, ""}, // was planned before
	} {
		step.do()
		do(t, l.look, `SELECT pg_notify('hearthline_outbox', 'end')`)
		told := ""
		for n := range listener.Notify {
			if n.Extra == "end" {
				break
			}
			told = n.Extra
		}
		if told != step.told {
			t.Errorf("told %q, want %q", told, step.told)
		}
	}
}

func TestANotificationWakes(t *testing.T) {
	t.Parallel()
	dsn := storetest.URL(t)
	woken, look := listen(t, openURL(t, dsn)), raw(t, dsn)
	for listeners(t, look) == 0 {
		woken.wait(t, "the connection")
	}
	for range 5 { // the connection itself wakes twice
		do(t, look, `SELECT pg_notify('hearthline_outbox', '')`)
		woken.wait(t, "a notification")
	}
}

func listeners(t *testing.T, look *sql.DB) int {
	t.Helper()
	return count(t, look, `SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()`)
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
	for listeners(t, look) == 0 {
		woken.wait(t, "its coming back")
	}
}
