package flows

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// check looks at the nodes one by one, and then, if they are whole, at the
// graph that they make.
func (c *compiler) check() {
	c.checkRoutes()
	for _, name := range c.flow.order {
		c.checkNode(c.flow.nodes[name])
	}
	c.checkNumbers()
	c.doubtful = len(Errors(c.problems)) > 0
	if c.routeless() {
		return // what cannot be reached may be what could not be read
	}
	c.checkUses()
	c.checkReach()
	c.checkRounds()
	c.checkSilence()
	c.checkCrisis()
	c.checkCrisisTexts()
	c.checkDepth()
	c.checkTextRoutes()
	c.checkPlaced()
	c.checkConnected()
	c.checkTexted()
	c.checkOpening()
	c.checkAsked()
	c.checkSensitive()
	c.checkSitting()
	c.checkWaits()
}

// routeless says that a fault has left a route out.
func (c *compiler) routeless() bool {
	return slices.ContainsFunc(c.problems, func(p Problem) bool { return slices.Contains(missesRoutes, p.Code) })
}

// missesRoutes are the codes of faults that leave a route out.
var missesRoutes = []string{"F000", "F001", "F003", "F005", "F011"}

// alternatives lists names for a Mend.
func alternatives[T any](of map[string]T) Sentence {
	if len(of) == 0 {
		return say("there is none yet")
	}
	return thereAre(slices.Sorted(maps.Keys(of)))
}

// thereAre names what could be written.
func thereAre(names []string) Sentence { return say("there are: %s", strings.Join(names, ", ")) }

// nearest lists, of many names, those that one may have been meant to be.
func nearest[T any](name string, of map[string]T) Sentence {
	const many, few = 12, 3
	if len(of) <= many {
		return alternatives(of)
	}
	name = name[:min(len(name), longestName)]
	names := slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		return cmp.Or(cmp.Compare(distance(name, a), distance(name, b)), cmp.Compare(a, b))
	})
	return say("the nearest are: %s", strings.Join(names[:few], ", "))
}

// targets lists everywhere that a node can lead by itself or by its caller,
// the universal keys aside.
func (n *node) targets() []target {
	ts := n.leads()
	if n.kind == kindUse { // what follows is led to from its sub-flow
		ts = slices.DeleteFunc(ts, func(t target) bool { return t == n.next })
	}
	return n.withoutReturn(ts)
}

// leads lists where a node leads as the file says it.
func (n *node) leads() []target {
	if n.led != nil {
		return slices.Clone(n.led)
	}
	ts := []target{n.text, n.voice, n.uses, n.next, n.then, n.otherwise, n.none, n.one, n.noInput.then, n.noMatch.then}
	for _, o := range n.options {
		ts = append(ts, o.next)
	}
	for _, routes := range []map[string]target{n.outcomes, n.keys, n.waits} {
		for _, name := range slices.Sorted(maps.Keys(routes)) {
			ts = append(ts, routes[name])
		}
	}
	return slices.DeleteFunc(ts, func(t target) bool { return t.node == "" })
}

// checkRoutes is F001, every name that is led to is a node, and F003 for the
// keys that work everywhere.
func (c *compiler) checkRoutes() {
	known := func(t target) {
		if t.node != "" && c.flow.nodes[t.node] == nil {
			c.fail("F001", t.at, nearest(t.node, c.flow.nodes), "no node is called %q", t.node)
		}
	}
	known(c.flow.start)
	known(c.flow.danger)
	known(c.flow.unsure)
	for _, w := range slices.Concat(c.flow.words, c.flow.orders) {
		known(w.next)
		known(w.without)
	}
	known(c.defaults.noInput.then)
	known(c.defaults.noMatch.then)
	known(c.aside.noInput.then)
	known(c.aside.noMatch.then)
	for _, name := range c.flow.order {
		for _, t := range c.flow.nodes[name].leads() {
			if t.node != nodeReturn {
				known(t)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.flow.placed)) {
		known(c.flow.placed[name])
	}
	c.checkUniversals(c.flow.always, c.always, "always", known)
	if c.flow.seats() || len(c.flow.seated) > 0 {
		c.checkUniversals(c.flow.seated, c.placeOfSeated(), "seated", known)
	}
}

// checkUniversals is F001 and F003 for the keys that work everywhere, as one section
// has them.
func (c *compiler) checkUniversals(has map[string]universal, at Place, section string, known func(target)) {
	for _, key := range universalKeys {
		u, ok := has[key]
		known(u.next)
		switch {
		case u.broken:
		case !ok:
			c.fail("F003", at, say("add `\"%s\": {go: …}` or `{repeat: true}` under `%s`", key, section), "the key %s does nothing everywhere", key)
		case u.repeat == (u.next.node != ""):
			c.fail("F003", u.at, "give it either `go:` or `repeat: true`", "the key %s leads nowhere, or twice", key)
		}
	}
}

func (c *compiler) checkNode(n *node) {
	if n.broken {
		return
	}
	switch n.kind {
	case kindSay:
		c.checkSay(n)
	case kindMenu:
		c.checkMenu(n)
	case kindPick:
		c.checkPick(n)
	case kindAsk:
		c.checkAsk(n)
	case kindIf:
		c.checkIf(n)
	case kindUse:
		c.needs(n, n.uses, "use")
		c.needs(n, n.next, "next")
	case kindDo:
		if f, ok := functions[n.does]; ok {
			c.checkOutcomes(n, f.outcomes)
		} else {
			c.fail("F005", c.placeOf(&n.does, n.at), alternatives(functions), "no function is called %q", n.does)
		}
	case kindJoin, kindDial:
		c.checkDestination(n)
	case kindRecord:
		c.checkRecord(n)
	}
	if n.asks() && !c.defaults.broken {
		c.checkEscalation(n)
	}
}

// node is where a target leads, one that does nothing if that is nowhere.
func (f *Flow) node(t target) *node {
	if n := f.nodes[t.node]; n != nil {
		return n
	}
	return &node{}
}

func (c *compiler) needs(n *node, t target, setting string) {
	if t.node == "" {
		c.fail("F003", n.at, say("add `%s: main`", setting), "node %q leads nowhere", n.name)
	}
}

func (c *compiler) checkSay(n *node) {
	if n.rest > 0 && (n.end || n.next.node != "") || n.rest == 0 && n.end == (n.next.node != "") {
		c.fail("F003", n.at, "give it either `next:` or `end: true`", "node %q leads nowhere, or twice", n.name)
	}
	if (n.most > 0) != (n.then.node != "") {
		c.fail("F003", n.at, "`most:` and `then:` go together", "node %q has a limit that leads nowhere", n.name)
	}
}

func (c *compiler) checkIf(n *node) {
	if fault, unknown := unknownCondition(n.condition); unknown {
		c.fail("F005", c.placeOf(&n.condition, n.at), fault, "no condition is called %q", n.condition)
	}
	c.needs(n, n.then, "then")
	c.needs(n, n.otherwise, "else")
}

func (c *compiler) checkPick(n *node) {
	l, ok := lists[n.source]
	switch {
	case !ok:
		c.fail("F005", c.placeOf(&n.source, n.at), alternatives(lists), "no list is called %q", n.source)
	case n.into != l.into:
		c.fail("F005", c.placeOf(&n.into, n.at), say("write `into: %s`", l.into), "list %q does not give a %q", n.source, n.into)
	}
	if n.none.node == "" {
		c.fail("F005", n.at, "add `none:`, where an empty list leads", "list %q may be empty", n.name)
	}
	c.needs(n, n.next, "next")
}

func (c *compiler) checkOutcomes(n *node, declared []string) {
	for _, name := range declared {
		if n.outcomes[name].node == "" {
			c.fail("F005", n.at, say("add `%s: …` to its outcomes", name), "node %q does not say what follows when it comes to %q", n.name, name)
		}
	}
	mend := thereAre(declared)
	if len(declared) == 0 {
		mend = say("take it out")
	}
	for _, name := range slices.Sorted(maps.Keys(n.outcomes)) {
		if !slices.Contains(declared, name) {
			c.fail("F005", n.outcomes[name].named, mend, "node %q never comes to %q", n.name, name)
		}
	}
}

// recordings are what may be recorded, and for how long at most. Nothing else ever
// is: no room, no bridge and no dialled number.
var recordings = map[string]time.Duration{
	RecordMessage:   2 * time.Minute,
	RecordBroadcast: 2 * time.Minute,
	RecordScript:    45 * time.Second,
}

// What a recording is for: a message that a caller leaves for those who run the line,
// one of theirs for a group, or a prompt in somebody's voice.
const (
	RecordMessage   = "message"
	RecordBroadcast = "broadcast"
	RecordScript    = "script"
)

// How a recording ends: with something said, with nothing, or not at all.
const (
	ResultRecorded = "recorded"
	ResultSilent   = "silent"
)

func (c *compiler) checkRecord(n *node) {
	if recordings[n.source] == 0 {
		c.fail("F005", c.placeOf(&n.source, n.at), alternatives(recordings), "node %q records %q", n.name, n.source)
	}
	c.checkOutcomes(n, []string{ResultRecorded, ResultSilent, resultFailed})
}

// How a room or a dialled number ends.
const (
	resultAnswered = "answered"
	resultFailed   = "failed"
)

func (c *compiler) checkDestination(n *node) {
	allowed := append(slices.Clone(dialled), slices.Sorted(maps.Keys(c.flow.numbers))...)
	if n.kind == kindJoin {
		allowed = []string{"group"}
	}
	if !slices.Contains(allowed, n.source) {
		c.fail("F005", c.placeOf(&n.source, n.at), thereAre(allowed), "node %q leads a caller to %q", n.name, n.source)
	}
	if n.source == dialCaller {
		c.checkOutcomes(n, nil) // the two talk, and nothing comes after
	} else {
		c.checkOutcomes(n, []string{resultAnswered, resultFailed})
	}
	if len(n.waits) > 0 {
		c.checkWaiting(n)
	}
	for _, key := range slices.Sorted(maps.Keys(n.keys)) {
		if !slices.Contains(universalKeys, key) {
			c.fail("F006", n.keys[key].named, "use 0, * or #", "who waits at %q is told of no key %s", n.name, key)
		}
	}
}

// checkEscalation is F011: silence and wrong keys are met twice before the
// caller is led elsewhere.
func (c *compiler) checkEscalation(n *node) {
	soon := n.neutral || n.sits
	if n.noInput.after == 0 || n.noInput.tries < 2 && !soon || n.noInput.then.node == "" {
		c.fail("F011", n.at, "add `no_input: {after: 6s, tries: 2, then: help}` to it or to defaults", "node %q does not say what follows silence", n.name)
	}
	if n.noMatch.tries < 2 && !soon || n.noMatch.then.node == "" {
		c.fail("F011", n.at, "add `no_match: {tries: 2, then: help}` to it or to defaults", "node %q does not say what follows a wrong key", n.name)
	}
}
