package flows

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// Compile reads a bundle into a flow. It returns every problem it finds, in
// the order of the files; the flow is nil when one of them is an error.
func Compile(b Bundle) (*Flow, []Problem) { return newCompiler().compile(b) }

// compile is documented with Compile.
func (c *compiler) compile(b Bundle) (*Flow, []Problem) {
	if root := c.supplied(c.extend(b, c.parse(b, mainFile))); root != nil {
		c.main(root)
		c.check()
	}
	c.readCatalogues(b)
	c.suppliedDangers()
	for _, cat := range c.flow.catalogues {
		cat.makeLookedFor(c.flow)
		cat.makeOffers(c.flow)
	}
	if len(c.flow.languages) > 0 {
		c.checkWords()
	}
	c.tellSupplied()
	// Who extends the built-in flow is told of what they wrote.
	c.problems = slices.DeleteFunc(c.problems, func(p Problem) bool { return p.Warning && ofBuiltIn(p.File) })
	if len(Errors(c.problems)) > 0 {
		return nil, c.problems.sorted()
	}
	c.flow.Hash, c.flow.script = b.Hash(), c.scripts()
	return c.flow, c.problems.sorted()
}

func newCompiler() *compiler {
	c := &compiler{
		flow: &Flow{
			nodes:      map[string]*node{},
			placed:     map[string]target{},
			texted:     map[string]textOfOurs{},
			numbers:    map[string]Number{},
			always:     map[string]universal{},
			seated:     map[string]universal{},
			catalogues: map[string]*catalogue{},
		},
		where: map[*string]Place{}, targets: map[Place]bool{},
		files: map[*yaml.Node]string{},
		own:   map[string][2]escalation{}, sections: map[string]string{},
		unread: map[string]bool{},
	}
	c.texted, c.heard, c.recorded = sync.OnceValue(c.byText), sync.OnceValue(c.byVoice), sync.OnceValue(c.byRing)
	return c
}

// compiler reads the files node by node, so that every problem has its place.
type compiler struct {
	flow     *Flow
	file     string                // being read
	files    map[*yaml.Node]string // where nodes stand that are not in it
	defaults struct {
		noInput, noMatch escalation
		broken           bool // already reported
	}
	aside struct{ noInput, noMatch escalation } // defaults of who sits in a session
	// always is where the universal keys are, or should be, and seated where those
	// are of who sits in a session.
	always, seated Place
	where          map[*string]Place // where the words of the flow stand
	// own are what a node says itself of silence and wrong keys, by its name.
	own map[string][2]escalation
	// watch is told of the settings that may stand where some are read, see Schema.
	watch   func(read map[string]setting)
	targets map[Place]bool // where a node is named that something leads to
	// sections are the comments above nodes, by the node's name.
	sections map[string]string
	unread   map[string]bool // languages whose catalogue could not be read
	worded   []string        // languages that there are words of
	// doubtful says that the main file has faults, so that what seems unused
	// may not be.
	doubtful bool
	// texted, heard and recorded are byText, byVoice and byRing: every language asks for
	// them.
	texted          func() []*node
	heard, recorded func() map[string]bool
	supply          *supply // of what a kept version lacks, nil for none
	// layers are the nodes of the flow that is extended, nil for none, and those that are
	// laid over it, as they are written.
	layers struct{ base, own *yaml.Node }
	problems
}

func (c *compiler) main(root *yaml.Node) {
	c.always = top(mainFile)
	whole := c.clean(func() {
		c.fields(root, map[string]setting{
			"flow":      c.text(new(string)),
			"extends":   c.text(new(string)),
			"start":     c.target(&c.flow.start),
			"languages": c.languages,
			"defaults": func(v *yaml.Node) {
				c.defaults.broken = !c.clean(func() { c.escalations(v, &c.defaults.noInput, &c.defaults.noMatch) })
			},
			"always": c.universals(c.flow.always, &c.always, nil),
			"seated": c.universals(c.flow.seated, &c.seated, map[string]setting{
				"no_input": c.escalation(&c.aside.noInput, true), "no_match": c.escalation(&c.aside.noMatch, false),
			}),
			"words":   c.words(&c.flow.words),
			"orders":  c.words(&c.flow.orders),
			"placed":  c.placed,
			"texted":  c.textsOfOurs,
			"numbers": c.numbers,
			"danger":  c.target(&c.flow.danger),
			"unsure":  c.target(&c.flow.unsure),
			"nodes":   c.nodes,
		})
	})
	c.spell()
	c.link()
	for _, n := range c.flow.nodes {
		if !n.asks() {
			continue
		}
		noInput, noMatch := c.defaults.noInput, c.defaults.noMatch
		if n.neutral {
			noInput.tries, noMatch.tries = 0, 0 // it is asked again only if it says so
		}
		if n.sits {
			noInput, noMatch = c.aside.noInput, c.aside.noMatch
		}
		c.own[n.name] = [2]escalation{n.noInput, n.noMatch}
		n.noInput.complete(noInput)
		n.noMatch.complete(noMatch)
	}
	for _, n := range c.flow.nodes {
		n.led = n.leads()
	}
	if !whole {
		return // what is missing may be what could not be read
	}
	if c.flow.start.node == "" {
		c.fail("F000", top(mainFile), "add `start: welcome`", "the flow does not say where it starts")
	}
	if len(c.flow.languages) == 0 {
		c.fail("F000", top(mainFile), "add `languages: [en]`", "the flow has no language")
	}
	if len(c.flow.nodes) == 0 {
		c.fail("F000", top(mainFile), "add `nodes:`, with what a caller hears", "the flow has no nodes")
	}
}

// complete takes from d what a node leaves unsaid.
func (e *escalation) complete(d escalation) {
	if e.after == 0 {
		e.after = d.after
	}
	if e.tries == 0 {
		e.tries = d.tries
	}
	if e.then.node == "" {
		e.then = d.then
	}
}

func (c *compiler) languages(v *yaml.Node) {
	if v.Kind != yaml.SequenceNode {
		c.fail("F000", c.at(v), "write [en, es]", "a list of languages is expected here")
		return
	}
	for _, entry := range v.Content {
		lang, ok := scalar(entry)
		var known language.Tag
		if ok {
			var err error
			known, err = language.Parse(lang)
			ok = err == nil
		}
		switch {
		case !ok:
			c.fail("F000", c.at(entry), "write its code, such as en, es or pt-BR", "a language is expected here")
		case known.String() != lang:
			c.fail("F000", c.at(entry), say("write %s", known.String()), "the code of a language is not written %q", lang)
		case slices.Contains(c.flow.languages, lang):
			c.fail("F000", c.at(entry), "keep one", "the language %s is listed twice", tongue(lang))
		default:
			c.flow.languages = append(c.flow.languages, lang)
		}
	}
}

func (c *compiler) escalations(v *yaml.Node, noInput, noMatch *escalation) {
	c.fields(v, map[string]setting{"no_input": c.escalation(noInput, true), "no_match": c.escalation(noMatch, false)})
}

// escalation reads what follows silence, which is timed, or a wrong key.
func (c *compiler) escalation(e *escalation, timed bool) setting {
	read := map[string]setting{"tries": c.number(&e.tries), "then": c.target(&e.then)}
	if timed {
		read["after"] = c.duration(&e.after)
	}
	return func(v *yaml.Node) { c.fields(v, read) }
}

// universals reads what the keys do that are live everywhere, and what else is said
// beside them.
func (c *compiler) universals(to map[string]universal, at *Place, beside map[string]setting) setting {
	read := maps.Clone(beside)
	if read == nil {
		read = map[string]setting{}
	}
	for _, key := range universalKeys {
		read[key] = func(v *yaml.Node) {
			u := universal{at: c.at(v)}
			u.broken = !c.clean(func() {
				c.fields(v, map[string]setting{"go": c.target(&u.next), "repeat": c.flag(&u.repeat)})
			})
			to[key] = u
		}
	}
	return func(v *yaml.Node) {
		*at = c.at(v)
		c.fields(v, read)
	}
}

func (c *compiler) words(to *[]word) setting {
	return func(v *yaml.Node) {
		c.pairs(v, "write `now: {go: now}` lines", func(k, v *yaml.Node) {
			w := word{name: k.Value, at: c.at(k)}
			c.fields(v, map[string]setting{"go": c.target(&w.next), "into": c.text(&w.into), "without": c.target(&w.without)})
			*to = append(*to, w)
		})
	}
}

func (c *compiler) placed(v *yaml.Node) {
	c.pairs(v, "write `confirm: confirm_call` lines", func(k, v *yaml.Node) {
		t := target{named: c.at(k)}
		c.target(&t)(v)
		c.flow.placed[k.Value] = t
	})
}

// nodeName keeps names short enough to travel in an address.
var nodeName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

func (c *compiler) nodes(v *yaml.Node) {
	if len(v.Content) > 2*mostNodes {
		c.fail("F000", c.at(v), "take out what nobody comes to", "there are more than %d nodes", mostNodes)
		return
	}
	c.pairs(v, "write `name: {…}` lines", func(k, v *yaml.Node) {
		if !nodeName.MatchString(k.Value) {
			c.fail("F000", c.at(k), "write small letters, digits and _, 32 at most", "a node cannot be called %q", k.Value)
		} else if k.Value == nodeReturn {
			c.fail("F000", c.at(k), "take another name: `return` leads back from a sub-flow", "a node cannot be called %q", k.Value)
		}
		n := &node{name: k.Value, at: c.at(k)}
		if _, known := c.sections[n.name]; !known { // see sectioned
			c.sections[n.name] = commented(k.HeadComment)
		}
		n.broken = !c.clean(func() { c.node(n, v) })
		c.flow.nodes[n.name] = n
		c.flow.order = append(c.flow.order, n.name)
	})
}

// commented is what a comment begins with: its first line, up to a colon.
func commented(comment string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(comment, "# "), "\n")
	line, _, _ = strings.Cut(line, ":")
	return strings.TrimSpace(line)
}

var kinds = []kind{kindSay, kindMenu, kindPick, kindAsk, kindIf, kindDo, kindJoin, kindDial, kindRecord, kindUse}

// kindOf finds the one setting of a node that says what it does, "" when
// there is none or another beside it. A list may say something first.
func kindOf(v *yaml.Node) kind {
	found := kind("")
	for i := 0; v.Kind == yaml.MappingNode && i+1 < len(v.Content); i += 2 {
		switch k := kind(v.Content[i].Value); {
		case !slices.Contains(kinds, k), k == found, k == kindSay && found == kindPick:
		case found == "" || found == kindSay && k == kindPick:
			found = k
		default:
			return ""
		}
	}
	return found
}

// kindless tells of a node that does not say what it does: by a name that is nearly one of
// those that do; or, of who extends a flow, by that of a node which is nearly there.
func (c *compiler) kindless(n *node, v *yaml.Node) {
	there := map[string]string{}
	for _, k := range kinds {
		there[string(k)] = ""
	}
	for i := 0; v.Kind == yaml.MappingNode && i+1 < len(v.Content); i += 2 {
		name := v.Content[i].Value
		for k := range there {
			if len(name) <= longestName && name != k && (distance(name, k) == 1 || !nodeName.MatchString(name)) {
				c.fail("F000", c.at(v.Content[i]), nearest(name, there), "no setting is called %q", name)
				return
			}
		}
	}
	for _, other := range c.flow.order {
		if ofBuiltIn(c.flow.nodes[other].at.File) && 3*distance(n.name[:min(len(n.name), longestName)], other) <= len(n.name) {
			c.fail("F001", n.at, nearest(n.name, c.flow.nodes), "no node is called %q", n.name)
			return
		}
	}
	c.fail("F000", n.at, "give it one of say, menu, pick, ask, if, do, join, dial, record, use", "it is not clear what node %q does", n.name)
}

func (c *compiler) node(n *node, v *yaml.Node) {
	n.kind = kindOf(v)
	var own map[string]setting
	switch n.kind {
	case kindSay:
		own = map[string]setting{
			"say": c.text(&n.prompt), "next": c.target(&n.next), "end": c.flag(&n.end),
			"most": c.number(&n.most), "then": c.target(&n.then), "plays": c.flag(&n.plays), "rest": c.duration(&n.rest),
		}
	case kindMenu:
		own = map[string]setting{
			"menu": c.text(&n.prompt), "options": c.options(n),
			"neutral": c.flag(&n.neutral), "apart": c.flag(&n.apart), "sits": c.flag(&n.sits), "star": c.flag(&n.star),
		}
	case kindPick:
		own = map[string]setting{
			"pick": c.text(&n.source), "say": c.text(&n.prompt), "into": c.text(&n.into),
			"next": c.target(&n.next), "none": c.target(&n.none), "one": c.target(&n.one), "sits": c.flag(&n.sits),
		}
	case kindAsk:
		own = map[string]setting{
			"ask": c.text(&n.prompt), "type": c.text(&n.answer), "into": c.text(&n.into),
			"next": c.target(&n.next), "len": c.span(&n.least, &n.length), "neutral": c.flag(&n.neutral), "apart": c.flag(&n.apart),
		}
	case kindIf:
		own = map[string]setting{"if": c.text(&n.condition), "then": c.target(&n.then), "else": c.target(&n.otherwise)}
	case kindUse:
		own = map[string]setting{"use": c.target(&n.uses), "next": c.target(&n.next)}
	case kindDo:
		own = map[string]setting{"do": c.text(&n.does), "outcomes": c.routes(&n.outcomes)}
	case kindJoin:
		own = map[string]setting{
			"join": c.text(&n.source), "outcomes": c.routes(&n.outcomes), "keys": c.routes(&n.keys),
			"back": c.text(&n.prompt), "waits": c.routes(&n.waits),
		}
	case kindDial:
		own = map[string]setting{"dial": c.text(&n.source), "outcomes": c.routes(&n.outcomes)}
	case kindRecord:
		own = map[string]setting{"record": c.text(&n.source), "outcomes": c.routes(&n.outcomes)}
	default:
		c.kindless(n, v)
		return
	}
	own["text"], own["voice"] = c.target(&n.text), c.target(&n.voice)
	own["discreet"], own["sensitive"] = c.text(&n.discreet), c.flag(&n.sensitive)
	if n.asks() {
		own["no_input"], own["no_match"] = c.escalation(&n.noInput, true), c.escalation(&n.noMatch, false)
	}
	c.fields(v, own)
	n.sits = n.sits || n.star
}
