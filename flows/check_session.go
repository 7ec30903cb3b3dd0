package flows

import (
	"maps"
	"slices"
	"strings"
)

// seats says whether the flow has a question to who sits in a session.
func (f *Flow) seats() bool {
	for _, n := range f.nodes {
		if n.sits {
			return true
		}
	}
	return false
}

// placeOfSeated is where the keys are of who sits, or should be.
func (c *compiler) placeOfSeated() Place {
	if c.seated == (Place{}) {
		return top(mainFile)
	}
	return c.seated
}

// ofSession says whether a slot, a list or a condition reads the View's Session.
func ofSession(name string) bool { return strings.HasPrefix(name, "session.") }

// checkSitting is F009: a question with `sits` is one to who has been let into a
// room, and every question that reads a session has it.
func (c *compiler) checkSitting() {
	outside := c.walk(slices.Concat(c.starts(), c.openings()), func(n *node) []target {
		if n.kind == kindJoin || n.does == "session.admit" {
			return nil
		}
		return n.targets()
	})
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		switch {
		case n.sits && outside[name]:
			c.fail("F009", n.at, "take `sits` out, or lead to it from a room alone", "who sits in no session comes to %q", name)
		case n.asks() && !n.sits && n.readsSession():
			c.fail("F009", n.at, "add `sits: true`", "%q reads a session, and does not say so", name)
		}
	}
}

// readsSession says whether a node's list or one of its conditions does.
func (n *node) readsSession() bool {
	return ofSession(n.source) || slices.ContainsFunc(n.options, func(o option) bool { return ofSession(o.when) })
}

// checkSessionWords is F009 for the prompts of questions, and F020 for the names
// that people have in a session.
func (c *compiler) checkSessionWords(cat *catalogue) {
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		if n.sits || !n.asks() {
			continue
		}
		for _, prompt := range n.prompts() {
			if slices.ContainsFunc(cat.prompts[prompt].slots(), ofSession) {
				c.fail("F009", n.at, "add `sits: true`", "%q reads a session in %s, and does not say so", name, tongue(cat.lang))
			}
		}
	}
	c.checkAliases(cat)
}

// prompts are what a node may say of its own.
func (n *node) prompts() []string {
	all := []string{n.prompt}
	for _, o := range n.options {
		all = append(all, o.prompt)
	}
	return all
}

// fewestAliases is how many names a session needs, so that nobody's has a number.
const fewestAliases = 20

// checkAliases is F020: every language has the same names, in its own words, and none
// twice.
func (c *compiler) checkAliases(cat *catalogue) {
	if c.flow.Room() == "" || c.doubtful {
		return
	}
	at := cat.named
	if at == (Place{}) {
		at = top(catalogueFile(cat.lang))
	}
	first := c.flow.catalogues[c.flow.languages[0]]
	switch {
	case len(cat.aliases) < fewestAliases:
		c.fail("F020", at, "write `_aliases: [Blue Heron, …]`, 20 at least", "people have %d names to choose from in %s", len(cat.aliases), tongue(cat.lang))
	case first != nil && len(first.aliases) != len(cat.aliases):
		c.fail("F020", at, "write the same names in the same order", "people have %d names in %s, and %d in %s", len(cat.aliases), tongue(cat.lang), len(first.aliases), tongue(first.lang))
	}
	seen := map[string]int{}
	for _, name := range cat.aliases {
		seen[plainly(name)]++
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if seen[name] > 1 {
			c.fail("F020", at, "give each their own", "two people may both be called %q in %s", name, tongue(cat.lang))
		}
	}
}
