package flows

import "slices"

// nodeReturn is where a sub-flow leads when it is done: to what follows in the node
// that used it. No node is called so.
const nodeReturn = "return"

// link finds what belongs to each sub-flow, and where its `return` may lead. What it
// cannot follow is reported by the checks.
func (c *compiler) link() {
	whole, alone := map[string]map[string]bool{}, map[string]map[string]bool{} // by where a sub-flow begins
	uses := 0
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		if n.kind != kindUse {
			continue
		}
		if uses++; uses > mostUses {
			c.fail("F000", n.at, "lead to the sub-flow from fewer places", "sub-flows are used more than %d times", mostUses)
			return
		}
		if start := n.uses.node; whole[start] == nil {
			whole[start], alone[start] = c.within(start, true), c.within(start, false)
		}
		n.within = whole[n.uses.node]
	}
	for _, name := range c.flow.order {
		if n := c.flow.nodes[name]; n.leadsBack() {
			n.back = c.comesBackTo(name, alone, map[string]bool{})
		}
	}
}

// comesBackTo are the nodes that follow those which use the sub-flow of a node. Alone
// is what belongs to each sub-flow, without those that it uses.
func (c *compiler) comesBackTo(name string, alone map[string]map[string]bool, seen map[string]bool) (all []target) {
	for _, other := range c.flow.order {
		user := c.flow.nodes[other]
		if user.kind != kindUse || seen[other] || !alone[user.uses.node][name] {
			continue
		}
		if seen[other] = true; user.next.node == nodeReturn {
			all = append(all, c.comesBackTo(other, alone, seen)...)
		} else {
			all = append(all, user.next)
		}
	}
	return all
}

// within are the nodes of the sub-flow that begins at a node: all that it leads to by
// itself, up to what the keys lead to that work everywhere; with those of the sub-flows
// that it uses, if they are asked for.
func (c *compiler) within(start string, whole bool) map[string]bool {
	seen := map[string]bool{}
	for todo := []string{start}; len(todo) > 0; {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := c.flow.nodes[name]
		if n == nil || seen[name] || c.flow.outside(name) {
			continue
		}
		seen[name] = true
		for _, t := range n.leads() {
			if whole || t != n.uses {
				todo = append(todo, t.node)
			}
		}
	}
	return seen
}

// outside says whether a node is where the keys lead that work everywhere: whoever
// comes there has left whatever was begun.
func (f *Flow) outside(name string) bool {
	return name == f.always["*"].next.node || name == f.always["0"].next.node
}

// leadsBack says whether a node leads to what follows its sub-flow.
func (n *node) leadsBack() bool {
	return slices.ContainsFunc(n.leads(), func(t target) bool { return t.node == nodeReturn })
}

// checkUses is F003 for a sub-flow that is not one: that nothing leads back from, that
// somebody can come to by another way than using it, or that uses itself.
func (c *compiler) checkUses() {
	unsent := c.walk(slices.Concat(c.starts(), c.seats(), c.openings()), func(n *node) []target {
		if n.kind == kindUse {
			return []target{n.next}
		}
		return slices.DeleteFunc(n.leads(), func(t target) bool { return t.node == nodeReturn })
	})
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		if unsent[name] && n.leadsBack() {
			c.fail("F003", n.at, "lead there by `use:` alone, or lead on to a node", "%q returns, and somebody comes to it whom nothing sent", name)
		}
		if n.kind != kindUse {
			continue
		}
		if n.within[name] {
			c.fail("F004", n.uses.at, "take the round out", "the sub-flow at %q uses itself", n.uses.node)
		}
		returns := false
		for inner := range n.within {
			returns = returns || c.flow.nodes[inner].leadsBack()
		}
		if !returns && c.flow.nodes[n.uses.node] != nil {
			c.fail("F003", n.uses.at, "lead one of its nodes to `return`", "the sub-flow at %q never returns", n.uses.node)
		}
	}
}

// used is what somebody has to come back to at a node: the sub-flows that they are in,
// the innermost last. They have left those that the node does not belong to.
func (t *turn) used(name string) []string {
	for i := len(t.s.Returns); i > 0; i-- {
		if user := t.flow.nodes[t.s.Returns[i-1]]; user != nil && user.within[name] {
			return t.s.Returns[:i]
		}
	}
	return nil
}

// back is what follows the innermost sub-flow, which may be a return of its own; the
// start of the flow if there is none.
func (t *turn) back() string {
	last := len(t.s.Returns) - 1
	if last < 0 {
		return t.flow.start.node
	}
	user := t.flow.nodes[t.s.Returns[last]]
	t.s.Returns = slices.Clone(t.s.Returns[:last])
	if user == nil {
		return t.flow.start.node
	}
	return user.next.node
}

// use goes into a sub-flow.
func (t *turn) use(n *node) string {
	t.s.Returns = append(slices.Clone(t.s.Returns), n.name)
	return n.uses.node
}

// withoutReturn lists where targets lead, a `return` to all that it may come back to.
func (n *node) withoutReturn(ts []target) []target {
	if len(n.back) == 0 {
		return ts
	}
	var all []target
	for _, t := range ts {
		if t.node == nodeReturn {
			all = append(all, n.back...)
		} else {
			all = append(all, t)
		}
	}
	return slices.Compact(all)
}
