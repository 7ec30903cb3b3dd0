package flows

import (
	"maps"
	"slices"
	"strings"
)

// factsOf gathers facts, leaving out what is not set.
type factsOf []fact

func (fs *factsOf) leads(of Sentence, t target) {
	if t.node != "" {
		*fs = append(*fs, fact{of: of, is: say("%s", t.node), leads: true})
	}
}

func (fs *factsOf) is(of, value Sentence) { *fs = append(*fs, fact{of: of, is: value}) }

func (fs *factsOf) quoted(of Sentence, value string) {
	if value != "" {
		fs.is(of, say("%q", value))
	}
}

func (fs *factsOf) set(of Sentence, is bool) {
	if is {
		fs.is(of, say("set"))
	}
}

func (fs *factsOf) routes(of func(name string) Sentence, routes map[string]target) {
	for _, name := range slices.Sorted(maps.Keys(routes)) {
		fs.leads(of(name), routes[name])
	}
}

func (fs *factsOf) escalation(of Sentence, e escalation) {
	if e.after > 0 {
		fs.is(say("the wait before %s", of), say("%d seconds", int(e.after.Seconds())))
	}
	if e.tries > 0 {
		fs.is(say("how often %s is met", of), say("%d", e.tries))
	}
	fs.leads(of, e.then)
}

// flowFacts are what is so everywhere.
func (c *compiler) flowFacts() []fact {
	var fs factsOf
	fs.leads(say("a call"), c.flow.start)
	fs.leads(say("a text of danger"), c.flow.danger)
	fs.leads(say("a text that is nearly a word"), c.flow.unsure)
	fs.is(say("the list of languages"), say("%s", strings.Join(c.flow.languages, ", ")))
	fs.universals(say("everywhere"), c.flow.always)
	fs.universals(say("for who sits in a session"), c.flow.seated)
	fs.escalation(say("silence everywhere"), c.defaults.noInput)
	fs.escalation(say("a wrong key everywhere"), c.defaults.noMatch)
	fs.escalation(say("silence of who sits in a session"), c.aside.noInput)
	fs.escalation(say("a wrong key of who sits in a session"), c.aside.noMatch)
	fs.words(func(name string) Sentence { return say("the word %q", name) }, c.flow.words)
	fs.words(func(name string) Sentence { return say("the order %q", name) }, c.flow.orders)
	fs.routes(func(kind string) Sentence { return say("a call of ours for %q", kind) }, c.flow.placed)
	for _, name := range slices.Sorted(maps.Keys(c.flow.numbers)) {
		fs.is(say("the number %q", name), say("%s", c.flow.numbers[name].E164))
	}
	return fs
}

func (fs *factsOf) universals(where Sentence, keys map[string]universal) {
	for _, key := range universalKeys {
		of := say("the key %s %s", key, where)
		if fs.leads(of, keys[key].next); keys[key].repeat {
			fs.is(say("%s, asking again,", of), say("set"))
		}
	}
}

func (fs *factsOf) words(called func(name string) Sentence, words []word) {
	for _, w := range words {
		of := called(w.name)
		fs.leads(of, w.next)
		fs.quoted(say("what follows %s", of), w.into)
		fs.leads(say("%s alone", of), w.without)
	}
}

// nodeFacts are what is so at a node. Silence and wrong keys are told of where they
// are not only met as everywhere.
func (c *compiler) nodeFacts(n *node) []fact {
	var fs factsOf
	fs.quoted(say("what is said"), n.prompt)
	fs.leads(say("a text"), n.text)
	fs.leads(say("a call"), n.voice)
	fs.leads(say("what follows"), n.next)
	fs.leads(say("the sub-flow"), n.uses)
	fs.quoted(say("the condition"), n.condition)
	fs.leads(say("what is so, or too often,"), n.then)
	fs.leads(say("what is not so"), n.otherwise)
	fs.quoted(say("what it lists, dials or records"), n.source)
	fs.leads(say("an empty list"), n.none)
	fs.leads(say("a list of one"), n.one)
	fs.quoted(say("where the answer goes"), n.into)
	fs.quoted(say("the kind of answer"), n.answer)
	if n.length > 0 {
		fs.is(say("the number of digits"), say("%d to %d", n.least, n.length))
	}
	if n.most > 0 {
		fs.is(say("how often it is said"), say("%d", n.most))
	}
	if n.rest > 0 {
		fs.is(say("the silence after it"), say("%s", n.rest))
	}
	fs.quoted(say("the function"), n.does)
	fs.quoted(say("`discreet`"), n.discreet)
	for _, s := range []struct {
		name string
		set  bool
	}{
		{"end", n.end}, {"plays", n.plays}, {"sensitive", n.sensitive}, {"neutral", n.neutral}, {"apart", n.apart}, {"sits", n.sits && !n.star}, {"star", n.star},
	} {
		fs.set(say("`%s`", s.name), s.set)
	}
	var order []string
	for i := range n.options {
		o := &n.options[i]
		order = append(order, o.key)
		fs.option(o)
	}
	if len(order) > 0 {
		fs.is(say("the order of the keys"), say("%s", strings.Join(order, " ")))
	}
	fs.routes(func(key string) Sentence { return say("the key %s of who waits", key) }, n.keys)
	fs.routes(func(who string) Sentence { return say("what is heard by who waits (%s)", who) }, n.waits)
	fs.routes(func(outcome string) Sentence { return say("what comes to %q", outcome) }, n.outcomes)
	own := c.own[n.name]
	fs.escalation(say("silence"), own[0])
	fs.escalation(say("a wrong key"), own[1])
	return fs
}

func (fs *factsOf) option(o *option) {
	key := say("key %s", o.key)
	fs.leads(key, o.next)
	fs.quoted(say("what is said of %s", key), o.prompt)
	fs.quoted(say("the condition of %s", key), o.when)
	fs.quoted(say("the language after %s", key), o.lang)
	fs.quoted(say("the question after %s", key), o.confirm)
	fs.quoted(say("the function of %s", key), o.does)
	fs.quoted(say("`spoken_in` of %s", key), o.spokenIn)
	for _, name := range slices.Sorted(maps.Keys(o.set)) {
		fs.quoted(say("the %s that %s sets", name, key), o.set[name])
	}
	for _, s := range []struct {
		name string
		set  bool
	}{{"voice_only", o.voiceOnly}, {"sms_only", o.smsOnly}, {"quiet", o.quiet}, {"instead", o.instead}, {"ok", o.agree}} {
		fs.set(say("`%s` of %s", s.name, key), s.set)
	}
}
