package flows

import (
	"slices"
	"strings"
)

// Breadth of a menu: what a caller can keep in mind, and what is left of the
// keys. Help and the language key are not counted.
const (
	comfortableOptions = 4
	// facilitatorOptions is the same of who holds a session, and chooses there often.
	facilitatorOptions = 5
	mostOptions        = 8
)

func (c *compiler) checkMenu(n *node) {
	if len(n.options) == 0 {
		c.fail("F003", n.at, "add options", "menu %q has none", n.name)
	}
	whole, seen, agree := true, map[string]bool{}, 0
	for i := range n.options {
		o := &n.options[i]
		whole = c.clean(func() { c.checkOption(n, o, seen) }) && whole
		if seen[o.key] = true; o.agree {
			agree++
		}
	}
	if agree > 1 {
		c.fail("F006", n.at, "keep one `ok: true`", "OK means %d options of menu %q", agree, n.name)
	}
	if whole && !n.star {
		c.checkOrder(n)
	}
	c.checkBreadth(n)
}

// checkBreadth is F010 for more options than are left of the keys, and for more than
// can be kept in mind: of a star's menu, which is known by heart, there may be more.
func (c *compiler) checkBreadth(n *node) {
	comfortable := comfortableOptions
	switch {
	case n.star:
		return
	case n.sits:
		comfortable = facilitatorOptions
	}
	if counted := len(n.own()); counted > mostOptions {
		c.fail("F010", n.at, "split it", "menu %q has %d options", n.name, counted)
	} else if counted > comfortable {
		c.warn("F010", n.at, "split it: four can be kept in mind", "menu %q has %d options", n.name, counted)
	}
}

// stopKey is the key by which whoever is called ends such calls.
const stopKey = "9"

func (o *option) universal() bool { return slices.Contains(universalKeys, o.key) }

// checkOrder is F006 for the order in which keys are said: from 1 upwards,
// those that work everywhere last. The language key 9 may come first, and the
// key 9 that stops what we place last.
func (c *compiler) checkOrder(n *node) {
	next, universal := byte('1'), false
	for i := range n.options {
		o := &n.options[i]
		switch {
		case o.quiet:
			continue
		case o.universal():
			universal = true
			continue
		case universal:
			c.warn("F006", c.placeOf(&o.key, o.at), "put 0, * and # last", "key %s is said after a key that works everywhere, in menu %q", o.key, n.name)
			return
		case o.others(), o.key == stopKey && (n.neutral || n.apart):
			continue
		case o.key[0] != next:
			c.warn("F006", c.placeOf(&o.key, o.at), "number the options 1, 2, 3 in the order they are said", "key %s comes out of order in menu %q", o.key, n.name)
			return
		}
		next++
	}
}

func (c *compiler) checkOption(n *node, o *option, seen map[string]bool) {
	key := c.placeOf(&o.key, o.at)
	u, universal := c.flow.everywhere(n)[o.key]
	switch {
	case len(o.key) != 1 || !strings.Contains("0123456789*#", o.key):
		c.fail("F006", key, "use one of 0 to 9, * and #", "%q is no key", o.key)
	case seen[o.key]:
		c.fail("F006", key, "give each option a key of its own", "key %s is used twice in menu %q", o.key, n.name)
	case o.instead && (!n.sits || !o.universal()):
		c.fail("F006", key, "take `instead` out: it is for 0, * and # after a star", "menu %q takes the key %s for itself", n.name, o.key)
	case universal && !o.instead && !u.broken && (u.repeat || u.next.node != o.next.node):
		c.fail("F006", key, "use another key: 0 is help, * the main menu and # repeat, everywhere", "menu %q takes the key %s for itself", n.name, o.key)
	}
	if o.next.node == "" {
		c.fail("F003", o.at, "add `next:`", "an option of menu %q leads nowhere", n.name)
	}
	if o.quiet == (o.prompt != "") {
		c.fail("F003", o.at, "give it either `say:` or `quiet: true`", "an option of menu %q is never said, or said though it is quiet", n.name)
	}
	c.checkDoing(n, o)
	if fault, unknown := unknownCondition(o.when); o.when != "" && unknown {
		c.fail("F005", c.placeOf(&o.when, o.at), fault, "no condition is called %q", o.when)
	}
	if o.lang != "" && !slices.Contains(c.flow.languages, o.lang) {
		c.fail("F005", c.placeOf(&o.lang, o.at), "use one of `languages`", "an option goes on in %s, which the flow does not speak", tongue(o.lang))
	}
	if o.voiceOnly && o.smsOnly {
		c.fail("F003", o.at, "keep one of `voice_only` and `sms_only`", "an option of menu %q is offered to nobody", n.name)
	}
	if o.spokenIn != "" && !o.others() {
		c.fail("F000", c.placeOf(&o.spokenIn, o.at), "write `spoken_in: others`, or leave it out", "an option is spoken in %q", o.spokenIn)
	}
}
