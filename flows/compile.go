package flows

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Compile reads a bundle into a flow. It returns every problem it finds, in
// the order of the files; the flow is nil when one of them is an error.
func Compile(b Bundle) (*Flow, []Problem) {
	c := &compiler{flow: &Flow{
		Hash:       b.Hash(),
		nodes:      map[string]*node{},
		always:     map[string]universal{},
		catalogues: map[string]*catalogue{},
	}}
	if root := c.parse(b, mainFile); root != nil {
		c.main(root)
	}
	files := b.catalogueFiles()
	for _, lang := range slices.Sorted(maps.Keys(files)) {
		if root := c.parse(b, files[lang]); root != nil {
			c.catalogue(lang, root)
		}
	}
	if len(Errors(c.problems)) == 0 {
		c.check()
	}
	if len(Errors(c.problems)) == 0 {
		c.offers()
		return c.flow, c.problems.sorted()
	}
	return nil, c.problems.sorted()
}

// compiler reads the files node by node, so that every problem has its place.
type compiler struct {
	flow     *Flow
	file     string // being read
	defaults struct{ noInput, noMatch escalation }
	problems
}

func (c *compiler) at(n *yaml.Node) Place { return Place{File: c.file, Line: n.Line, Column: n.Column} }

func (c *compiler) parse(b Bundle, file string) *yaml.Node {
	c.file = file
	text, ok := b[file]
	if !ok {
		c.fail("F000", Place{File: file, Line: 1, Column: 1}, "add it", "the file is missing")
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		c.fail("F000", c.yamlPlace(err), "write it as YAML: spaces for indents, quotes around text that holds a colon", "not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		c.fail("F000", Place{File: file, Line: 1, Column: 1}, "write `name: value` lines", "the file holds no settings")
		return nil
	}
	return doc.Content[0]
}

// yamlPlace finds the line that the parser names in its error.
func (c *compiler) yamlPlace(err error) Place {
	p := Place{File: c.file, Line: 1, Column: 1}
	_, rest, ok := strings.Cut(err.Error(), "line ")
	if n, bad := strconv.Atoi(strings.TrimRight(strings.SplitN(rest, " ", 2)[0], ":")); ok && bad == nil {
		p.Line = n
	}
	return p
}

// fields goes through a mapping, giving each value to the reader of its key;
// a key without reader is a problem that names those there are.
func (c *compiler) fields(m *yaml.Node, read map[string]func(v *yaml.Node)) {
	if m.Kind != yaml.MappingNode {
		c.fail("F000", c.at(m), "write {name: value}", "settings are expected here")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(m.Content); i += 2 {
		k, v := m.Content[i], m.Content[i+1]
		switch f := read[k.Value]; {
		case f == nil:
			c.fail("F000", c.at(k), "there are: "+strings.Join(slices.Sorted(maps.Keys(read)), ", "), "no setting is called %q", k.Value)
		case seen[k.Value]:
			c.fail("F000", c.at(k), "keep one", "%q is set twice", k.Value)
		default:
			f(v)
		}
		seen[k.Value] = true
	}
}

func (c *compiler) text(to *string) func(*yaml.Node) {
	return func(v *yaml.Node) {
		if v.Kind != yaml.ScalarNode || v.Value == "" {
			c.fail("F000", c.at(v), "write one", "a word is expected here")
			return
		}
		*to = v.Value
	}
}

func (c *compiler) target(to *target) func(*yaml.Node) {
	return func(v *yaml.Node) {
		to.at = c.at(v)
		c.text(&to.node)(v)
	}
}

func (c *compiler) number(to *int) func(*yaml.Node) {
	return func(v *yaml.Node) {
		n, err := strconv.Atoi(v.Value)
		if err != nil || n < 1 {
			c.fail("F000", c.at(v), "write one, such as 2", "a whole number from 1 is expected here")
			return
		}
		*to = n
	}
}

func (c *compiler) flag(to *bool) func(*yaml.Node) {
	return func(v *yaml.Node) {
		if err := v.Decode(to); err != nil {
			c.fail("F000", c.at(v), "write true, or leave the setting out", "true or false is expected here")
		}
	}
}

func (c *compiler) duration(to *time.Duration) func(*yaml.Node) {
	return func(v *yaml.Node) {
		d, err := time.ParseDuration(v.Value)
		if err != nil || d < time.Second || d > time.Minute || d%time.Second != 0 {
			c.fail("F000", c.at(v), "write whole seconds, such as 6s", "a time from 1s to 60s is expected here")
			return
		}
		*to = d
	}
}

func (c *compiler) main(root *yaml.Node) {
	c.fields(root, map[string]func(*yaml.Node){
		"flow":      c.text(&c.flow.name),
		"start":     c.target(&c.flow.start),
		"languages": func(v *yaml.Node) { c.languages(v) },
		"defaults":  func(v *yaml.Node) { c.escalations(v, &c.defaults.noInput, &c.defaults.noMatch) },
		"always":    c.universals,
		"nodes":     c.nodes,
	})
	if c.flow.start.node == "" {
		c.fail("F000", c.at(root), "add `start: welcome`", "the flow does not say where it starts")
	}
	if len(c.flow.languages) == 0 {
		c.fail("F000", c.at(root), "add `languages: [en]`", "the flow has no language")
	}
}

func (c *compiler) languages(v *yaml.Node) {
	if err := v.Decode(&c.flow.languages); err != nil {
		c.fail("F000", c.at(v), "write [en, es]", "a list of languages is expected here")
	}
}

func (c *compiler) escalations(v *yaml.Node, noInput, noMatch *escalation) {
	c.fields(v, map[string]func(*yaml.Node){
		"no_input": func(v *yaml.Node) { c.escalation(v, noInput) },
		"no_match": func(v *yaml.Node) { c.escalation(v, noMatch) },
	})
}

func (c *compiler) universals(v *yaml.Node) {
	read := map[string]func(*yaml.Node){}
	for _, key := range []string{"0", "*", "#"} {
		read[key] = func(v *yaml.Node) {
			u := universal{at: c.at(v)}
			c.fields(v, map[string]func(*yaml.Node){"go": c.target(&u.next), "repeat": c.flag(&u.repeat)})
			c.flow.always[key] = u
		}
	}
	c.fields(v, read)
}

func (c *compiler) nodes(v *yaml.Node) {
	if v.Kind != yaml.MappingNode {
		c.fail("F000", c.at(v), "write `name: {…}` lines", "nodes are expected here")
		return
	}
	for i := 0; i+1 < len(v.Content); i += 2 {
		name := v.Content[i]
		if c.flow.nodes[name.Value] != nil {
			c.fail("F000", c.at(name), "rename one", "there are two nodes called %q", name.Value)
			continue
		}
		n := &node{name: name.Value, at: c.at(name)}
		c.node(n, v.Content[i+1])
		c.flow.nodes[n.name] = n
		c.flow.order = append(c.flow.order, n.name)
	}
}

// errNoKind is never shown: it marks a node whose kind cannot be told.
var errNoKind = errors.New("no kind")

// kindOf finds the one key of a node that says what it does.
func kindOf(v *yaml.Node) (kind, error) {
	found, err := kind(""), errNoKind
	for i := 0; i+1 < len(v.Content); i += 2 {
		switch k := kind(v.Content[i].Value); k {
		case kindSay, kindMenu, kindPick, kindAsk, kindDo, kindJoin, kindDial:
			if found != "" && k != kindSay {
				return "", errNoKind
			}
			if found == "" || found == kindSay {
				found, err = k, nil
			}
		}
	}
	return found, err
}

func (c *compiler) node(n *node, v *yaml.Node) {
	var err error
	if n.kind, err = kindOf(v); err != nil {
		c.fail("F000", n.at, "give it one of say, menu, pick, ask, do, join, dial", "it is not clear what node %q does", n.name)
		return
	}
	own := map[string]func(*yaml.Node){}
	end := false
	switch n.kind {
	case kindSay:
		own["say"], own["next"], own["end"] = c.text(&n.prompt), c.target(&n.next), c.flag(&end)
		own["most"], own["then"] = c.number(&n.most), c.target(&n.then)
	case kindMenu:
		own["menu"], own["options"] = c.text(&n.prompt), func(v *yaml.Node) { c.options(n, v) }
	case kindPick:
		own["pick"], own["say"], own["into"], own["next"] = c.text(&n.source), c.text(&n.prompt), c.text(&n.into), c.target(&n.next)
		own["none"], own["one"] = c.target(&n.none), c.target(&n.one)
	case kindAsk:
		var typ string
		own["ask"], own["into"], own["next"], own["len"] = c.text(&n.prompt), c.text(&n.into), c.target(&n.next), c.number(&n.length)
		own["type"] = c.text(&typ)
		defer func() {
			if typ != "digits" {
				c.fail("F000", n.at, "write `type: digits`", "node %q asks for %q", n.name, typ)
			}
		}()
	case kindDo:
		own["do"], own["outcomes"] = c.text(&n.does), func(v *yaml.Node) { c.outcomes(n, v) }
	case kindJoin:
		own["join"], own["outcomes"] = c.text(&n.source), func(v *yaml.Node) { c.outcomes(n, v) }
	case kindDial:
		own["dial"], own["outcomes"] = c.text(&n.source), func(v *yaml.Node) { c.outcomes(n, v) }
	}
	if n.asks() {
		n.noInput, n.noMatch = c.defaults.noInput, c.defaults.noMatch
		own["no_input"] = func(v *yaml.Node) { c.escalation(v, &n.noInput) }
		own["no_match"] = func(v *yaml.Node) { c.escalation(v, &n.noMatch) }
	}
	c.fields(v, own)
	n.end = end
}

func (c *compiler) escalation(v *yaml.Node, e *escalation) {
	c.fields(v, map[string]func(*yaml.Node){"after": c.duration(&e.after), "tries": c.number(&e.tries), "then": c.target(&e.then)})
}

func (c *compiler) options(n *node, v *yaml.Node) {
	if v.Kind != yaml.SequenceNode {
		c.fail("F000", c.at(v), "write `- {key: 1, say: …, next: …}` lines", "options are expected here")
		return
	}
	for _, entry := range v.Content {
		o := option{at: c.at(entry)}
		var in string
		c.fields(entry, map[string]func(*yaml.Node){
			"key": c.text(&o.key), "say": c.text(&o.prompt), "when": c.text(&o.when),
			"spoken_in": c.text(&in), "next": c.target(&o.next),
		})
		if in != "" && in != "others" {
			c.fail("F000", o.at, "write `spoken_in: others`", "an option is spoken in %q", in)
		}
		o.others = in == "others"
		n.options = append(n.options, o)
	}
}

func (c *compiler) outcomes(n *node, v *yaml.Node) {
	n.outcomes = map[string]target{}
	if v.Kind != yaml.MappingNode {
		c.fail("F000", c.at(v), "write {ok: …}", "outcomes are expected here")
		return
	}
	for i := 0; i+1 < len(v.Content); i += 2 {
		n.outcomes[v.Content[i].Value] = target{node: v.Content[i+1].Value, at: c.at(v.Content[i+1])}
	}
}

func (c *compiler) catalogue(lang string, root *yaml.Node) {
	cat := &catalogue{lang: lang, prompts: map[string]template{}, offers: map[string]template{}}
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if k.Value == "_voice" {
			if err := v.Decode(&cat.voice); err != nil || cat.voice.Name == "" || cat.voice.Fallback == "" || cat.voice.Locale == "" {
				c.fail("F000", c.at(v), "write {name: Polly.Joanna-Neural, fallback: Polly.Joanna, locale: en-US}", "the voice is not whole")
			}
			continue
		}
		if _, twice := cat.prompts[k.Value]; twice {
			c.fail("F000", c.at(k), "keep one", "prompt %q is written twice", k.Value)
		}
		t, err := parseTemplate(strings.TrimSpace(v.Value))
		t.at = c.at(v)
		if err != nil {
			c.fail("F000", t.at, "see the marks in README", "prompt %q: %s", k.Value, err)
		}
		cat.prompts[k.Value] = t
	}
	c.flow.catalogues[lang] = cat
}

// offers makes each option's sentence once.
func (c *compiler) offers() {
	for _, cat := range c.flow.catalogues {
		for _, n := range c.flow.nodes {
			for _, o := range n.options {
				cat.offers[o.prompt+o.key] = cat.offer(o)
				if o.others {
					cat.offers[promptOtherLanguages+o.key] = cat.prompts[promptOtherLanguages].with("key", cat.key(o.key))
				}
			}
		}
	}
}

// offer is "To {label}, press {key}.", or the prompt itself when it names its
// key: "For English, press {key}."
func (c *catalogue) offer(o option) template {
	t := c.prompts[o.prompt]
	if !slices.Contains(t.slots(), "key") {
		t = c.prompts[promptOption].with("label", t)
	}
	return t.with("key", c.key(o.key))
}

// key is how a key is called.
func (c *catalogue) key(key string) template {
	switch key {
	case "*":
		return c.prompts[promptStar]
	case "#":
		return c.prompts[promptPound]
	}
	return words(key)
}
