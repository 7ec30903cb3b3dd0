package flows

import (
	"cmp"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Node is a node of a flow as it is written, for who looks at it from outside: what is
// said there, where it leads, and what leads to it.
type Node struct {
	Name    string
	Kind    string // as the file names it: "say", "menu"
	Section string // the comment above the nodes that it is among, with a capital; "" for none
	Prompt  string // "" for none
	Words   string // what is said there in the language asked for, slots by their names
	// Of is what it lists, dials, records, does, or asks; it says nothing where that is
	// nothing.
	Of Sentence
	// Number is the name of the flow's own number that it dials, "" for none.
	Number string
	Ways   []Way
	Crisis bool // it is on the way to the crisis line
	// Laid says how it stands to the flow that this one is laid over, "" where there is
	// none.
	Laid Laid
	// Removable says that nothing leads to it, and that it is this flow's own.
	Removable bool
	// From and To are the first and the last line of File that may be of it.
	File     string
	From, To int
	LedFrom  []string // names of nodes, and ways in of callers as WayIn* says
}

// Laid is how a node stands to the flow that its own is laid over.
type Laid string

// What Laid may be.
const (
	LaidUnder   Laid = "under"   // it is as it is there
	LaidOver    Laid = "over"    // some of it is other than there
	LaidInstead Laid = "instead" // all of it stands in place of the one that is there
	LaidBeside  Laid = "beside"  // it is not there
)

// laid says that of a node, by the nodes that are there and those of its own flow.
func laid(base, own *yaml.Node, name string) Laid {
	is := field(own, name)
	switch {
	case base == nil:
		return ""
	case field(base, name) == nil:
		return LaidBeside
	case is == nil:
		return LaidUnder
	case kindOf(is) == "":
		return LaidOver
	}
	return LaidInstead
}

// Way is where a node leads.
type Way struct {
	Kind string // as WayOption and the others
	Of   string // see there
	// Say is the prompt of an option and Words what it says; both "" for what nobody is
	// told of.
	Say, Words string
	To         string // the node, which may be none; "" for where the flow says for all
}

// Where callers come in besides from a node.
const (
	WayInCall  = "+call"  // a call begins
	WayInKey   = "+key"   // a key that works everywhere
	WayInText  = "+text"  // a word of a text
	WayInOurs  = "+ours"  // a call of ours begins
	WayInQuiet = "+quiet" // silence or wrong keys, wherever nothing else is said of them
)

// Steps are the nodes of a bundle as it lists them, with the words of a language, and what
// else somebody needs who changes one.
type Steps struct {
	Nodes   []Node
	Lang    string   // of the words: "" where the flow speaks none
	Langs   []string // that the flow speaks, in its order
	Numbers []string // names of those that it may dial, the crisis line's first
}

// Steps reads a bundle once. Its words are in the language that is meant by a tag, see
// [Tongue], or else in the flow's first one. It may have faults: what cannot be read is not
// among them.
func (b Bundle) Steps(tag string) Steps {
	c := mainOnly(b)
	all := Steps{Langs: c.flow.languages, Numbers: c.flow.dialledNumbers()}
	lang, spoken := Tongue(tag, all.Langs)
	if !spoken && len(all.Langs) > 0 {
		lang = all.Langs[0]
	}
	all.Lang = lang
	c.readCatalogues(b, lang)
	cat := c.flow.catalogues[lang]
	if cat == nil {
		cat = &catalogue{}
	}
	crisis, from, section := c.flow.crisisWay(), c.ledFrom(), ""
	for _, name := range c.listed() {
		n := c.flow.nodes[name]
		section = cmp.Or(c.sections[name], section)
		node := Node{
			Name: name, Kind: string(n.kind), Section: capital(section), Prompt: n.prompt, Words: plainText(cat.prompts[n.prompt]),
			Of: n.of(), Crisis: crisis[name], Ways: c.editable(n, cat),
			File: n.at.File, From: n.at.Line, To: c.lastLine(n), LedFrom: from[name], Laid: laid(c.layers.base, c.layers.own, name),
		}
		if _, own := c.flow.numbers[n.source]; own && n.kind == kindDial {
			node.Number = n.source
		}
		others := slices.DeleteFunc(slices.Clone(node.LedFrom), func(from string) bool { return from == name })
		node.Removable = len(others) == 0 && field(c.layers.base, name) == nil
		all.Nodes = append(all.Nodes, node)
	}
	return all
}

// listed are the nodes in the order in which a file has them, each question that confirms an
// option after the menu that it is of. What no node is called is reported, and left out.
func (c *compiler) listed() []string {
	confirm := map[string][]string{} // by the node that is led back to
	var all []string
	for _, name := range c.flow.order {
		if n := c.flow.nodes[name]; n.confirms {
			back := n.options[1].next.node
			confirm[back] = append(confirm[back], name)
		}
	}
	for _, name := range c.flow.order {
		if nodeName.MatchString(name) && !c.flow.nodes[name].confirms {
			all = append(append(all, name), confirm[name]...)
		}
	}
	return all
}

// editable are the ways of a node that can be led elsewhere, in the order in which they
// are heard.
func (c *compiler) editable(n *node, cat *catalogue) (ways []Way) {
	for i := range n.options {
		o := &n.options[i]
		ways = append(ways, Way{Kind: WayOption, Of: o.key, Say: o.prompt, Words: plainText(cat.prompts[o.prompt]), To: o.next.node})
	}
	for _, one := range []struct {
		kind string
		to   target
	}{
		{WayUse, n.uses}, {WayThen, n.then}, {WayElse, n.otherwise}, {WayNext, n.next}, {WayNone, n.none}, {WayOne, n.one},
		{WayText, n.text}, {WayVoice, n.voice},
	} {
		if one.to.node != "" || one.kind == WayOne && n.kind == kindPick {
			ways = append(ways, Way{Kind: one.kind, To: one.to.node})
		}
	}
	for _, routes := range []struct {
		kind string
		of   map[string]target
	}{{WayKey, n.keys}, {WayWait, n.waits}, {WayOutcome, n.outcomes}} {
		for _, name := range slices.SortedFunc(maps.Keys(routes.of), func(a, b string) int {
			at, other := routes.of[a].named, routes.of[b].named // as they are written
			return cmp.Or(cmp.Compare(at.Line, other.Line), cmp.Compare(at.Column, other.Column), cmp.Compare(a, b))
		}) {
			ways = append(ways, Way{Kind: routes.kind, Of: name, To: routes.of[name].node})
		}
	}
	if n.asks() {
		own := c.own[n.name]
		ways = append(ways, Way{Kind: WaySilence, To: own[0].then.node}, Way{Kind: WayWrong, To: own[1].then.node})
	}
	return ways
}

// ledFrom says what leads to each node, each once: other nodes as they are written, and
// where callers come in.
func (c *compiler) ledFrom() map[string][]string {
	from := map[string][]string{}
	add := func(by string, to target) {
		if to.node != "" && !slices.Contains(from[to.node], by) {
			from[to.node] = append(from[to.node], by)
		}
	}
	f := c.flow
	add(WayInCall, f.start)
	for _, key := range universalKeys {
		add(WayInKey, f.always[key].next)
		add(WayInKey, f.seated[key].next)
	}
	for _, to := range f.textStarts() {
		add(WayInText, to)
	}
	for _, to := range c.openings() {
		add(WayInOurs, to)
	}
	for _, e := range []escalation{c.defaults.noInput, c.defaults.noMatch, c.aside.noInput, c.aside.noMatch} {
		add(WayInQuiet, e.then)
	}
	for _, name := range f.order {
		for _, w := range c.editable(f.nodes[name], &catalogue{}) {
			add(name, target{node: w.To})
		}
	}
	return from
}

// leadTo is what leads to a node, as in Node.LedFrom.
func (b Bundle) leadTo(name string) []string { return mainOnly(b).ledFrom()[name] }

// dialledNumbers are the names of the numbers that the flow may dial: the crisis line's, and
// its own, sorted.
func (f *Flow) dialledNumbers() []string {
	return append([]string{dialCrisis}, slices.Sorted(maps.Keys(f.numbers))...)
}

// KeysCalled is what keys are called in the language of the flow that is meant by a tag, see
// [Tongue], by the prompts that name them; none where the flow speaks no such language.
func (b Bundle) KeysCalled(tag string) map[string]string {
	c := mainOnly(b)
	lang, _ := Tongue(tag, c.flow.languages)
	c.readCatalogues(b, lang)
	called := map[string]string{}
	cat := c.flow.catalogues[lang]
	for _, n := range c.flow.nodes {
		for i := range n.options {
			if name := n.options[i].prompt; cat != nil && name != "" {
				called[name] = plainText(cat.prompts[name])
			}
		}
	}
	return called
}

// Spoken is what a prompt says in each language that has words for it.
func (b Bundle) Spoken(prompt string) map[string]string {
	said := map[string]string{}
	for lang, cat := range readOnly(b).flow.catalogues {
		if words := plainText(cat.prompts[prompt]); words != "" {
			said[lang] = words
		}
	}
	return said
}

// Speaks are the languages that the bundle's main file lists, in its order.
func (b Bundle) Speaks() []string { return mainOnly(b).flow.languages }

// mainOnly reads where a bundle leads, and none of its words.
func mainOnly(b Bundle) *compiler {
	c := newCompiler()
	if root := c.extend(b, c.parse(b, mainFile)); root != nil {
		c.main(root)
	}
	return c
}
