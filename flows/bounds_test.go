package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// What somebody sends is refused with a reason, and soon, however it was made to keep a
// machine busy or a caller waiting.
func TestAFlowIsBounded(t *testing.T) {
	t.Parallel()
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	words := func(add string) func(flows.Bundle) {
		return func(b flows.Bundle) { b["prompts/en.yaml"] += add }
	}
	nodes := func(add string) func(flows.Bundle) {
		return func(b flows.Bundle) {
			b[mainFile] = strings.Replace(b[mainFile], "  back: {say: back, next: main}\n", "  back: {say: back, next: x0}\n"+add, 1)
		}
	}
	for name, tt := range map[string]struct {
		change func(flows.Bundle)
		want   string
	}{
		"a long file": {words("x: \"" + strings.Repeat("a ", 300_000) + "\"\n"), "longer than 512 KB"},
		"a voice of nobody's": {func(b flows.Bundle) {
			b["prompts/en.yaml"] = strings.Replace(b["prompts/en.yaml"], "name: Polly.Joanna-Neural", "name: Joanna", 1)
		}, "not the name of a voice"},
		"a locale of nobody's": {func(b flows.Bundle) {
			b["prompts/en.yaml"] = strings.Replace(b["prompts/en.yaml"], "locale: en-US", "locale: English", 1)
		}, "no language that a voice speaks"},
		"a name that steers a terminal": {words("\"a\\e]0;b\\a\": hi\n"), "a name is expected here"},
		"no character at all":           {words("x: \"a\\uFFFF\"\n"), "a character that no voice speaks"},
		"writing turned round":          {words("x: \"a\\u202E\"\n"), "a character that no voice speaks"},
		"a name turned round": {func(b flows.Bundle) {
			b["prompts/en.yaml"] = strings.Replace(b["prompts/en.yaml"], "_aliases: [", "_aliases: [\"Blue\\u202E Heron\", ", 1)
		}, "a name is expected here"},
		"a sound turned round": {words("_say: {a: \"b\\uFFFE\"}\n"), "how \"a\" sounds is expected here"},
		"many long files":      {func(b flows.Bundle) { b["prompts/fr.yaml"] = strings.Repeat("#\n", 3<<20) }, "longer than 4 MB together"},
		"slots":                {words("x: \"" + many(20_000, "{s%d}") + "\"\n"), "more than 20 slots"},
		"one slot, often":      {words("x: \"" + strings.Repeat("{line.name}", 21) + "\"\n"), "more than 20 slots"},
		"a long prompt":        {words("x: \"" + strings.Repeat("word ", 501) + "\"\n"), "longer than 2500 characters"},
		"prompts":              {words(many(4001, "x%d: a\n")), "more than 4000 prompts"},
		"sounds":               {words("_say:\n" + many(501, "  w%d: b\n")), "more than 500 words"},
		"nodes":                {nodes(many(2001, "  x%d: {say: back, next: main}\n")), "more than 2000 nodes"},
		"sub-flows":            {nodes(many(201, "  x%d: {use: y, next: main}\n") + "  y: {say: back, next: return}\n"), "more than 200 times"},
		"words in a round":     {func(b flows.Bundle) { nodes("  x0: {say: back, next: x0}\n")(b) }, "without being asked"},
		"words without end": {func(b flows.Bundle) {
			var chain strings.Builder
			for i := range 20 {
				fmt.Fprintf(&chain, "  x%d: {say: long, next: x%d}\n", i, i+1)
			}
			nodes(chain.String() + "  x20: {say: long, next: main}\n")(b)
			for _, lang := range b.Languages() {
				b["prompts/"+lang+".yaml"] += "long: \"" + strings.Repeat("word ", 480) + "\"\n"
			}
		}, "than a call can be told at once"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(t)
			tt.change(b)
			f, problems := flows.Compile(b)
			if f != nil {
				t.Fatal("it is heard")
			}
			var told []string
			for _, p := range flows.Errors(problems) {
				told = append(told, p.What)
			}
			if !strings.Contains(strings.Join(told, "\n"), tt.want) {
				t.Errorf("nobody is told %q, but: %.500s", tt.want, strings.Join(told, "\n"))
			}
		})
	}
}

// What somebody calls a file cannot steer the terminal of who checks it.
func TestAProblemCannotSteerATerminal(t *testing.T) {
	t.Parallel()
	b := small(t)
	b["prompts/e\x1b[2Jn.yaml"] = "x: y\n"
	_, problems := flows.Compile(b)
	for _, p := range problems {
		if strings.ContainsAny(p.String(), "\x1b\a\u202e") {
			t.Errorf("%q", p)
		}
	}
	if len(problems) == 0 {
		t.Error("nobody is told of a language that the flow does not speak")
	}
}
