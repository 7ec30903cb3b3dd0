package flows

import (
	"maps"
	"slices"
	"time"
)

// Who hears nobody, as a join's `waits` names them.
const (
	WaitAlone = "alone" // nobody else is in the room
	WaitMoved = "moved" // they were brought there from another room
	WaitHost  = "host"  // it has not begun: who leads is not there
	WaitDoor  = "door"  // they are to be let in
)

// waitings are what a flow says to each of them that leads them nowhere.
var waitings = map[string]string{WaitAlone: Alone, WaitMoved: OneMoment, WaitHost: WaitingHost, WaitDoor: WaitingDoor}

// restful is how long who hears nobody is left in silence where the flow does not say;
// with a sentence of about eight seconds they are told every half minute.
const restful = 22 * time.Second

// tenMinutes is how often somebody is told in ten minutes.
const tenMinutes = 20

// waitConditions are of who hears nobody.
var waitConditions = map[string]func(t *turn) bool{
	// wait.first: they have not been told yet.
	"wait.first": func(t *turn) bool { return t.told == 0 },
	// wait.ten_minutes: ten more minutes have gone by.
	"wait.ten_minutes": func(t *turn) bool { return t.told > 0 && t.told%tenMinutes == 0 },
}

// waits tells who hears nobody why, and leaves them where they are. A state that is in no
// join is taken for one that is.
func (t *turn) waits(n *node, in Input) {
	if n == nil || n.kind != kindJoin {
		n = t.flow.nodes[t.flow.Room()]
	}
	here := t.s
	t.s.Lang, t.told = t.known(t.s.Lang), in.Told
	if n != nil && n.waits[in.Result].node != "" {
		t.enter(n.waits[in.Result].node)
	} else if prompt := waitings[in.Result]; prompt != "" {
		t.utter(prompt)
	}
	if _, rests := t.then.(Rest); !rests {
		t.then = Rest{For: restful}
	}
	t.s = here
}

// aside is a prompt that is not said yet, nil for "".
func (t *turn) aside(prompt string) []Utterance {
	if prompt == "" {
		return nil
	}
	said := t.said
	t.said = nil
	t.utter(prompt)
	said, t.said = t.said, said
	return said
}

// checkWaiting is F005 for who hears nobody, and is not known or not told of.
func (c *compiler) checkWaiting(n *node) {
	known := slices.Sorted(maps.Keys(waitings))
	for _, who := range known {
		if n.waits[who].node == "" {
			c.fail("F005", n.at, say("add `%s: …` to its `waits`", who), "node %q does not say what is heard by who waits (%s)", n.name, who)
		}
	}
	for _, who := range slices.Sorted(maps.Keys(n.waits)) {
		if waitings[who] == "" {
			c.fail("F005", n.waits[who].named, thereAre(known), "nobody who waits at %q is called %q", n.name, who)
		}
	}
}

// checkWaits is F009 for who hears nobody: nothing is asked of them, and they are led
// nowhere else; and nobody else is left in silence.
func (c *compiler) checkWaits() {
	var waits []target
	for _, n := range c.flow.nodes {
		waits = slices.AppendSeq(waits, maps.Values(n.waits))
	}
	apart := c.walk(waits, func(n *node) []target {
		if n.kind == kindIf {
			return n.targets()
		}
		return nil
	})
	others := c.walk(slices.Concat(c.starts(), c.seats(), c.openings()), func(n *node) []target {
		return slices.DeleteFunc(n.targets(), func(t target) bool { return slices.Contains(waits, t) })
	})
	for _, name := range c.flow.order {
		switch n := c.flow.nodes[name]; {
		case apart[name] && n.kind != kindIf && (n.kind != kindSay || n.rest == 0):
			c.fail("F009", n.at, "lead to words with `rest: 22s`, by `if` alone", "who waits comes to %q, where they are not told again", name)
		case n.rest > 0 && others[name]:
			c.fail("F009", n.at, "take `rest` out, or lead to it from `waits` alone", "who does not wait comes to %q, where nothing follows", name)
		}
	}
}
