package flows

import (
	"maps"
	"slices"
	"strings"
)

// walk visits every node that can be come to from some, once.
func (c *compiler) walk(from []target, next func(*node) []target) map[string]bool {
	seen := map[string]bool{}
	for todo := slices.Clone(from); len(todo) > 0; {
		name := todo[len(todo)-1].node
		todo = todo[:len(todo)-1]
		if seen[name] || c.flow.nodes[name] == nil { // a `return` that nothing sent, which is reported
			continue
		}
		seen[name] = true
		todo = append(todo, next(c.flow.nodes[name])...)
	}
	return seen
}

// starts are where a caller can come in: at the start, by a key that works
// everywhere, and by a text.
func (c *compiler) starts() []target {
	from := []target{c.flow.start}
	for _, key := range universalKeys {
		from = append(from, c.flow.always[key].next)
	}
	return append(from, c.flow.textStarts()...)
}

// seats are where the keys lead that work everywhere for who sits in a session.
func (c *compiler) seats() (from []target) {
	for _, key := range universalKeys {
		from = append(from, c.flow.seated[key].next)
	}
	return from
}

// checkReach is F002: every node can be come to. What an extension leads nobody to any
// more may stay.
func (c *compiler) checkReach() {
	seen := c.walk(slices.Concat(c.starts(), c.seats(), c.openings()), (*node).targets)
	for _, name := range c.flow.order {
		if !seen[name] && !ofBuiltIn(c.flow.nodes[name].at.File) {
			c.fail("F002", c.flow.nodes[name].at, "lead to it, or remove it", "nothing leads to node %q", name)
		}
	}
}

// passes lists where a node leads with no key pressed. A room and a dialled
// number count: a call that comes back from one goes on unasked.
func (n *node) passes() []target {
	switch n.kind {
	case kindMenu, kindAsk:
		return nil
	case kindPick:
		return n.withoutReturn([]target{n.none, n.one})
	case kindDo:
		return slices.DeleteFunc(n.targets(), n.moves)
	case kindJoin:
		return n.withoutReturn([]target{n.outcomes[resultAnswered], n.outcomes[resultFailed]})
	}
	return n.targets()
}

// moves says whether a function leads there because the world has changed: see
// function.
func (n *node) moves(to target) bool {
	return slices.ContainsFunc(functions[n.does].moves, func(outcome string) bool { return n.outcomes[outcome] == to })
}

// checkRounds is F004: no round that a caller cannot leave by a key. Every
// node leads somewhere (F003), so that whoever is not in such a round comes to
// a question or to the end.
func (c *compiler) checkRounds() {
	const busy, done = 1, 2
	mark := map[string]int{}
	var visit func(name string)
	visit = func(name string) {
		mark[name] = busy
		for _, t := range c.flow.nodes[name].passes() {
			switch {
			case c.flow.nodes[t.node] == nil:
			case mark[t.node] == busy:
				c.fail("F004", t.at, "put a menu or a question into the round", "from here the caller goes round through %q without being asked", t.node)
			case mark[t.node] == 0:
				visit(t.node)
			}
		}
		mark[name] = done
	}
	for _, name := range c.flow.order {
		if mark[name] == 0 {
			visit(name)
		}
	}
}

// checkSilence is F004 too: a caller who never presses a key is let go in the
// end, and not kept on the line. Each round that keeps them is reported once.
func (c *compiler) checkSilence() {
	reported := map[string]bool{}
	for _, name := range c.flow.order {
		if !c.flow.nodes[name].asks() {
			continue
		}
		ends := false
		seen := c.walk([]target{{node: name}}, (*node).unasked)
		for other := range seen {
			ends = ends || c.flow.nodes[other].end || reported[other]
		}
		if ends {
			continue
		}
		maps.Copy(reported, seen)
		back := c.comesBack(name)
		c.fail("F004", back.at, "lead silence to a node with `end: true` in the end", "a caller who is silent at %q is never let go", back.node)
	}
}

// unasked lists where a node leads with no key pressed, however long it waits.
func (n *node) unasked() []target {
	if n.asks() {
		return append(n.passes(), n.withoutReturn([]target{n.noInput.then})...)
	}
	return n.passes()
}

// comesBack follows silence from a node that has no end: to what leads to
// where it has been before.
func (c *compiler) comesBack(name string) target {
	for been := map[string]bool{}; ; {
		been[name] = true
		ts := slices.DeleteFunc(c.flow.nodes[name].unasked(), func(t target) bool { return t.node == "" })
		to := ts[len(ts)-1]
		if been[to.node] {
			return to
		}
		name = to.node
	}
}

// checkCrisis is F041: the key 0, then one more, dials the crisis line.
func (c *compiler) checkCrisis() {
	c.checkCrisisFrom(c.flow.always["0"])
	if c.flow.seats() {
		c.checkCrisisFrom(c.flow.seated["0"])
	}
}

func (c *compiler) checkCrisisFrom(zero universal) {
	help := c.flow.nodes[zero.next.node]
	if help == nil {
		c.fail("F041", zero.at, "write `\"0\": {go: help}`", "the key 0 does not lead to help")
		return
	}
	for _, o := range help.options {
		if o.when == "" && c.dialsCrisis(o.next.node) {
			return
		}
	}
	c.fail("F041", help.at, "add an option that always leads to `dial: crisis`", "the crisis line is more than two keys away")
}

func (c *compiler) dialsCrisis(name string) bool {
	for range c.flow.nodes {
		n := c.flow.nodes[name]
		if n == nil || n.kind != kindSay {
			return n != nil && n.kind == kindDial && n.source == dialCrisis
		}
		name = n.next.node
	}
	return false
}

// deepest is how many answers a caller should have to give before anything
// that the line offers.
const deepest = 4

// checkDepth is F010 for what takes too many keys to come to, by the shortest
// way. What lies behind a PIN or a star is counted from there: it is a place of its
// own. So is what somebody picks at the desk, who is there to work.
func (c *compiler) checkDepth() {
	depth := map[string]int{}
	level := append(c.starts(), c.openings()...)
	for _, name := range c.flow.order {
		switch n := c.flow.nodes[name]; {
		case n.answer == answerPIN, strings.HasPrefix(n.source, "desk."):
			level = append(level, n.next)
		case n.star:
			level = append(level, target{node: name})
		}
	}
	for d := 0; len(level) > 0; d++ {
		var next []target
		reached := c.walk(level, func(n *node) []target {
			if depth[n.name] > 0 {
				return nil // by fewer keys
			}
			depth[n.name] = d + 1
			if n.asks() {
				next = append(next, n.answers()...)
			}
			return n.passes()
		})
		if d == deepest+1 {
			for _, name := range c.flow.order {
				if n := c.flow.nodes[name]; reached[name] && depth[name] == d+1 {
					c.warn("F010", n.at, "bring it nearer: callers lose their way after four", "node %q takes %d keys to come to", name, d)
				}
			}
		}
		level = next
	}
}

// answers lists where a caller's key leads, the universal keys aside.
func (n *node) answers() []target {
	ts := []target{n.next}
	for i := range n.options {
		if o := &n.options[i]; !o.universal() {
			ts = append(ts, o.next)
		}
	}
	return n.withoutReturn(ts)
}
