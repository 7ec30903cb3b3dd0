package flows

import (
	"maps"
	"slices"
	"strings"
)

// What a text may cost in segments: what is meant, how many more where `_long` has it, and
// what is too many in any case.
const (
	meantSegments = 1
	longerBy      = 1
	mostSegments  = 3
)

// textStarts are where a text can lead.
func (f *Flow) textStarts() []target {
	from := []target{f.danger, f.unsure}
	for _, w := range slices.Concat(f.words, f.orders) {
		from = append(from, w.next, w.without)
	}
	return from
}

// onText leads on as a text is led.
func (f *Flow) onText(t target) target {
	for range f.nodes {
		n := f.nodes[t.node]
		if n == nil || n.text.node == "" {
			break
		}
		t = n.text
	}
	return t
}

// byText are the nodes that a text can come to.
func (c *compiler) byText() []*node {
	if len(c.flow.words) == 0 || c.routeless() {
		return nil // the flow speaks only, or cannot be followed
	}
	led := func(ts []target) []target {
		for i := range ts {
			ts[i] = c.flow.onText(ts[i])
		}
		return ts
	}
	from := c.flow.textStarts()
	for _, key := range universalKeys {
		from = append(from, c.flow.always[key].next)
	}
	seen := c.walk(led(from), func(n *node) []target {
		ts := []target{n.uses, n.then, n.otherwise, n.none, n.one, n.noInput.then}
		if n.kind != kindUse {
			ts = append(ts, n.next)
		}
		for i := range n.options {
			if n.options[i].written() {
				ts = append(ts, n.options[i].next)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(n.outcomes)) {
			ts = append(ts, n.outcomes[name])
		}
		return led(n.withoutReturn(ts))
	})
	var all []*node
	for _, name := range c.flow.order {
		if seen[name] {
			all = append(all, c.flow.nodes[name])
		}
	}
	return all
}

// byVoice names the prompts that a voice speaks.
func (c *compiler) byVoice() map[string]bool {
	if c.doubtful {
		return nil
	}
	from := append(c.openings(), c.flow.start)
	for _, key := range universalKeys {
		from = append(from, c.flow.always[key].next)
	}
	seen := c.walk(from, func(n *node) []target {
		if n.voice.node != "" {
			return []target{n.voice}
		}
		return slices.DeleteFunc(n.targets(), func(t target) bool { return t == n.text })
	})
	prompts := map[string]bool{}
	for name := range seen {
		n := c.flow.nodes[name]
		prompts[n.prompt] = true
		for _, o := range n.options {
			prompts[o.prompt] = true
		}
	}
	return prompts
}

// checkTextRoutes is F003 for a text that would have to listen, F007 for a PIN
// asked for in a text, and F032 for what a text may name.
func (c *compiler) checkTextRoutes() {
	for _, n := range c.texted() {
		if n.kind == kindJoin || n.kind == kindDial {
			c.fail("F003", n.at, "add `text:` to it, with a node that says how to call", "a text comes to %q, where one has to listen", n.name)
		}
		if n.answer == answerPIN {
			c.fail("F007", n.at, "let only a call come to it", "a text comes to %q, which asks for a PIN", n.name)
		}
		if n.kind == kindPick && slices.Contains([]string{"group", "topic"}, lists[n.source].into) && n.discreet != "ok" {
			c.fail("F032", n.at, "add `discreet: ok` if its reader has just asked for it", "the texts of %q name %ss", n.name, lists[n.source].into)
		}
	}
	for _, w := range c.flow.words {
		if w.next.node == "" || w.into != "" && !slices.Contains([]string{"code", "query", intoOrder, intoQuestion}, w.into) {
			c.fail("F003", w.at, "write {go: …}, and `into: code` or `into: query` if something follows it", "the word %q leads nowhere", w.name)
		}
		if (w.into == intoOrder || w.into == intoQuestion) && w.without.node == "" {
			c.fail("F003", w.at, "add `without:`, with a node that says what to send", "the word %q leads nowhere without its code", w.name)
		}
	}
	for _, w := range c.flow.orders {
		if w.next.node == "" || w.into != "" && (w.without.node == "" || !slices.Contains([]string{intoPlan, intoCodePlan, intoWaiting}, w.into)) {
			c.fail("F003", w.at, "write {go: …}, or {go: …, into: plan, without: …}, code_and_plan or applicant", "the order %q leads nowhere", w.name)
		}
	}
}

// checkTexts holds what one language writes: F020 for words without names,
// F030 for length, F032 for what is named.
func (c *compiler) checkTexts(cat *catalogue) {
	c.checkNames(cat, c.flow.words)
	c.checkNames(cat, c.flow.orders) // which may be called what everybody's words are
	c.checkUnasked(cat)
	long, texted := maps.Clone(cat.long), c.texted()
	for _, n := range texted {
		c.checkNaming(n, cat)
		text := c.longest(n, cat)
		s := CountSegments(Fold(text.String()))
		forced := say("")
		if s.Forced != 0 {
			if forced = say(", %c forces %s", s.Forced, UCS2); text.brings(s.Forced) != n.prompt {
				forced = say(", %c in %q forces %s", s.Forced, text.brings(s.Forced), UCS2)
			}
		}
		switch {
		case s.Count > mostSegments:
			c.fail("F030", c.wordsAt(n, cat), "shorten it", "the text of %q takes %d segments in %s%s", n.name, s.Count, tongue(cat.lang), forced)
		case s.Count > meantSegments && cat.long[n.name] == (Place{}):
			c.warn("F030", c.wordsAt(n, cat), "shorten it, or name it in `_long`", "the text of %q takes %d segments in %s%s", n.name, s.Count, tongue(cat.lang), forced)
		case s.Count > meantSegments+longerBy:
			c.warn("F030", c.wordsAt(n, cat), "shorten it", "the text of %q takes %d segments in %s%s", n.name, s.Count, tongue(cat.lang), forced)
		}
		if s.Count > meantSegments {
			delete(long, n.name)
		}
	}
	if len(texted) > 0 && !c.doubtful {
		c.checkLong(cat, long)
	}
}

// checkLong is F030 for what is called long and is not, lest it become so unseen. What the
// built-in flow says of its own words holds no flow that says others.
func (c *compiler) checkLong(cat *catalogue, short map[string]Place) {
	for _, name := range slices.Sorted(maps.Keys(short)) {
		if at := short[name]; !ofBuiltIn(at.File) {
			c.warn("F030", at, "take it out of `_long`", "no text of %q takes more than one segment in %s", name, tongue(cat.lang))
		}
	}
}

// checkNames is F020 and F006 for what the words of a flow are called.
func (c *compiler) checkNames(cat *catalogue, of []word) {
	taken := map[string]string{}
	for _, w := range of {
		if len(cat.phrases[w.name]) == 0 {
			c.fail("F020", top(catalogueFile(cat.lang)), say("add `%s: […]`", wordPrefix+w.name), "the word %q is not called anything", w.name)
		}
		for _, p := range cat.phrases[w.name] {
			if other, ok := taken[p]; ok {
				c.fail("F006", top(catalogueFile(cat.lang)), "give each its own", "%q and %q are both called %q", other, w.name, p)
			}
			taken[p] = w.name
		}
	}
}

// checkUnasked is F030 and F032 for the texts that come unasked: one segment,
// which names nothing unless its reader wants that.
func (c *compiler) checkUnasked(cat *catalogue) {
	unasked, naming := c.unasked()
	for _, name := range unasked {
		t := cat.written(name)
		u := Utterance{Parts: t.parts(func(slot string) string {
			if slot == "reminder.call" { // of a place, a name has less room
				return cat.written(reach).source
			}
			return realistic(slot, cat.lang)
		})}
		if s := CountSegments(Fold(u.Text())); s.Count > 1 {
			c.fail("F030", t.at, "shorten it: it comes unasked", "the text %q takes %d segments in %s", name, s.Count, tongue(cat.lang))
		}
		if topic := cat.namesTopic(t); topic != "" && !naming[name] {
			c.fail("F032", t.at, "take it out", "the text %q comes unasked, and names the topic %q", name, topic)
		}
		for _, slot := range t.slots() {
			if !naming[name] && !slices.Contains(discreetSlots, slot) && slots[slot] != nil {
				c.fail("F032", t.at, thereAre(discreetSlots), "the text %q comes unasked, and has {%s} in it", name, slot)
			}
		}
	}
}

// discreetSlots tell nothing of what a text is about.
var discreetSlots = []string{"line.number", "question.code", "reminder.call", "reminder.name", "reminder.was", "reminder.when"}

// namingSlots name a group or where it meets.
var namingSlots = []string{"group.name", "group.place", "member.groups", "member.quick", "desk.status", "desk.live", "open.name", "open.topic", "applicant.group"}

// checkNaming is F032: a text that names a group or its place says so.
func (c *compiler) checkNaming(n *node, cat *catalogue) {
	for _, slot := range cat.written(n.prompt).slots() {
		if slices.Contains(namingSlots, slot) && n.discreet != "ok" {
			c.fail("F032", n.at, "add `discreet: ok` if its reader has just asked for it", "the text of %q has {%s} in it", n.name, slot)
		}
	}
}

func (c *compiler) wordsAt(n *node, cat *catalogue) Place {
	if t := cat.written(n.prompt); t.source != "" {
		return t.at
	}
	return n.at
}

// longest is the text of a node, and of what follows unasked, with the longest
// values that its slots take in practice.
func (c *compiler) longest(n *node, cat *catalogue) (lines textLines) {
	fill := func(slot string) string { return realistic(slot, cat.lang) }
	for seen := map[*node]bool{}; !seen[n]; { // of a round, which is reported, once
		seen[n] = true
		if n.prompt != "" {
			u := Utterance{Parts: cat.written(n.prompt).parts(fill)}
			lines = append(lines, textLine{u.Text(), n.prompt})
		}
		for i := range n.options {
			if o := &n.options[i]; o.written() {
				u := Utterance{Parts: cat.written(promptOption).item(cat.written(o.prompt), o.key)}
				lines = append(lines, textLine{u.Text(), o.prompt})
			}
		}
		if n.kind != kindSay || n.end {
			break
		}
		n = c.flow.node(c.flow.onText(n.withoutReturn([]target{n.next})[0]))
	}
	return lines
}

// textLines are the lines of a text, each with the prompt that it is of.
type (
	textLines []textLine
	textLine  struct{ text, prompt string }
)

func (ls textLines) String() string {
	var all []string
	for _, l := range ls {
		all = append(all, l.text)
	}
	return strings.Join(all, "\n")
}

// brings is the prompt of the first line that a character stands in once it is folded.
func (ls textLines) brings(r rune) string {
	for _, l := range ls {
		if strings.ContainsRune(Fold(l.text), r) {
			return l.prompt
		}
	}
	return ""
}
