package console

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// A file of one language is not taken for another's, whether it says of which it is or not,
// and the page says where it belongs. Who has translated it says so in its first line.
func TestAFileOfAnotherLanguageIsNotTaken(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	_, yaml := d.get(promptsPath + "/es/words.yaml")
	_, table := d.get(promptsPath + "/es/words.csv")
	_, other := d.get(promptsPath + "/fr/words.yaml")
	_, english := d.get(promptsPath + "/en/words.yaml")
	french := strings.Replace(after(yaml), "\nmain: ", "\n# la nôtre\nmain: ", 1)
	for name, sent := range map[string]struct {
		lang, file string
		of         string // the language that the page names, "" for a file that is taken
	}{
		"YAML":                                  {"fr", yaml, "Spanish"},
		"YAML with words of its own":            {"fr", strings.Replace(yaml, "Polly.Lupe", "Polly.Lea", 1), "Spanish"},
		"YAML that does not say":                {"fr", after(yaml), "Spanish"},
		"YAML that does not say, with comments": {"fr", french, "Spanish"},
		"a table":                               {"fr", table, "Spanish"},
		"a table, of the language that it was translated from": {"en", table, "Spanish"},
		"a table that does not say":                            {"en", unmarked(table), "Spanish"},
		"a table that does not say, of a third language":       {"fr", unmarked(table), "Spanish"},
		"YAML that was translated":                             {"fr", first(yaml) + after(other), "Spanish"},
		"YAML that was translated, and says so":                {"fr", strings.Replace(first(english), " in en.", " in fr.", 1) + after(other), ""},
		"YAML of its own that does not say":                    {"fr", after(other), ""},
		"YAML of its own as it went out before":                {"fr", strings.Replace(other, " in fr.", " of these words.", 1), ""},
		"a table of its own that does not say":                 {"es", unmarked(table), ""},
	} {
		status, body := d.upload(promptsPath+"/"+sent.lang, "catalogue", []byte(sent.file))
		switch {
		case sent.of == "" && status >= 400:
			t.Errorf("%s: answered %d %.900s", name, status, body)
		case sent.of != "" && (status != http.StatusUnprocessableEntity || !strings.Contains(body, "the words in this file are in "+sent.of)):
			t.Errorf("%s: answered %d %.900s", name, status, body)
		}
	}
	if changes := flows.Diff(ownBundle(), d.draftBundle()); len(changes) > 0 {
		t.Errorf("the draft says something else: %+v", changes)
	}
}

// unmarked is a table without what it says of itself, as somebody copies it.
func unmarked(table string) string {
	return regexp.MustCompile(`,version [^\r\n]*`).ReplaceAllString(table, "")
}

// first is the first line of a file, and after what follows it.
func first(file string) string { return strings.TrimSuffix(file, after(file)) }

func after(file string) string {
	_, rest, _ := strings.Cut(file, "\n")
	return rest
}

// Two languages that say nearly everything alike are told apart by what they do not.
func TestNearLanguagesAreToldApart(t *testing.T) {
	t.Parallel()
	alike := "main: Main menu.\nlater: Try again later.\nword_now: [now]\n"
	b := flows.Bundle{
		"main.yaml":          "flow: x\nlanguages: [en-US, en-GB, es]\n",
		"prompts/en-US.yaml": alike + "star: star\ncentre: the center\n",
		"prompts/en-GB.yaml": alike + "star: star\ncentre: the centre\n",
		"prompts/es.yaml":    "main: Menú.\nlater: Más tarde.\nword_now: [ahora]\nstar: asterisco\ncentre: el centro\n",
	}
	for name, sent := range map[string]struct{ lang, file, is string }{
		"its own":                     {"en-GB", b["prompts/en-GB.yaml"], ""},
		"the other's":                 {"en-GB", b["prompts/en-US.yaml"], "en-US"},
		"its own with other words":    {"en-GB", alike + "star: asterisk\ncentre: the middle\n", ""},
		"far":                         {"es", b["prompts/en-US.yaml"], "en-US"},
		"half translated":             {"es", "main: Menú principal.\nlater: Más tarde.\nword_now: [ya]\nstar: star\ncentre: the center\n", ""},
		"nothing that others have":    {"es", "ours: Hola.\n", ""},
		"what is the same everywhere": {"en-GB", alike, ""},
		"what cannot be read":         {"es", "main: [\n", ""},
	} {
		if is := likeAnother(b, sent.lang, sent.file); is != sent.is {
			t.Errorf("%s: it is taken for %q", name, is)
		}
	}
}

// Of each pair of languages of the built-in flow, the file of the one is told from the other.
func TestEveryLanguageIsToldFromEachOther(t *testing.T) {
	t.Parallel()
	b := ownBundle()
	for _, of := range b.Languages() {
		for _, lang := range b.Languages() {
			want := of
			if of == lang {
				want = ""
			}
			if is := likeAnother(b, lang, b.Catalogue(of)); is != want {
				t.Errorf("the file of %s is taken for %q on the page of %s", of, is, lang)
			}
		}
	}
}
