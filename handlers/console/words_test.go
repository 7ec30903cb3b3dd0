package console

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var slot = regexp.MustCompile(`\{[a-z_]+\}`)

// TestWords holds the languages to the same keys, with the same slots in each.
func TestWords(t *testing.T) {
	t.Parallel()
	all, err := readCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	first := all[languages[0]]
	for _, lang := range languages[1:] {
		for _, key := range slices.Sorted(maps.Keys(all[lang])) {
			if _, ok := first[key]; !ok {
				t.Errorf("%s has %q, and %s has not", lang, key, languages[0])
			}
		}
		for _, key := range slices.Sorted(maps.Keys(first)) {
			words, ok := all[lang][key]
			if !ok || words == "" {
				t.Errorf("%s lacks %q", lang, key)
				continue
			}
			if diff := cmp.Diff(slotsOf(first[key]), slotsOf(words)); diff != "" {
				t.Errorf("%s: slots of %q (-%s +%s):\n%s", key, words, languages[0], lang, diff)
			}
		}
	}
}

// commentsIn are the places of a catalogue where a text ends at " #", which begins a
// comment unless the text is quoted.
func commentsIn(name string, text []byte) (found []string) {
	for n, line := range strings.Split(string(text), "\n") {
		_, value, _ := strings.Cut(line, ":")
		if value = strings.TrimSpace(value); strings.Contains(value, " #") && !strings.HasPrefix(value, `"`) && !strings.HasPrefix(value, "'") {
			found = append(found, fmt.Sprintf("%s:%d: %s", name, n+1, line))
		}
	}
	return found
}

func TestNoTextIsCutShort(t *testing.T) {
	t.Parallel()
	if len(commentsIn("", []byte("key: press # twice\nok: \"press # twice\"\n"))) != 1 {
		t.Error("one text is cut short, and one is not")
	}
	names, err := fs.Glob(files, "words/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d catalogues, %v", len(names), err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range commentsIn(name, text) {
			t.Errorf("%s: the text ends at the # of a comment: put it in quotes", cut)
		}
	}
}

func slotsOf(words string) []string {
	found := slot.FindAllString(words, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

var (
	said    = regexp.MustCompile(`\.T "([a-z0-9_.]+)"`)
	counted = regexp.MustCompile(`[{ ($]\.N "([a-z0-9_.]+)"`)
)

// TestWordsOfTemplates finds the words that pages ask for by name.
func TestWordsOfTemplates(t *testing.T) {
	t.Parallel()
	all, err := readCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		page, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, m := range said.FindAllStringSubmatch(string(page), -1) {
			if !strings.HasSuffix(m[1], ".") { // what follows is added
				keys = append(keys, m[1])
			}
		}
		for _, m := range counted.FindAllStringSubmatch(string(page), -1) {
			keys = append(keys, m[1]+".one", m[1]+".other")
		}
		for _, key := range keys {
			if _, ok := all["en"][key]; !ok {
				t.Errorf("%s asks for %q, and there is none", name, key)
			}
		}
	}
}
