package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// holder is a running program, as far as keys go.
type holder struct {
	t    *testing.T
	db   *store.DB
	keys *vault.Keyring
	line string
	id   string
}

func (tt terminalTest) openDB() *store.DB {
	tt.t.Helper()
	db, err := store.Open(tt.t.Context(), store.Options{URL: tt.env["DATABASE_URL"]})
	if err != nil {
		tt.t.Fatal(err)
	}
	tt.t.Cleanup(func() { _ = db.Close() })
	return db
}

func (tt terminalTest) holder() *holder {
	tt.t.Helper()
	r := &holder{t: tt.t, db: tt.openDB(), id: store.NewReplicaID()}
	line, err := r.db.FirstLine(tt.t.Context())
	if err != nil {
		tt.t.Fatal(err)
	}
	r.line = line.ID
	if r.keys, err = vault.Load(tt.env["HEARTHLINE_KEYSET_FILE"]); err != nil {
		tt.t.Fatal(err)
	}
	r.beat()
	return r
}

// beat does what serve does every few seconds.
func (r *holder) beat() {
	_, err := r.keys.Reload()
	if err := errors.Join(err, store.NewReplicas(r.db).Beat(context.WithoutCancel(r.t.Context()), r.line, r.id, r.keys.KeysetID())); err != nil {
		r.t.Error(err)
	}
}

// rotate runs the command without its patience.
func (tt terminalTest) rotate(wait time.Duration) (string, error) {
	tt.t.Helper()
	var out bytes.Buffer
	file := vault.File{Path: tt.env["HEARTHLINE_KEYSET_FILE"], Passphrase: vault.NewPassphrase(tt.env["HEARTHLINE_KEYSET_PASSPHRASE"])}
	r, err := newRotating(file, tt.openDB(), stdio{Out: &out, Err: &out})
	if err != nil {
		tt.t.Fatal(err)
	}
	r.Wait, r.every, r.settle = wait, 5*time.Millisecond, 0
	err = r.all(tt.t.Context())
	return out.String(), err
}

func (tt terminalTest) loadKeys() *vault.Keyring {
	tt.t.Helper()
	k, err := vault.Load(tt.env["HEARTHLINE_KEYSET_FILE"])
	if err != nil {
		tt.t.Fatal(err)
	}
	return k
}

func TestKeysAreRotatedWhileProgramsRun(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(exitOK, "keys", "init")
	tt.line()
	before := tt.loadKeys()
	all := []*holder{tt.holder(), tt.holder()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		beats := time.NewTicker(10 * time.Millisecond)
		defer beats.Stop()
		for range beats.C {
			for _, r := range all {
				r.beat()
			}
			if r := all[0]; r.keys.Stage() == vault.Settled && r.keys.Fingerprint() != before.Fingerprint() {
				return
			}
		}
	}()
	said, err := tt.rotate(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	<-done
	after := tt.loadKeys()
	mention(t, said, "Adding new keys", "Putting the new keys to use", "Sealing anew", "Dropping the old keys", "Done.", after.Fingerprint())
	if after.Fingerprint() == before.Fingerprint() || after.Stage() != vault.Settled || all[1].keys.KeysetID() != after.KeysetID() {
		t.Errorf("after: %s\n%s", after.Summary(), said)
	}
	mention(t, tt.types(exitOK, "keys", "check"), after.Fingerprint(), "The support line: the keyset fits.")
}

// A program that does not look at its file stops the rotation at each step; it
// goes on from there when it is run again.
func TestARotationGoesOnFromWhereItStopped(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(exitOK, "keys", "init")
	tt.line()
	slow := tt.holder()
	var stages []vault.Stage
	for range 3 {
		for range 2 { // the second run finds what the first one waited for
			said, err := tt.rotate(20 * time.Millisecond)
			if err == nil || !strings.Contains(err.Error(), "1 running program still holds another keyset") || !strings.Contains(said, "Waiting for 1 running program") {
				t.Fatalf("%v\n%s", err, said)
			}
		}
		k := tt.loadKeys()
		stages = append(stages, k.Stage())
		if said := tt.types(exitOK, "keys", "check"); (k.Stage() == vault.Promoted) != strings.Contains(said, "goes on from here") {
			t.Errorf("at %v:\n%s", k.Stage(), said)
		}
		slow.beat()
	}
	if !slices.Equal(stages, []vault.Stage{vault.Added, vault.Promoted, vault.Settled}) {
		t.Errorf("stages %v", stages)
	}
	// Everybody has the new keys: another run begins another rotation.
	first := tt.loadKeys().Fingerprint()
	if err := store.NewReplicas(slow.db).Leave(t.Context(), slow.line, slow.id); err != nil {
		t.Fatal(err)
	}
	said, err := tt.rotate(time.Minute)
	if err != nil || tt.loadKeys().Fingerprint() == first {
		t.Errorf("%v\n%s", err, said)
	}
}

// The operator threw the new keys away after they had been announced.
func TestAnUnfinishedRotationIsEndedFirst(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(exitOK, "keys", "init")
	tt.line()
	path := tt.env["HEARTHLINE_KEYSET_FILE"]
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := tt.holder()
	if err := (vault.File{Path: path}).Add(); err != nil {
		t.Fatal(err)
	}
	other.beat()
	if err := store.NewRotation(other.db, other.keys).Announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(path), os.WriteFile(path, kept, 0o400)); err != nil {
		t.Fatal(err)
	}
	if said, err := tt.rotate(20 * time.Millisecond); err == nil {
		t.Errorf("it did not wait for who has the new keys:\n%s", said)
	}
	other.beat()
	before := tt.loadKeys().Fingerprint()
	said, err := tt.rotate(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	mention(t, said, "has not quite ended", "Now it has")
	if after := tt.loadKeys(); after.Fingerprint() != before || after.Stage() != vault.Settled {
		t.Errorf("another one was begun:\n%s", said)
	}
	if err := store.NewReplicas(other.db).Leave(t.Context(), other.line, other.id); err != nil {
		t.Fatal(err)
	}
	if said, err := tt.rotate(time.Minute); err != nil || tt.loadKeys().Fingerprint() == before {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestRotationRefusesAKeysetThatDoesNotFit(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(exitOK, "keys", "init")
	tt.line()
	needed := tt.loadKeys().Fingerprint()
	tt.env["HEARTHLINE_KEYSET_FILE"] = filepath.Join(t.TempDir(), "other.json")
	tt.types(exitOK, "keys", "init")
	if _, err := tt.rotate(time.Minute); err == nil || !strings.Contains(err.Error(), needed) {
		t.Errorf("error %v", err)
	}
	mention(t, tt.types(exitFailed, "keys", "check"), "The keyset is whole", "The support line:", needed)
	mention(t, tt.types(exitFailed, "keys", "rotate"), needed)
	if tt.loadKeys().Stage() != vault.Settled {
		t.Error("the file was changed all the same")
	}
}

func TestAPassphraseIsKeptThroughARotation(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.env["HEARTHLINE_KEYSET_PASSPHRASE_FILE"] = tt.file("passphrase", "four words of mine\n")
	mention(t, tt.types(exitOK, "keys", "init"), "wraps it")
	mention(t, tt.types(exitOK, "keys", "check"), "A passphrase wraps it.")
	delete(tt.env, "HEARTHLINE_KEYSET_PASSPHRASE_FILE")
	mention(t, tt.types(exitFailed, "keys", "check"), "wrapped by a passphrase", "HEARTHLINE_KEYSET_PASSPHRASE_FILE")
	tt.env["HEARTHLINE_KEYSET_PASSPHRASE"] = "other words"
	mention(t, tt.types(exitFailed, "keys", "check"), "not the one that wraps it")
	tt.env["HEARTHLINE_KEYSET_PASSPHRASE"] = "four words of mine"
	if said, err := tt.rotate(time.Minute); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	mention(t, tt.types(exitOK, "keys", "check"), "A passphrase wraps it.")
	if _, err := vault.Load(tt.env["HEARTHLINE_KEYSET_FILE"]); err == nil {
		t.Error("the rotation unwrapped the file")
	}
}

func TestKeysAreBackedUpFromATerminal(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(exitOK, "keys", "init")
	dir := t.TempDir()
	mention(t, tt.types(exitOK, "keys", "backup", dir), "were backed up: "+filepath.Join(dir, "hearthline-keys-"), "pg_restore --clean", `--dbname "$DATABASE_URL"`)
	if strings.Contains(tt.types(exitOK, "keys", "backup", "--help"), "postgres://") {
		t.Error("the database's address shows")
	}
	tt.types(exitUsage, "keys", "backup", filepath.Join(dir, "missing"))
}
