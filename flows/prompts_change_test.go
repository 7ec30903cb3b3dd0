package flows_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
)

const someWords = `# of all
# what greets
welcome: "Hello." # warmly
main:
  # in a call
  voice: "Main menu."
  sms: "Menu"

# of both
word_now: [now, open]
last: >
  A long
  sentence.
`

// A prompt is said otherwise, and nothing else in the file is another: no comment, no
// empty line, no quotes.
func TestAPromptIsSaidOtherwise(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		changes  []flows.Prompt
		old, new string
	}{
		"spoken":          {[]flows.Prompt{{Name: "welcome", Voice: `Say "hi": {line.name}`}}, `"Hello." # warmly`, `"Say \"hi\": {line.name}" # warmly`},
		"one of the two":  {[]flows.Prompt{{Name: "main", Voice: "Choices.", Text: "Menu"}}, `"Main menu."`, `"Choices."`},
		"another text":    {[]flows.Prompt{{Name: "welcome", Voice: "Hello.", Text: "Hi"}}, "welcome: \"Hello.\" # warmly\n", "welcome:\n  voice: \"Hello.\"\n  sms: \"Hi\"\n"},
		"no text":         {[]flows.Prompt{{Name: "main", Voice: "Choices."}}, "main:\n  # in a call\n  voice: \"Main menu.\"\n  sms: \"Menu\"\n", "main: \"Choices.\"\n"},
		"words":           {[]flows.Prompt{{Name: "word_now", Words: []string{"now", "at: once"}}}, `[now, open]`, `["now", "at: once"]`},
		"of some lines":   {[]flows.Prompt{{Name: "last", Voice: "Short."}}, "last: >\n  A long\n  sentence.\n", "last: \"Short.\"\n"},
		"after a silence": {[]flows.Prompt{{Name: "main_r1", Voice: "Still here."}}, "  sms: \"Menu\"\n", "  sms: \"Menu\"\nmain_r1: \"Still here.\"\n"},
		"taken out":       {[]flows.Prompt{{Name: "last"}}, "last: >\n  A long\n  sentence.\n", ""},
		"two": {
			[]flows.Prompt{{Name: "last", Voice: "B."}, {Name: "new", Voice: "C."}, {Name: "none"}},
			"last: >\n  A long\n  sentence.\n", "last: \"B.\"\nnew: \"C.\"\n",
		},
	} {
		b := flows.Bundle{"main.yaml": "flow: x\n", "prompts/en.yaml": someWords}
		got, err := b.WithPrompts("en", c.changes)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(strings.Replace(someWords, c.old, c.new, 1), got["prompts/en.yaml"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if b["prompts/en.yaml"] != someWords {
			t.Errorf("%s: the bundle itself was changed", name)
		}
	}
}

// Words that are laid over others go into a file of their own; a file that cannot be cut
// by lines is written anew, and one that cannot be read stays.
func TestWordsOfAnyFileAreSaidOtherwise(t *testing.T) {
	t.Parallel()
	said := []flows.Prompt{{Name: "welcome", Voice: "Good day."}}
	over := flows.Bundle{"main.yaml": "extends: built-in\n", "built-in/main.yaml": "", "built-in/prompts/en.yaml": someWords}
	for name, b := range map[string]flows.Bundle{
		"laid over":    over,
		"on one line":  {"prompts/en.yaml": `{welcome: Hello., main: {voice: a, sms: b}}`},
		"other breaks": {"prompts/en.yaml": "a: \"x\u2028y\"\nwelcome: Hello.\nb: c\n"},
		"no last line": {"prompts/en.yaml": "a: b"},
		"nothing":      {"prompts/en.yaml": "# nothing yet\n"},
	} {
		got, err := b.WithPrompts("en", said)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all, had := got.Prompts("en"), b.Prompts("en")
		i := slices.IndexFunc(all, func(p flows.Prompt) bool { return p.Name == "welcome" })
		if i < 0 || all[i].Voice != "Good day." {
			t.Errorf("%s: %q", name, got["prompts/en.yaml"])
		}
		for _, p := range had {
			if p.Name != "welcome" && !slices.ContainsFunc(all, func(o flows.Prompt) bool { return cmp.Equal(o, p) }) {
				t.Errorf("%s: %+v is lost", name, p)
			}
		}
	}
	if got, _ := over.WithPrompts("en", said); got["prompts/en.yaml"] != "welcome: \"Good day.\"\n" {
		t.Errorf("laid over: %q", got["prompts/en.yaml"])
	}
	for _, text := range []string{"welcome: [", "- a\n", "just words"} {
		if _, err := (flows.Bundle{"prompts/en.yaml": text}).WithPrompts("en", said); err == nil {
			t.Errorf("%q is changed", text)
		}
	}
}

// A problem is found in the entry that it stands in.
func TestAProblemStandsInAPrompt(t *testing.T) {
	t.Parallel()
	b := flows.Bundle{"prompts/en.yaml": someWords, "built-in/prompts/pt-BR.yaml": someWords}
	promptAt := b.PromptsAt()
	for line, want := range map[int]string{1: "", 3: "welcome", 6: "main", 7: "main", 10: "word_now", 13: "last"} {
		if _, got := promptAt(flows.Place{File: "prompts/en.yaml", Line: line}); got != want {
			t.Errorf("line %d is of %q, want %q", line, got, want)
		}
	}
	if lang, got := promptAt(flows.Place{File: "built-in/prompts/pt-BR.yaml", Line: 3}); lang != "pt-BR" || got != "welcome" {
		t.Errorf("what it is laid over is %q in %q", got, lang)
	}
	for file, want := range map[string]string{"main.yaml": "", "prompts/fr.yaml": "fr"} {
		if lang, got := promptAt(flows.Place{File: file, Line: 3}); lang != want || got != "" {
			t.Errorf("%s is of %q in %q", file, got, lang)
		}
	}
}

// A prompt sounds as a caller hears it, in the sentence that offers it, and is as long as
// its text is.
func TestSounding(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for name, want := range map[string]flows.Sounding{
		"opt_code": {Spoken: "To enter a group code, press 1.", Written: "Enter a code"},
		"welcome":  {Spoken: "The Tuesday Support Line. No group sees your number, and we record nothing."},
		"crisis":   {Spoken: "Connecting you to Samaritans. Please stay on the line."},
	} {
		got, ok := f.Sounding("en", name, flows.Line{CrisisName: "Samaritans"})
		if !ok || got.Spoken != want.Spoken || want.Written != "" && got.Written != want.Written || got.Count != 1 || got.Seconds < 1 || got.Seconds > 15 {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	for _, lang := range f.Languages() {
		for _, p := range f.Script(lang) {
			name, _, _ := strings.Cut(p.Prompt, "@")
			if s, ok := f.Sounding(lang, name, flows.Line{}); !ok || s.Spoken == "" {
				t.Errorf("%s: %s: %+v, %v", lang, name, s, ok)
			}
		}
	}
	if _, ok := f.Sounding("en", "word_now", flows.Line{}); ok {
		t.Error("a list of words sounds")
	}
	if _, ok := f.Sounding("tlh", "welcome", flows.Line{}); ok {
		t.Error("no language sounds")
	}
}

// Whatever a file holds and whatever is said, the file then says that, and all else that
// it said before.
func FuzzWithPrompts(f *testing.F) {
	f.Add(someWords, "main", "Choices.", "C", "")
	f.Add("a: b", "c", "d\n# e", "", "")
	f.Add("{a: b}", "a", "\u2028", "", "x")
	f.Add("? a\n: b\nc: |\n  d\n\n", "a", "", "", "")
	f.Add("a: &x b\nc: *x\n", "a", "e", "", "")
	f.Fuzz(func(t *testing.T, text, name, voice, sms, word string) {
		if !utf8.ValidString(name) {
			return // nothing is called that
		}
		b := flows.Bundle{"prompts/en.yaml": text}
		p := flows.Prompt{Name: name, Voice: voice, Text: sms}
		if word != "" {
			p = flows.Prompt{Name: name, Words: []string{word}}
		}
		got, err := b.WithPrompts("en", []flows.Prompt{p})
		if err != nil {
			return
		}
		said := func(b flows.Bundle) map[string]flows.Prompt {
			all := map[string]flows.Prompt{}
			for _, one := range b.Prompts("en") {
				one.Note = ""
				all[one.Name] = one
			}
			return all
		}
		was, is := said(b), said(got)
		if len(was) == 0 {
			return // there was nothing, or what cannot be read
		}
		delete(was, name)
		delete(is, name)
		if !maps.EqualFunc(was, is, func(a, b flows.Prompt) bool { return cmp.Equal(a, b) }) {
			t.Errorf("%q became %q", text, got["prompts/en.yaml"])
		}
	})
}
