package store_test

import (
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// What an owner says is what calls are answered by, at once and after the next start,
// but for what the operator's environment sets.
func TestTheDeskAndTheEnvironmentSayWhatALineIs(t *testing.T) {
	t.Parallel()
	db, k := storetest.New(t), storetest.Keyring(t)
	line := ensureLine(t, db, k)
	audit := store.NewAudit(db, k)
	snapshots := watch(t, db, k, t.TempDir())
	save := func(change func(*store.Settings)) {
		t.Helper()
		if err := db.SaveSettings(t.Context(), audit, line, store.By{Actor: "Ada", At: noon}, change); err != nil {
			t.Fatal(err)
		}
		if err := snapshots.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	is := func(name, zone, crisis string) {
		t.Helper()
		snap, ok := snapshots.Line(line)
		if !ok {
			t.Fatal("there is no line")
		}
		got := snap.Directory.Line
		if got.Name != name || got.Zone != zone || !snap.Crisis.Equal(number(t, crisis)) {
			t.Errorf("the line is %s in %s, want %s in %s; its crisis number is right: %t", got.Name, got.Zone, name, zone, snap.Crisis.Equal(number(t, crisis)))
		}
	}
	save(func(s *store.Settings) { s.Name, s.Crisis = "Harbour line", number(t, ann) })
	is("Harbour line", "America/New_York", ann)
	save(func(s *store.Settings) { s.Zone = "America/Chicago" })
	is("Harbour line", "America/Chicago", ann)

	again := lineConfig(t)
	again.Name, again.Open = "The program's own", store.LineFields{Name: true}
	if _, err := db.EnsureLine(t.Context(), k, again); err != nil {
		t.Fatal(err)
	}
	save(func(s *store.Settings) { s.FirstRun = store.FirstRunDone })
	is("Harbour line", "America/New_York", ann) // the environment names a zone

	speaks := func(want bool) {
		t.Helper()
		if snap, _ := snapshots.Line(line); snap.Directory.Line.Speech != want {
			t.Errorf("the line listens: %t, want %t", !want, want)
		}
	}
	speaks(false)
	save(func(s *store.Settings) { s.Speech = store.SpeechOn })
	speaks(true)
	again.Open.Speech = true
	if _, err := db.EnsureLine(t.Context(), k, again); err != nil {
		t.Fatal(err)
	}
	save(func(s *store.Settings) { s.Zone = "" })
	speaks(true) // the program leaves it open
	save(func(s *store.Settings) { s.Speech = store.SpeechOff })
	speaks(false)

	urgent := func(want string) {
		t.Helper()
		if snap, _ := snapshots.Line(line); snap.Directory.Line.Urgent() != want {
			t.Errorf("people are told to dial %s, want %s", snap.Directory.Line.Urgent(), want)
		}
	}
	urgent("911")
	save(func(s *store.Settings) { s.Emergency = "112" })
	urgent("112")
	again.Open.Emergency = true
	if _, err := db.EnsureLine(t.Context(), k, again); err != nil {
		t.Fatal(err)
	}
	save(func(s *store.Settings) { s.FirstRun = "" })
	urgent("112") // the program leaves it open
	again.Emergency, again.Open.Emergency = "999", false
	if _, err := db.EnsureLine(t.Context(), k, again); err != nil {
		t.Fatal(err)
	}
	save(func(s *store.Settings) { s.FirstRun = store.FirstRunDone })
	urgent("999")

	entries, err := audit.List(t.Context(), line, store.AuditFilter{Act: "line"}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 6 || entries[0].Detail != "emergency" || entries[1].Detail != "speech" || entries[4].Detail != "zone" || entries[5].Detail != "name crisis_number" || entries[5].Actor != "Ada" {
		t.Errorf("the log has %+v", entries)
	}
}
