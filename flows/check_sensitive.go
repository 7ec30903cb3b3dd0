package flows

import (
	"maps"
	"slices"
	"strings"
)

// Sensitive says whether a state is at a node of which nothing may be counted, logged or
// written down: one that says so, and every question for a PIN.
func (f *Flow) Sensitive(s State) bool {
	n := f.nodes[s.Node]
	return n != nil && (n.sensitive || n.answer == answerPIN)
}

// repeats are the slots that speak what a question has put into each variable.
var repeats = map[string][]string{
	"query": {"query"}, "code": {"group.code"}, varWeekday: {"desk.to", "open.series"}, varClock: {"desk.to", "open.series"},
}

// checkSensitive is F040 for what is said in confidence: nothing records it.
func (c *compiler) checkSensitive() {
	for _, name := range c.flow.order {
		if n := c.flow.nodes[name]; n.sensitive && n.kind == kindRecord {
			c.fail("F040", n.at, "take `sensitive` out, or ask for a key instead", "node %q is sensitive, and records what is said", name)
		}
	}
}

// checkToldBack is F040 for an answer given in confidence that a language's words repeat
// before anything else is asked, and in the question that follows.
func (c *compiler) checkToldBack(cat *catalogue) {
	if c.routeless() {
		return
	}
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		if n.kind != kindAsk || !n.sensitive || len(repeats[n.into]) == 0 {
			continue
		}
		after := c.walk(n.withoutReturn([]target{n.next}), (*node).passes)
		for _, follows := range c.flow.order {
			if !after[follows] {
				continue
			}
			for _, prompt := range c.flow.nodes[follows].prompts() {
				for _, t := range []template{cat.prompts[prompt], cat.texts[prompt]} {
					if i := slices.IndexFunc(t.slots(), func(slot string) bool { return slices.Contains(repeats[n.into], slot) }); i >= 0 {
						c.fail("F040", t.at, "take it out, or `sensitive` from the question", "prompt %q speaks {%s} back, which %q asks for in confidence", prompt, t.slots()[i], name)
					}
				}
			}
		}
	}
}

// namesTopic is a topic of the language that stands in a template's own words, "" for none.
func (cat *catalogue) namesTopic(t template) string {
	u := Utterance{Parts: t.parts(func(string) string { return " " })}
	said := " " + plainly(u.Text()) + " "
	for _, slug := range slices.Sorted(maps.Keys(cat.lookedFor.topics)) {
		if own := cat.lookedFor.topics[slug]; len(own) > 0 && strings.Contains(said, " "+own[0]+" ") {
			return own[0]
		}
	}
	return ""
}
