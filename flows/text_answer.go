package flows

import (
	"cmp"
	"slices"
	"strings"
)

// replied takes a text as an answer to the open question: a key, OK where
// there is one thing to agree to, or a label.
func (t *turn) replied(n *node, said []string, text string) bool {
	if len(said) != 1 && n == nil {
		return false
	}
	if u, ok := t.flow.always[text]; ok {
		if u.repeat && n != nil {
			t.repeat(n, full)
		} else {
			t.enter(cmp.Or(u.next.node, t.flow.always["*"].next.node))
		}
		return true
	}
	if n == nil {
		return false
	}
	key := text
	switch {
	case n.answer == answerConfirm && t.isOK(text):
		t.repeat(n, full) // it asked for OK and a code
		return true
	case n.answer == answerConfirm:
		key = t.confirmed(said)
	case n.kind == kindAsk: // as it is
	case t.agrees(text):
		key = t.onlyChoice(n)
	case n.asksNo() && t.says(wordNo, text):
		key = noKey
	case loneDigit(said) != "":
		key = loneDigit(said) // "2 please", "number 2"
	case tells(text, 3):
		key = t.keyOf(n, text)
	}
	next, ok := t.answer(n, key)
	switch {
	case ok && next != "":
		t.enter(next)
	case !ok && len(text) == 1 && strings.Contains("123456789", text):
		t.utter(promptWrong1)
		t.repeat(n, short)
		return true
	}
	return ok
}

// The names of the words that answer what we last asked, whether its question is
// open or was a text that we sent: OK and yes agree to it.
const (
	wordOK  = "ok"
	wordYes = "yes"
	wordNo  = "no"
)

// agrees says whether a text does.
func (t *turn) agrees(text string) bool {
	return t.isOK(text) || t.says(wordYes, text)
}

// isOK says whether a text is OK and nothing more.
func (t *turn) isOK(text string) bool { return text == "okay" || t.says(wordOK, text) }

// says tells whether a text is a word of ours, in any language of the line, or as a
// carrier may pass it on.
func (t *turn) says(word, text string) bool {
	return text == word || slices.ContainsFunc(t.languages(), func(lang string) bool {
		return slices.Contains(t.flow.catalogue(lang).phrases[word], text)
	})
}

// asksNo says whether a question can be answered by no.
func (n *node) asksNo() bool {
	return slices.ContainsFunc(n.options, func(o option) bool { return o.prompt == promptNo })
}

// onlyChoice is the key of a question that can only be agreed to. Of several
// choices OK is none, unless one says so: it may be meant for what we asked in
// another text.
func (t *turn) onlyChoice(n *node) string {
	own := slices.DeleteFunc(n.own(), func(o *option) bool { return o.voiceOnly || !t.live(o) })
	if i := slices.IndexFunc(own, func(o *option) bool { return o.agree }); i >= 0 {
		return own[i].key
	}
	if len(own) == 1 {
		return own[0].key
	}
	return ""
}

// loneDigit is the one digit among a few words, "" for none or several.
func loneDigit(said []string) string {
	digit, most := "", 3
	if slices.ContainsFunc(said, hasHan) {
		most = 6 // each character is a word
	}
	for _, w := range said {
		switch {
		case len(said) > most || len(w) > 1 && strings.ContainsAny(w, "0123456789") || digit != "" && len(w) == 1 && w >= "0" && w <= "9":
			return ""
		case len(w) == 1 && w >= "0" && w <= "9":
			digit = w
		}
	}
	return digit
}

// keyOf finds the one option whose label begins with the text, "" for none.
func (t *turn) keyOf(n *node, text string) string {
	found := ""
	for i := range n.options {
		o := &n.options[i]
		if o.others() || o.quiet {
			continue // named in a language that is not the sender's, or not at all
		}
		if strings.HasPrefix(t.flow.catalogue(t.s.Lang).offers[o].label, text) {
			if found != "" {
				return ""
			}
			found = o.key
		}
	}
	return found
}
