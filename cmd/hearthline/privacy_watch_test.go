package main

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store/cluster"
	"github.com/hearthline/hearthline/store/leakscan"
	"github.com/hearthline/hearthline/store/storetest"
)

// canary is a number that nobody calls from. It is planted in every sink: a scan
// that does not find it there has not looked.
const canary = "+13015550188"

// watch is a stage of which everything is kept that somebody could steal: a
// Postgres of its own as it is shipped, what goes over its wire, what both log,
// and what the carrier is asked and told.
type watch struct {
	*stage
	server   string // Postgres, past the wire
	past, by *sql.DB
	wire     *wire
	rest     *inspector
	postgres *storetest.Log // Postgres's log
	printed  bytes.Buffer   // by staff's commands
	numbers  []string       // that are looked for; the first is the canary
	scanner  *leakscan.Scanner
	// clear are the numbers of members who asked for texts and calls that name their
	// group.
	clear map[string]bool
	// morePages are read beside the program's own, by address.
	morePages []string
}

// newWatch watches for the numbers given.
func newWatch(t testing.TB, numbers []string, change ...func(*stageOptions)) *watch {
	t.Helper()
	w := &watch{postgres: &storetest.Log{}, numbers: append([]string{canary}, numbers...), clear: map[string]bool{}}
	w.scanner = leakscan.New(w.numbers...)
	settings := shippedSettings(t)
	// What is written stays where it can be looked at, whole, and what could be
	// sorted on disk is.
	settings["full_page_writes"], settings["wal_keep_size"], settings["wal_compression"], settings["work_mem"] = "on", "4GB", "off", "64kB"
	c, err := cluster.Start(t.Context(), cluster.Options{Log: w.postgres, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	w.server = c.URL("postgres")
	w.wire = newWire(t, w.server)
	w.stage = newStage(t, append(change, func(o *stageOptions) {
		o.databaseURL = w.wire.through(t, w.server)
		before := o.settings
		o.settings = func(c *config) {
			w.rest = newInspector(t, c.apiURL)
			c.apiURL = w.rest.url
			if before != nil {
				before(c)
			}
		}
	})...)
	// What is due goes at once, however many are.
	w.replica.app.outbox.Texts.Burst, w.replica.app.outbox.Calls.Burst = 1000, 1000
	return w
}

// shippedSettings are those that deploy/ tells an operator to run Postgres with.
func shippedSettings(t testing.TB) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../deploy/postgresql-privacy.conf")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if name, value, ok := strings.Cut(line, "="); ok {
			settings[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return settings
}

// open is a connection to Postgres past the wire.
func (w *watch) open() *sql.DB {
	if w.past == nil {
		w.past = w.connect(w.server)
	}
	return w.past
}

// through is one that goes through the wire, as the program's do.
func (w *watch) through() *sql.DB {
	if w.by == nil {
		w.by = w.connect(w.config.databaseURL)
	}
	return w.by
}

func (w *watch) connect(url string) *sql.DB {
	w.t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = db.Close() })
	return db
}

// do runs statements on a connection.
func (w *watch) do(db interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, statements ...string) {
	w.t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(w.t.Context(), s); err != nil {
			w.t.Fatal(err)
		}
	}
}

// doWith runs one statement past the wire.
func (w *watch) doWith(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.open().ExecContext(w.t.Context(), statement, args...); err != nil {
		w.t.Fatal(err)
	}
}
