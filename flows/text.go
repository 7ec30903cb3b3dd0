package flows

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
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
	text := plainly(body)
	said := strings.Fields(text)
	switch {
	case t.inDanger(said):
		t.enter(t.flow.danger.node)
	case t.halted(body, text), t.replied(n, said, text):
	case t.anew(), t.ordered(body, said, text), t.named(n, said, text), t.coded(text), t.tongue(text), t.looked(said, text), t.nearly(said):
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

// mostSmall is how many small words may stand before a word of ours.
const mostSmall = 8

// numberApart sets a text's first long number apart from the letters that it runs into:
// join482105, call911, 改期482105周三.
func numberApart(body string) string {
	if !runsIntoLetters(body) {
		return body // as most are
	}
	found := longNumber.FindStringSubmatchIndex(body)
	if found == nil {
		return body
	}
	from, to := max(found[2], found[4]), max(found[3], found[5])
	return body[:from] + " " + body[from:to] + " " + body[to:]
}

// runsIntoLetters says whether three digits or more stand behind a letter or before a
// Chinese one.
func runsIntoLetters(body string) bool {
	digits, letter, behind := 0, false, false
	for _, r := range body {
		switch {
		case !unicode.IsDigit(r):
			if digits >= 3 && isHan(r) {
				return true
			}
			digits, letter = 0, unicode.IsLetter(r)
			continue
		case digits == 0:
			behind = letter
		}
		if digits++; digits >= 3 && behind {
			return true
		}
	}
	return false
}

// longNumber is one of three digits or more, of any width, behind a letter or before a
// Chinese one. A time as in 1930h is none.
var longNumber = regexp.MustCompile(`\pL([0-9０-９]{3,})(?:\p{Han}|[^\pL0-9０-９]|$)|([0-9０-９]{3,})\p{Han}`)

// apostrophes are what keyboards put for one.
var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "ʼ", "'")

func withApostrophes(body string) string {
	if !strings.ContainsAny(body, "’‘`´ʼ") {
		return body
	}
	return apostrophes.Replace(body)
}

// inDanger says whether a text speaks of dying or danger, in any language of
// the line; the answer is in that language. So does what people dial in danger there.
func (t *turn) inDanger(said []string) bool {
	for _, lang := range t.languages() {
		harmless := t.flow.catalogue(lang).lookedFor.harmless
		for from, to := harmless.in(said); to > 0; from, to = harmless.in(said) {
			said = slices.Concat(said[:from], []string{""}, said[to:])
		}
	}
	if t.flow.danger.node == "" {
		return false
	}
	return t.anyLanguage(func(c *catalogue) bool {
		_, to := c.lookedFor.dangers.in(said)
		return to > 0
	}) || t.urgent(said)
}

// urgent says whether a text names what people dial in danger. Two digits alone are too
// near to a time or a count to be that within a sentence.
func (t *turn) urgent(said []string) bool {
	number := t.view.Directory.Line.Urgent()
	return slices.Contains(said, number) && (len(number) > 2 || len(said) == 1)
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
func (t *turn) named(n *node, said []string, text string) bool {
	return t.anyLanguage(func(c *catalogue) bool {
		w, rest, ok := c.wordOf(text)
		if !ok {
			w, rest, ok = t.politely(c, said, text)
		}
		if !ok || w.name == wordNo && rest == "" && n != nil && n.name != t.flow.always["*"].next.node {
			return false
		}
		if w.into == intoOrder && rest != "" && digitsOf(rest) == "" {
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
func (t *turn) politely(c *catalogue, said []string, text string) (found word, rest string, ok bool) {
	if len(digitsOf(text)) != t.view.Directory.Line.CodeLength {
		return word{}, "", false
	}
	at := 0
	for i := 1; i < len(said) && i <= mostSmall; i++ {
		at += len(said[i-1]) + 1
		found, rest, ok = c.wordOf(text[at:])
		if ok && found.into == "code" && rest != "" && c.withoutSmall(text[:at-1]) == "" {
			return found, rest, true
		}
	}
	return word{}, "", false
}

// answered is what follows a word, as its variable takes it.
func (t *turn) answered(c *catalogue, w word, rest string) string {
	switch digits := digitsOf(rest); {
	case w.into == "code", w.into == intoQuestion:
		return digits
	case w.into == intoOrder && len(digits) == t.view.Directory.Line.CodeLength+keyLength:
		return t.codeFirst(rest, digits)
	case w.into == intoOrder:
		return ""
	}
	if c.withoutSmall(rest) == "" {
		return "" // "find a group"
	}
	return rest
}

// wordOf finds the word that plain words begin with: the longest of its names. A
// word that takes nothing after it is the whole text.
func (c *catalogue) wordOf(text string) (found word, rest string, ok bool) {
	if text == "" {
		return word{}, "", false
	}
	longest := -1
	for _, w := range c.lookedFor.begun[text[0]] {
		after, begins := strings.CutPrefix(text, w.phrase)
		if !begins || len(w.phrase) <= longest || after != "" && !w.ends(after) {
			continue
		}
		found, rest, longest = *w.word, strings.TrimSpace(after), len(w.phrase)
	}
	return found, rest, longest >= 0
}

// digitsOf joins those of plain words that are numbers.
func digitsOf(text string) string {
	digits := ""
	for w := range strings.FieldsSeq(text) {
		if isDigits(w) {
			digits += w
		}
	}
	return digits
}

func isDigits(word string) bool { return strings.Trim(word, "0123456789") == "" }

// coded takes a text with a group's code in it and no other number.
func (t *turn) coded(text string) bool {
	code := digitsOf(text)
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
func (t *turn) tongue(text string) bool {
	for _, lang := range t.languages() {
		if text != "" && text == t.flow.catalogue(lang).lookedFor.own {
			t.s.Lang = lang
			t.enter(t.flow.always["*"].next.node)
			return true
		}
	}
	return false
}

// looked takes a text that names something to look for.
func (t *turn) looked(said []string, text string) bool {
	if len(said) == 0 || len(said) > 8 && !hasHan(said[0]) || len(said) > 16 {
		return false
	}
	t.s.Query = text
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
