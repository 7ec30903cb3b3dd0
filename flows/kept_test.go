package flows_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// welcomeOnly is a whole flow of a line's own, in the words given beside its voice.
func welcomeOnly(words string) flows.Bundle {
	return flows.Bundle{
		mainFile: "start: hello\nlanguages: [en]\n" + texted + "always: {\"0\": {go: help}, \"*\": {go: hello}, \"#\": {repeat: true}}\n" +
			"nodes:\n  hello: {menu: hello, options: [{key: 1, say: opt, next: help}], no_input: {after: 6s, tries: 2, then: bye}, no_match: {tries: 2, then: bye}}\n" +
			"  help: {menu: help, options: [{key: 1, say: opt, next: crisis}], no_input: {after: 6s, tries: 2, then: bye}, no_match: {tries: 2, then: bye}}\n" +
			"  crisis: {dial: crisis, outcomes: {answered: bye, failed: bye}}\n  bye: {say: bye, end: true}\n",
		en: "_voice: {name: Polly.Joanna-Neural, fallback: Polly.Joanna, locale: en-US}\nhello: \"Hello.\"\nhelp: \"Help.\"\nopt: talk\nbye: \"Bye.\"\n" + words,
	}
}

// texted is what the texts of ours say in a whole flow.
const texted = "texted: {confirm: {say: confirm_text}, recheck: {say: recheck_text}, reminder: {say: reminder_text, named: reminder_text_named}, soon: {say: reminder_soon_text, named: reminder_soon_text_named}, " +
	"skipped: {say: skipped_text, named: skipped_text_named}, moved: {say: moved_text, named: moved_text_named}, held: {say: held_text, named: held_text_named}, cover: {say: cover_text}, covered: {say: covered_text}, spoken: {say: spoken_text}}\n"

var missingPrompt = regexp.MustCompile(`^prompt "(.+)" is missing$`)

// A release says more than the one before: whatever of it a kept version has no words for,
// it is heard all the same, in the words of the built-in flow.
func TestAKeptVersionOutlivesNewPrompts(t *testing.T) {
	t.Parallel()
	builtIn, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	bare := welcomeOnly("")
	_, problems := flows.Compile(bare)
	var needed []string
	for _, p := range flows.Errors(problems) {
		of := missingPrompt.FindStringSubmatch(p.What)
		if of == nil {
			t.Fatal(p)
		}
		needed = append(needed, of[1])
	}
	if len(needed) < 40 {
		t.Fatalf("only %d prompts are needed", len(needed))
	}
	if f, problems := flows.CompileKept(bare, builtIn); f == nil || f.Hash != bare.Hash() || len(flows.Errors(problems)) > 0 {
		t.Fatalf("without any of them: %v", problems)
	}
	words := map[string]string{}
	for line := range strings.SplitSeq(strings.ReplaceAll(builtIn[en], "\n  ", "\x00  "), "\n") {
		if name, _, ok := strings.Cut(line, ":"); ok && slices.Contains(needed, name) {
			words[name] = strings.ReplaceAll(line, "\x00", "\n")
		}
	}
	if len(words) != len(needed) {
		t.Fatalf("the built-in flow has %d of %d", len(words), len(needed))
	}
	for _, name := range needed {
		others := maps.Clone(words)
		delete(others, name)
		b := welcomeOnly(strings.Join(slices.Collect(maps.Values(others)), "\n") + "\n")
		if f, _ := flows.Compile(b); f != nil {
			t.Errorf("%s is not needed", name)
		}
		f, problems := flows.CompileKept(b, builtIn)
		if f == nil {
			t.Errorf("without %s: %v", name, flows.Errors(problems))
			continue
		}
		if out := flows.Turn(f, view(t), flows.State{}, flows.Input{Event: flows.Started}); f.Hash != b.Hash() || out.Said[0].Text() != "Hello." {
			t.Errorf("without %s: %+v", name, out.Said)
		}
		if len(problems) != 1 || !strings.Contains(problems[0].What, "("+name+")") {
			t.Errorf("without %s nobody is told so: %v", name, problems)
		}
	}
}

// What a function comes to by now, a new kind of call of ours, or a node that the release
// needs, is led as in the built-in flow; and what an author wrote stays.
func TestAKeptVersionOutlivesNewWays(t *testing.T) {
	t.Parallel()
	builtIn, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	alone := regexp.MustCompile(`languages: \[.*\]`)
	without := func(old ...string) flows.Bundle {
		b := maps.Clone(builtIn)
		for _, one := range old {
			if !strings.Contains(b[mainFile], one) {
				t.Fatalf("%q is not there", one)
			}
			b[mainFile] = strings.Replace(b[mainFile], one, "", 1)
		}
		b[mainFile] = alone.ReplaceAllString(b[mainFile], "languages: [en]")
		for name := range b {
			if name != mainFile && name != en {
				delete(b, name)
			}
		}
		return b
	}
	extends := func(old, with, own string) flows.Bundle {
		base := maps.Clone(builtIn)
		base[mainFile] = strings.Replace(base[mainFile], old, with, 1)
		return flows.Bundle{mainFile: "extends: built-in\nlanguages: [en]\n" + own, en: "goodbye: \"Be well.\"\n"}.Over(base)
	}
	texts := regexp.MustCompile(`(?m)^texted: .*\n( .*\n)*`).FindString(builtIn[mainFile])
	for _, of := range []struct {
		name     string
		b        flows.Bundle
		plainly  bool // it can be used as it is
		refused  bool
		warnings string
	}{
		{name: "as it is", b: without(), plainly: true},
		{name: "an outcome", b: without(", later: later"), warnings: "(later)"},
		{name: "a kind of call", b: without(line(t, builtIn, "placed:", "reminder")), warnings: "(reminder)"},
		{name: "a kind of text", b: without(line(t, builtIn, "texted:", "soon")), warnings: "(soon)"},
		{name: "what texts say", b: without(texts), warnings: "(texted)"},
		{name: "danger", b: without(line(t, builtIn, "", "danger")), warnings: "(danger)"},
		{name: "a function that is gone", b: extends("do: groups.by_code", "do: groups.by_number", ""), warnings: "another program"},
		{name: "the author's own fault", b: extends("x", "x", "nodes: {goodbye: {say: goodbye, next: heaven}}"), refused: true},
		{name: "no flow", b: flows.Bundle{mainFile: "- 5"}, refused: true},
	} {
		f, _ := flows.Compile(of.b)
		if (f != nil) != of.plainly {
			t.Errorf("%s: it can be used as it is: %v", of.name, f != nil)
		}
		f, problems := flows.CompileKept(of.b, builtIn)
		if (f == nil) != of.refused {
			t.Errorf("%s: %v", of.name, flows.Errors(problems))
			continue
		}
		said := ""
		for _, p := range problems {
			said += p.What
		}
		if !strings.Contains(said, of.warnings) || f != nil && f.Hash != of.b.Hash() || of.warnings == "" && f != nil && said != "" {
			t.Errorf("%s: %q", of.name, said)
		}
	}
}

// line is the first one of the built-in main file that sets something, behind a place.
func line(t *testing.T, builtIn flows.Bundle, behind, name string) string {
	t.Helper()
	text := builtIn[mainFile]
	at := strings.Index(text, behind)
	l := regexp.MustCompile(`(?m)^ *` + name + `: .*\n`).FindString(text[max(at, 0):])
	if at < 0 || l == "" {
		t.Fatalf("%s is not behind %q", name, behind)
	}
	return l
}
