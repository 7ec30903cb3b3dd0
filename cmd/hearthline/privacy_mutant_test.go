package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The sinks that share what a row holds, or what a request to Postgres says.
const (
	inRows = "data directory, pg_dump, pg_dump without keys, wire to Postgres, write-ahead log"
	inKeys = "data directory, pg_dump, pg_dump of keys, wire to Postgres, write-ahead log"
)

// mutants take one control away each, on the road that the program would take
// without it, for one number each; the scan must find it in those sinks, and
// in no other.
var mutants = []struct {
	name  string
	plant func(w *watch, number string)
	sinks string
}{
	{"a log line prints a number", func(w *watch, n string) { w.replica.app.log.Info("call", "from", n) }, "program's log"},
	{"a log line prints a form", func(w *watch, n string) { w.replica.app.log.Debug("request", "form", url.Values{"From": {n}}.Encode()) }, "program's log"},
	{"a log line prints bytes", func(w *watch, n string) { w.replica.app.log.Error("cannot be sent", "to", []byte(n)) }, "program's log"},
	{"a log line prints an integer", func(w *watch, n string) {
		var digits int64
		_, _ = fmt.Sscan(n[1:], &digits)
		w.replica.app.log.Info("call", "id", fmt.Sprintf("%x", digits))
	}, "program's log"},
	{"a row holds a number", func(w *watch, n string) { w.keep([]byte("index of 16 byte"), []byte(n)) }, inRows},
	{"a row holds half-opened JSON", func(w *watch, n string) {
		w.keep([]byte("index 2 of 16 by"), []byte(`{"to":"`+base64.StdEncoding.EncodeToString([]byte("tel:"+n))+`"}`))
	}, inRows},
	{"an index has no key", func(w *watch, n string) {
		digest := sha256.Sum256([]byte(n))
		w.keep(digest[:16], []byte("sealed"))
	}, inRows},
	{"an index is an integer", func(w *watch, n string) {
		var digits uint64
		_, _ = fmt.Sscan(n[1:], &digits)
		w.keep(binary.BigEndian.AppendUint64(make([]byte, 8), digits), []byte("sealed"))
	}, inRows},
	{"a key's row names whose it is", func(w *watch, n string) {
		w.exec(`INSERT INTO keys.member (line_id, member_id, data_key, link_secret) VALUES (gen_random_uuid(), gen_random_uuid(), $1, '')`, []byte(n))
	}, inKeys},
	{"a statement asks by number", func(w *watch, n string) { w.exec(`SELECT FROM member WHERE number_index = $1`, []byte(n)) }, "wire to Postgres"},
	{"a statement is answered with a number", func(w *watch, n string) {
		w.exec(`SELECT reverse($1::text), $1::text`, strings.Join(strings.Split(n, ""), "\t"))
	}, "wire to Postgres, wire to the program"},
	{"a cast fails", func(w *watch, n string) { w.tryExec(`SELECT $1::text::uuid`, n) }, "Postgres's log, wire to Postgres, wire to the program"},
	{"a sort spills", func(w *watch, n string) { w.spill(n) }, "temporary files"},
	{"the state folder holds a hash", func(w *watch, n string) {
		digest := sha256.Sum256([]byte(n[2:]))
		w.write("seen", digest[:])
	}, "state folder"},
	{"a file is named after a number", func(w *watch, n string) { w.write("caller-"+n[1:], nil) }, "state folder"},
	{"a goroutine is labelled", func(w *watch, n string) { w.label(n) }, "goroutines"},
	{"code is named after a number", func(w *watch, n string) { w.mapCode(n) }, "goroutines, heap profile"},
	{"an address holds a number", func(w *watch, n string) {
		w.answered(`<Response><Gather numDigits="1" timeout="1" action="/twilio/voice?from=` + url.QueryEscape(n) + `"/><Redirect>/twilio/voice?from=` + n[1:] + `</Redirect></Response>`)
	}, "addresses at the carrier, documents for the carrier"},
	{"a room is named after a number", func(w *watch, n string) {
		w.answered(`<Response><Dial><Conference statusCallback="https://line.example.org/twilio/room" statusCallbackEvent="join">` + n + `</Conference></Dial></Response>`)
	}, "documents for the carrier, names and labels at the carrier"},
	{"a label is a number", func(w *watch, n string) {
		w.answered(`<Response><Dial><Conference participantLabel="` + n + `" statusCallback="https://line.example.org/twilio/room" statusCallbackEvent="join">r</Conference></Dial></Response>`)
	}, "documents for the carrier, names and labels at the carrier"},
	{"a number is spoken", func(w *watch, n string) {
		w.answered(`<Response><Say>You call from ` + strings.Join(strings.Split(n[2:], ""), ". ") + `.</Say></Response>`)
	}, "documents for the carrier"},
	{"a request names a number", func(w *watch, n string) {
		w.ask("/Calls.json", url.Values{"From": {lineNumber}, "To": {bridgeLine}, "Url": {"https://line.example.org/twilio/voice?to=" + n[1:]}})
	}, "addresses at the carrier, requests to the carrier"},
	{"a text names a number", func(w *watch, n string) {
		w.ask("/Messages.json", url.Values{"From": {lineNumber}, "To": {bridgeLine}, "Body": {"for " + n[2:5] + "-" + n[5:8] + "-" + n[8:]}})
	}, "requests to the carrier, texts sent"},
}

// keep stores a row that says no more to the program than a stranger's question.
func (w *watch) keep(caller, reply []byte) {
	w.t.Helper()
	w.exec(`INSERT INTO dialogue (line_id, caller, message, reply, expires_at) SELECT line_id, $1, '', $2, now() + interval '1 day' FROM line`, caller, reply)
}

func (w *watch) exec(query string, args ...any) {
	w.t.Helper()
	if err := w.tryExec(query, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watch) tryExec(query string, args ...any) error {
	w.t.Helper()
	rows, err := w.through().QueryContext(w.t.Context(), query, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return rows.Close()
}

func (w *watch) write(name string, text []byte) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.config.stateDir, name), bytes.Join([][]byte{[]byte("begin"), text}, nil), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func TestTheScanIsRedForEachControlThatIsTakenAway(t *testing.T) {
	t.Parallel()
	numbers := make([]string, len(mutants)) // nobody else's: profiles are of the whole program
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+170255501%02d", i)
	}
	w := newWatch(t, numbers)
	w.outside()
	want := map[string]string{}
	for i, m := range mutants {
		m.plant(w, numbers[i])
		want[m.name] = m.sinks
	}
	got := map[string]string{}
	for number, sinks := range sinksOf(w.scan(w.sinks())) {
		for i, m := range mutants {
			if numbers[i] == number {
				got[m.name] = strings.Join(sinks, ", ")
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the sinks in which each is found (-want +got):\n%s", diff)
	}
}
