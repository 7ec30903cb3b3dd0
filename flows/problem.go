package flows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Problem is a fault in a flow or its catalogues: where, what, and how to mend
// it. The codes are stable; README lists them.
type Problem struct {
	Place
	Code    string // "F001"
	Warning bool   // the flow can be used all the same
	What    string
	Mend    string
}

// String is one line for a terminal: file:line:column: code level: what (mend). What a
// file's author wrote cannot steer the terminal by it.
func (p Problem) String() string {
	level := "error"
	if p.Warning {
		level = "warning"
	}
	line := fmt.Sprintf("%s:%d:%d: %s %s: %s; %s", p.File, p.Line, p.Column, p.Code, level, p.What, p.Mend)
	return strings.Map(func(r rune) rune {
		if unsayable(r) {
			return unicode.ReplacementChar
		}
		return r
	}, line)
}

// Errors returns those that keep a flow from being used.
func Errors(problems []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return p.Warning })
}

// problems gathers what a check finds.
type problems []Problem

func (ps *problems) fail(code string, at Place, mend, what string, args ...any) {
	*ps = append(*ps, Problem{Place: at, Code: code, What: fmt.Sprintf(what, args...), Mend: mend})
}

func (ps *problems) warn(code string, at Place, mend, what string, args ...any) {
	*ps = append(*ps, Problem{Place: at, Code: code, Warning: true, What: fmt.Sprintf(what, args...), Mend: mend})
}

// sorted returns the problems in the order of the files, each once.
func (ps problems) sorted() []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code))
	})
	return slices.Compact(ps)
}
