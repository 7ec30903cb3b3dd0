package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// plantEverywhere puts a number in every sink, by the road on which it would
// come there if the program let it.
func (w *watch) plantEverywhere(number string) {
	w.t.Helper()
	w.plantInTables(number, "canary", "keys.canary")
	w.plantInFiles(number)
	w.plantInProcess(number)
	w.plantAtCarrier(number)
}

// plantInTables sends it through the wire and has it answered, stores it in
// tables, which are in both dumps, in the log and the files, and has Postgres
// log and sort it.
func (w *watch) plantInTables(number string, tables ...string) {
	w.t.Helper()
	db := w.through()
	for _, table := range tables {
		w.do(db, `CREATE TABLE `+table+` (number text NOT NULL)`, `INSERT INTO `+table+` (number) VALUES ('`+number+`')`)
	}
	var answer string
	if err := db.QueryRowContext(w.t.Context(), `SELECT '`+number+`'`).Scan(&answer); err != nil {
		w.t.Fatal(err)
	}
	w.do(db, `DO $$ BEGIN RAISE WARNING '`+number+`'; END $$`)
	w.spill(number)
}

// spill keeps a query open that sorts more than fits in memory.
func (w *watch) spill(number string) {
	w.t.Helper()
	tx, err := w.open().BeginTx(w.t.Context(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = tx.Rollback() })
	w.do(tx, `DECLARE sorted CURSOR FOR SELECT '`+number+` ' || g AS line FROM generate_series(1, 20000) g ORDER BY md5(g::text)`, `FETCH 1 FROM sorted`)
}

// plantInFiles logs it and leaves it in the state folder.
func (w *watch) plantInFiles(number string) {
	w.t.Helper()
	w.replica.app.log.Debug("planted", "number", number)
	if err := os.WriteFile(filepath.Join(w.config.stateDir, "planted"), []byte(number), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// plantInProcess puts it on a page, in a goroutine's labels, and in the name of
// code that is mapped into memory: a heap profile lists those.
func (w *watch) plantInProcess(number string) {
	w.t.Helper()
	page := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, number) }))
	w.t.Cleanup(page.Close)
	w.morePages = append(w.morePages, page.URL)
	w.label(number)
	w.mapCode(number)
}

// label keeps a goroutine of that label until the test ends.
func (w *watch) label(number string) {
	labelled, ended := make(chan struct{}), make(chan struct{})
	w.t.Cleanup(func() { close(ended) })
	go pprof.Do(context.Background(), pprof.Labels("caller", number), func(context.Context) {
		close(labelled)
		<-ended
	})
	<-labelled
}

// mapCode maps a file of that name as code until the test ends.
func (w *watch) mapCode(name string) {
	w.t.Helper()
	file, err := os.Create(filepath.Join(w.t.TempDir(), name))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if err := file.Truncate(int64(os.Getpagesize())); err != nil {
		w.t.Fatal(err)
	}
	mapped, err := syscall.Mmap(int(file.Fd()), 0, os.Getpagesize(), syscall.PROT_READ|syscall.PROT_EXEC, syscall.MAP_PRIVATE)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = syscall.Munmap(mapped) })
}

// plantAtCarrier calls a line that names it in everything it tells the carrier,
// starts a text with it, and texts it to the line.
func (w *watch) plantAtCarrier(number string) {
	w.t.Helper()
	w.answered(fmt.Sprintf(`<Response><Say>%s</Say><Dial action="/twilio/voice?n=%s"><Conference participantLabel="%s"
		statusCallback="https://line.example.org/twilio/voice?n=%s" statusCallbackEvent="join leave">%s</Conference></Dial></Response>`,
		number, url.QueryEscape(number), number, url.QueryEscape(number), number))
	w.ask("/Messages.json", url.Values{"From": {lineNumber}, "To": {bridgeLine}, "Body": {number}, "StatusCallback": {"https://line.example.org/?n=" + number}})
	w.carrier.Phone(sam).Text(lineNumber, number)
}

// answered has somebody call while the program answers with a document of the
// test's.
func (w *watch) answered(document string) {
	w.t.Helper()
	w.mutant(document, func() {
		call := w.carrier.Phone(sam).Call(lineNumber, emulator.CallerID("anonymous"))
		w.carrier.Advance(20 * time.Second)
		call.Press("*")
		call.Hangup()
		w.carrier.Advance(time.Second)
	})
}

// mutant has something happen while the program answers with a document of the
// test's.
func (w *watch) mutant(document string, happens func()) {
	w.t.Helper()
	program := w.route.Load()
	defer w.route.Store(program)
	mutant := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(rw, document)
	}))
	defer mutant.Close()
	address := strings.TrimPrefix(mutant.URL, "http://")
	w.route.Store(&address)
	happens()
}

// ask asks the carrier's REST API as the program would.
func (w *watch) ask(path string, form url.Values) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.config.apiURL+"/2010-04-01/Accounts/"+demoAccount+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.SetBasicAuth(demoAccount, demoToken)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = answer.Body.Close()
	w.carrier.Advance(5 * time.Second)
}
