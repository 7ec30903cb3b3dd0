package flows

import "slices"

// suppliedDangers adds to what a kept version takes for words of danger all that the
// built-in flow does in the same language, so that no version, nor a release before it,
// leaves somebody in danger unheard; and leaves out what would hide any of it.
func (c *compiler) suppliedDangers() {
	if c.supply == nil || c.flow.danger.node == "" {
		return
	}
	for _, lang := range c.flow.languages {
		cat, words := c.flow.catalogues[lang], field(c.supply.read(c, catalogueFile(lang)), promptDanger)
		if cat == nil || words == nil {
			continue
		}
		lacks := without(c.phrases(promptDanger, words), cat.phrases[promptDanger])
		if len(lacks) > 0 {
			cat.phrases[promptDanger] = slices.Concat(cat.phrases[promptDanger], lacks)
			c.warn("F041", top(catalogueFile(lang)), say("add them to `%s`, or leave it so", promptDanger), "%d phrases of danger of the built-in flow are missing in %s: they are read as in that", len(lacks), tongue(lang))
		}
	}
	for _, lang := range c.flow.languages {
		cat := c.flow.catalogues[lang]
		if cat == nil {
			continue
		}
		cat.makeLookedFor(c.flow) // the small words, by which harmless ones are judged
		cat.phrases[promptHarmless] = slices.DeleteFunc(cat.phrases[promptHarmless], func(harmless string) bool {
			return c.hides(cat, harmless, c.warn)
		})
	}
}

// without are the phrases that are not among others.
func without(phrases, others []string) []string {
	return slices.DeleteFunc(phrases, func(one string) bool { return slices.Contains(others, one) })
}

// CheckDangers is F041 for the languages that the built-in flow speaks too: it warns of
// phrases of danger that a flow has not of those of the built-in one.
func CheckDangers(f, builtIn *Flow) (problems []Problem) {
	c := newCompiler()
	for _, lang := range f.languages {
		if f.danger.node == "" || !slices.Contains(builtIn.languages, lang) {
			continue
		}
		if lacks := without(builtIn.Dangers(lang), f.Dangers(lang)); len(lacks) > 0 {
			c.warn("F041", top(catalogueFile(lang)), say("add them to `%s`", promptDanger), "%d phrases of danger of the built-in flow are missing in %s", len(lacks), tongue(lang))
		}
	}
	return c.problems
}
