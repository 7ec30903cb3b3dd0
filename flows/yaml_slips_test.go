package flows_test

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// yamlFaults are what people write who do not know YAML: it is shown where it stands,
// not where the reader of YAML began.
var yamlFaults = []fault{
	{"tab before a node", mainFile, "  back: {", "‸\tback: {", "F000", nil},
	{"hard space before a node", mainFile, "  back: {", "‸\u00a0\u00a0back: {", "F000", nil},
	{"node further right", mainFile, "  back: {", "   ‸back: {", "F000", nil},
	{"node further left", mainFile, "  back: {", " ‸back: {", "F000", nil},
	{"node as far left as it gets", mainFile, "  back: {say: back, next: main}\n  goodbye: {", "back: {say: back, next: main}\n  ‸goodbye: {", "F000", nil},
	{"setting between two columns", mainFile, "    options:\n      - {key: 1, say: opt_agree, next: admit}", "    options:\n      - key: 1\n        say: opt_agree\n       ‸next: admit", "F000", nil},
	{"comma missing", mainFile, "{key: 3, say: opt_find, next: topic}", "{key: 3 say‸: opt_find, next: topic}", "F000", nil},
	{"brace missing", mainFile, "{key: 3, say: opt_find, next: topic}", "‸{key: 3, say: opt_find, next: topic", "F000", nil},
	{"brace over lines, comma missing", mainFile, "  back: {say: back, next: main}", "  back: {\n    say: back,\n    other: {next: main say‸: more}\n  }", "F000", nil},
	{"key without quotes", mainFile, "{key: 3, say: opt_find, next: topic}", "{key: ‸*, say: opt_find, next: topic}", "F000", nil},
	{"key that is a remark", mainFile, "{key: 3, say: opt_find, next: topic}", "{key: ‸#, say: opt_find, next: topic}", "F000", nil},
	{"name without quotes", mainFile, `"*": {go: main}`, "‸*: {go: main}", "F000", nil},
	{"no space behind the colon", en, "back: \"", "back‸:\"", "F000", nil},
	{"quotes never closed", en, `main: "Main menu."`, `main: ‸"Main menu.`, "F000", nil},
	{"quotes within quotes", en, `main: "Main menu."`, `main: "The ‸"main" menu."`, "F000", nil},
	{"apostrophe within single quotes", en, `main: "Main menu."`, `main: 'It isn‸'t on.'`, "F000", nil},
	{"colon without quotes", en, `main: "Main menu."`, `main: Main‸: the menu.`, "F000", nil},
	{"colon within round quotes", en, `main: "Main menu."`, `main: “Main‸: the menu.”`, "F000", nil},
	{"slot first, without quotes", en, `main: "Main menu."`, `main: {line.name‸} is here.`, "F000", nil},
	{"sign without quotes", en, `main: "Main menu."`, `main: ‸@home`, "F000", nil},
	{"not UTF-8", es, `main: "`, "main: \"‸\xe9", "F000", nil},
}

// The same holds however lines end, and behind a byte order mark.
func TestALineIsFoundHoweverLinesEnd(t *testing.T) {
	t.Parallel()
	for _, ending := range []string{"\n", "\r\n", "\r"} {
		b := small(t)
		b[mainFile] = "\ufeff" + strings.ReplaceAll(strings.Replace(b[mainFile], "  back: {", "\tback: {", 1), "\n", ending)
		_, problems := flows.Compile(b)
		if len(flows.Errors(problems)) != 1 || problems[0].Line != 50 || problems[0].Column != 1 {
			t.Errorf("lines that end in %q: %v", ending, problems)
		}
	}
}

// What is written over several lines is no fault, and hides none below it.
func TestAFaultIsFoundBelowLinesThatGoOn(t *testing.T) {
	t.Parallel()
	b := small(t)
	b[en] = "_danger: [\n  die,\n  \"kill\n  me\"\n]\n" + strings.Repeat("# a remark with a \"quote\n", 300) + b[en] + "last: one: two\n"
	_, problems := flows.Compile(b)
	line := strings.Count(b[en], "\n")
	if len(problems) == 0 || problems[0].File != en || problems[0].Line != line || problems[0].Column != 10 {
		t.Errorf("line %d: %v", line, problems)
	}
}
