package store_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
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
	var row string
	no := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for what, step := range []struct {
		do   func()
		told string
	}{
		{func() { l.plan(t, l.firing("24h")) }, l.id},
		{func() { l.byPhone(t, ann, "482913", l.groups[0]) }, l.id},
		{func() { l.plan(t, l.firing("24h")) }, ""}, // was planned before
		{func() { l.confirm(t, ann) }, ""},
		{func() { no(behindPIN(t, l.lineUnderTest)) }, l.id},
		{func() { row = l.toldOf(t, ann, circle(l.groups[0]), store.Reminder, store.SendAccepted, noon) }, ""},
		{func() { no(l.RingRow(t.Context(), l.event(noon), row, starts(l.groups[0]))) }, l.id},
		{func() { prefers(flows.Preferences{Channel: flows.ByCall})(t, l.lineUnderTest) }, ""},
		{func() { no(byNumber(t, l.lineUnderTest)) }, l.id},
		{func() { l.recheck(t, 89, 0, 0) }, ""},
		{func() { l.recheck(t, 90, 1, 0) }, l.id},
		{func() { l.recheck(t, 91, 0, 0) }, ""},
		{func() {
			no(errOf(l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday})))
		}, l.id},
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
			t.Errorf("step %d told %q, want %q", what, told, step.told)
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
