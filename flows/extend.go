package flows

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// BuiltIn is how a flow names the built-in one, which it `extends`.
const BuiltIn = "built-in"

// Over returns a bundle with what it extends: the files of the built-in flow beside
// its own, under their own folder, if its main file says `extends: built-in`; itself
// otherwise. A version that is kept thus stays what it was when the program changes.
func (b Bundle) Over(builtIn Bundle) Bundle {
	if !b.Extends() {
		return b
	}
	whole := Bundle{}
	for name, text := range builtIn {
		whole[path.Join(BuiltIn, name)] = text
	}
	for name, text := range b {
		if !ofBuiltIn(name) {
			whole[name] = text
		}
	}
	return whole
}

// Begun is what a draft of the bundle begins as: laid over the built-in flow of this
// program. What its author wrote stays; of the built-in flow itself, nothing is copied.
func (b Bundle) Begun(builtIn Bundle) Bundle {
	if maps.Equal(b, builtIn) {
		b = Bundle{mainFile: "extends: " + BuiltIn + "\n"}
	}
	return b.Over(builtIn)
}

// Extends says whether the bundle is laid over the built-in flow. It looks at the main file
// alone; what is wrong with it Compile tells.
func (b Bundle) Extends() bool {
	var doc yaml.Node
	if len(b[mainFile]) > longestFile || yaml.Unmarshal([]byte(b[mainFile]), &doc) != nil || len(doc.Content) == 0 {
		return false
	}
	return field(doc.Content[0], "extends") != nil
}

// ofBuiltIn says whether a file is one of the flow that a bundle extends.
func ofBuiltIn(file string) bool { return strings.HasPrefix(file, BuiltIn+"/") }

// extend lays a main file over that of the flow which it extends. What it names goes
// before what is named so there: a node, a word, a number or a setting as a whole; but
// a node that does not say what it does changes of the other one only what it names.
// nil if it cannot be read.
func (c *compiler) extend(b Bundle, own *yaml.Node) *yaml.Node {
	name := field(own, "extends")
	if name == nil {
		if c.standsAlone(own) {
			return own
		}
		return nil
	}
	if name.Value != BuiltIn {
		c.fail("F000", c.at(name), say("write `extends: %s`", BuiltIn), "no flow is called %q", name.Value)
		return nil
	}
	base := c.parse(b, path.Join(BuiltIn, mainFile))
	if base == nil {
		return nil
	}
	c.layers.base, c.layers.own = field(base, "nodes"), field(own, "nodes")
	c.mark(own, mainFile)
	entry := func(_ string, _, own *yaml.Node) *yaml.Node { return own }
	return c.over(base, own, func(section string, base, own *yaml.Node) *yaml.Node {
		switch section {
		case "nodes":
			c.sectioned(base, own)
			return c.over(base, own, c.overNode)
		case "defaults", "always", "seated", "words", "orders", "placed", "texted", "numbers":
			return c.over(base, own, entry)
		}
		return own
	})
}

// standsAlone says whether a main file that extends no flow is one of its own. One whose
// author meant to extend the built-in flow lacks all of it, which is told once.
func (c *compiler) standsAlone(own *yaml.Node) bool {
	for i := 0; own != nil && i+1 < len(own.Content); i += 2 {
		if k := own.Content[i]; distance(strings.ToLower(k.Value[:min(len(k.Value), longestName)]), "extends") <= 2 {
			c.fail("F000", c.at(k), say("write `extends: %s`", BuiltIn), "no setting is called %q", k.Value)
			return false
		}
	}
	if own != nil && field(own, "nodes") != nil && field(own, "start") == nil && field(own, "always") == nil {
		c.fail("F000", top(mainFile), say("begin it with `extends: %s`, or add `start: welcome`", BuiltIn), "the flow does not say where it starts")
		return false
	}
	return own != nil
}

// ownSection is what the nodes are under that a flow has beside those that it extends, and
// that no comment is above.
const ownSection = "This line's own"

// sectioned has nodes that are laid over others stay in the section of those, and begins
// one for what a flow has beside them.
func (c *compiler) sectioned(base, own *yaml.Node) {
	eachKey(base, func(k *yaml.Node) { c.sections[k.Value] = commented(k.HeadComment) })
	begun := false
	eachKey(own, func(k *yaml.Node) {
		if _, over := c.sections[k.Value]; !over && !begun {
			begun = true
			c.sections[k.Value] = cmp.Or(commented(k.HeadComment), ownSection)
		}
	})
}

// eachKey gives the keys of a mapping, none of another node.
func eachKey(n *yaml.Node, do func(k *yaml.Node)) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		do(n.Content[i])
	}
}

// mark keeps which file nodes stand in, of two that are read as one.
func (c *compiler) mark(n *yaml.Node, file string) {
	c.files[n] = file
	for _, inner := range n.Content {
		c.mark(inner, file)
	}
}

// over lays a mapping over another: what both name is what lay makes of the two.
func (c *compiler) over(base, own *yaml.Node, lay func(name string, base, own *yaml.Node) *yaml.Node) *yaml.Node {
	if own.Kind != yaml.MappingNode {
		c.fail("F000", c.at(own), "write `name: value` lines", "settings are expected here")
		return base
	}
	if base.Kind != yaml.MappingNode {
		return own // which its reader objects to
	}
	whole := *base
	whole.Content = slices.Clone(base.Content)
	at := map[string]int{}
	for i := len(whole.Content) - 2; i >= 0; i -= 2 {
		at[whole.Content[i].Value] = i
	}
	c.pairs(own, "write `name: value` lines", func(k, v *yaml.Node) {
		if i, ok := at[k.Value]; ok {
			whole.Content[i], whole.Content[i+1] = k, lay(k.Value, whole.Content[i+1], v)
			return
		}
		whole.Content = append(whole.Content, k, v)
	})
	return &whole
}

func (c *compiler) overNode(_ string, base, own *yaml.Node) *yaml.Node {
	says := own.Kind != yaml.MappingNode
	for i := 0; i+1 < len(own.Content); i += 2 {
		says = says || slices.Contains(kinds, kind(own.Content[i].Value))
	}
	if says {
		return own
	}
	return c.over(base, own, func(setting string, base, own *yaml.Node) *yaml.Node {
		switch setting {
		case "options":
			return c.overOptions(base, own)
		case "outcomes", "keys", "waits":
			return c.over(base, own, func(_ string, _, own *yaml.Node) *yaml.Node { return own })
		}
		return own
	})
}

// overOptions puts options into a menu: in place of the one with the same key, or else
// where its key is said. One that says `remove: true` is taken out.
func (c *compiler) overOptions(base, own *yaml.Node) *yaml.Node {
	if base.Kind != yaml.SequenceNode || own.Kind != yaml.SequenceNode {
		return own
	}
	whole := *base
	whole.Content = slices.Clone(base.Content)
	seen := map[string]bool{}
	for _, o := range own.Content {
		key := keyOf(o)
		if key != "" && seen[key] {
			c.fail("F006", c.at(field(o, "key")), "give each option a key of its own", "key %s is used twice", key)
			continue
		}
		same := func(other *yaml.Node) bool { return key != "" && keyOf(other) == key }
		at := slices.IndexFunc(whole.Content, same)
		remove := field(o, "remove")
		seen[key] = remove == nil
		switch removed := remove != nil; {
		case removed && (at < 0 || len(o.Content) != 4 || remove.Value != "true"):
			c.fail("F006", c.at(o), "write {key: 4, remove: true}, with the key of one that is there", "it is not clear which option is to be taken out")
		case removed:
			whole.Content = slices.DeleteFunc(whole.Content, same)
		case at >= 0:
			if field(whole.Content[at], "quiet") != nil && field(o, "quiet") == nil {
				c.warn("F006", c.at(field(o, "key")), "take another key, or take that option out first", "key %s leads elsewhere already, for those who know it", key)
			}
			whole.Content[at] = o
		default:
			whole.Content = slices.Insert(whole.Content, saidAt(whole.Content, o), o)
		}
	}
	return &whole
}

// saidAt is where among options one is said that is new: after those with lower digits, and
// before those that work everywhere.
func saidAt(options []*yaml.Node, o *yaml.Node) int {
	if slices.Contains(universalKeys, keyOf(o)) {
		return len(options)
	}
	for i, other := range options {
		apart := field(other, "spoken_in") != nil || field(other, "quiet") != nil
		if slices.Contains(universalKeys, keyOf(other)) || keyOf(other) > keyOf(o) && !apart {
			return i
		}
	}
	return len(options)
}

// field is an entry of a mapping, nil if there is none.
func field(m *yaml.Node, name string) *yaml.Node {
	for i := 0; m != nil && m.Kind == yaml.MappingNode && i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == name {
			return m.Content[i+1]
		}
	}
	return nil
}

// keyOf is the key of an option, "" for none.
func keyOf(option *yaml.Node) string {
	if key := field(option, "key"); key != nil {
		return key.Value
	}
	return ""
}

// wordsOf reads the catalogue of a language; laid over that of the flow which is
// extended, if there is one: what both name is said as here. nil if it cannot be read.
func (c *compiler) wordsOf(b Bundle, lang string) *yaml.Node {
	file := catalogueFile(lang)
	under := path.Join(BuiltIn, file)
	if _, ok := b[under]; !ok {
		return c.parse(b, file)
	}
	if _, ok := b[file]; !ok {
		return c.parse(b, under)
	}
	own := c.parse(b, file)
	if own == nil {
		return nil
	}
	c.mark(own, file)
	base := c.parse(b, under)
	if base == nil {
		return nil
	}
	return c.over(base, own, func(name string, base, own *yaml.Node) *yaml.Node {
		if name != promptLong && name != promptDanger || base.Kind != yaml.SequenceNode || own.Kind != yaml.SequenceNode {
			return own
		}
		both := *own // what is long in the one, or speaks of danger, does so in the other
		both.Content = slices.Clone(base.Content)
		for _, entry := range own.Content {
			if !slices.ContainsFunc(base.Content, func(under *yaml.Node) bool { return sameYAML(under, entry) }) {
				both.Content = append(both.Content, entry)
			}
		}
		return &both
	})
}

// catalogueFiles are those of the languages that a bundle, or the flow that it extends, has words
// for, each with the file that is its own before the other's.
func (b Bundle) catalogueFiles() map[string]string {
	files := map[string]string{}
	for name := range b {
		lang := strings.TrimSuffix(path.Base(name), ".yaml")
		if own := catalogueFile(lang); own == name || path.Join(BuiltIn, own) == name && files[lang] == "" {
			files[lang] = name
		}
	}
	return files
}

// Languages are those that the bundle has words for, sorted.
func (b Bundle) Languages() []string { return slices.Sorted(maps.Keys(b.catalogueFiles())) }
