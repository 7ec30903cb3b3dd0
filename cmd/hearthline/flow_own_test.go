package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// A folder whose own list of what danger sounds like is short is heard with that of the
// built-in flow beside it.
func TestAFolderKnowsDanger(t *testing.T) {
	t.Parallel()
	dir := flowDir(t, "main.yaml", "", "")
	file := filepath.Join(dir, "prompts", "en.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	short := regexp.MustCompile(`(?m)^_danger:\n(?:[ #].*\n)+`).ReplaceAll(text, []byte("_danger: [heron]\n"))
	if err := os.WriteFile(file, short, 0o600); err != nil {
		t.Fatal(err)
	}
	heard, broken, err := config{flowDir: dir, countries: []string{"US"}}.ownFlow()
	if err != nil || broken {
		t.Fatal(broken, err)
	}
	for _, phrase := range []string{"heron", "kill myself"} {
		if !slices.Contains(heard.Dangers("en"), phrase) {
			t.Errorf("nobody is answered who writes %q", phrase)
		}
	}
}
