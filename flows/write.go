package flows

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Message is what a turn on the text channel says: a line for each sentence
// and each choice, in letters that one segment holds most of.
func (o Outcome) Message() string {
	lines := make([]string, len(o.Said))
	for i, u := range o.Said {
		lines[i] = u.Text()
	}
	return Fold(strings.Join(lines, "\n"))
}

// folds writes what GSM-7 lacks by what it has, where taking the accent off is
// not enough.
var folds = map[rune]string{
	'’': "'", '‘': "'", '“': "\"", '”': "\"", '–': "-", '—': "-", '…': "...", '•': "-", '·': "-", '´': "'",
	'ł': "l", 'Ł': "L", 'đ': "d", 'œ': "oe", 'Œ': "OE", 'ı': "i", '«': "\"", '»': "\"",
}

// Fold writes a text in GSM-7 where its language allows: an accent costs a text
// more than half of its room, and everybody reads without; so does a picture.
// Letters of other scripts stay.
func Fold(text string) string {
	if isGSM(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFC.String(text) {
		plain, known := folds[r]
		switch {
		case gsmWidth[r] > 0:
			b.WriteRune(r)
		case known:
			b.WriteString(plain)
		case unicode.Is(unicode.Zs, r), r == '\t':
			b.WriteByte(' ')
		case isPicture(r), isUnseen(r):
		default:
			b.WriteRune(bare(r))
		}
	}
	return b.String()
}

// isGSM says whether a text has no letter that is not both ASCII and of GSM-7.
func isGSM(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf || gsmWidth[rune(text[i])] == 0 {
			return false
		}
	}
	return true
}

// isPicture says whether a text leaves a character out that who wrote it sees: an
// emoji, a sign, a mark that stands on no letter.
func isPicture(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Mn, unicode.Me) && !isUnseen(r) || r >= lightSkin && r <= darkSkin
}

// The modifiers of an emoji that give it a colour of skin.
// Source: https://www.unicode.org/reports/tr51/#Emoji_Modifiers_Table
const lightSkin, darkSkin = '\U0001F3FB', '\U0001F3FF'

// isUnseen says whether a character shows nothing by itself: what joins or turns others,
// and what controlled a terminal.
func isUnseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector) && r != '\n' && r != '\t'
}

// LeftOut is what [Fold] leaves out of a text in one place: what stands there, and the
// text before and after it, in the letters that were written.
type LeftOut struct{ Mark, Before, After string }

// LeavesOut is all that [Fold] leaves out of a text which who wrote it sees, in order.
func LeavesOut(text string) []LeftOut {
	var all []LeftOut
	text = norm.NFC.String(text)
	for from := 0; from < len(text); {
		r, size := utf8.DecodeRuneInString(text[from:])
		if !isPicture(r) || gsmWidth[r] > 0 {
			from += size
			continue
		}
		to := from
		for to < len(text) {
			next, size := utf8.DecodeRuneInString(text[to:])
			if gsmWidth[next] > 0 || !isPicture(next) && !isUnseen(next) {
				break
			}
			to += size
		}
		all = append(all, LeftOut{Mark: text[from:to], Before: text[:from], After: text[to:]})
		from = to
	}
	return all
}

// bare takes the accents off a letter, if that leaves one that GSM-7 has.
func bare(r rune) rune {
	if isHan(r) {
		return r
	}
	if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); gsmWidth[base] > 0 {
		return base
	}
	return r
}

// wording is a prompt's words on this channel: as written, if that is
// otherwise than spoken.
func (t *turn) wording(c *catalogue, prompt string) template {
	if t.view.Text {
		return c.written(prompt)
	}
	return c.prompts[prompt]
}

// writeOption writes a menu's option on a line of its own: "2 Open now".
func (t *turn) writeOption(o *option) {
	if !o.written() {
		return
	}
	c := t.flow.catalogue(t.s.Lang)
	line := c.offers[o].written
	if o.others() {
		var labels []string
		for _, lang := range otherLanguages(t) {
			labels = append(labels, t.flow.catalogue(lang).written(o.prompt).source)
		}
		line = c.written(promptOption).item(words(strings.Join(labels, ", ")), o.key)
	}
	t.said = append(t.said, Utterance{Prompt: o.prompt, Lang: c.lang, Parts: line})
}

// itemRoom is what a list's items may take of two segments, so that what leads
// it and what follows has room too.
const itemRoom = 230

// ucs2Room is the same where a letter that GSM-7 lacks is among them.
const ucs2Room = 90

// fitting is how many of the items a text has room for: one at least.
func (t *turn) fitting(n *node, ids []string) int {
	left := itemRoom
	var room [pageLength]int
	takes := room[:0]
	for i, id := range ids {
		units := -1 // of what is not there any more
		if _, line := t.line(n, id, i+1); line != nil {
			s := CountSegments(Fold(Utterance{Parts: line}.Text()))
			if units = s.Units; s.Encoding == UCS2 {
				left = ucs2Room
			}
		}
		takes = append(takes, units)
	}
	for i, units := range takes {
		if left -= units + 1; left < 0 && i > 0 {
			return i
		}
	}
	return len(ids)
}

// asked says whether a text offers anything to answer.
func (t *turn) asked(n *node) bool {
	if n.kind != kindMenu {
		return len(t.s.Offered) > 0
	}
	for i := range n.options {
		o := &n.options[i]
		if o.written() && (o.when == "" || t.holds(o.when)) {
			return true
		}
	}
	return false
}
