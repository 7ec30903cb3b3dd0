package flows

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// template is a prompt made ready: text with slots between.
type template struct {
	pieces []piece
	at     Place
	source string
	// fixed is the template without slots, made once; nil when it has some.
	fixed []Part
}

type piece struct {
	slot  string // "" for a part as it stands
	slow  bool   // how a slot's words are spoken
	first bool   // whether a slot begins a sentence
	part  Part
}

// beat is the silence of [pause].
const beat = 500 * time.Millisecond

// parseTemplate reads catalogue markup: {slot}, [pause], [slow]…[/slow],
// [say:Skwim|Sequim] (pronounced Skwim, written Sequim).
func parseTemplate(text string) (template, *markupFault) {
	t := template{source: text}
	slow := false
	for rest := text; rest != ""; {
		at := strings.IndexAny(rest, "{[}]")
		if at != 0 {
			if at < 0 {
				at = len(rest)
			}
			t.pieces = append(t.pieces, piece{part: Part{Text: rest[:at], Slow: slow}})
			rest = rest[at:]
			continue
		}
		mark, after, fault := bracketed(rest)
		if fault != nil {
			return t, fault
		}
		if rest[0] == '{' {
			t.pieces = append(t.pieces, piece{slot: mark, slow: slow})
		} else if p, turned, fault := markup(mark, slow); fault != nil {
			return t, fault
		} else if turned == slow {
			t.pieces = append(t.pieces, piece{part: p})
		} else {
			slow = turned
		}
		rest = after
	}
	if slow {
		return t, &markupFault{say("[slow] is never closed"), say("write [/slow] where the slow words end")}
	}
	switch {
	case !t.speaks():
		return t, &markupFault{say("it says nothing"), say("write what is said")}
	case t.filled() > mostSlots:
		return t, &markupFault{say("it names more than %d slots", mostSlots), say("say it in two prompts")}
	case utf8.RuneCountInString(text) > longestWords:
		return t, &markupFault{say("it is longer than %d characters", longestWords), say("say it in fewer words: nobody listens for so long")}
	}
	t.fix()
	return t, nil
}

// markupFault is what is wrong with a prompt's markup, and how to mend it.
type markupFault struct{ what, mend Sentence }

// bracketed splits what stands in the brackets that text begins with from
// what follows them.
func bracketed(text string) (mark, after string, fault *markupFault) {
	closing := "]"
	switch text[0] {
	case '{':
		closing = "}"
	case '}', ']':
		return "", "", &markupFault{say("%q closes nothing", text[:1]), say("take it out")}
	}
	mark, after, ok := strings.Cut(text[1:], closing)
	switch {
	case !ok:
		return "", "", &markupFault{say("%q is opened and never closed", text[:1]), say("write %s after it", closing)}
	case strings.ContainsAny(mark, "{[") || strings.TrimSpace(mark) == "":
		return "", "", &markupFault{say("%q holds no name of a slot or mark", text[:1]+mark+closing), say("write it like {group.name} or [pause], one at a time")}
	}
	return mark, after, nil
}

// speaks says whether there is anything to hear.
func (t template) speaks() bool {
	return slices.ContainsFunc(t.pieces, func(p piece) bool {
		return p.slot != "" || strings.TrimSpace(p.part.Text) != ""
	})
}

// filled is how many slots there are, those too that stand there more than once.
func (t template) filled() (n int) {
	for _, p := range t.pieces {
		if p.slot != "" {
			n++
		}
	}
	return n
}

// markup reads one bracketed mark. It returns the part it stands for, or, by
// a changed slow, that the words after it are spoken otherwise.
func markup(mark string, slow bool) (p Part, turned bool, fault *markupFault) {
	switch {
	case mark == "pause":
		return Part{Pause: beat}, slow, nil
	case mark == "slow" && !slow:
		return Part{}, true, nil
	case mark == "/slow" && slow:
		return Part{}, false, nil
	case strings.HasPrefix(mark, "say:"):
		alias, text, ok := strings.Cut(mark[len("say:"):], "|")
		if !ok || strings.TrimSpace(alias) == "" || strings.TrimSpace(text) == "" {
			return Part{}, slow, &markupFault{say("[%s] needs a sound and a spelling", mark), say("write [say:Skwim|Sequim]")}
		}
		return Part{Text: text, Alias: alias, Slow: slow}, slow, nil
	}
	return Part{}, slow, &markupFault{say("[%s] is no mark here", mark), say("there are [pause], [slow]…[/slow] and [say:sound|spelling]")}
}

// fix makes the parts of a template without slots, once, and else finds which begin a
// sentence.
func (t *template) fix() {
	if len(t.slots()) > 0 {
		ended := true
		for i, p := range t.pieces {
			if t.pieces[i].first = p.slot != "" && ended; p.slot != "" || p.part.Text != "" {
				ended = p.slot == "" && endsSentence(p.part.Text, ended)
			}
		}
		return
	}
	var b builder
	parts := []Part{}
	for _, p := range t.pieces {
		b, parts = b.add(parts, p.part)
	}
	t.fixed = b.ended(parts)
}

// endsSentence says whether a sentence has ended behind a text; before is whether one had in
// front of it.
func endsSentence(text string, before bool) bool {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	if text == "" {
		return before
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?。！？", last)
}

// slots names the slots, each once, in order of first use.
func (t template) slots() []string {
	var names []string
	for _, p := range t.pieces {
		if p.slot != "" && !slices.Contains(names, p.slot) {
			names = append(names, p.slot)
		}
	}
	return names
}

// with puts the pieces of another template, or plain words, into slots.
func (t template) with(slot string, in template) template {
	filled := template{at: t.at, source: t.source}
	for _, p := range t.pieces {
		if p.slot != slot {
			filled.pieces = append(filled.pieces, p)
			continue
		}
		for _, inner := range in.pieces {
			inner.slow = inner.slow || p.slow
			inner.part.Slow = inner.part.Slow || p.slow && inner.part.Pause == 0
			filled.pieces = append(filled.pieces, inner)
		}
	}
	filled.fix()
	return filled
}

func words(s string) template {
	return template{pieces: []piece{{part: Part{Text: s}}}, source: s, fixed: []Part{{Text: s}}}
}

// parts fills the slots, of what is only some words of a sentence perhaps.
func (t template) parts(fill func(slot string) string) []Part { return t.filling(fill, false) }

// sentences fills the slots of whole sentences: what begins one begins with a capital.
func (t template) sentences(fill func(slot string) string) []Part { return t.filling(fill, true) }

func (t template) filling(fill func(slot string) string, whole bool) []Part {
	if t.fixed != nil {
		return t.fixed
	}
	var room [roomForWords]byte
	b, parts := builder{text: room[:0]}, make([]Part, 0, len(t.pieces))
	for _, p := range t.pieces {
		if p.slot != "" {
			p.part = Part{Text: fill(p.slot), Slow: p.slow}
			if whole && p.first {
				p.part.Text = capital(p.part.Text)
			}
		}
		b, parts = b.add(parts, p.part)
	}
	return b.ended(parts)
}

// item fills the slots of a list's item. The label has none of its own.
func (t template) item(label template, key string) []Part {
	var room [roomForWords]byte
	b, parts := builder{text: room[:0]}, make([]Part, 0, 1)
	for _, p := range t.pieces {
		switch p.slot {
		case "label":
			for _, in := range label.pieces {
				in.part.Slow = in.part.Slow || p.slow && in.part.Pause == 0
				b, parts = b.add(parts, in.part)
			}
		case "key":
			b, parts = b.add(parts, Part{Text: key, Slow: p.slow})
		default:
			b, parts = b.add(parts, p.part)
		}
	}
	return b.ended(parts)
}

// roomForWords is how many bytes of words that are spoken alike have room before more is made.
const roomForWords = 256

// builder joins words that are spoken alike.
type builder struct {
	text []byte // words not yet among the parts
	slow bool   // how they are spoken
}

func (b builder) add(parts []Part, p Part) (builder, []Part) {
	switch {
	case p.Pause > 0 || p.Alias != "":
		parts = append(b.ended(parts), p)
		b.text = b.text[:0]
		return b, parts
	case len(b.text) > 0 && b.slow != p.Slow:
		parts = b.ended(parts)
		b.text = b.text[:0]
	}
	b.text, b.slow = append(b.text, p.Text...), p.Slow
	return b, parts
}

// ended puts the words so far among the parts.
func (b builder) ended(parts []Part) []Part {
	if len(b.text) == 0 {
		return parts
	}
	return append(parts, Part{Text: string(b.text), Slow: b.slow})
}
