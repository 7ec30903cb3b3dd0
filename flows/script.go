package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// ScriptLine is one thing that a voice says in the same words whenever it does, so that
// a recording of somebody can be played in its place.
type ScriptLine struct {
	// Number is its place on a printed sheet, in three digits, the same in every
	// language: it is what somebody keys who records it by phone. 0 is one for which
	// there was no number left.
	Number int `json:"number,omitempty"`
	// Prompt is its key in the catalogue. An option's has the key that is pressed after
	// it, "opt_code@1": what is said names both.
	Prompt string `json:"prompt"`
	Text   string `json:"text"`
	Hash   string `json:"text_hash"` // TextHash of Text
}

// The numbers of a sheet: of three digits, and none begins with 0, which is help.
const (
	firstScript = 101
	lastScript  = 999
)

// TextHash names words, whatever spaces are between them: SHA-256, hex. A recording of
// other words is stale, and is not played.
func TextHash(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:])
}

// Script is what can be recorded in a language, in the order of the flow: all that is
// said of which no part changes. The caller must not change it.
func (f *Flow) Script(lang string) []ScriptLine { return f.script[lang] }

// ScriptLine is what has that number.
func (f *Flow) ScriptLine(lang string, number int) (ScriptLine, bool) {
	for _, l := range f.script[lang] {
		if number > 0 && l.Number == number {
			return l, true
		}
	}
	return ScriptLine{}, false
}

// scripts lists what can be recorded in each language.
func (c *compiler) scripts() map[string][]ScriptLine {
	spoken := c.spoken()
	all := map[string][]ScriptLine{}
	for _, lang := range c.flow.languages {
		cat, seen := c.flow.catalogues[lang], map[string]bool{}
		for i, s := range spoken {
			text := Utterance{Parts: s.of(cat).fixed}.Text()
			if strings.TrimSpace(text) == "" || seen[text] {
				continue // it has a slot, or is said elsewhere in the same words
			}
			seen[text] = true
			line := ScriptLine{Prompt: s.name, Text: strings.Join(strings.Fields(text), " "), Hash: TextHash(text)}
			if n := firstScript + i; n <= lastScript {
				line.Number = n
			}
			all[lang] = append(all[lang], line)
		}
	}
	return all
}

// spokenLine is what a voice says somewhere, in whatever language.
type spokenLine struct {
	name   string
	option *option // nil for a prompt
}

func (s spokenLine) of(c *catalogue) template {
	if s.option != nil {
		return c.offers[s.option].sentence
	}
	return c.prompts[s.name]
}

// spoken names all that a voice says in the same words whenever it does, in some
// language: in the order of the flow, and each once. What whoever answers a call of ours
// hears is not among it: they may know the voice, and are told nothing of the line.
func (c *compiler) spoken() (all []spokenLine) {
	heard, seen := c.heard(), map[string]bool{"": true}
	private, called := c.private(), c.walk(c.starts(), (*node).targets)
	add := func(s spokenLine) {
		fixed := slices.ContainsFunc(c.flow.languages, func(lang string) bool { return s.of(c.flow.catalogues[lang]).fixed != nil })
		if fixed && !seen[s.name] {
			seen[s.name] = true
			all = append(all, s)
		}
	}
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		if private[name] && !called[name] {
			continue
		}
		if heard[n.prompt] {
			for _, suffix := range []string{"", "_r1", "_r2"} {
				if n.prompt != "" {
					add(spokenLine{name: n.prompt + suffix})
				}
			}
		}
		for i := range n.options {
			if o := &n.options[i]; o.spoken() && heard[o.prompt] {
				add(spokenLine{name: o.prompt + "@" + keyName(o.key), option: o})
				add(spokenLine{name: o.confirm})
			}
		}
	}
	for _, name := range slices.Concat([]string{promptSilence1, promptSilence2, promptWrong1, promptWrong2, promptMore, promptFirst}, edgePrompts) {
		add(spokenLine{name: name})
	}
	return all
}

// keyName is a key as a file's name may have it.
func keyName(key string) string {
	switch key {
	case "*":
		return "star"
	case "#":
		return "pound"
	}
	return key
}

// The variables of the studio in State.Vars: the number of the line that somebody
// records; their recording is VarSpoken.
const VarScript = "script"

// studioFunctions are what somebody does who records the prompts, in the language of
// the call. They have signed in to the desk.
var studioFunctions = map[string]function{
	// studio.find looks the number up that was keyed.
	"studio.find": {outcomes: []string{resultFound, "unknown"}, resolve: func(t *turn) string {
		if _, ok := t.scriptLine(); ok {
			return resultFound
		}
		return "unknown"
	}},
	// studio.next sets "script" to what is not recorded yet and comes after that, or
	// first of all if nothing does; what was spoken and is not kept is destroyed.
	"studio.next": {outcomes: []string{"some", "none", "later"}, spends: []string{VarSpoken}},
	// studio.heard comes with the sound of what was spoken; gone says that nothing was.
	"studio.heard": {outcomes: []string{"ok", "gone", "later"}},
	// studio.keep keeps what was spoken for an owner to approve: unclear says that it
	// cannot be made good, gone that there is nothing.
	"studio.keep": {outcomes: []string{"ok", "unclear", "gone", "later"}, spends: []string{VarSpoken}},
}

var studioSlots = map[string]func(t *turn) string{
	// script.text and script.number are of the line that is recorded.
	"script.text":   func(t *turn) string { l, _ := t.scriptLine(); return l.Text },
	"script.number": func(t *turn) string { return t.digitwise(t.s.Vars[VarScript]) },
}

// scriptLine is the line that is recorded.
func (t *turn) scriptLine() (ScriptLine, bool) {
	number, _ := strconv.Atoi(t.s.Vars[VarScript])
	return t.flow.ScriptLine(t.s.Lang, number)
}
