package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/cluster"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// monday is the day before the sample's first meeting, in UTC.
var monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// watched are Snapshots under a test's clock that tell of each refresh.
type watched struct {
	*store.Snapshots
	dir       string
	now       atomic.Pointer[time.Time]
	ticks     chan time.Time
	refreshed chan store.Status
}

func watch(t *testing.T, db *store.DB, k *vault.Keyring, dir string) *watched {
	t.Helper()
	w := &watched{dir: dir, ticks: make(chan time.Time), refreshed: make(chan store.Status, 100)}
	w.now.Store(&monday)
	w.Snapshots = store.NewSnapshots(store.SnapshotsOptions{
		DB: db, StateDir: dir, Ticks: w.ticks,
		Keyring:   func() *vault.Keyring { return k },
		Now:       func() time.Time { return *w.now.Load() },
		Refreshed: func(s store.Status) { w.refreshed <- s },
	})
	return w
}

// run keeps the directory fresh until the test ends.
func (w *watched) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("run: %v", err)
		}
	})
}

// until waits for a refresh after which ok holds.
func (w *watched) until(t *testing.T, what string, ok func(store.Status) bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		select {
		case status := <-w.refreshed:
			if ok(status) {
				return
			}
		case <-deadline:
			t.Fatalf("never: %s; status %+v", what, w.Status())
		}
	}
}

// checkSample asks what a caller to the line would be told of the sample groups.
func (w *watched) checkSample(t *testing.T) {
	t.Helper()
	snap, ok := w.For(number(t, lineNumber))
	if !ok {
		t.Fatal("no line answers its number")
	}
	if _, ok := w.For(number(t, otherNumber)); ok {
		t.Error("a line answers a number that is not its own")
	}
	if _, ok := w.For(vault.Number{}); ok {
		t.Error("a line answers no number")
	}
	if same, ok := w.Line(snap.Directory.Line.ID); !ok || same != snap {
		t.Error("the line is not found by its id")
	}
	if snap.Directory.Line.CrisisName != "988" || len(snap.Directory.Groups()) != 4 {
		t.Errorf("line %+v with %d groups", snap.Directory.Line, len(snap.Directory.Groups()))
	}
	rose, ok := snap.Directory.ByCode("482105")
	if !ok {
		t.Fatal("no group has the code")
	}
	next := snap.Directory.Next(rose.ID, monday, 1)
	if len(next) != 1 || !next[0].Start.Equal(time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("next %v", next)
	}
	if _, ok := snap.Bridge(rose.ID); ok {
		t.Error("a group without a bridge has one")
	}
	elsewhere, _ := snap.Directory.ByCode("850271")
	dial, ok := snap.Bridge(elsewhere.ID)
	if !ok || !elsewhere.Bridge || dial.Keys() != ",,4821#" || !dial.Number().Equal(number(t, "+12155550123")) {
		t.Error("the bridge is not what was imported")
	}
}

func TestColdStartWithPostgresStopped(t *testing.T) {
	t.Parallel()
	c, err := cluster.Start(t.Context(), cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stopped := false
	defer func() {
		if !stopped {
			_ = c.Stop()
		}
	}()
	url, k, dir := c.URL("postgres"), storetest.Keyring(t), filepath.Join(t.TempDir(), "state")
	db := openURL(t, url)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := ensureLine(t, db, k)
	if _, err := db.ImportGroups(t.Context(), k, id, sampleGroups(t)); err != nil {
		t.Fatal(err)
	}
	warm := watch(t, db, k, dir)
	if err := warm.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	warm.checkSample(t)
	if s := warm.Status(); !s.Loaded || s.Degraded || s.Err != nil {
		t.Errorf("with Postgres: %+v", s)
	}
	stopped = true
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}

	later := monday.Add(2 * time.Hour)
	offline, err := store.Connect(store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = offline.Close() }()
	cold := watch(t, offline, k, dir)
	cold.now.Store(&later)
	if err := cold.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	cold.checkSample(t)
	if s := cold.Status(); !s.Loaded || !s.Degraded || s.Age != 2*time.Hour || !errors.Is(s.Err, store.ErrUnreachable) {
		t.Errorf("without Postgres: %+v", s)
	}
	cold.checkFile(t)

	stranger := watch(t, offline, storetest.Keyring(t), dir)
	if err := stranger.Load(t.Context()); !errors.Is(err, store.ErrNoDirectory) || !contains(err, "keyset") {
		t.Errorf("another keyset: %v", err)
	}
	empty := watch(t, offline, k, t.TempDir())
	if err := empty.Load(t.Context()); !errors.Is(err, store.ErrNoDirectory) {
		t.Errorf("no copy on disk: %v", err)
	}
	if _, ok := empty.For(number(t, lineNumber)); ok || empty.Status().Loaded {
		t.Error("a directory came from nowhere")
	}
}

// checkFile looks at the sealed copy: nobody else may read it, nor anybody
// without the keys.
func (w *watched) checkFile(t *testing.T) {
	t.Helper()
	path := filepath.Join(w.dir, "directory.sealed")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	if dir, err := os.Stat(w.dir); err != nil || dir.Mode().Perm() != 0o700 {
		t.Error(dir.Mode(), err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Three bytes are in ciphertext by chance now and then; with the marks about them they are not.
	for _, clear := range []string{"Evening grief circle", "grief", "482105", "2155550123", `"988"`} {
		if bytes.Contains(data, []byte(clear)) {
			t.Errorf("the file shows %q", clear)
		}
	}
	left, err := filepath.Glob(filepath.Join(w.dir, ".partial-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestADamagedCopyIsRefused(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	dir := t.TempDir()
	if err := watch(t, i.db, i.keys, dir).Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "directory.sealed")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	offline, err := store.Connect(store.Options{URL: "postgres:///h?host=" + dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = offline.Close() }()
	if err := watch(t, offline, i.keys, dir).Load(t.Context()); !errors.Is(err, store.ErrNoDirectory) || !contains(err, "damaged") {
		t.Errorf("error %v", err)
	}
}

func TestTheKeysetIsCheckedBeforeTheDirectoryIsUsed(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	w := watch(t, i.db, storetest.Keyring(t), t.TempDir())
	var unknown *store.UnknownKeysetError
	if err := w.Load(t.Context()); !errors.As(err, &unknown) {
		t.Errorf("error %v", err)
	}
}

// After a reload the next look writes the copy under the new keys, also when
// nothing else has changed; what is served stays found under the keys it was read
// with, since a directory that cannot be read anew must outlive a dropped key.
func TestTheCopyFollowsTheKeys(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	dir := t.TempDir()
	proxy, through := newCutter(t, e.url)
	w := watch(t, openURL(t, through), e.keys, dir)
	if err := w.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	reads := func(k *vault.Keyring) bool {
		offline, err := store.Connect(store.Options{URL: "postgres:///h?host=" + dir})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = offline.Close() }()
		return watch(t, offline, k, dir).LoadCopy(errors.New("offline")) == nil
	}
	settled := e.keys.Frozen()
	e.step(t, e.file.Add, e.keys)
	e.step(t, e.file.Promote, e.keys)
	w.Refresh(t.Context())
	if reads(settled) || !reads(e.keys) {
		t.Error("the copy is not under the keys in force")
	}
	proxy.setDown(true)
	e.move(t, e.keys)
	e.step(t, e.file.Drop, e.keys)
	w.Refresh(t.Context())
	if s := w.Status(); !s.Degraded {
		t.Errorf("status %+v", s)
	}
	w.checkSample(t)
	proxy.setDown(false)
	w.Refresh(t.Context())
	if s := w.Status(); s.Degraded || !reads(e.keys) {
		t.Errorf("status %+v", s)
	}
	w.checkSample(t)
}

func TestAnImportWakesTheDirectory(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	w := watch(t, i.db, i.keys, t.TempDir())
	if err := w.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.run(t)
	loaded := <-w.refreshed
	w.until(t, "the listener's first look", func(s store.Status) bool { return s.At.Equal(loaded.At) })
	// No tick comes: the notification alone must do.
	i.run(t, sampleGroups(t))
	w.until(t, "the imported groups", func(store.Status) bool {
		snap, ok := w.For(number(t, lineNumber))
		return ok && len(snap.Directory.Groups()) == 4
	})
	w.checkSample(t)
}

func TestPostgresGoesAndComesBack(t *testing.T) {
	t.Parallel()
	dsn := storetest.URL(t)
	proxy, through := newCutter(t, dsn)
	direct, db, k := openURL(t, dsn), openURL(t, through), storetest.Keyring(t)
	id := ensureLine(t, direct, k)
	if _, err := direct.ImportGroups(t.Context(), k, id, sampleGroups(t)); err != nil {
		t.Fatal(err)
	}
	w := watch(t, db, k, t.TempDir())
	if err := w.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.run(t)
	before, _ := w.For(number(t, lineNumber))

	// Losing the connection is noticed without a tick.
	proxy.setDown(true)
	w.until(t, "degraded", func(s store.Status) bool { return s.Degraded })
	// Dates are worked out anew all the same.
	later := monday.AddDate(0, 0, 60)
	w.now.Store(&later)
	w.ticks <- later
	w.until(t, "an old directory", func(s store.Status) bool { return s.Degraded && s.Age == later.Sub(monday) })
	snap, ok := w.For(number(t, lineNumber))
	if !ok || snap == before {
		t.Fatal("the directory was not built anew")
	}
	rose, _ := snap.Directory.ByCode("482105")
	if next := snap.Directory.Next(rose.ID, later, 2); len(next) != 2 || next[0].Start.Before(later) {
		t.Errorf("dates two months on: %v", next)
	}

	groups := sampleGroups(t)
	groups[0].Capacity = 33
	if _, err := direct.ImportGroups(t.Context(), k, id, groups); err != nil {
		t.Fatal(err)
	}
	proxy.setDown(false)
	w.until(t, "fresh again", func(s store.Status) bool { return !s.Degraded && s.Age == 0 })
	snap, _ = w.For(number(t, lineNumber))
	if g, _ := snap.Directory.ByCode("482105"); g.Capacity != 33 {
		t.Errorf("what was notified meanwhile is lost: capacity %d", g.Capacity)
	}
}
