package flows

import (
	"slices"
	"strings"
)

// What an ask takes.
const (
	answerDigits = "digits"
	answerPIN    = "pin"
	// answerNumber is a telephone number, answerConfirm the code in a text by which an
	// order counts.
	answerNumber  = "number"
	answerConfirm = "confirmation"
	// answerText is what somebody writes, answerWeekday a key from 1 for Monday to 7, or
	// the day's name, answerTime three or four digits, or a time in words. A question of
	// yes or no is a menu: see spell.
	answerText    = "text"
	answerWeekday = "weekday"
	answerTime    = "time"
	answerYesNo   = "yes_no"
)

// answers are the types of an ask.
var answers = []string{answerDigits, answerPIN, answerNumber, answerConfirm, answerText, answerWeekday, answerTime, answerYesNo}

// keeps are the variables that each kind of answer may go into, so that no PIN
// ends where others are read.
var keeps = map[string][]string{
	answerDigits: {"code", varHandle, VarScript}, answerPIN: {varPIN, varAgain}, answerNumber: {varNumber}, answerConfirm: {varKey},
	answerText: {"query"}, answerWeekday: {varWeekday}, answerTime: {varClock},
}

func (c *compiler) checkAsk(n *node) {
	into, ok := keeps[n.answer]
	switch {
	case !ok:
		c.fail("F000", c.placeOf(&n.answer, n.at), thereAre(answers), "node %q asks for %q", n.name, n.answer)
	case !slices.Contains(into, n.into):
		c.fail("F005", c.placeOf(&n.into, n.at), say("write `into:` with one of: %s", strings.Join(into, ", ")), "node %q keeps its %s in %q", n.name, n.answer, n.into)
	case n.answer == answerText && n.voice.node == "":
		c.fail("F003", n.at, "add `voice:` to it, with a node where one can press keys", "a call comes to %q, where one has to write", n.name)
	case n.length == 0 && n.into != "code" && slices.Contains([]string{answerDigits, answerPIN, answerNumber}, n.answer):
		c.fail("F005", n.at, "add `len: 6-10`", "node %q does not say how many digits there are", n.name)
	}
	c.needs(n, n.next, "next")
}

// checkDoing is F005 for an option that asks the edge whether its key means
// anything.
func (c *compiler) checkDoing(n *node, o *option) {
	if o.does == "" {
		return
	}
	if f := functions[o.does]; f.resolve != nil || !slices.Equal(f.outcomes, []string{resultFound, "none"}) {
		c.fail("F005", c.placeOf(&o.does, o.at), "use one that comes to found or none", "an option of menu %q cannot do %q", n.name, o.does)
	}
	if first := slices.IndexFunc(n.options, func(o option) bool { return o.does != "" }); &n.options[first] != o {
		c.fail("F005", c.placeOf(&o.does, o.at), "keep one", "two options of menu %q do something", n.name)
	}
}

// opening are the nodes that whoever answers a call of ours may come to before
// they have pressed the key that it is for.
func (c *compiler) opening() map[string]bool { return c.openingOf(c.openings()) }

func (c *compiler) openingOf(from []target) map[string]bool {
	return c.walk(from, func(n *node) []target {
		if n.asks() {
			return append(n.passes(), n.noInput.then, n.noMatch.then)
		}
		return n.passes()
	})
}

// private are the nodes that whoever answers a call of ours may come to before
// they are in a room, or have signed in to the desk: up to a question of everybody's,
// where they should not be. Who was connected with somebody has done neither.
func (c *compiler) private() map[string]bool {
	return c.walk(c.openings(), func(n *node) []target {
		if n.does == "desk.sign_in" {
			return n.but("ok")
		}
		if n.kind == kindJoin || n.kind == kindDial && n.source != dialApplicant || n.asks() && !n.neutral && !n.apart || n.sits {
			return nil
		}
		return n.targets()
	})
}

// checkOpening is F008: a call that we place opens with neutral questions that
// say how to stop such calls, goes on with questions apart, and nowhere else are
// there such.
func (c *compiler) checkOpening() {
	opening, private, called := c.opening(), c.private(), c.walk(c.starts(), (*node).targets)
	toMembers := c.openingOf(c.openingsOf(func(kind string) bool { return !slices.Contains(decliners, kind) }))
	for _, name := range c.flow.order {
		switch n := c.flow.nodes[name]; {
		case (n.neutral || n.apart) && called[name]:
			c.fail("F008", n.at, "take `neutral` or `apart` out, or lead only calls under `placed` to it", "who calls us comes to %q, where help is no key away", name)
		case opening[name] && n.kind != kindSay && !n.neutral:
			c.fail("F008", n.at, "lead to a question with `neutral: true`, or to words and the end", "a call that we place comes to %q before a key is pressed", name)
		case opening[name] && n.asks() && !c.stops(n) && (toMembers[name] || !c.declines(n)):
			c.fail("F008", n.at, "add an option with the key 9 that leads to `do: member.stop`", "whoever is called cannot stop such calls at %q", name)
		case private[name] && n.asks() && !n.neutral && !n.apart && !n.sits:
			c.fail("F008", n.at, "lead to a question with `apart: true`", "a call that we place comes to %q before a room, and a key tells there what the line is", name)
		}
	}
}

// stops says whether a question has the key that ends such calls.
func (c *compiler) stops(n *node) bool {
	return slices.ContainsFunc(n.options, func(o option) bool {
		return o.key == stopKey && c.flow.node(o.next).does == "member.stop"
	})
}

// declines says whether a question has the key at which the call ends.
func (c *compiler) declines(n *node) bool {
	return slices.ContainsFunc(n.options, func(o option) bool {
		return o.key == stopKey && c.flow.node(o.next).end
	})
}

// checkNeutral is F008 for words: what opens a call that we place names
// nothing, and what follows before a room no more than its member allowed.
func (c *compiler) checkNeutral(cat *catalogue) {
	if c.routeless() {
		return
	}
	type saying struct {
		prompt string
		opens  bool
	}
	opening, seen := c.opening(), map[saying]bool{}
	for name := range c.private() {
		n := c.flow.nodes[name]
		prompts := n.prompts()
		if n.apart && c.supply == nil { // it is asked again in other words; what a line has published stays heard
			prompts = append(prompts, n.prompt+"_r1", n.prompt+"_r2", promptSilence1, promptSilence2, promptWrong1, promptWrong2)
		}
		for _, prompt := range prompts {
			here := saying{prompt, opening[name]}
			if seen[here] {
				continue
			}
			seen[here] = true
			t := cat.prompts[prompt]
			if topic := cat.namesTopic(t); topic != "" && opening[name] {
				fail := c.fail
				if c.supply != nil { // what a line has published stays heard
					fail = c.warn
				}
				fail("F008", t.at, "take it out: nobody knows yet who listens", "prompt %q opens a call that we place, and names the topic %q", prompt, topic)
			}
			for _, slot := range t.slots() {
				switch {
				case slot == "key":
				case opening[name]:
					c.fail("F008", t.at, "take it out: nobody knows yet who listens", "prompt %q opens a call that we place, and names {%s}", prompt, slot)
				case slices.Contains(telling, slot):
					c.fail("F008", t.at, "use {reminder.name}, which names no more than its member allowed", "prompt %q is said in a call that we place, and names {%s}", prompt, slot)
				}
			}
		}
	}
}

// telling are the slots that tell whose call it is, or of what.
var telling = slices.Concat(namingSlots, []string{"group.code", "line.name", "crisis.name", "emergency.number", "query"})

// recorded are the words at which a call of ours begins that no key can
// interrupt: an answering machine takes them.
func (c *compiler) byRing() map[string]bool {
	return c.walk(c.openings(), func(n *node) []target {
		if n.kind == kindSay {
			return n.targets()
		}
		return nil
	})
}

// checkAsked is F040: nothing that cannot be undone is done but by a question that
// asks for that alone.
func (c *compiler) checkAsked() {
	destroys := func(t target) bool {
		return slices.Contains(destructive, c.flow.node(t).does)
	}
	from := slices.Concat(c.starts(), c.seats(), c.openings())
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		if own := n.own(); n.kind == kindMenu && (len(own) == 1 || n.confirms) && destroys(own[0].next) {
			continue
		}
		from = append(from, n.targets()...)
	}
	for _, t := range from {
		if destroys(t) {
			c.fail("F040", t.at, "lead to a menu with that one choice first", "%q cannot be undone, and nobody asked", t.node)
		}
	}
}
