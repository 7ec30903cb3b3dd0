package doctor

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var slot = regexp.MustCompile(`\{[a-z_]+\}`)

func slotsOf(text string) []string {
	all := slot.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// Every outcome has words in every language, with the same slots, and what is wrong
// has a way to mend it.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, lang := range languages {
		for key := range words(lang) {
			if _, ok := cases[key]; !ok {
				t.Errorf("%s has words for %q, which is no outcome", lang, key)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(cases)) {
			w, ok := words(lang)[key]
			if !ok || w.Says == "" {
				t.Errorf("%s has no words for %q", lang, key)
				continue
			}
			if wants := cases[key] == Warn || cases[key] == Bad; wants != (w.Fix != "") {
				t.Errorf("%s: %q is %s, and its fix is %q", lang, key, cases[key], w.Fix)
			}
			first := words(languages[0])[key]
			if got, want := slotsOf(w.Says+w.Fix), slotsOf(first.Says+first.Fix); !slices.Equal(got, want) {
				t.Errorf("%s: %q has slots %q, and %s %q", lang, key, got, languages[0], want)
			}
			for _, text := range []string{w.Says, w.Fix} {
				if strings.Count(text, ". ") > 0 {
					t.Errorf("%s: %q is more than one sentence: %s", lang, key, text)
				}
			}
		}
	}
}

// What the program can find is in the table, and the table holds nothing else.
func TestEveryCaseIsFound(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "cases.go" {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(source)
	}
	whole := text.String()
	for key := range cases {
		area, rest, _ := strings.Cut(key, ".")
		check, outcome, _ := strings.Cut(rest, ".")
		if !strings.Contains(whole, `"`+area+"."+check+`"`) || !strings.Contains(whole, `"`+outcome+`"`) {
			t.Errorf("nothing finds %q", key)
		}
		if !slices.Contains(Areas, area) {
			t.Errorf("%q is in no area", key)
		}
	}
	for _, m := range regexp.MustCompile(`found\("([a-z_.]+)", "([a-z_]+)"`).FindAllStringSubmatch(whole, -1) {
		if _, ok := cases[m[1]+"."+m[2]]; !ok {
			t.Errorf("%s.%s is found, and is not in the table", m[1], m[2])
		}
	}
}

func TestFinding(t *testing.T) {
	t.Parallel()
	f := found("url.dns", "unknown", "host", "line.example.org")
	if f.Area != AreaURL || f.State != Bad || f.State.Mark() != "✗" {
		t.Errorf("finding = %+v", f)
	}
	if got := f.Says("es"); got != "El nombre line.example.org no se conoce en internet." {
		t.Errorf("says %q", got)
	}
	if f.Says("fr") != f.Says("en") || f.Fix("en") == "" {
		t.Errorf("says %q, fix %q", f.Says("fr"), f.Fix("en"))
	}
	out, err := json.Marshal(f)
	if err != nil || !strings.Contains(string(out), `"state":"bad","case":"unknown","says":"The name line.example.org is not`) {
		t.Errorf("%s, %v", out, err)
	}
	if got := Worst([]Finding{{State: OK}, {State: Warn}, {State: Skipped}}); got != Warn {
		t.Errorf("worst = %s", got)
	}
	if got := Worst(nil); got != OK {
		t.Errorf("worst of none = %s", got)
	}
}
