package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// catalogue holds the words of one language.
type catalogue struct {
	lang    string
	voice   Voice
	prompts map[string]template
	offers  map[string]template // an option's prompt and key: its whole sentence
}

// The prompts that every catalogue has beside those its flow names: how an
// option and a list's item are offered, and what is said before asking again.
const (
	promptOption   = "_option"     // {label} {key}
	promptItem     = "_item"       // {label} {key}
	promptMore     = "_more"       // key 9 of a list that goes on
	promptFirst    = "_first"      // key 9 of a list's last page
	promptSilence1 = "_silence_r1" // before the prompt, after the first silence
	promptSilence2 = "_silence_r2" // before the options alone, after the second
	promptWrong1   = "_wrong_r1"
	promptWrong2   = "_wrong_r2"
	// promptOtherLanguages follows the names of several other languages: {key}
	promptOtherLanguages = "_other_languages"
	promptNow            = "_now" // of a group in a list whose door is open
	promptStar           = "_star"
	promptPound          = "_pound"
)

var framing = []string{
	promptOption, promptItem, promptMore, promptFirst,
	promptSilence1, promptSilence2, promptWrong1, promptWrong2, promptOtherLanguages,
	promptNow, promptStar, promptPound,
}

// The prompts that an edge speaks of its own accord, in a room or when it is
// slow. Every catalogue has them.
const (
	Alone      = "alone"       // the first one in a room, at once
	AloneAgain = "alone_again" // every 30 s after that
	AloneOffer = "alone_offer" // after 10 minutes
	LeftAlone  = "left_alone"  // the last one left in a room
	OneMoment  = "one_moment"  // before asking again, when we failed to answer
	TryLater   = "try_later"   // when asking again did not help
)

var edgePrompts = []string{Alone, AloneAgain, AloneOffer, LeftAlone, OneMoment, TryLater}

// template is a prompt made ready: text with slots between.
type template struct {
	pieces []piece
	at     Place
	source string
	// fixed is the template without slots, made once; nil when it has some.
	fixed []Part
}

type piece struct {
	slot string // "" for a part as it stands
	slow bool   // how a slot's words are spoken
	part Part
}

// beat is the silence of [pause].
const beat = 500 * time.Millisecond

// parseTemplate reads catalogue markup: {slot}, [pause], [slow]…[/slow],
// [say:Skwim|Sequim] (pronounced Skwim, written Sequim).
func parseTemplate(text string) (template, error) {
	t := template{source: text}
	slow := false
	for rest := text; rest != ""; {
		at := strings.IndexAny(rest, "{[")
		if at != 0 {
			if at < 0 {
				at = len(rest)
			}
			t.pieces = append(t.pieces, piece{part: Part{Text: rest[:at], Slow: slow}})
			rest = rest[at:]
			continue
		}
		closing := "]"
		if rest[0] == '{' {
			closing = "}"
		}
		mark, after, ok := strings.Cut(rest[1:], closing)
		if !ok {
			return t, fmt.Errorf("%q is opened and never closed; write %s after it", rest[:1], closing)
		}
		if rest[0] == '{' {
			t.pieces = append(t.pieces, piece{slot: mark, slow: slow})
		} else if p, turn, err := markup(mark, slow); err != nil {
			return t, err
		} else if turn == slow {
			t.pieces = append(t.pieces, piece{part: p})
		} else {
			slow = turn
		}
		rest = after
	}
	if slow {
		return t, fmt.Errorf("[slow] is never closed; write [/slow] where the slow words end")
	}
	t.fix()
	return t, nil
}

// markup reads one bracketed mark. It returns the part it stands for, or, by
// a changed slow, that the words after it are spoken otherwise.
func markup(mark string, slow bool) (p Part, turned bool, err error) {
	switch {
	case mark == "pause":
		return Part{Pause: beat}, slow, nil
	case mark == "slow" && !slow:
		return Part{}, true, nil
	case mark == "/slow" && slow:
		return Part{}, false, nil
	case strings.HasPrefix(mark, "say:"):
		alias, text, ok := strings.Cut(mark[len("say:"):], "|")
		if !ok || alias == "" || text == "" {
			return Part{}, slow, fmt.Errorf("[%s] needs a sound and a spelling; write [say:Skwim|Sequim]", mark)
		}
		return Part{Text: text, Alias: alias, Slow: slow}, slow, nil
	}
	return Part{}, slow, fmt.Errorf("[%s] is no mark; there are [pause], [slow]…[/slow] and [say:sound|spelling]", mark)
}

// fix makes the parts of a template without slots, once.
func (t *template) fix() {
	if len(t.slots()) > 0 {
		return
	}
	t.fixed = []Part{}
	for _, p := range t.pieces {
		t.fixed = appendPart(t.fixed, p.part)
	}
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
		if p.slot == slot {
			filled.pieces = append(filled.pieces, in.pieces...)
		} else {
			filled.pieces = append(filled.pieces, p)
		}
	}
	filled.fix()
	return filled
}

func words(s string) template {
	return template{pieces: []piece{{part: Part{Text: s}}}, source: s, fixed: []Part{{Text: s}}}
}

// parts fills the slots.
func (t template) parts(fill func(slot string) string) []Part {
	if t.fixed != nil {
		return t.fixed
	}
	parts := make([]Part, 0, len(t.pieces))
	for _, p := range t.pieces {
		if p.slot != "" {
			p.part = Part{Text: fill(p.slot), Slow: p.slow}
		}
		parts = appendPart(parts, p.part)
	}
	return parts
}

// appendPart joins words that are spoken alike.
func appendPart(parts []Part, p Part) []Part {
	if n := len(parts); n > 0 && p.Pause == 0 && p.Alias == "" {
		last := &parts[n-1]
		if last.Pause == 0 && last.Alias == "" && last.Slow == p.Slow {
			last.Text += p.Text
			return parts
		}
	}
	return append(parts, p)
}
