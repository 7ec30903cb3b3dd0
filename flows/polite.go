package flows

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// requests are what a clause may say as a whole, after and before any politeness.
type requests struct {
	polite []string
	// by are patterns of whole clauses by each word that they may begin with: there are
	// many, and few for a given clause. Each is small enough for regexp's backtracking
	// matcher (500 instructions), which takes a tenth of the time of its general one.
	by map[string][]*regexp.Regexp
}

// politely compiles patterns of whole clauses, in plain words of ASCII, with phrases that may
// stand around them.
func politely(polite string, patterns ...string) *requests {
	r := &requests{polite: phrases(polite), by: map[string][]*regexp.Regexp{}}
	for _, p := range patterns {
		compiled := regexp.MustCompile(`^(?:` + p + `)$`)
		for _, word := range firstWords(p) {
			r.by[word] = append(r.by[word], compiled)
		}
	}
	return r
}

// match says whether a clause, in plain words, is such a request.
func (r *requests) match(clause string) bool {
	if r == nil {
		return false
	}
	bare := r.trimmed(clause)
	from := append(make([]int, 0, 8), 0) // where it may begin, after politeness or within it
	for i := 0; i < len(from); i++ {
		if r.says(clause[from[i]:]) || from[i] < len(bare) && len(bare) < len(clause) && r.says(bare[from[i]:]) {
			return true
		}
		for _, p := range r.polite {
			rest, found := strings.CutPrefix(clause[from[i]:], p)
			if at := len(clause) - len(rest) + 1; found && strings.HasPrefix(rest, " ") && !slices.Contains(from, at) {
				from = append(from, at)
			}
		}
	}
	return false
}

// trimmed is a clause without the politeness at its end.
func (r *requests) trimmed(clause string) string {
	for {
		i := slices.IndexFunc(r.polite, func(p string) bool {
			before, found := strings.CutSuffix(clause, p)
			return found && strings.HasSuffix(before, " ")
		})
		if i < 0 {
			return clause
		}
		clause = clause[:len(clause)-len(r.polite[i])-1]
	}
}

// says holds words against the patterns that may begin as they do.
func (r *requests) says(words string) bool {
	first, _, _ := strings.Cut(words, " ")
	return slices.ContainsFunc(r.by[first], func(p *regexp.Regexp) bool { return p.MatchString(words) })
}

// firstWords are the words that a text of a pattern may begin with.
func firstWords(pattern string) (words []string) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err) // it is a constant
	}
	program, err := syntax.Compile(re.Simplify())
	if err != nil {
		panic(err)
	}
	var follow func(at uint32, word string)
	follow = func(at uint32, word string) {
		switch in := &program.Inst[at]; in.Op {
		case syntax.InstMatch:
			words = append(words, word)
		case syntax.InstAlt, syntax.InstAltMatch:
			follow(in.Out, word)
			follow(in.Arg, word)
		case syntax.InstRune, syntax.InstRune1:
			if in.MatchRune(' ') {
				words = append(words, word)
			}
			for letter := 'a'; letter <= 'z'; letter++ {
				if in.MatchRune(letter) {
					follow(in.Out, word+string(letter))
				}
			}
		case syntax.InstNop, syntax.InstCapture:
			follow(in.Out, word)
		default:
			panic("a pattern begins in what is no letter: " + pattern)
		}
	}
	follow(uint32(program.Start), "")
	slices.Sort(words)
	return slices.Compact(words)
}
