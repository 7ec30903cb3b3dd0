package flows

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// notYAML tells where a file stops being YAML and what its author got wrong there. The
// reader of YAML names the beginning of what it was reading, which is often far above.
func (c *compiler) notYAML(text string, err error) {
	if at := invalidUTF8(text); at >= 0 {
		c.fail("F000", placeIn(c.file, text, at), "save the file as UTF-8", "a letter here is not written in UTF-8")
		return
	}
	if at := strings.IndexFunc(text, isControl); at >= 0 {
		c.fail("F000", placeIn(c.file, text, at), "take out what is not a letter or a sign", "a character that nobody sees stands here")
		return
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, byteOrderMark)), "\n")
	named := lineNamed(err)
	line := unreadFrom(lines)
	if line == 0 {
		line = max(named, 1)
	}
	line = min(line, len(lines))
	s := slipIn(lines[line-1])
	if line > 1 && slipBefore(lines[line-2]).column > 0 { // which made it begin elsewhere than it looks
		line--
		s = slipBefore(lines[line-1])
	}
	for at := line + 1; s.bracket && at <= min(named, len(lines)); at++ {
		if within := slipIn(lines[at-1]); within.column > 0 && !within.bracket {
			line, s = at, within
		}
	}
	if s.column == 0 {
		s = slipOfIndent(lines, line)
	}
	if s.column == 0 {
		s = slip{column: 1, what: say("it is not clear how to read this line"), mend: say("write it as YAML: spaces for indents, quotes around text that holds a colon")}
	}
	c.fail("F000", Place{File: c.file, Line: line, Column: s.column}, s.mend, "not YAML: %s", s.what)
}

const byteOrderMark = "\ufeff"

func invalidUTF8(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			return i
		}
	}
	return -1
}

func isControl(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n\u0085", r) }

// placeIn is where the byte at an index stands.
func placeIn(file, text string, at int) Place {
	before := text[:at]
	return Place{File: file, Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[1+strings.LastIndex(before, "\n"):])}
}

// lineNamed is the line that the reader of YAML names, 0 for none. It counts from 0 where
// its grammar is broken, and from 1 where its signs are; the later one is meant.
func lineNamed(err error) int {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		return line + 1
	}
	return 0
}

// unreadFrom is the first line, from 1, from which on no beginning of a file can be read
// as settings; 0 for a file that is too long or too deep to look: of what is nested, YAML is
// read in the square of its length.
func unreadFrom(lines []string) int {
	const (
		mostBytes = 4 << 20
		longest   = 60 // lines of what is read as one
	)
	read, ends := 0, make([]int, len(lines)+1)
	for i, line := range lines {
		ends[i+1] = ends[i] + len(line) + 1
	}
	text := strings.Join(lines, "\n") + "\n"
	if nested(text) > deepestRead {
		return 0
	}
	reads := func(n int) bool {
		var doc yaml.Node
		read += ends[n]
		return yaml.Unmarshal([]byte(text[:ends[n]]), &doc) == nil && (len(doc.Content) == 0 || doc.Content[0].Kind == yaml.MappingNode)
	}
	good, bad := 0, len(lines)
	for {
		for bad-good > 1 && read < mostBytes {
			if middle := (good + bad) / 2; reads(middle) {
				good = middle
			} else {
				bad = middle
			}
		}
		further := bad + 1 // what is written on several lines reads again behind them
		for further < min(bad+longest, len(lines)) && read < mostBytes && !reads(further) {
			further++
		}
		switch {
		case read >= mostBytes:
			return 0
		case further >= min(bad+longest, len(lines)):
			return bad
		}
		good, bad = further, len(lines)
	}
}

// deepestRead is how many brackets stand within each other in what people write, with room.
const deepestRead = 50

// nested is how many brackets stand open at once at most.
func nested(text string) (deepest int) {
	open := 0
	for _, r := range text {
		switch r {
		case '{', '[':
			open++
		case '}', ']':
			open--
		}
		deepest = max(deepest, open)
	}
	return deepest
}

// slip is what is wrong on a line; column 0 for nothing.
type slip struct {
	column     int
	what, mend Sentence
	bracket    bool // it is one that closes on another line perhaps
}

// slipIn looks for what people get wrong within a line.
func slipIn(line string) slip {
	if s := slipBefore(line); s.column > 0 {
		return s
	}
	s := scanner{line: []rune(line), at: indent(line), begins: true}
	return s.scan()
}

// slipBefore looks at what stands before the words of a line.
func slipBefore(line string) slip {
	at := indent(line)
	switch r, _ := utf8.DecodeRuneInString(line[at:]); {
	case r == '\t':
		return slip{column: at + 1, what: say("a tab stands before the words"), mend: say("write spaces in its place")}
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r):
		return slip{column: at + 1, what: say("what stands before the words only looks like a space"), mend: say("write it anew, with the space bar")}
	}
	return slip{}
}

// indent is how many spaces a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// scanner goes through the signs of a line.
type scanner struct {
	line   []rune
	at     int
	open   []int // where brackets stand that are not closed yet
	begins bool  // a word may begin here
	named  bool  // the colon behind a name has been
}

func (s *scanner) scan() slip {
	for ; s.at < len(s.line); s.at++ {
		if found := s.sign(s.line[s.at]); found.column > 0 {
			return found
		}
	}
	if len(s.open) > 0 {
		at := s.open[len(s.open)-1]
		return slip{at + 1, say("%q is opened and never closed", string(s.line[at])), say("write %s after it", closes[s.line[at]]), true}
	}
	if at := strings.IndexByte(string(s.line), ':'); !s.named && at > 0 && !s.follows(len(s.line)-1) {
		return slip{column: utf8.RuneCountInString(string(s.line)[:at]) + 1, what: say("no space follows the colon"), mend: say("write `name: words`")}
	}
	return slip{}
}

var closes = map[rune]string{'{': "}", '[': "]"}

// follows says whether a colon at an index ends a name.
func (s *scanner) follows(at int) bool {
	return s.line[at] == ':' && (at+1 == len(s.line) || unicode.IsSpace(s.line[at+1]) || len(s.open) > 0 && strings.ContainsRune(",]}", s.line[at+1]))
}

func (s *scanner) sign(r rune) slip {
	flow := len(s.open) > 0
	switch {
	case unicode.IsSpace(r):
		return slip{}
	case r == '#' && (s.at == 0 || unicode.IsSpace(s.line[s.at-1])):
		if flow {
			return slip{column: s.at + 1, what: say("what follows a # is not read"), mend: say("put quotes around it")}
		}
		s.at = len(s.line)
	case s.begins && strings.ContainsRune(`"'`, r):
		return s.quoted(r)
	case s.begins && strings.ContainsRune("*&!%@`", r):
		return slip{column: s.at + 1, what: say("no word begins with %s", string(r)), mend: say("put quotes around it")}
	case (s.begins || flow) && closes[r] != "":
		s.open, s.begins, s.named = append(s.open, s.at), true, false
	case flow && strings.ContainsRune("}]", r):
		s.open, s.named = s.open[:len(s.open)-1], true
		return s.closed()
	case flow && r == ',':
		s.begins, s.named = true, false
	case s.follows(s.at) && s.named && flow:
		return slip{column: s.at + 1, what: say("a comma is missing before this, or the words have no quotes"), mend: say("put a comma between settings, and quotes around words that hold a colon")}
	case s.follows(s.at) && s.named:
		return slip{column: s.at + 1, what: say("a colon stands in words that have no quotes"), mend: say("put quotes around the words")}
	case s.follows(s.at):
		s.begins, s.named = true, true
	case s.begins && r == '-' && s.at+1 < len(s.line) && s.line[s.at+1] == ' ':
	default:
		s.begins = false
	}
	return slip{}
}

// quoted goes to where quotes close that open here.
func (s *scanner) quoted(quote rune) slip {
	opened := s.at
	for s.at++; s.at < len(s.line); s.at++ {
		switch r := s.line[s.at]; {
		case r == '\\' && quote == '"':
			s.at++
		case r == quote && quote == '\'' && s.at+1 < len(s.line) && s.line[s.at+1] == quote:
			s.at++
		case r == quote:
			return s.closed()
		}
	}
	return slip{opened + 1, say("the quotes that open here are never closed"), say("write %s after the last word", string(quote)), false}
}

// closed is where something has been closed: words cannot go on behind it.
func (s *scanner) closed() slip {
	s.begins = false
	rest := strings.TrimLeft(string(s.line[s.at+1:]), " ")
	if rest == "" || strings.ContainsRune(",}]:#", rune(rest[0])) {
		return slip{}
	}
	return slip{column: s.at + 1, what: say("words go on behind the %s that closes here", string(s.line[s.at])), mend: say(`put " around all of it, and \" for each that is inside`)}
}

// slipOfIndent looks for a line that begins where it cannot.
func slipOfIndent(lines []string, at int) slip {
	var open []int
	above := ""
	for _, line := range lines[:at-1] {
		if trimmed := strings.TrimSpace(line); trimmed == "" || trimmed[0] == '#' {
			continue
		}
		above = line
		begins := indent(line)
		for len(open) > 0 && open[len(open)-1] > begins {
			open = open[:len(open)-1]
		}
		if len(open) == 0 || open[len(open)-1] < begins {
			open = append(open, begins)
		}
		if item := strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(line), "-"), " "); strings.HasPrefix(strings.TrimSpace(line), "- ") {
			open = append(open, len(strings.TrimRight(line, " "))-len(strings.TrimRight(item, " ")))
		}
	}
	begins := indent(lines[at-1])
	fits := false
	for _, column := range open {
		fits = fits || column == begins
	}
	mend := say("begin it in the same column as the lines that it belongs with")
	switch {
	case len(open) == 0 || fits:
		return slip{}
	case begins > open[len(open)-1] && !strings.HasSuffix(strings.TrimSpace(above), ":"):
		return slip{column: begins + 1, what: say("this line begins further right than the one above, which is whole"), mend: mend}
	case begins > open[len(open)-1]:
		return slip{}
	}
	return slip{column: begins + 1, what: say("no line above begins in the same column as this one"), mend: mend}
}
