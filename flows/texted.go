package flows

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// What a text may be for that nobody asked for just then: each is one segment.
const (
	// TextedConfirm is to a number that is to agree before anything else comes, and
	// TextedRecheck to one that agreed long ago: neither tells anything.
	TextedConfirm = "confirm"
	TextedRecheck = "recheck"
	// TextedReminder is of a meeting, and TextedSoon of one that begins an hour later or
	// sooner; the others are of a date that is not held, is held otherwise, or after all.
	TextedReminder = "reminder"
	TextedSoon     = "soon"
	TextedSkipped  = "skipped"
	TextedMoved    = "moved"
	TextedHeld     = "held"
	// TextedCover asks a facilitator whether they can hold an occurrence, TextedCovered
	// tells them that somebody does.
	TextedCover   = "cover"
	TextedCovered = "covered"
	// TextedSpoken tells who chose texts how to hear what was spoken for their group.
	TextedSpoken = "spoken"
)

var textedKinds = []string{
	TextedConfirm, TextedRecheck, TextedReminder, TextedSoon, TextedSkipped, TextedMoved, TextedHeld, TextedCover, TextedCovered, TextedSpoken,
}

// nameless are the texts that go to a number which has not agreed to any, or may not be
// safe any more, and to who leads a group, who has said nothing of naming it.
var nameless = []string{TextedConfirm, TextedRecheck, TextedCover, TextedCovered}

// textOfOurs is which prompt a text says. It names nothing; to who wants their group named
// it says the other, "" for the same.
type textOfOurs struct {
	says, named string
	at          Place
}

// Texted are the prompts of a text of ours: one that names nothing, and one for who wants
// their group named, "" if that is the same. They are said with State.About, and with
// View.Clip where a long name leaves too little room.
func (f *Flow) Texted(kind string) (says, named string) {
	t := f.texted[kind]
	return t.says, t.named
}

func (c *compiler) textsOfOurs(v *yaml.Node) {
	c.pairs(v, "write `reminder: {say: reminder_text}` lines", func(k, v *yaml.Node) {
		t := textOfOurs{at: c.at(k)}
		c.fields(v, map[string]setting{"say": c.text(&t.says), "named": c.text(&t.named)})
		c.flow.texted[k.Value] = t
	})
}

// checkTexted is F020: whatever a text of ours is for, the flow has words for it. F005 is
// of one that is for nothing there is, and F032 of one that may not name a group to anybody.
func (c *compiler) checkTexted() {
	if len(c.flow.texted) == 0 {
		c.fail("F020", top(mainFile), "add `texted:`, as the built-in flow has it", "the flow does not say what the texts of ours say")
		return
	}
	for _, kind := range textedKinds {
		t := c.flow.texted[kind]
		if t.says != "" {
			if t.named != "" && slices.Contains(nameless, kind) {
				c.fail("F032", t.at, "take `named` out", "a text of ours for %q names nothing, whoever reads it", kind)
			}
			continue
		}
		if t.at == (Place{}) {
			t.at = top(mainFile)
		}
		c.fail("F020", t.at, say("add `%s: {say: …}` under `texted`, with a prompt", kind), "a text of ours for %q says nothing", kind)
	}
	for _, kind := range slices.Sorted(maps.Keys(c.flow.texted)) {
		if !slices.Contains(textedKinds, kind) {
			c.fail("F005", c.flow.texted[kind].at, thereAre(slices.Sorted(slices.Values(textedKinds))), "no text of ours is for %q", kind)
		}
	}
}

// unasked are the prompts of the texts of ours, sorted, and whether each may name a group:
// no text says it to who has not allowed that.
func (c *compiler) unasked() (prompts []string, naming map[string]bool) {
	naming = map[string]bool{}
	for _, t := range c.flow.texted {
		if _, known := naming[t.named]; !known && t.named != "" {
			naming[t.named] = true
		}
		if t.says != "" {
			naming[t.says] = false
		}
	}
	return slices.Sorted(maps.Keys(naming)), naming
}
