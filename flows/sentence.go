package flows

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/language"
)

// Sentence is what is said to whoever writes a flow: a pattern in English, as package fmt
// reads one, and what is put into it, which may be sentences too. Who shows it may know
// the pattern in another language.
type Sentence struct {
	Pattern string
	Args    []any
}

func say(pattern string, args ...any) Sentence { return Sentence{pattern, args} }

// tongue is a language that is put into a sentence, and tongueList some: who reads it is
// told what they call them.
type (
	tongue     string
	tongueList []string
)

// in is what a reader calls it; its tag where there is no name.
func (t tongue) in(r Reader) string {
	if _, err := language.Parse(string(t)); err != nil {
		return string(t)
	}
	return cmp.Or(languageName(r.Lang, string(t)), string(t))
}

// Reader is who reads sentences.
type Reader struct {
	Lang  string                      // in which languages are called something
	Known func(pattern string) string // the pattern in their words
	// Named is what stands in place of a name that is put in between quotes: what a prompt
	// is called to them; nil for the name itself.
	Named func(name string) string
}

// atTerminal is who reads English, and names as the files have them.
var atTerminal = Reader{Lang: "en", Known: func(pattern string) string { return pattern }}

// String is the sentence in English.
func (s Sentence) String() string { return s.In(atTerminal) }

var verbs = regexp.MustCompile(`%[.0-9]*[a-z]`)

// In is the sentence in the words of who reads it.
func (s Sentence) In(r Reader) string {
	if len(s.Args) == 0 {
		return strings.ReplaceAll(r.Known(s.Pattern), "%%", "%")
	}
	args, at := make([]any, len(s.Args)), verbs.FindAllString(s.Pattern, -1)
	for i, arg := range s.Args {
		args[i] = arg
		switch inner := arg.(type) {
		case Sentence:
			args[i] = inner.In(r)
		case tongue:
			args[i] = inner.in(r)
		case tongueList:
			names := make([]string, len(inner))
			for i, lang := range inner {
				names[i] = tongue(lang).in(r)
			}
			args[i] = strings.Join(names, ", ")
		case string:
			if r.Named != nil && i < len(at) && at[i] == "%q" {
				args[i] = r.Named(inner)
			}
		}
	}
	return fmt.Sprintf(r.Known(s.Pattern), args...)
}

// asSentence is a text as a sentence of its own.
func asSentence(text any) Sentence {
	if s, is := text.(Sentence); is {
		return s
	}
	return say(fmt.Sprint(text))
}
