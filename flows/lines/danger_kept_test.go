package lines_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// A kept version that was left one word of danger knows all of them, and what would hide
// one of them is not read; who checks it is told how many are missing.
func TestAKeptVersionKnowsDanger(t *testing.T) {
	t.Parallel()
	builtIn := inTwo(t)
	whole, _ := flows.Compile(builtIn)
	cut := maps.Clone(builtIn)
	for _, lang := range []string{"en", "es"} {
		file := "prompts/" + lang + ".yaml"
		cut[file] = regexp.MustCompile(`(?m)^_danger:\n(?:[ #].*\n)+`).ReplaceAllString(cut[file], "_danger: [heron]\n")
		cut[file] = regexp.MustCompile(`(?m)^_harmless:\n`).ReplaceAllString(cut[file], "_harmless:\n  - kill myself\n")
		if cut[file] == builtIn[file] || !strings.Contains(cut[file], "[heron]") {
			t.Fatal("nothing is cut")
		}
	}
	strict, problems := flows.Compile(cut)
	if strict == nil {
		t.Fatal(flows.Errors(problems))
	}
	if told := flows.CheckDangers(strict, whole); len(told) != 2 || !told[0].Warning || told[0].Code != "F041" || !strings.Contains(told[0].What, "phrases of danger") {
		t.Errorf("a checker tells %v", told)
	}
	if told := flows.CheckDangers(whole, whole); len(told) > 0 {
		t.Errorf("of the built-in flow it tells %v", told)
	}
	f, problems := flows.CompileKept(cut, builtIn)
	if f == nil {
		t.Fatal(flows.Errors(problems))
	}
	for _, lang := range []string{"en", "es"} {
		all := f.Dangers(lang)
		for _, phrase := range append(whole.Dangers(lang), "heron") {
			if !slices.Contains(all, phrase) {
				t.Errorf("%s: nobody is answered who writes %q", lang, phrase)
			}
		}
	}
	hidden := slices.ContainsFunc(problems, func(p flows.Problem) bool { return strings.Contains(p.What, `"kill myself" stands`) })
	if !hidden || f.Hash != cut.Hash() {
		t.Errorf("%v", problems)
	}
	if told := flows.CheckDangers(f, whole); len(told) > 0 {
		t.Errorf("of what is heard it tells %v", told)
	}
}
