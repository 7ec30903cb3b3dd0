package flows

import (
	"maps"
	"slices"
	"strings"
)

// check looks at the whole flow once every file has been read.
func (c *compiler) check() {
	c.checkRoutes()
	for _, name := range c.flow.order {
		c.checkNode(c.flow.nodes[name])
	}
	if len(Errors(c.problems)) > 0 {
		return // the graph is not whole
	}
	c.checkReach()
	c.checkLoops()
	c.checkCrisis()
	c.checkWords()
}

// targets lists everywhere that a node can lead by itself or by its caller,
// the universal keys aside.
func (n *node) targets() []target {
	ts := []target{n.next, n.then, n.none, n.one, n.noInput.then, n.noMatch.then}
	for _, o := range n.options {
		ts = append(ts, o.next)
	}
	for _, name := range slices.Sorted(maps.Keys(n.outcomes)) {
		ts = append(ts, n.outcomes[name])
	}
	return slices.DeleteFunc(ts, func(t target) bool { return t.node == "" })
}

// passes lists where a node leads with no key pressed and nothing dialled.
func (n *node) passes() []target {
	switch n.kind {
	case kindSay:
		return []target{n.next, n.then}
	case kindPick:
		return []target{n.none, n.one}
	case kindDo:
		return n.targets()
	}
	return nil
}

// checkRoutes is F001: every name that is led to is a node.
func (c *compiler) checkRoutes() {
	known := func(t target) {
		if t.node != "" && c.flow.nodes[t.node] == nil {
			c.fail("F001", t.at, "there are: "+strings.Join(c.flow.order, ", "), "no node is called %q", t.node)
		}
	}
	known(c.flow.start)
	for _, u := range c.flow.always {
		known(u.next)
	}
	for _, name := range c.flow.order {
		for _, t := range c.flow.nodes[name].targets() {
			known(t)
		}
	}
	for _, key := range []string{"0", "*", "#"} {
		u, ok := c.flow.always[key]
		if !ok || u.repeat == (u.next.node != "") {
			c.fail("F003", Place{File: mainFile, Line: 1, Column: 1}, "give it `go:` or `repeat: true` under `always`", "the key %s does nothing everywhere", key)
		}
	}
}

func (c *compiler) checkNode(n *node) {
	switch n.kind {
	case kindSay:
		c.checkSay(n)
	case kindMenu:
		c.checkMenu(n)
	case kindPick:
		c.checkPick(n)
	case kindAsk:
		c.needs(n, n.next, "next")
		c.checkInto(n)
	case kindDo:
		f, ok := functions[n.does]
		if !ok {
			c.fail("F005", n.at, "there are: "+strings.Join(slices.Sorted(maps.Keys(functions)), ", "), "no function is called %q", n.does)
			return
		}
		c.checkOutcomes(n, f.outcomes)
	case kindJoin, kindDial:
		c.checkDestination(n)
	}
	if n.asks() {
		c.checkEscalation(n)
	}
}

func (c *compiler) needs(n *node, t target, setting string) {
	if t.node == "" {
		c.fail("F003", n.at, "add `"+setting+": main`", "node %q leads nowhere", n.name)
	}
}

func (c *compiler) checkSay(n *node) {
	if n.end == (n.next.node != "") {
		c.fail("F003", n.at, "give it either `next:` or `end: true`", "node %q leads nowhere, or twice", n.name)
	}
	if (n.most > 0) != (n.then.node != "") {
		c.fail("F003", n.at, "`most:` and `then:` go together", "node %q has a limit that leads nowhere", n.name)
	}
}

// Breadth of a menu: what a caller can keep in mind, and what keys there are.
const (
	comfortableOptions = 5
	mostOptions        = 9
)

func (c *compiler) checkMenu(n *node) {
	if len(n.options) == 0 {
		c.fail("F003", n.at, "add options", "menu %q has none", n.name)
	}
	seen, counted, last := map[string]bool{}, 0, byte('0')
	for _, o := range n.options {
		c.checkOption(n, o, seen)
		if len(o.key) != 1 || o.key == "9" || strings.Contains("0*#", o.key) {
			continue
		}
		counted++
		if o.key[0] != last+1 {
			c.warn("F006", o.at, "number the options 1, 2, 3 in the order they are said", "key %s comes out of order in menu %q", o.key, n.name)
		}
		last = o.key[0]
	}
	if counted > mostOptions-1 {
		c.fail("F010", n.at, "split it", "menu %q has %d options", n.name, counted)
	} else if counted > comfortableOptions {
		c.warn("F010", n.at, "split it: four can be kept in mind", "menu %q has %d options", n.name, counted)
	}
}

func (c *compiler) checkOption(n *node, o option, seen map[string]bool) {
	switch {
	case len(o.key) != 1 || !strings.Contains("0123456789*#", o.key):
		c.fail("F006", o.at, "use one of 0 to 9, * and #", "%q is no key", o.key)
	case seen[o.key]:
		c.fail("F006", o.at, "give each option a key of its own", "key %s is used twice in menu %q", o.key, n.name)
	}
	seen[o.key] = true
	if u, ok := c.flow.always[o.key]; ok && (u.repeat || u.next.node != o.next.node) {
		c.fail("F006", o.at, "use another key: 0 is help, * the main menu and # repeat, everywhere", "menu %q takes the key %s for itself", n.name, o.key)
	}
	if o.next.node == "" {
		c.fail("F003", o.at, "add `next:`", "an option of menu %q leads nowhere", n.name)
	}
	if o.when != "" && conditions[o.when] == nil {
		c.fail("F005", o.at, "there are: "+strings.Join(slices.Sorted(maps.Keys(conditions)), ", "), "no condition is called %q", o.when)
	}
}

func (c *compiler) checkPick(n *node) {
	if _, ok := lists[n.source]; !ok {
		c.fail("F005", n.at, "there are: "+strings.Join(slices.Sorted(maps.Keys(lists)), ", "), "no list is called %q", n.source)
	}
	if n.none.node == "" {
		c.fail("F005", n.at, "add `none:`, where an empty list leads", "list %q may be empty", n.name)
	}
	c.needs(n, n.next, "next")
	c.checkInto(n)
}

// variables are what a `pick` or an `ask` may fill.
var variables = []string{"lang", "group", "code", "topic", "day", "speaks"}

func (c *compiler) checkInto(n *node) {
	if !slices.Contains(variables, n.into) {
		c.fail("F005", n.at, "write `into:` one of "+strings.Join(variables, ", "), "node %q keeps its answer in %q", n.name, n.into)
	}
}

func (c *compiler) checkOutcomes(n *node, declared []string) {
	for _, name := range declared {
		if n.outcomes[name].node == "" {
			c.fail("F005", n.at, "add `"+name+": …` to its outcomes", "node %q does not say what follows when it comes to %q", n.name, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.outcomes)) {
		if !slices.Contains(declared, name) {
			c.fail("F005", n.outcomes[name].at, "there are: "+strings.Join(declared, ", "), "node %q never comes to %q", n.name, name)
		}
	}
}

func (c *compiler) checkDestination(n *node) {
	allowed := []string{"crisis", "bridge"}
	if n.kind == kindJoin {
		allowed = []string{"group"}
	}
	if !slices.Contains(allowed, n.source) {
		c.fail("F005", n.at, "there are: "+strings.Join(allowed, ", "), "node %q leads a caller to %q", n.name, n.source)
	}
	c.checkOutcomes(n, []string{"answered", "failed"})
}

func (c *compiler) checkEscalation(n *node) {
	if n.noInput.after == 0 || n.noInput.tries < 2 || n.noInput.then.node == "" {
		c.fail("F011", n.at, "add `no_input: {after: 6s, tries: 2, then: help}` to it or to defaults", "node %q does not say what follows silence", n.name)
	}
	if n.noMatch.tries < 2 || n.noMatch.then.node == "" {
		c.fail("F011", n.at, "add `no_match: {tries: 2, then: help}` to it or to defaults", "node %q does not say what follows a wrong key", n.name)
	}
}

// checkReach is F002: every node can be come to.
func (c *compiler) checkReach() {
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, t := range c.flow.nodes[name].targets() {
			visit(t.node)
		}
	}
	visit(c.flow.start.node)
	for _, u := range c.flow.always {
		if !u.repeat {
			visit(u.next.node)
		}
	}
	for _, name := range c.flow.order {
		if !seen[name] {
			c.fail("F002", c.flow.nodes[name].at, "lead to it, or remove it", "nothing leads to node %q", name)
		}
	}
}

// checkLoops is F004: no round that a caller cannot leave by a key.
func (c *compiler) checkLoops() {
	const busy, done = 1, 2
	mark := map[string]int{}
	var visit func(name string)
	visit = func(name string) {
		mark[name] = busy
		for _, t := range c.flow.nodes[name].passes() {
			switch {
			case t.node == "":
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

// checkCrisis is F041: the key 0, then one more, dials the crisis line.
func (c *compiler) checkCrisis() {
	help := c.flow.nodes[c.flow.always["0"].next.node]
	if help == nil {
		c.fail("F041", c.flow.always["0"].at, "write `\"0\": {go: help}`", "the key 0 does not lead to help")
		return
	}
	for _, o := range help.options {
		if c.dialsCrisis(o.next.node) {
			return
		}
	}
	c.fail("F041", help.at, "add an option whose node is `dial: crisis`", "the crisis line is more than two keys away")
}

func (c *compiler) dialsCrisis(name string) bool {
	for range longestTurn {
		n := c.flow.nodes[name]
		if n == nil || n.kind != kindSay {
			return n != nil && n.kind == kindDial && n.source == "crisis"
		}
		name = n.next.node
	}
	return false
}
