package flows

import (
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// edited is the bundle with its main file's outermost mapping changed.
func (b Bundle) edited(change func(root *yaml.Node) error) (Bundle, error) {
	return b.editedFile(mainFile, change)
}

// editedFile is the bundle with a file's outermost mapping changed. Of words there may be no
// file yet, or nothing in it.
func (b Bundle) editedFile(file string, change func(root *yaml.Node) error) (Bundle, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	if file == mainFile || slices.ContainsFunc(strings.Split(b[file], "\n"), func(line string) bool { return !isAside(line) }) {
		c := newCompiler()
		if root = c.parse(b, file); root == nil || len(c.problems) > 0 {
			return nil, ErrUnreadable
		}
	}
	after := cloned(root)
	if err := change(after); err != nil {
		return nil, err
	}
	if sameYAML(root, after) {
		return b, nil
	}
	text, ok := rewritten(b[file], root, after)
	if !ok {
		return nil, ErrUnreadable
	}
	other := maps.Clone(b)
	other[file] = text
	return other, nil
}

// editedNode is the bundle with a node changed: where it is written or, of a flow that this
// one is laid over, by what is laid over it.
func (b Bundle) editedNode(name string, change func(n *yaml.Node) error) (Bundle, error) {
	return b.edited(func(root *yaml.Node) error {
		base := b.baseNode(name)
		nodes := field(root, "nodes")
		own := field(nodes, name)
		switch {
		case own == nil && base == nil:
			return ErrNoNode
		case own != nil && own.Kind != yaml.MappingNode:
			return ErrUnreadable
		case base == nil || own != nil && kindOf(own) != "":
			return change(own)
		}
		want := cloned(base)
		if own != nil {
			want = cloned(newCompiler().overNode("", base, own))
		}
		if err := change(want); err != nil {
			return err
		}
		if nodes == nil {
			nodes = put(root, "nodes", &yaml.Node{Kind: yaml.MappingNode})
		}
		if laid := laidOver(base, want); len(laid.Content) > 0 {
			put(nodes, name, laid)
		} else {
			take(nodes, name)
		}
		if len(nodes.Content) == 0 {
			take(root, "nodes")
		}
		return nil
	})
}

// baseNodes are those of the flow that the bundle is laid over, nil for none.
func (b Bundle) baseNodes() *yaml.Node {
	file := path.Join(BuiltIn, mainFile)
	if _, ok := b[file]; !ok || !b.Extends() {
		return nil
	}
	return field(newCompiler().parse(b, file), "nodes")
}

// baseNode is one of baseNodes, nil for none.
func (b Bundle) baseNode(name string) *yaml.Node {
	base := field(b.baseNodes(), name)
	if base == nil || base.Kind != yaml.MappingNode {
		return nil
	}
	return base
}

// laidOver is the least that has to be laid over a node to make it another: see overNode.
// Where nothing less does, it is the whole other node.
func laidOver(base, want *yaml.Node) *yaml.Node {
	laid := &yaml.Node{Kind: yaml.MappingNode}
	for _, unsaid := range []string{"no_input", "no_match"} {
		if field(base, unsaid) != nil && field(want, unsaid) == nil {
			put(want, unsaid, flowMap()) // as everywhere
		}
	}
	for i := 0; i+1 < len(want.Content); i += 2 {
		key, is := want.Content[i], want.Content[i+1]
		was := field(base, key.Value)
		switch {
		case sameYAML(was, is):
			continue
		case key.Value == "options" && was != nil && was.Kind == yaml.SequenceNode && is.Kind == yaml.SequenceNode:
			is = optionsOver(was, is)
		case slices.Contains([]string{"outcomes", "keys", "waits"}, key.Value) && was != nil && was.Kind == yaml.MappingNode && is.Kind == yaml.MappingNode:
			is = entriesOver(was, is)
		}
		laid.Content = append(laid.Content, key, is)
	}
	if c := newCompiler(); sameYAML(c.overNode("", base, laid), want) && len(c.problems) == 0 {
		return laid
	}
	return want
}

func optionsOver(was, is *yaml.Node) *yaml.Node {
	laid := &yaml.Node{Kind: yaml.SequenceNode}
	of := func(options *yaml.Node, key string) *yaml.Node {
		i := slices.IndexFunc(options.Content, func(o *yaml.Node) bool { return keyOf(o) == key })
		if i < 0 {
			return nil
		}
		return options.Content[i]
	}
	for _, o := range was.Content {
		if of(is, keyOf(o)) == nil {
			laid.Content = append(laid.Content, flowMap("key", cloned(field(o, "key")), "remove", plain("true")))
		}
	}
	for _, o := range is.Content {
		if !sameYAML(of(was, keyOf(o)), o) {
			laid.Content = append(laid.Content, o)
		}
	}
	return laid
}

func entriesOver(was, is *yaml.Node) *yaml.Node {
	laid := &yaml.Node{Kind: yaml.MappingNode, Style: is.Style}
	for i := 0; i+1 < len(is.Content); i += 2 {
		if !sameYAML(field(was, is.Content[i].Value), is.Content[i+1]) {
			laid.Content = append(laid.Content, is.Content[i], is.Content[i+1])
		}
	}
	return laid
}

// plain is a word as YAML reads it without quotes where it can be one, quoted where what
// stands there would be read otherwise.
func plain(word string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: word}
	if n.ShortTag() == "!!null" || strings.ContainsAny(word, "*#{}[]&!|>'\"%@`,:?-") {
		return quoted(word)
	}
	return n
}

func quoted(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: strings.ToValidUTF8(text, "")}
}

// flowMap is a mapping on one line, of names and *yaml.Node or string by turns. What is nil
// or "" is left out.
func flowMap(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for i := 0; i+1 < len(pairs); i += 2 {
		value, _ := pairs[i+1].(*yaml.Node)
		if word, ok := pairs[i+1].(string); ok && word != "" {
			value = plain(word)
		}
		if value != nil {
			m.Content = append(m.Content, plain(pairs[i].(string)), value)
		}
	}
	return m
}

// put sets an entry of a mapping, at its end if it is new, and returns its value.
func put(m *yaml.Node, name string, value *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == name {
			m.Content[i+1] = value
			return value
		}
	}
	m.Content = append(m.Content, plain(name), value)
	return value
}

// take removes an entry of a mapping.
func take(m *yaml.Node, name string) {
	for i := 0; m != nil && i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == name {
			m.Content = slices.Delete(m.Content, i, i+2)
			return
		}
	}
}

// lead sets the word of an entry of a mapping, and keeps its comments.
func lead(m *yaml.Node, name, to string) {
	value := plain(to)
	if was := field(m, name); was != nil {
		value.HeadComment, value.LineComment, value.FootComment = was.HeadComment, was.LineComment, was.FootComment
	}
	put(m, name, value)
}
