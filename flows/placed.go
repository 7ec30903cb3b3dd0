package flows

import (
	"maps"
	"slices"
)

// What a call of ours may be for that does not come from the outbox: it rings somebody
// to lead a group or to help with a person, who looks after groups and wishes to record,
// or who is to be connected with somebody, whom the last is for.
const (
	PlacedHost   = "host"
	PlacedBackup = "backup"
	PlacedStudio = "studio"
	PlacedMasked = "masked"
	PlacedThem   = "them"
	// PlacedMachine is for whatever answers a call of ours and is no person.
	PlacedMachine = "machine"
)

// placedKinds are all that a call of ours may be for.
var placedKinds = []string{
	"call_me", "confirm", "held", "message", "moved", "recheck", "reminder", "skipped",
	PlacedHost, PlacedBackup, PlacedStudio, PlacedMasked, PlacedThem, PlacedMachine,
}

// decliners are the calls whose key 9 declines this one and stops no others: it rings
// somebody of the staff, of whom that number may also have asked for reminders, or who
// allowed that one call.
var decliners = []string{PlacedHost, PlacedBackup, PlacedStudio, PlacedMasked, PlacedThem}

// Placed are what the flow knows that a call of ours may be for, sorted.
func (f *Flow) Placed() []string { return slices.Sorted(maps.Keys(f.placed)) }

// Places says whether the flow knows what a call of ours for that is.
func (f *Flow) Places(kind string) bool { return f.placed[kind].node != "" }

// brought are the variables that a call of ours may begin with: the line of the script
// that somebody asked to record, or whom they are to be connected with.
var brought = []string{VarScript, VarApplicant}

// bring has a call begin with those of the variables that it may.
func bring(vars map[string]string) map[string]string {
	vars = maps.Clone(vars)
	maps.DeleteFunc(vars, func(name, value string) bool { return value == "" || !slices.Contains(brought, name) })
	if len(vars) == 0 {
		return nil
	}
	return vars
}

// openings are where a call begins that we place.
func (c *compiler) openings() []target {
	return c.openingsOf(func(string) bool { return true })
}

func (c *compiler) openingsOf(is func(kind string) bool) (from []target) {
	for _, kind := range slices.Sorted(maps.Keys(c.flow.placed)) {
		if is(kind) {
			from = append(from, c.flow.placed[kind])
		}
	}
	return from
}

// checkPlaced is F005 for a call of ours that is for nothing there is, and for what
// connects with a caller who is on the line already: whom that caller has rung comes to it
// and nobody else, and has nowhere else to go, for a carrier that connects two calls runs
// no more than words and questions on the second.
func (c *compiler) checkPlaced() {
	for _, kind := range slices.Sorted(maps.Keys(c.flow.placed)) {
		if !slices.Contains(placedKinds, kind) {
			c.fail("F005", c.flow.placed[kind].named, thereAre(slices.Sorted(slices.Values(placedKinds))), "no call of ours is for %q", kind)
		}
	}
	isThem := func(kind string) bool { return kind == PlacedThem }
	them := c.walk(c.openingsOf(isThem), (*node).targets)
	others := c.walk(slices.Concat(c.starts(), c.seats(), c.openingsOf(func(kind string) bool { return !isThem(kind) })), (*node).targets)
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		switch connects := n.kind == kindDial && n.source == dialCaller; {
		case connects && others[name]:
			c.fail("F005", n.at, "lead only the call to it that `them` under `placed` begins", "nobody waits on the line for who comes to %q", name)
		case them[name] && (n.asksEdge() || !connects && n.kind != kindSay && n.kind != kindMenu && n.kind != kindIf):
			c.fail("F005", n.at, "lead to words, to a menu or to `dial: caller`", "who answers while a caller waits comes to %q, which cannot be done there", name)
		}
	}
}

// checkConnected is F005 for what connects a caller with who waits, or who left a message:
// that they are is entered and counted before each such call, where it is asked for; and
// the flow knows what to ask who is rung.
func (c *compiler) checkConnected() {
	connects := func(n *node) bool { return n.kind == kindDial && n.source == dialApplicant }
	from := slices.Concat(c.starts(), c.seats(), c.openingsOf(func(kind string) bool { return kind != PlacedMasked }))
	for _, name := range c.flow.order {
		if n := c.flow.nodes[name]; connects(n) || n.into == VarApplicant { // who is rung next is another call, or another person
			from = append(from, n.targets()...)
		}
	}
	unentered := c.walk(from, func(n *node) []target {
		if n.does == "desk.ring" {
			return n.but("ok")
		}
		return n.targets()
	})
	for _, name := range c.flow.order {
		n := c.flow.nodes[name]
		switch {
		case !connects(n):
		case unentered[name]:
			c.fail("F005", n.at, "lead to it where `do: desk.ring` comes to ok, or once from the call that `masked` under `placed` begins", "%q connects a caller with somebody, of which nothing is entered", name)
		case c.flow.placed[PlacedThem].node == "":
			c.fail("F005", n.at, "add `them: …` under `placed`, with a menu that asks them", "nobody is asked whom %q connects a caller with", name)
		}
	}
}

// but are the targets of a function's outcomes without one of them.
func (n *node) but(without string) (others []target) {
	for _, outcome := range slices.Sorted(maps.Keys(n.outcomes)) {
		if outcome != without {
			others = append(others, n.outcomes[outcome])
		}
	}
	return n.withoutReturn(others)
}
