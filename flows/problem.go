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

	what, mend Sentence // What and Mend, for other languages
}

// In is what is wrong and how to mend it, in the words of who reads it.
func (p Problem) In(r Reader) (what, mend string) {
	if p.what.Pattern == "" {
		return p.What, p.Mend
	}
	return p.what.In(r), p.mend.In(r)
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

// fail tells what is wrong as a pattern, and how to mend it as a text or a [Sentence].
func (ps *problems) fail(code string, at Place, mend any, what string, args ...any) {
	ps.add(Problem{Place: at, Code: code, what: say(what, args...), mend: asSentence(mend)})
}

// warn is fail for what a flow can be used with.
func (ps *problems) warn(code string, at Place, mend any, what string, args ...any) {
	ps.add(Problem{Place: at, Code: code, Warning: true, what: say(what, args...), mend: asSentence(mend)})
}

func (ps *problems) add(p Problem) {
	p.What, p.Mend = p.what.String(), p.mend.String()
	*ps = append(*ps, p)
}

// sorted returns the problems in the order of the files, each once.
func (ps problems) sorted() []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code))
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool {
		return a.Place == b.Place && a.Code == b.Code && a.Warning == b.Warning && a.What == b.What && a.Mend == b.Mend
	})
}
