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

// called is for what the format has a name for, or its author.
func (fs *factsOf) called(of Sentence, k kind, name string) {
	if name != "" {
		fs.is(of, say("%q", k.called(name)))
	}
}

// so is for what is whole as a clause.
func (fs *factsOf) so(clause Sentence, is bool) {
	if is {
		*fs = append(*fs, fact{of: clause, so: true})
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
	fs.is(say("the list of languages"), say("%s", tongueList(c.flow.languages)))
	fs.universals(say("everywhere"), c.flow.always)
	fs.universals(say("for who sits in a session"), c.flow.seated)
	fs.escalation(say("silence everywhere"), c.defaults.noInput)
	fs.escalation(say("a wrong key everywhere"), c.defaults.noMatch)
	fs.escalation(say("silence of who sits in a session"), c.aside.noInput)
	fs.escalation(say("a wrong key of who sits in a session"), c.aside.noMatch)
	fs.words(func(name string) Sentence { return say("the word %q", name) }, c.flow.words)
	fs.words(func(name string) Sentence { return say("the order %q", name) }, c.flow.orders)
	fs.routes(func(kind string) Sentence { return say("a call of ours for %q", kind) }, c.flow.placed)
	for _, kind := range slices.Sorted(maps.Keys(c.flow.texted)) {
		t := c.flow.texted[kind]
		fs.quoted(say("a text of ours for %q", kind), t.says)
		fs.quoted(say("a text of ours for %q that names the group", kind), t.named)
	}
	for _, name := range slices.Sorted(maps.Keys(c.flow.numbers)) {
		fs.is(say("the number %q", name), say("%s", c.flow.numbers[name].E164))
	}
	return fs
}

func (fs *factsOf) universals(where Sentence, keys map[string]universal) {
	for _, key := range universalKeys {
		of := say("the key %s %s", key, where)
		fs.leads(of, keys[key].next)
		fs.so(say("%s asks again", of), keys[key].repeat)
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
	fs.called(say("the condition"), kindIf, n.condition)
	fs.leads(say("what is so, or too often,"), n.then)
	fs.leads(say("what is not so"), n.otherwise)
	fs.called(say("what it lists, dials or records"), n.kind, n.source)
	fs.leads(say("an empty list"), n.none)
	fs.leads(say("a list of one"), n.one)
	fs.quoted(say("where the answer goes"), n.into)
	fs.called(say("the kind of answer"), kindAsk, n.answer)
	if n.length > 0 {
		fs.is(say("the number of digits"), say("%d to %d", n.least, n.length))
	}
	if n.most > 0 {
		fs.is(say("how often it is said"), say("%d", n.most))
	}
	if n.rest > 0 {
		fs.is(say("the silence after it"), say("%s", n.rest))
	}
	fs.called(say("what is done"), kindDo, n.does)
	fs.so(say("its texts may name the group or the topic"), n.discreet != "")
	fs.so(say("the call ends"), n.end)
	fs.so(say("a sound is played"), n.plays)
	fs.so(say("nothing of it is counted or written down"), n.sensitive)
	fs.so(say("whoever answers is told nothing before a key"), n.neutral)
	fs.so(say("the keys that lead elsewhere everywhere do not"), n.apart)
	fs.so(say("it is asked of who sits in a session"), n.sits && !n.star)
	fs.so(say("the keys work before they are said"), n.star)
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
	fs.called(say("the condition of %s", key), kindIf, o.when)
	if o.lang != "" {
		fs.is(say("the language after %s", key), say("%s", tongue(o.lang)))
	}
	fs.quoted(say("the question after %s", key), o.confirm)
	fs.called(say("what %s does", key), kindDo, o.does)
	for _, name := range slices.Sorted(maps.Keys(o.set)) {
		fs.quoted(say("the %s that %s sets", name, key), o.set[name])
	}
	fs.so(say("%s is said in the other languages of the line", key), o.spokenIn != "")
	fs.so(say("%s can be reached by phone only", key), o.voiceOnly)
	fs.so(say("%s can be reached by text only", key), o.smsOnly)
	fs.so(say("nobody is told of %s", key), o.quiet)
	fs.so(say("%s does this in place of what it does everywhere", key), o.instead)
	fs.so(say("OK means %s, too", key), o.agree)
}
