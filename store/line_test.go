package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	lineNumber  = "+12025550100"
	otherNumber = "+12025550199"
)

func number(t testing.TB, s string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func lineConfig(t testing.TB) store.LineConfig {
	return store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"},
		CodeLength: 6, CrisisName: "988", Numbers: []vault.Number{number(t, lineNumber)},
	}
}

func ensureLine(t testing.TB, db *store.DB, k *vault.Keyring) string {
	t.Helper()
	id, err := db.EnsureLine(t.Context(), k, lineConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// raw is a connection for looking at tables, past the package's own methods.
func raw(t testing.TB, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func openURL(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func count(t testing.TB, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(context.WithoutCancel(t.Context()), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEnsureLineFollowsItsConfiguration(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	db, k := openURL(t, url), storetest.Keyring(t)
	if _, err := db.FirstLine(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("first line of an empty database: %v", err)
	}
	id := ensureLine(t, db, k)
	c := lineConfig(t)
	c.Name, c.Languages = "Another name", []string{"es"}
	c.Numbers = []vault.Number{number(t, otherNumber)}
	again, err := db.EnsureLine(t.Context(), k, c)
	if err != nil || again != id {
		t.Fatalf("id %s, then %s, %v", id, again, err)
	}
	line, err := db.FirstLine(t.Context())
	if err != nil || line.ID != id || line.Name != "Another name" || line.Languages[0] != "es" || line.CrisisName != "988" {
		t.Errorf("line %+v, %v", line, err)
	}
	look := raw(t, url)
	if n := count(t, look, `SELECT count(*) FROM line_number WHERE number_index = $1`, k.Index(id, number(t, otherNumber))); n != 1 {
		t.Error("the new number is not there")
	}
	if n := count(t, look, `SELECT count(*) FROM line_number`); n != 1 {
		t.Errorf("%d numbers; the one that was taken away should be gone", n)
	}
}

func TestEnsureLineByManyReplicasMakesOneLine(t *testing.T) {
	t.Parallel()
	db, k := storetest.New(t), storetest.Keyring(t)
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			id, err := db.EnsureLine(t.Context(), k, lineConfig(t))
			if err != nil {
				t.Error(err)
			}
			ids[i] = id
		})
	}
	all.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("ids %v", ids)
		}
	}
}

func TestEnsureLineRefusesAnotherKeyset(t *testing.T) {
	t.Parallel()
	db, k, other := storetest.New(t), storetest.Keyring(t), storetest.Keyring(t)
	id := ensureLine(t, db, k)
	_, err := db.EnsureLine(t.Context(), other, lineConfig(t))
	var unknown *store.UnknownKeysetError
	if !errors.As(err, &unknown) || unknown.Fingerprint != other.Fingerprint() || !slices.Equal(unknown.Needs, []string{k.Fingerprint()}) ||
		!contains(err, other.Fingerprint()) || !contains(err, k.Fingerprint()) {
		t.Errorf("ensure line: %v", err)
	}
	if _, err := db.ImportGroups(t.Context(), other, id, sampleGroups(t)); !errors.As(err, &unknown) {
		t.Errorf("import: %v", err)
	}
}

// The index key is right and the cells key is another's.
func TestEnsureLineRefusesAMixedKeyset(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	var mixed, other map[string]json.RawMessage
	foreign := filepath.Join(t.TempDir(), "foreign.json")
	if _, err := vault.Create(foreign); err != nil {
		t.Fatal(err)
	}
	for path, into := range map[string]any{e.file.Path: &mixed, foreign: &other} {
		data, err := os.ReadFile(path)
		if err := errors.Join(err, json.Unmarshal(data, into)); err != nil {
			t.Fatal(err)
		}
	}
	mixed["cells"] = other["cells"]
	path := filepath.Join(t.TempDir(), "mixed.json")
	if err := os.WriteFile(path, must(json.Marshal(mixed)), 0o400); err != nil {
		t.Fatal(err)
	}
	k, err := vault.Load(path)
	if err != nil || k.Fingerprint() != e.keys.Fingerprint() {
		t.Fatal(err)
	}
	_, err = e.db.EnsureLine(t.Context(), k, lineConfig(t))
	var unknown *store.UnknownKeysetError
	if !errors.As(err, &unknown) || !unknown.Finds || !contains(err, "cannot open") {
		t.Errorf("ensure line: %v", err)
	}
	fits, err := store.NewRotation(e.db, k).Fits(t.Context())
	if err != nil || len(fits) != 1 || fits[0].Err == nil || !fits[0].Err.Finds {
		t.Errorf("fits: %+v, %v", fits, err)
	}
}

// During a rotation each step's keyset is taken, and one from before the step that
// it missed is refused.
func TestEnsureLineDuringARotation(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	taken := func(k *vault.Keyring, want bool) {
		t.Helper()
		_, err := e.db.EnsureLine(t.Context(), k, lineConfig(t))
		var unknown *store.UnknownKeysetError
		if want && err != nil || !want && !errors.As(err, &unknown) {
			t.Errorf("%v: %v", k.Stage(), err)
		}
	}
	settled := e.keys.Frozen()
	e.step(t, e.file.Add, e.keys)
	added := e.keys.Frozen()
	taken(added, true)
	e.step(t, e.file.Promote, e.keys)
	taken(e.keys, true) // also where it was not announced
	taken(settled, true)
	taken(added, true)
	fits, err := store.NewRotation(e.db, e.keys).Fits(t.Context())
	if err != nil || fits[0].Err != nil || fits[0].Settled {
		t.Errorf("fits: %+v, %v", fits, err)
	}
	e.move(t, e.keys)
	taken(settled, false)
	taken(added, false)
	taken(e.keys, true)
	e.step(t, e.file.Drop, e.keys)
	taken(e.keys, true)
	if fits, err = store.NewRotation(e.db, e.keys).Fits(t.Context()); err != nil || !fits[0].Settled {
		t.Errorf("fits: %+v, %v", fits, err)
	}
	if n := count(t, e.look, `SELECT count(*) FROM line_number`); n != 1 {
		t.Errorf("%d numbers", n)
	}
}

func TestEnsureLineSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	db, k := storetest.New(t), storetest.Keyring(t)
	for name, spoil := range map[string]func(*store.LineConfig){
		"LINE_NAME":        func(c *store.LineConfig) { c.Name = "" },
		"LINE_TIMEZONE":    func(c *store.LineConfig) { c.Zone = "EST5" },
		"LINE_LANGUAGES":   func(c *store.LineConfig) { c.Languages = nil },
		"LINE_CODE_LENGTH": func(c *store.LineConfig) { c.CodeLength = 9 },
	} {
		c := lineConfig(t)
		spoil(&c)
		if _, err := db.EnsureLine(t.Context(), k, c); err == nil || !contains(err, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
