package flows

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Renamed is the bundle with a node of its own called otherwise, wherever something leads
// to it, and its name. What the node says stays.
func (b Bundle) Renamed(node, called string) (Bundle, string, error) {
	if b.baseNode(node) != nil {
		return nil, "", ErrNoNode
	}
	if nameOf(called) == "" {
		return nil, "", ErrNoName
	}
	if nameOf(called) == node {
		return b, node, nil
	}
	name, c := b.freeName(called), mainOnly(b)
	other, err := b.edited(func(root *yaml.Node) error {
		nodes := field(root, "nodes")
		if field(nodes, node) == nil {
			return ErrNoNode
		}
		for i := 0; i < len(nodes.Content); i += 2 {
			if nodes.Content[i].Value == node {
				nodes.Content[i].Value = name
			}
		}
		c.ledElsewhere(root, node, name)
		return nil
	})
	for _, lang := range b.Languages() {
		if err == nil {
			other, err = other.longElsewhere(lang, node, name)
		}
	}
	if err != nil {
		return nil, "", err
	}
	return other, name, nil
}

// ledElsewhere has what leads to a node lead to another, in the file that is read.
func (c *compiler) ledElsewhere(n *yaml.Node, from, to string) {
	if n.Kind == yaml.ScalarNode && n.Value == from && c.targets[Place{File: mainFile, Line: n.Line, Column: n.Column}] {
		n.Value = to
	}
	for _, inner := range n.Content {
		c.ledElsewhere(inner, from, to)
	}
}

// longElsewhere renames a node in a language's list of long texts, as far as it is in the
// bundle's own file.
func (b Bundle) longElsewhere(lang, from, to string) (Bundle, error) {
	file := catalogueFile(lang)
	if _, own := b[file]; !own {
		return b, nil
	}
	var words []string
	if listed := field(newCompiler().parse(b, file), promptLong); listed != nil {
		for _, entry := range listed.Content {
			words = append(words, entry.Value)
		}
	}
	i := slices.Index(words, from)
	if i < 0 {
		return b, nil
	}
	words[i] = to
	return b.WithPrompts(lang, []Prompt{{Name: promptLong, Words: words}})
}
