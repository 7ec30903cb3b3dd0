package cluster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program writes an executable into dir.
func program(t *testing.T, dir, name, script string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestFindBinaries(t *testing.T) {
	root := t.TempDir()
	for _, version := range []string{"9.6", "15", "17", "18"} {
		program(t, filepath.Join(root, version, "bin"), "initdb", "")
		if version != "18" {
			program(t, filepath.Join(root, version, "bin"), "postgres", "")
		}
	}
	tests := map[string]struct {
		pgBin, pattern, path, pgConfig string
		want                           string // a folder below root
		wantErr                        error
	}{
		"PG_BIN comes first":                {pgBin: "9.6/bin", pattern: "*/bin", want: "9.6/bin"},
		"then the newest that is complete":  {pattern: "*/bin", path: "9.6/bin", want: "17/bin"},
		"then what pg_config says":          {pattern: "none/*", pgConfig: "15/bin", path: "9.6/bin", want: "15/bin"},
		"then the path":                     {pattern: "none/*", path: "9.6/bin", want: "9.6/bin"},
		"an incomplete folder is not taken": {pattern: "none/*", path: "18/bin", wantErr: ErrNotInstalled},
		"and nothing at all is said":        {pattern: "none/*", wantErr: ErrNotInstalled},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(root, test.path)
			if test.pgConfig != "" {
				tools := t.TempDir()
				program(t, tools, "pg_config", "echo "+filepath.Join(root, test.pgConfig))
				path = tools + ":" + path
			}
			t.Setenv("PATH", path)
			t.Setenv("PG_BIN", "")
			if test.pgBin != "" {
				t.Setenv("PG_BIN", filepath.Join(root, test.pgBin))
			}
			got, err := findBinaries(filepath.Join(root, test.pattern))
			if !errors.Is(err, test.wantErr) {
				t.Fatalf("error %v, want %v", err, test.wantErr)
			}
			if want := filepath.Join(root, test.want, "postgres"); err == nil && got.postgres != want {
				t.Errorf("found %s, want %s", got.postgres, want)
			}
		})
	}
}

func TestNotInstalledIsOneSentence(t *testing.T) {
	t.Parallel()
	text := ErrNotInstalled.Error()
	if !strings.Contains(text, "apt-get install postgresql") || strings.ContainsAny(text, "\n") || strings.Contains(text, ". ") {
		t.Errorf("%q is not one sentence that says what to install", text)
	}
}
