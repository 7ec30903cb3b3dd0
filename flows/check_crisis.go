package flows

import "slices"

// crisisSlot names the crisis line.
const crisisSlot = "crisis.name"

// checkCrisisTexts is F041 for the text channel: a text of danger leads somewhere.
func (c *compiler) checkCrisisTexts() {
	if len(c.flow.words) > 0 && c.flow.danger.node == "" {
		c.fail("F041", top(mainFile), "add `danger:`, with a node that names the crisis line", "a text of dying or danger leads nowhere")
	}
}

// checkCrisisWords is F041 for one language: it knows danger when it reads of it, and
// what answers that, and who texts for help, names the crisis line.
func (c *compiler) checkCrisisWords(cat *catalogue) {
	if len(c.flow.words) == 0 || c.routeless() {
		return
	}
	if c.flow.danger.node != "" && len(cat.phrases[promptDanger]) == 0 {
		c.fail("F041", top(catalogueFile(cat.lang)), say("add `%s: […]`, with what people write who are in danger", promptDanger), "no text in %s is taken for one of danger", cat.lang)
	}
	for _, harmless := range cat.phrases[promptHarmless] {
		if slices.ContainsFunc(cat.phrases[promptDanger], func(p string) bool { return standsIn(p, harmless) >= 0 }) {
			c.fail("F041", top(catalogueFile(cat.lang)), say("take it out of `%s`", promptHarmless), "%q stands in a phrase of danger, which would not be read", harmless)
		}
	}
	for _, t := range []target{c.flow.danger, c.flow.always["0"].next} {
		n := c.flow.nodes[c.flow.onText(t).node]
		if n == nil || n.prompt == "" {
			continue // reported, or no words of the flow's
		}
		if words := cat.written(n.prompt); words.source != "" && !slices.Contains(words.slots(), crisisSlot) {
			c.fail("F041", words.at, say("name {%s} in it", crisisSlot), "the text of %q does not name the crisis line in %s", n.name, cat.lang)
		}
	}
}
