package flows

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// texted answers a text: n is the node whose question is open, nil for none.
// The order is that of what would be worst to miss: danger, a wish to be left
// alone, an answer to what was asked, a word of ours, something to look for,
// nearly a word of ours.
// Whatever else it is gets the main menu.
func (t *turn) texted(n *node, body string) {
	if n == nil || !n.asks() {
		n = nil
		t.s = State{Flow: t.flow.Hash, Hour: t.view.Now.Unix() / 3600, Turn: 1, Lang: t.s.Lang}
	}
	t.s.Lang = t.known(t.s.Lang)
	body = numberApart(body)
	said := plainWords(body)
	switch {
	case t.inDanger(said):
		t.enter(t.flow.danger.node)
	case t.halted(body), t.replied(n, said):
	case t.anew(), t.ordered(body, said), t.named(n, said), t.coded(said), t.tongue(said), t.looked(said), t.nearly(said):
	default:
		t.enter(t.flow.always["*"].next.node)
	}
}

// anew gives up the question that was open, for a text that is no answer to it: what was
// being set up is over. It takes no text.
func (t *turn) anew() bool {
	t.s.Vars, t.s.Staff, t.s.Returns, t.s.Query = nil, "", nil, ""
	return false
}

// plainWords reads a text as its sender may have meant it: without case,
// accents, punctuation, pictures and what cannot be seen. Each Chinese character is
// a word. A star or a pound sign is a key only by itself.
func plainWords(body string) []string {
	if key := strings.TrimSpace(body); key == "*" || key == "#" {
		return []string{key}
	}
	if words, ok := asciiWords(body); ok {
		return words
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(apostrophes.Replace(body)) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == '\'': // don't → dont
		case isHan(r):
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// mostSmall is how many small words may stand before a word of ours.
const mostSmall = 8

// numberApart sets a text's first long number apart from the letters that it runs into:
// join482105, call911, 改期482105周三.
func numberApart(body string) string {
	found := longNumber.FindStringSubmatchIndex(body)
	if found == nil {
		return body
	}
	from, to := max(found[2], found[4]), max(found[3], found[5])
	return body[:from] + " " + body[from:to] + " " + body[to:]
}

// longNumber is one of three digits or more, of any width, behind a letter or before a
// Chinese one. A time as in 1930h is none.
var longNumber = regexp.MustCompile(`\pL([0-9０-９]{3,})(?:\p{Han}|[^\pL0-9０-９]|$)|([0-9０-９]{3,})\p{Han}`)

// apostrophes are what keyboards put for one.
var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "ʼ", "'")

// inDanger says whether a text speaks of dying or danger, in any language of
// the line; the answer is in that language.
func (t *turn) inDanger(said []string) bool {
	for _, lang := range t.languages() {
		harmless := t.flow.catalogue(lang).lookedFor.harmless
		for from, to := harmless.in(said); to > 0; from, to = harmless.in(said) {
			said = slices.Concat(said[:from], []string{""}, said[to:])
		}
	}
	return t.flow.danger.node != "" && t.anyLanguage(func(c *catalogue) bool {
		_, to := c.lookedFor.dangers.in(said)
		return to > 0
	})
}

// anyLanguage tries the sender's language and then the line's others, and goes
// on in the one that will do.
func (t *turn) anyLanguage(does func(c *catalogue) bool) bool {
	if does(t.flow.catalogue(t.s.Lang)) {
		return true
	}
	own := t.s.Lang
	for _, lang := range t.languages() {
		if lang != own && does(t.flow.catalogue(lang)) {
			t.s.Lang = lang
			return true
		}
	}
	return false
}

// named takes a text that begins with a word of ours. A no is one to what is asked
// in n, if anything is: to the menu of everybody there is none.
func (t *turn) named(n *node, said []string) bool {
	return t.anyLanguage(func(c *catalogue) bool {
		w, rest, ok := t.flow.wordOf(c, said)
		if !ok {
			w, rest, ok = t.politely(c, said)
		}
		if !ok || w.name == wordNo && rest == "" && n != nil && n.name != t.flow.always["*"].next.node {
			return false
		}
		if w.into == intoOrder && rest != "" && digitsOf(strings.Fields(rest)) == "" {
			return false // "who is this"
		}
		if w.into == "code" || w.into == intoOrder {
			t.s.Group = "" // of a question that was open before
		}
		if rest = t.answered(c, w, rest); w.without.node != "" && rest == "" {
			t.s.Lang = c.lang
			t.enter(w.without.node)
			return true
		}
		t.s.Lang = c.lang
		t.take(w.into, rest)
		t.enter(w.next.node)
		return true
	})
}

// politely finds a word of ours that a group's code follows, behind small ones: "please
// remind me 482105".
func (t *turn) politely(c *catalogue, said []string) (found word, rest string, ok bool) {
	if len(digitsOf(said)) != t.view.Directory.Line.CodeLength {
		return word{}, "", false
	}
	for i := 1; i < len(said) && i <= mostSmall; i++ {
		found, rest, ok = t.flow.wordOf(c, said[i:])
		if ok && found.into == "code" && rest != "" && c.withoutSmall(strings.Join(said[:i], " ")) == "" {
			return found, rest, true
		}
	}
	return word{}, "", false
}

// answered is what follows a word, as its variable takes it.
func (t *turn) answered(c *catalogue, w word, rest string) string {
	switch digits := digitsOf(strings.Fields(rest)); {
	case w.into == "code", w.into == intoQuestion:
		return digits
	case w.into == intoOrder && len(digits) == t.view.Directory.Line.CodeLength+keyLength:
		return t.codeFirst(strings.Fields(rest), digits)
	case w.into == intoOrder:
		return ""
	}
	if c.withoutSmall(rest) == "" {
		return "" // "find a group"
	}
	return rest
}

// wordOf finds the word that a text begins with: the longest of its names. A
// word that takes nothing after it is the whole text.
func (f *Flow) wordOf(c *catalogue, said []string) (found word, rest string, ok bool) {
	text, longest := strings.Join(said, " "), -1
	for _, w := range f.words {
		for _, phrase := range c.phrases[w.name] {
			after, begins := strings.CutPrefix(text, phrase)
			if !begins || after != "" && !w.ends(after) || len(phrase) <= longest {
				continue
			}
			found, rest, longest = w, strings.TrimSpace(after), len(phrase)
		}
	}
	return found, rest, longest >= 0
}

// digitsOf joins the words that are numbers.
func digitsOf(said []string) string {
	digits := ""
	for _, w := range said {
		if strings.Trim(w, "0123456789") == "" {
			digits += w
		}
	}
	return digits
}

// coded takes a text with a group's code in it and no other number.
func (t *turn) coded(said []string) bool {
	code := digitsOf(said)
	if len(code) != t.view.Directory.Line.CodeLength {
		return false
	}
	for _, w := range t.flow.words {
		if w.into == "code" && w.without.node != "" {
			t.take(w.into, code)
			t.enter(w.next.node)
			return true
		}
	}
	return false
}

// tongue takes a text that is a language's own name, and nothing else.
func (t *turn) tongue(said []string) bool {
	text := strings.Join(said, " ")
	for _, lang := range t.languages() {
		if text != "" && text == plainly(selfName(lang)) {
			t.s.Lang = lang
			t.enter(t.flow.always["*"].next.node)
			return true
		}
	}
	return false
}

// looked takes a text that names something to look for.
func (t *turn) looked(said []string) bool {
	if len(said) == 0 || len(said) > 8 && !hasHan(said[0]) || len(said) > 16 {
		return false
	}
	t.s.Query = strings.Join(said, " ")
	for _, w := range t.flow.words {
		if w.into == "query" && w.without.node != "" && t.flow.matches(w.next.node) && t.match() != "none" {
			t.enter(w.next.node)
			return true
		}
	}
	return false
}

// matches says whether a node looks for groups by words.
func (f *Flow) matches(name string) bool { return f.nodes[name].does == "groups.match" }

// nearly offers the word that a text may be a slip of.
func (t *turn) nearly(said []string) bool {
	if len(said) == 0 || len(said[0]) < 3 || hasHan(said[0]) || t.flow.unsure.node == "" {
		return false
	}
	guess := ""
	if !t.anyLanguage(func(c *catalogue) bool { guess = t.flow.nearest(c, said[0], len(said) == 1); return guess != "" }) {
		return false
	}
	t.s.Query = strings.ToUpper(guess)
	t.enter(t.flow.unsure.node)
	return true
}

// nearest is the name of a word that is one slip away from what was written,
// two for a long one; "" for none. A text of several words can only be a slip
// of a word that takes something after it.
func (f *Flow) nearest(c *catalogue, said string, alone bool) string {
	best, slips := "", 2
	if len(said) >= 6 {
		slips = 3
	}
	for _, w := range f.words {
		if w.name == wordYes || w.name == wordNo || w.into == intoOrder {
			continue // near to much, and not to be guessed; or not for everybody
		}
		for _, phrase := range c.phrases[w.name] {
			if farther(said, phrase) >= slips {
				continue
			}
			if d := distance(said, phrase); d < slips && slipOf(phrase, said, d) && (alone || w.into != "" && w.into != intoQuestion && said[0] == phrase[0]) {
				best, slips = phrase, d
			}
		}
	}
	return best
}

// slipOf says whether so many slips may lead from a word to what was written:
// short words are near to much.
func slipOf(word, said string, slips int) bool {
	switch {
	case len(word) < 3:
		return false
	case len(word) == 3:
		return len(said) == 3 && said[0] == word[0]
	}
	return slips < 2 || len(word) >= 6
}

// farther is a distance that two words have at least, and soon seen: each letter that only
// one of them has is a slip, as is each by which one is longer.
func farther(a, b string) int {
	in, of := lettersOf(a), lettersOf(b)
	return max(len(a)-len(b), len(b)-len(a), bits.OnesCount64(in&^of), bits.OnesCount64(of&^in))
}

// lettersOf is which letters a word has, one bit for each byte or for several.
func lettersOf(word string) (set uint64) {
	for i := range len(word) {
		set |= 1 << (word[i] & 63)
	}
	return set
}

// distance counts the letters to add, drop, change or swap with the next
// (Damerau–Levenshtein, restricted).
func distance(a, b string) int {
	var room [3][32]int
	before, last, row := room[0][:], room[1][:], room[2][:]
	if len(b) >= len(last) {
		before, last, row = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// HelpTexts are what a text of danger, and a text that asks for help, is
// answered in a language.
func (f *Flow) HelpTexts(v View, lang string) []string {
	var all []string
	for _, to := range []target{f.danger, f.always["0"].next} {
		t := &turn{flow: f, view: v, s: State{Lang: lang}}
		t.enter(to.node)
		all = append(all, Outcome{Said: t.said}.Message())
	}
	return all
}
