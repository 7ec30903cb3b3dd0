package main

import (
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store/leakscan"
)

// leaks names the sinks in which a number is found.
func leaks(sinks map[string]string, e164 string) []string {
	scanner := leakscan.New(e164)
	found := map[string]bool{}
	for name, text := range sinks {
		scanner.Scan([]byte(text), func(leakscan.Hit) { found[name] = true })
	}
	return slices.Sorted(maps.Keys(found))
}

// sinks is everything that the program wrote or said to the carrier about its
// callers: each row of each table, the log, the state folder, and the
// addresses, names and words of each webhook's answer.
func (s *stage) sinks() map[string]string {
	s.t.Helper()
	all := map[string]string{"log": s.log.String()}
	for table, rows := range s.rows() {
		all["table "+table] = strings.Join(rows, "\n")
	}
	for i, x := range s.carrier.Exchanges() {
		address, err := url.QueryUnescape(x.URL)
		if err != nil {
			s.t.Fatal(err)
		}
		all[fmt.Sprintf("exchange %d", i)] = x.URL + "\n" + address + "\n" + x.Body
	}
	err := filepath.WalkDir(s.config.stateDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all["file "+d.Name()] = string(text)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// rows is the whole database as text.
func (s *stage) rows() map[string][]string {
	s.t.Helper()
	db, err := sql.Open("postgres", s.config.databaseURL)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	all := map[string][]string{}
	for _, table := range s.column(db, `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'`) {
		all[table] = s.column(db, `SELECT t::text FROM `+table+` t ORDER BY 1`)
	}
	return all
}

func (s *stage) column(db *sql.DB, query string) []string {
	s.t.Helper()
	rows, err := db.QueryContext(s.t.Context(), query)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestWhoOnlyListensLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.carrier.Phone(bridgeLine).Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second})
	before := s.rows()
	for _, keys := range []string{"4", "0 2 0 1", "3 1 1 1", "1 111111 222222 333333", "1 648392", "2 1 1", "9 1 482105 1 1"} {
		call := s.carrier.Phone(ida).Call(lineNumber)
		for _, k := range strings.Fields(keys) {
			call.Press(k)
			s.carrier.Advance(time.Second)
		}
		s.carrier.Advance(10 * time.Second)
		call.Hangup()
	}
	s.carrier.Advance(time.Minute)
	s.replica.end(t) // whatever is kept for later is written by now
	after := s.rows()
	delete(before, "circle") // on which date which end of a group began: holds nobody
	delete(after, "circle")
	if !equalRows(before, after) {
		t.Errorf("rows changed:\n%v\n%v", before, after)
	}
	sinks := s.sinks()
	if found := leaks(sinks, ida); len(found) > 0 {
		t.Errorf("the caller's number is in %s", strings.Join(found, ", "))
	}
	for name, text := range sinks {
		if strings.HasPrefix(name, "exchange") {
			continue // the carrier's own call ids are in no address
		}
		for _, x := range s.carrier.Exchanges() {
			if sid := x.Params.Get("CallSid"); sid != "" && strings.Contains(text, sid) {
				t.Errorf("a call's id is in %s", name)
			}
		}
	}
	s.strict()
}

func equalRows(a, b map[string][]string) bool {
	if len(a) != len(b) {
		return false
	}
	for table := range a {
		if !slices.Equal(a[table], b[table]) {
			return false
		}
	}
	return true
}

// Twilio keeps names, labels and addresses. None of them may say which group. Of what is
// sealed in an address, some spells a word once in some thousand times, and not twice.
func TestTheCarrierIsNotToldWhichGroup(t *testing.T) {
	t.Parallel()
	told := newStage(t).toldOfGroups()
	if len(told) > 0 {
		told = newStage(t).toldOfGroups()
	}
	for _, word := range told {
		t.Errorf("%q is in a name, a label or an address", word)
	}
}

// toldOfGroups has somebody come to two groups, and returns the words of them that are in
// a name, a label or an address.
func (s *stage) toldOfGroups() (told []string) {
	s.t.Helper()
	names := map[string]bool{}
	for _, code := range []string{"482105", "593716"} {
		call := s.carrier.Phone(ida).Call(lineNumber)
		for _, keys := range []string{"1", code, "1"} {
			call.Press(keys)
		}
		s.carrier.Advance(named)
		for _, room := range s.carrier.Rooms() {
			names[room.Name] = true
			for _, p := range room.Participants {
				names[p.Label] = true
			}
		}
		call.Hangup()
	}
	if len(names) != 4 {
		s.t.Errorf("two rooms have %d names and labels", len(names))
	}
	for _, x := range s.carrier.Exchanges() {
		names[x.URL] = true
	}
	for name := range names {
		for _, word := range []string{"482105", "593716", "grief", "circle", "One day", "recovery"} {
			if strings.Contains(strings.ToLower(name), strings.ToLower(word)) {
				told = append(told, word)
			}
		}
	}
	return told
}

// One meeting of a group cannot be tied to the next by what the carrier keeps.
func TestEachOccurrenceHasAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	addresses := map[string]bool{}
	for range 3 {
		call := s.carrier.Phone(ida).Call(lineNumber)
		for _, keys := range []string{"1", "482105", "1"} {
			call.Press(keys)
		}
		s.carrier.Advance(named)
		call.Hangup()
		s.carrier.Advance(7 * 24 * time.Hour)
		s.replica.app.snapshots.Refresh(t.Context())
	}
	for _, x := range s.carrier.Exchanges() {
		if strings.Contains(x.URL, "/twilio/room") {
			addresses[x.URL] = true
		}
	}
	if len(addresses) != 3 {
		t.Errorf("three meetings have %d addresses", len(addresses))
	}
}
