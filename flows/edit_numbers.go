package flows

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// OwnNumber is a number that a flow names, to dial it.
type OwnNumber struct {
	Name, E164 string
	DialledAt  []string // names of nodes, in the flow's order
}

// OwnNumbers are those that the bundle names, by their names.
func (b Bundle) OwnNumbers() []OwnNumber {
	f := mainOnly(b).flow
	var all []OwnNumber
	for _, name := range slices.Sorted(maps.Keys(f.numbers)) {
		all = append(all, OwnNumber{Name: name, E164: f.numbers[name].E164, DialledAt: f.dialling(name)})
	}
	return all
}

// dialling are the nodes that dial a number.
func (f *Flow) dialling(number string) (nodes []string) {
	for _, name := range f.order {
		if n := f.nodes[name]; n.kind == kindDial && n.source == number {
			nodes = append(nodes, name)
		}
	}
	return nodes
}

// WithNumber is the bundle with a number more, called as somebody says, and its name.
// Whether it may be called from here is not asked.
func (b Bundle) WithNumber(called, number string) (Bundle, string, error) {
	name := nameOf(called)
	switch {
	case name == "" || slices.Contains(dialled, name):
		return nil, "", ErrNoName
	case slices.Contains(mainOnly(b).flow.dialledNumbers(), name):
		return nil, "", ErrNameTaken
	}
	b, err := b.dials(name, number)
	return b, name, err
}

// Dialling is the bundle with another number under a name that it has.
func (b Bundle) Dialling(name, number string) (Bundle, error) {
	if !slices.Contains(mainOnly(b).flow.dialledNumbers(), name) || slices.Contains(dialled, name) {
		return nil, ErrNoNumber
	}
	return b.dials(name, number)
}

func (b Bundle) dials(name, number string) (Bundle, error) {
	if !e164.MatchString(number) {
		return nil, ErrNotDialled
	}
	return b.edited(func(root *yaml.Node) error {
		all := field(root, "numbers")
		if all == nil {
			all = put(root, "numbers", &yaml.Node{Kind: yaml.MappingNode})
		}
		if all.Kind != yaml.MappingNode {
			return ErrUnreadable
		}
		value := quoted(number)
		if was := field(all, name); was != nil {
			value.LineComment = was.LineComment
		}
		put(all, name, value)
		return nil
	})
}

// WithoutNumber is the bundle without a number that nothing dials.
func (b Bundle) WithoutNumber(name string) (Bundle, error) {
	if len(mainOnly(b).flow.dialling(name)) > 0 {
		return nil, ErrDialled
	}
	return b.edited(func(root *yaml.Node) error {
		all := field(root, "numbers")
		if field(all, name) == nil {
			return ErrNoNumber
		}
		if take(all, name); len(all.Content) == 0 {
			take(root, "numbers")
		}
		return nil
	})
}
