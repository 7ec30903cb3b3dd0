package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

func TestFlowArchive(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	dir, ctx := t.TempDir(), t.Context()
	hash := strings.Repeat("ab", 32)
	content := []byte("start: welcome\n")
	if err := store.NewFlowArchive(i.db, dir).Save(ctx, i.line, hash, content, monday); err != nil {
		t.Fatal(err)
	}
	if err := store.NewFlowArchive(i.db, dir).Save(ctx, i.line, hash, content, monday); err != nil {
		t.Errorf("saved again: %v", err)
	}
	if n := count(t, raw(t, i.url), `SELECT count(*) FROM flow_version WHERE created_month = '2026-11-01'`); n != 1 {
		t.Errorf("%d rows", n)
	}
	offline, err := store.Connect(store.Options{URL: "postgres:///h?host=" + dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = offline.Close() }()
	elsewhere := t.TempDir()
	for name, a := range map[string]*store.FlowArchive{
		"from disk":     store.NewFlowArchive(offline, dir),
		"from Postgres": store.NewFlowArchive(i.db, elsewhere),
	} {
		for range 2 {
			if got, err := a.Load(ctx, i.line, hash); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	}
	if got, err := store.NewFlowArchive(i.db, "").Load(ctx, i.line, hash); err != nil || !bytes.Equal(got, content) {
		t.Errorf("for a command that only looks: %q, %v", got, err)
	}
	if _, err := os.Stat(hash); err == nil {
		t.Errorf("a command that only looks left a file where it ran: %v", os.Remove(hash))
	}
	// Postgres gave it to this folder, too.
	if got, err := store.NewFlowArchive(offline, elsewhere).Load(ctx, i.line, hash); err != nil || !bytes.Equal(got, content) {
		t.Errorf("copied to disk: %q, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "flows", hash), []byte("damaged, and longer than a checksum of 32 bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := store.NewFlowArchive(i.db, dir).Load(ctx, i.line, hash); err != nil || !bytes.Equal(got, content) {
		t.Errorf("with a damaged file: %q, %v", got, err)
	}
	if _, err := store.NewFlowArchive(i.db, dir).Load(ctx, i.line, strings.Repeat("cd", 32)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
	if _, err := store.NewFlowArchive(i.db, dir).Load(ctx, i.line, "../directory.sealed"); err == nil {
		t.Error("a hash that is a path was followed")
	}
	kept := store.NewFlowArchive(offline, elsewhere)
	if err := kept.Save(ctx, i.line, strings.Repeat("ef", 32), content, monday); err == nil {
		t.Error("saved without Postgres, and nobody was told")
	}
	if _, err := kept.Load(ctx, i.line, strings.Repeat("ef", 32)); err != nil {
		t.Errorf("this replica cannot finish its calls: %v", err)
	}
	for n := range 40 {
		_ = kept.Save(ctx, i.line, fmt.Sprintf("%064x", n), content, monday)
	}
	if _, err := kept.Load(ctx, i.line, hash); err != nil {
		t.Errorf("a version that left memory: %v", err)
	}
}
