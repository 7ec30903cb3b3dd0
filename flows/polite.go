package flows

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// requests are what a clause may say as a whole, after and before any politeness.
type requests struct {
	// by are the ways in which it may go on by its first word: there are many patterns,
	// and few for a given clause.
	by map[string]continuation
	// after are phrases of politeness behind the space that parts them from a request.
	after []string
}

// continuation is what may follow from the first word of a clause. Each pattern is of the whole
// clause, and small enough for regexp's backtracking matcher (500 instructions), which takes
// a tenth of the time of its general one.
type continuation struct {
	patterns []*regexp.Regexp
	before   []string // phrases of politeness, with the space that parts them from a request
}

// politely compiles patterns of whole clauses, in plain words of ASCII, with phrases that may
// stand around them.
func politely(polite string, patterns ...string) *requests {
	r := &requests{by: map[string]continuation{}}
	for _, p := range patterns {
		compiled := regexp.MustCompile(`^(?:` + p + `)$`)
		for _, word := range firstWords(p) {
			c := r.by[word]
			c.patterns = append(c.patterns, compiled)
			r.by[word] = c
		}
	}
	for _, p := range phrases(polite) {
		r.after = append(r.after, " "+p)
		c := r.by[firstWord(p)]
		c.before = append(c.before, p+" ")
		r.by[firstWord(p)] = c
	}
	return r
}

// match says whether a clause, in plain words, is such a request.
func (r *requests) match(clause string) bool {
	if r == nil {
		return false
	}
	var room [8]int
	from := append(room[:0], 0) // where it may begin, after politeness or within it
	for i := 0; i < len(from); i++ {
		rest := clause[from[i]:]
		c := r.by[firstWord(rest)]
		if len(c.patterns) > 0 {
			if bare := r.trimmed(rest); c.says(rest) || len(bare) < len(rest) && c.says(bare) {
				return true
			}
		}
		for _, p := range c.before {
			if at := from[i] + len(p); strings.HasPrefix(rest, p) && !slices.Contains(from, at) {
				from = append(from, at)
			}
		}
	}
	return false
}

// trimmed is a clause without the politeness at its end, if it has more than that.
func (r *requests) trimmed(clause string) string {
	for {
		i := slices.IndexFunc(r.after, func(p string) bool { return strings.HasSuffix(clause, p) })
		if i < 0 {
			return clause
		}
		clause = clause[:len(clause)-len(r.after[i])]
	}
}

func (c continuation) says(words string) bool {
	return slices.ContainsFunc(c.patterns, func(p *regexp.Regexp) bool { return p.MatchString(words) })
}

func firstWord(words string) string {
	first, _, _ := strings.Cut(words, " ")
	return first
}

// programOf is what regexp makes of a pattern that is a constant.
func programOf(pattern string) *syntax.Prog {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	program, err := syntax.Compile(re.Simplify())
	if err != nil {
		panic(err)
	}
	return program
}

// firstWords are the words that a text of a pattern may begin with.
func firstWords(pattern string) (words []string) {
	program := programOf(pattern)
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
