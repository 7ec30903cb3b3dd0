package console

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where a pattern stands among the arguments of what takes one in package flows.
var patternsOf = map[string][]int{"say": {0}, "fail": {2, 3}, "warn": {2, 3}, "pairs": {1}, "add": {2}}

// patterns are those of every sentence that package flows says to who writes a flow. One
// that is put together from pieces could not be known in another language.
func patterns(t *testing.T) (all []string) {
	t.Helper()
	names, err := filepath.Glob("../../flows/*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		places := token.NewFileSet()
		file, err := parser.ParseFile(places, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			for _, i := range patternsOf[calledName(call)] {
				if i >= len(call.Args) {
					continue
				}
				switch arg := call.Args[i].(type) {
				case *ast.BinaryExpr:
					t.Errorf("%s: a sentence is put together: use say", places.Position(arg.Pos()))
				case *ast.BasicLit:
					pattern, err := strconv.Unquote(arg.Value)
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, pattern)
				}
			}
			return true
		})
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

var (
	verb = regexp.MustCompile(`%[.0-9]*[a-z]`)
	// aside is what says the same in every language: code, and what is put in.
	aside = regexp.MustCompile("`[^`]*`|" + verb.String())
)

// Whatever the check and the comparison of flows say, they say in every language of the
// console, with the same put into it in the same order.
func TestEverySentenceOfFlowsHasWords(t *testing.T) {
	t.Parallel()
	all, err := readSentences(files)
	if err != nil {
		t.Fatal(err)
	}
	english := patterns(t)
	for _, lang := range languages[1:] {
		for _, pattern := range english {
			words := all[lang][pattern]
			if words == "" && strings.ContainsFunc(aside.ReplaceAllString(pattern, ""), isLetter) {
				t.Errorf("%s: no words for %q", lang, pattern)
			} else if diff := cmp.Diff(verb.FindAllString(pattern, -1), verb.FindAllString(words, -1)); words != "" && diff != "" {
				t.Errorf("%s: %q takes other things than %q:\n%s", lang, words, pattern, diff)
			}
		}
		for _, pattern := range slices.Sorted(maps.Keys(all[lang])) {
			if !slices.Contains(english, pattern) {
				t.Errorf("%s: nothing says %q", lang, pattern)
			}
		}
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
