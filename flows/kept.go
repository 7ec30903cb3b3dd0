package flows

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// CompileKept is [Compile] of a version that was kept, by an older program perhaps: what
// this program needs of a flow and the version has not is the built-in flow's, so that no
// release silences what a line has published. What its author wrote stays; the flow has the
// version's hash. A warning in each file says what was filled in. Where that is not enough
// and the version extends the built-in flow, its author's part is laid over the built-in
// flow of this program.
func CompileKept(b, builtIn Bundle) (*Flow, []Problem) {
	c := newSupplied(builtIn)
	f, problems := c.compile(b)
	if f != nil {
		return f, problems
	}
	if len(c.supply.filled) > 0 {
		c := newSupplied(builtIn)
		c.supply.dangersOnly = true
		if f, before := c.compile(b); f != nil {
			return f, before // what was filled in is what does not fit
		}
	}
	if now := b.Over(builtIn); !maps.Equal(now, b) {
		c := newSupplied(builtIn)
		if f, since := c.compile(now); f != nil {
			c = newCompiler()
			c.warn("F000", top(mainFile), "take its folder from the desk, and draft it again", "it was laid over the built-in flow of another program, which this one cannot use: it is laid over that of this one")
			f.Hash = b.Hash()
			return f, append(c.problems, since...)
		}
	}
	return nil, problems
}

// supply is what a compiler takes from where a flow has it not.
type supply struct {
	builtIn Bundle // under its own folder
	main    *yaml.Node
	nodes   []*yaml.Node // that were taken
	filled  []string     // what was, by name
	// dangersOnly leaves all as it is but what is taken for words of danger.
	dangersOnly bool
}

func newSupplied(builtIn Bundle) *compiler {
	c := newCompiler()
	c.supply = &supply{builtIn: Bundle{}}
	for name, text := range builtIn {
		c.supply.builtIn[path.Join(BuiltIn, name)] = text
	}
	return c
}

// read parses a file of the built-in flow, nil if it has none. What is taken from it is
// known to stand there.
func (s *supply) read(c *compiler, file string) *yaml.Node {
	was := c.file
	defer func() { c.file = was }()
	if _, ok := s.builtIn[path.Join(BuiltIn, file)]; !ok {
		return nil
	}
	return c.parse(s.builtIn, path.Join(BuiltIn, file))
}

// take puts what the built-in flow has under a name into a mapping that has nothing there.
func (s *supply) take(c *compiler, to *yaml.Node, name string, value *yaml.Node) {
	if field(to, name) != nil {
		return
	}
	value = cloned(value)
	c.mark(value, path.Join(BuiltIn, mainFile))
	c.mark(put(to, name, value), path.Join(BuiltIn, mainFile))
	c.files[to.Content[len(to.Content)-2]] = path.Join(BuiltIn, mainFile)
	s.filled = append(s.filled, name)
}

// supplied fills in what the main file lacks of what this program needs: where a call of
// ours begins that is of a new kind, what a text of ours says, where words of danger lead, and what follows what a
// function comes to by now; with the nodes that these lead to.
func (c *compiler) supplied(root *yaml.Node) *yaml.Node {
	s := c.supply
	if s == nil || s.dangersOnly || root == nil || root.Kind != yaml.MappingNode {
		return root
	}
	if s.main = s.read(c, mainFile); s.main == nil {
		return root
	}
	nodes := field(root, "nodes")
	if nodes == nil || nodes.Kind != yaml.MappingNode {
		return root
	}
	var led []string
	for _, section := range []string{"always", "seated", "placed"} {
		own := field(root, section)
		if own == nil || own.Kind != yaml.MappingNode {
			continue
		}
		eachEntry(field(s.main, section), func(name string, value *yaml.Node) {
			if field(own, name) == nil {
				s.take(c, own, name, value)
				led = append(led, ledTo(name, value)...)
			}
		})
	}
	s.takeTexts(c, root)
	if danger := field(s.main, "danger"); danger != nil && field(root, "words") != nil && field(root, "danger") == nil {
		s.take(c, root, "danger", danger)
		led = append(led, danger.Value)
	}
	eachEntry(nodes, func(name string, n *yaml.Node) { led = append(led, c.suppliedOutcomes(root, name, n)...) })
	all := field(s.main, "nodes")
	for len(led) > 0 {
		name := led[0]
		led = led[1:]
		n := field(all, name)
		if n == nil || field(nodes, name) != nil {
			continue
		}
		s.take(c, nodes, name, n)
		s.nodes = append(s.nodes, n)
		led = append(led, ledTo("", n)...)
	}
	return root
}

// takeTexts fills in what a text of ours says that is of a new kind; all of them, of a
// version from before flows said that.
func (s *supply) takeTexts(c *compiler, root *yaml.Node) {
	const section = "texted"
	own, texts := field(root, section), field(s.main, section)
	switch {
	case own == nil && texts != nil:
		s.take(c, root, section, texts)
	case own != nil && own.Kind == yaml.MappingNode:
		eachEntry(texts, func(name string, value *yaml.Node) { s.take(c, own, name, value) })
	}
}

// tellSupplied warns of what was filled in of the main file. It is told when the checks
// are done, which look closer at a flow without problems.
func (c *compiler) tellSupplied() {
	if c.supply != nil && len(c.supply.filled) > 0 {
		c.warn("F005", top(mainFile), "write it, or leave it so", "this program needs more of a flow (%s): that is as in the built-in flow", strings.Join(c.supply.filled, ", "))
	}
}

// suppliedOutcomes routes what a node does not, and its function comes to by now: as the
// built-in flow does where it does the same, or else to where the key 0 leads. It returns
// where that is.
func (c *compiler) suppliedOutcomes(root *yaml.Node, name string, n *yaml.Node) (led []string) {
	routes, does := field(n, "outcomes"), field(n, "do")
	if routes == nil || routes.Kind != yaml.MappingNode || does == nil {
		return nil
	}
	for _, outcome := range functions[does.Value].outcomes {
		if field(routes, outcome) != nil {
			continue
		}
		to := c.supply.route(name, does.Value, outcome)
		if to == nil || to.Value == nodeReturn {
			to = field(field(field(root, "always"), "0"), "go")
		}
		if to == nil {
			continue
		}
		c.supply.take(c, routes, outcome, to)
		led = append(led, ledTo("go", to)...)
	}
	return led
}

// route is where the built-in flow leads from what a function comes to: at the node of
// that name, or else at the first one that does it; nil for nowhere.
func (s *supply) route(name, function, outcome string) (to *yaml.Node) {
	nodes := field(s.main, "nodes")
	at := func(n *yaml.Node) *yaml.Node {
		if does := field(n, "do"); does == nil || does.Value != function {
			return nil
		}
		return field(field(n, "outcomes"), outcome)
	}
	if to = at(field(nodes, name)); to != nil {
		return to
	}
	eachEntry(nodes, func(_ string, n *yaml.Node) {
		if to == nil {
			to = at(n)
		}
	})
	return to
}

// eachEntry goes through a mapping; one that grows meanwhile, up to where it ended.
func eachEntry(m *yaml.Node, do func(name string, value *yaml.Node)) {
	if m == nil || m.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		do(m.Content[i].Value, m.Content[i+1])
	}
}

// ledTo are the nodes that an entry of a main file leads to.
func ledTo(name string, value *yaml.Node) (all []string) {
	switch value.Kind {
	case yaml.ScalarNode:
		if !slices.Contains([]string{"say", "menu", "ask", "do", "key", "into", "when"}, name) {
			all = append(all, value.Value)
		}
	case yaml.SequenceNode:
		for _, one := range value.Content {
			all = append(all, ledTo(name, one)...)
		}
	default:
		eachEntry(value, func(name string, value *yaml.Node) { all = append(all, ledTo(name, value)...) })
	}
	return all
}

// suppliedWords fills in what a catalogue lacks of what this program says of its own
// accord, and of what was filled in of the main file: in its language or, where the
// built-in flow does not speak that, in English.
func (c *compiler) suppliedWords(lang string, own *yaml.Node) *yaml.Node {
	if c.supply == nil || c.supply.dangersOnly || own == nil || own.Kind != yaml.MappingNode {
		return own
	}
	has := make(map[string]bool, len(own.Content)/2)
	eachEntry(own, func(name string, _ *yaml.Node) { has[name] = true })
	needed, beside := c.ownWords(own)
	names := labelsIn(own, slices.Concat(needed, beside))
	if !slices.ContainsFunc(names, func(name string) bool { return !has[name] }) {
		return own
	}
	words, file := c.supply.read(c, catalogueFile(lang)), catalogueFile(lang)
	if words == nil {
		words, file = c.supply.read(c, catalogueFile("en")), catalogueFile("en")
	}
	file = path.Join(BuiltIn, file)
	lacks := func(name string) bool { return !has[name] && field(words, name) != nil }
	for _, name := range slices.Clone(names) {
		if lacks(name) {
			names = labelsIn(field(words, name), names)
		}
	}
	var filled []string
	for _, name := range names {
		if !lacks(name) {
			continue
		}
		has[name] = true
		value := field(words, name)
		c.mark(value, file)
		key := plain(name)
		c.files[key] = file
		own.Content = append(own.Content, key, value)
		if slices.Contains(needed, name) {
			filled = append(filled, name)
		}
	}
	if len(filled) > 0 {
		c.warn("F020", top(catalogueFile(lang)), "write it, or leave it so", "this program says more (%s): that is said as in the built-in flow", strings.Join(filled, ", "))
	}
	return own
}

// ownWords are the entries of a catalogue that this program needs, whatever the flow says,
// sorted, and those that it needs of some flows.
func (c *compiler) ownWords(own *yaml.Node) (needed, beside []string) {
	unasked, _ := c.unasked()
	needed = slices.Concat(slices.Collect(maps.Keys(framing)), edgePrompts, unasked)
	for _, w := range slices.Concat(c.flow.words, c.flow.orders) {
		needed = append(needed, wordPrefix+w.name)
	}
	if c.flow.danger.node != "" {
		needed = append(needed, promptDanger)
	}
	if field(own, promptSpeech) != nil {
		needed = append(needed, promptSpeak, promptUnheard)
	}
	for _, n := range c.supply.nodes {
		needed = append(needed, promptsIn(n)...)
		for _, name := range promptsIn(n) {
			beside = append(beside, name+"_r1", name+"_r2")
		}
	}
	slices.Sort(needed)
	return slices.Compact(needed), append(beside, promptYes, promptNo, promptAliases, promptSmall, promptToday)
}

var namedSlot = regexp.MustCompile(`\{([a-z_.]+)\}`)

// labelsIn adds the labels of the slots that an entry of a catalogue names to all.
func labelsIn(n *yaml.Node, all []string) []string {
	for _, slot := range namedSlot.FindAllStringSubmatch(n.Value, -1) {
		all = append(all, labels[slot[1]]...)
	}
	for _, inner := range n.Content {
		all = labelsIn(inner, all)
	}
	return all
}

// promptsIn are the prompts that a node of a main file names.
func promptsIn(n *yaml.Node) (all []string) {
	eachEntry(n, func(name string, value *yaml.Node) {
		switch {
		case value.Kind == yaml.ScalarNode && slices.Contains([]string{"say", "menu", "ask", "confirm"}, name):
			all = append(all, value.Value)
		case value.Kind == yaml.SequenceNode:
			for _, one := range value.Content {
				all = append(all, promptsIn(one)...)
			}
		}
	})
	return all
}
