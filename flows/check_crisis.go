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
		c.fail("F041", top(catalogueFile(cat.lang)), say("add `%s: […]`, with what people write who are in danger", promptDanger), "no text in %s is taken for one of danger", tongue(cat.lang))
	}
	c.checkHarmless(cat)
	for _, t := range []target{c.flow.danger, c.flow.always["0"].next} {
		n := c.flow.nodes[c.flow.onText(t).node]
		if n == nil || n.prompt == "" {
			continue // reported, or no words of the flow's
		}
		if words := cat.written(n.prompt); words.source != "" && !slices.Contains(words.slots(), crisisSlot) {
			c.fail("F041", words.at, say("name {%s} in it", crisisSlot), "the text of %q does not name the crisis line in %s", n.name, tongue(cat.lang))
		}
	}
}

// checkHarmless is F041 for what is taken for nobody's danger.
func (c *compiler) checkHarmless(cat *catalogue) {
	for _, harmless := range cat.phrases[promptHarmless] {
		c.hides(cat, harmless, c.fail)
	}
}

// hides tells of a phrase that is taken for nobody's danger and hides some. It is left
// out of a text in whatever language that is, so it may stand in no phrase of danger of
// any, and one that has such a phrase in it has to say something else besides.
func (c *compiler) hides(cat *catalogue, harmless string, fail func(code string, at Place, mend any, what string, args ...any)) bool {
	at, mend := top(catalogueFile(cat.lang)), say("take it out of `%s`", promptHarmless)
	for _, lang := range c.flow.languages {
		if c.flow.catalogues[lang] == nil {
			continue // which is reported
		}
		for _, danger := range c.flow.catalogues[lang].phrases[promptDanger] {
			if standsIn(danger, harmless) >= 0 {
				fail("F041", at, mend, "%q stands in a phrase of danger, which would not be read", harmless)
				return true
			}
			if i := standsIn(harmless, danger); i >= 0 && cat.withoutSmall(harmless[:i]+harmless[i+len(danger):]) == "" {
				fail("F041", at, mend, "%q says no more than a phrase of danger, which would not be read", harmless)
				return true
			}
		}
	}
	return false
}
