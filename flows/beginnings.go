package flows

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// sentencePattern is a pattern of whole texts, of which most do not even begin as it does: those
// are told apart at once.
type sentencePattern struct {
	*regexp.Regexp
	begin map[string]bool // the first bytes of all that it may match, beginningLength at most
}

// beginningLength is by how many bytes texts are told apart.
const beginningLength = 5

// sentencePatternOf compiles a pattern that is anchored at its start and begins in letters of ASCII.
func sentencePatternOf(pattern string) *sentencePattern {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err) // it is a constant
	}
	program, err := syntax.Compile(re.Simplify())
	if err != nil {
		panic(err)
	}
	s := &sentencePattern{Regexp: regexp.MustCompile(pattern), begin: map[string]bool{}}
	type place struct {
		at   uint32
		text string
	}
	seen := map[place]bool{}
	var follow func(at uint32, text string)
	follow = func(at uint32, text string) {
		in := &program.Inst[at]
		if here := (place{at, text}); seen[here] {
			return
		} else if len(text) == beginningLength || in.Op == syntax.InstMatch {
			s.begin[text] = true
			return
		} else {
			seen[here] = true
		}
		switch in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			follow(in.Out, text)
			follow(in.Arg, text)
		case syntax.InstFail:
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			for letter := rune(' '); letter <= '~'; letter++ {
				if in.MatchRune(letter) {
					follow(in.Out, text+string(letter))
				}
			}
		default:
			follow(in.Out, text)
		}
	}
	follow(uint32(program.Start), "")
	return s
}

// match says whether plain words are such a sentence.
func (s *sentencePattern) match(words string) bool {
	if s == nil || words == "" || words[0] >= utf8.RuneSelf {
		return false
	}
	begin := words[:min(len(words), beginningLength)]
	if strings.IndexFunc(begin, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 && !s.begin[begin] {
		return false
	}
	return s.MatchString(words)
}
