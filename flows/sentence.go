package flows

import (
	"fmt"
	"strings"
)

// Sentence is what is said to whoever writes a flow: a pattern in English, as package fmt
// reads one, and what is put into it, which may be sentences too. Who shows it may know
// the pattern in another language.
type Sentence struct {
	Pattern string
	Args    []any
}

func say(pattern string, args ...any) Sentence { return Sentence{pattern, args} }

// String is the sentence in English.
func (s Sentence) String() string {
	return s.In(inEnglish)
}

func inEnglish(pattern string) string { return pattern }

// In is the sentence in the language of whoever knows what each pattern is called there.
func (s Sentence) In(known func(pattern string) string) string {
	if len(s.Args) == 0 {
		return strings.ReplaceAll(known(s.Pattern), "%%", "%")
	}
	args := make([]any, len(s.Args))
	for i, arg := range s.Args {
		args[i] = arg
		if inner, is := arg.(Sentence); is {
			args[i] = inner.In(known)
		}
	}
	return fmt.Sprintf(known(s.Pattern), args...)
}

// sentence is a text as a sentence of its own.
func asSentence(text any) Sentence {
	if s, is := text.(Sentence); is {
		return s
	}
	return say(fmt.Sprint(text))
}
