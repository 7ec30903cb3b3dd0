package store_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

func TestKeysAreBackedUpApartAndRestored(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	e.enrol(t, e.keys, 5)
	sessions := store.NewSessions(e.db, e.keys)
	if err := sessions.Change(t.Context(), sessions.ID(e.line, "room"), to("ann is here")); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	made, err := e.db.BackupKeys(t.Context(), dir, monday)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "hearthline-keys-20261123T120000Z.dump"); made.File != want || len(made.Removed) != 0 {
		t.Errorf("made %+v, want %s", made, want)
	}
	if info, err := os.Stat(made.File); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	dump, err := findPgDump()
	if err != nil {
		t.Fatal(err)
	}
	restore := filepath.Join(filepath.Dir(dump), "pg_restore")
	listed, err := exec.CommandContext(t.Context(), restore, "--list", made.File).Output()
	if err != nil || !bytes.Contains(listed, []byte("TABLE DATA keys member")) || !bytes.Contains(listed, []byte("TABLE DATA keys membership")) || bytes.Contains(listed, []byte(" public ")) ||
		!bytes.Contains(listed, []byte("TABLE keys session")) || bytes.Contains(listed, []byte("TABLE DATA keys session")) {
		t.Errorf("%v:\n%s", err, listed)
	}

	if _, err := e.look.ExecContext(t.Context(), `DELETE FROM keys.member; DELETE FROM keys.membership`); err != nil {
		t.Fatal(err)
	}
	if err := e.find(t.Context(), t, e.keys, 3); err == nil {
		t.Fatal("found without keys")
	}
	args := append(store.RestoreKeysOptions(), "--dbname", e.url, made.File)
	if said, err := exec.CommandContext(t.Context(), restore, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, said)
	}
	for i := range e.told {
		if err := e.find(t.Context(), t, e.keys, i); err != nil {
			t.Error(err)
		}
	}
	// A room that was live then is not brought back; it begins again.
	if state, err := sessions.Read(t.Context(), sessions.ID(e.line, "room")); err != nil || state != nil {
		t.Errorf("a room after the restore: %q, %v", state, err)
	}
	if err := sessions.Change(t.Context(), sessions.ID(e.line, "room"), to("ann is here again")); err != nil {
		t.Error(err)
	}

	// A week on, and a second more, the first is removed, and nothing that is not ours.
	for _, name := range []string{"hearthline-keys-mine.dump", "hearthline-20260101T000000Z.dump", "hearthline-keys-20260101T000000Z.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := e.db.BackupKeys(t.Context(), dir, monday.Add(7*24*time.Hour)); err != nil || len(again.Removed) != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	again, err := e.db.BackupKeys(t.Context(), dir, monday.Add(7*24*time.Hour+time.Second))
	if err != nil || len(again.Removed) != 1 || again.Removed[0] != made.File {
		t.Errorf("%+v, %v", again, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 5 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestABackupOfKeysIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	e := setUpEnrolled(t)
	dir := t.TempDir()
	if _, err := e.db.BackupKeys(t.Context(), dir, monday); err != nil {
		t.Fatal(err)
	}
	if _, err := e.db.BackupKeys(t.Context(), dir, monday); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second one of the same name: %v", err)
	}
	if _, err := e.look.ExecContext(t.Context(), `DROP SCHEMA keys CASCADE`); err != nil {
		t.Fatal(err)
	}
	_, err := e.db.BackupKeys(t.Context(), dir, monday.Add(time.Hour))
	if err == nil || !contains(err, "pg_dump") || strings.Contains(err.Error(), "\n") {
		t.Errorf("without keys: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}
	if _, err := e.db.BackupKeys(t.Context(), filepath.Join(dir, "missing"), monday); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// Not parallel: it sets a variable of the environment.
func TestAMissingPgDumpIsToldOf(t *testing.T) {
	t.Setenv("PG_BIN", t.TempDir())
	if _, err := store.FindPgDump(); !errors.Is(err, store.ErrNoPgDump) || !contains(err, "postgresql-client") {
		t.Errorf("error %v", err)
	}
}
