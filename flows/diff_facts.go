package flows

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// factsOf gathers facts, leaving out what is not set.
type factsOf []fact

func (fs *factsOf) leads(of string, t target) {
	if t.node != "" {
		*fs = append(*fs, fact{of: of, is: t.node, leads: true})
	}
}

func (fs *factsOf) is(of, value string) {
	if value != "" {
		*fs = append(*fs, fact{of: of, is: value})
	}
}

func (fs *factsOf) quoted(of, value string) {
	if value != "" {
		fs.is(of, strconv.Quote(value))
	}
}

func (fs *factsOf) set(of string, is bool) {
	if is {
		fs.is(of, "set")
	}
}

func (fs *factsOf) routes(of string, routes map[string]target) {
	for _, name := range slices.Sorted(maps.Keys(routes)) {
		fs.leads(fmt.Sprintf(of, name), routes[name])
	}
}

func (fs *factsOf) escalation(of string, e escalation) {
	if e.after > 0 {
		fs.is("the wait before "+of, fmt.Sprintf("%d seconds", int(e.after.Seconds())))
	}
	if e.tries > 0 {
		fs.is("how often "+of+" is met", strconv.Itoa(e.tries))
	}
	fs.leads(of, e.then)
}

// flowFacts are what is so everywhere.
func (c *compiler) flowFacts() []fact {
	var fs factsOf
	fs.leads("a call", c.flow.start)
	fs.leads("a text of danger", c.flow.danger)
	fs.leads("a text that is nearly a word", c.flow.unsure)
	fs.is("the list of languages", strings.Join(c.flow.languages, ", "))
	fs.universals("everywhere", c.flow.always)
	fs.universals("for who sits in a session", c.flow.seated)
	fs.escalation("silence everywhere", c.defaults.noInput)
	fs.escalation("a wrong key everywhere", c.defaults.noMatch)
	fs.escalation("silence of who sits in a session", c.aside.noInput)
	fs.escalation("a wrong key of who sits in a session", c.aside.noMatch)
	fs.words("the word", c.flow.words)
	fs.words("the order", c.flow.orders)
	fs.routes("a call of ours for %q", c.flow.placed)
	for _, name := range slices.Sorted(maps.Keys(c.flow.numbers)) {
		fs.is(fmt.Sprintf("the number %q", name), c.flow.numbers[name].E164)
	}
	return fs
}

func (fs *factsOf) universals(where string, keys map[string]universal) {
	for _, key := range universalKeys {
		of := "the key " + key + " " + where
		if fs.leads(of, keys[key].next); keys[key].repeat {
			fs.is(of+", asking again,", "set")
		}
	}
}

func (fs *factsOf) words(what string, words []word) {
	for _, w := range words {
		of := fmt.Sprintf("%s %q", what, w.name)
		fs.leads(of, w.next)
		fs.quoted("what follows "+of, w.into)
		fs.leads(of+" alone", w.without)
	}
}

// nodeFacts are what is so at a node. Silence and wrong keys are told of where they
// are not only met as everywhere.
func (c *compiler) nodeFacts(n *node) []fact {
	var fs factsOf
	fs.quoted("what is said", n.prompt)
	fs.leads("a text", n.text)
	fs.leads("a call", n.voice)
	fs.leads("what follows", n.next)
	fs.leads("the sub-flow", n.uses)
	fs.quoted("the condition", n.condition)
	fs.leads("what is so, or too often,", n.then)
	fs.leads("what is not so", n.otherwise)
	fs.quoted("what it lists, dials or records", n.source)
	fs.leads("an empty list", n.none)
	fs.leads("a list of one", n.one)
	fs.quoted("where the answer goes", n.into)
	fs.quoted("the kind of answer", n.answer)
	if n.length > 0 {
		fs.is("the number of digits", fmt.Sprintf("%d to %d", n.least, n.length))
	}
	if n.most > 0 {
		fs.is("how often it is said", strconv.Itoa(n.most))
	}
	fs.quoted("the function", n.does)
	fs.quoted("`discreet`", n.discreet)
	for _, s := range []struct {
		name string
		set  bool
	}{
		{"end", n.end}, {"plays", n.plays}, {"sensitive", n.sensitive}, {"neutral", n.neutral}, {"apart", n.apart}, {"sits", n.sits && !n.star}, {"star", n.star},
	} {
		fs.set("`"+s.name+"`", s.set)
	}
	var order []string
	for i := range n.options {
		o := &n.options[i]
		order = append(order, o.key)
		fs.option(o)
	}
	fs.is("the order of the keys", strings.Join(order, " "))
	fs.routes("the key %s of who waits", n.keys)
	fs.routes("what comes to %q", n.outcomes)
	own := c.own[n.name]
	fs.escalation("silence", own[0])
	fs.escalation("a wrong key", own[1])
	return fs
}

func (fs *factsOf) option(o *option) {
	key := "key " + o.key
	fs.leads(key, o.next)
	fs.quoted("what is said of "+key, o.prompt)
	fs.quoted("the condition of "+key, o.when)
	fs.quoted("the language after "+key, o.lang)
	fs.quoted("the question after "+key, o.confirm)
	fs.quoted("the function of "+key, o.does)
	fs.quoted("`spoken_in` of "+key, o.spokenIn)
	for _, name := range slices.Sorted(maps.Keys(o.set)) {
		fs.quoted("the "+name+" that "+key+" sets", o.set[name])
	}
	for _, s := range []struct {
		name string
		set  bool
	}{{"voice_only", o.voiceOnly}, {"sms_only", o.smsOnly}, {"quiet", o.quiet}, {"instead", o.instead}, {"ok", o.agree}} {
		fs.set("`"+s.name+"` of "+key, s.set)
	}
}
