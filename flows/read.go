package flows

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// setting reads the value of a setting.
type setting func(v *yaml.Node)

func (c *compiler) at(n *yaml.Node) Place {
	return Place{File: cmp.Or(c.files[n], c.file), Line: n.Line, Column: n.Column}
}

// top is where a fault of a whole file is shown.
func top(file string) Place { return Place{File: file, Line: 1, Column: 1} }

// clean says whether f found no error.
func (c *compiler) clean(f func()) bool {
	before := len(Errors(c.problems))
	f()
	return len(Errors(c.problems)) == before
}

// parse reads a file down to its outermost mapping, nil if it has none.
func (c *compiler) parse(b Bundle, file string) *yaml.Node {
	c.file = file
	text, ok := b[file]
	if !ok {
		c.fail("F000", top(file), "add it", "the file is missing")
		return nil
	}
	if !c.bounded(b, file) {
		return nil
	}
	var doc, second yaml.Node
	d := yaml.NewDecoder(strings.NewReader(text))
	err := d.Decode(&doc)
	if err != nil && !errors.Is(err, io.EOF) {
		c.notYAML(text, err)
		return nil
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		c.fail("F000", top(file), "write `name: value` lines", "the file holds no settings")
		return nil
	}
	if d.Decode(&second) == nil {
		c.fail("F000", c.at(&second), "take the --- out, or what follows it", "a second document begins here, which nobody reads")
	}
	if !c.aliases(doc.Content[0]) {
		return nil
	}
	return doc.Content[0]
}

// aliases refuses YAML's aliases: what stands at a place is then what is read
// there, and no file grows by being read. It tells of the first.
func (c *compiler) aliases(n *yaml.Node) (whole bool) {
	if n.Kind == yaml.AliasNode {
		c.fail("F000", c.at(n), "write out what it stands for", "*%s is an alias, which is not read", n.Value)
		return false
	}
	return !slices.ContainsFunc(n.Content, func(inner *yaml.Node) bool { return !c.aliases(inner) })
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// pairs goes through a mapping whose names are the author's own.
func (c *compiler) pairs(m *yaml.Node, mend string, read func(k, v *yaml.Node)) {
	if m.Kind != yaml.MappingNode {
		c.fail("F000", c.at(m), mend, "settings are expected here")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(m.Content); i += 2 {
		k, v := m.Content[i], m.Content[i+1]
		name, ok := scalar(k)
		switch {
		case !ok || strings.ContainsFunc(name, unsayable):
			c.fail("F000", c.at(k), "write a word before the colon", "a name is expected here")
		case seen[name]:
			c.fail("F000", c.at(k), "keep one", "%q is written twice", name)
		default:
			seen[name] = true
			read(k, v)
		}
	}
}

// fields goes through a mapping, giving each value to the reader of its name;
// a name without a reader is a problem that lists those there are.
func (c *compiler) fields(m *yaml.Node, read map[string]setting) {
	if c.watch != nil {
		c.watch(read)
	}
	c.pairs(m, "write {name: value}", func(k, v *yaml.Node) {
		if f := read[k.Value]; f != nil {
			f(v)
			return
		}
		c.fail("F000", c.at(k), thereAre(slices.Sorted(maps.Keys(read))), "no setting is called %q", k.Value)
	})
}

// scalar is a word as it stands in the file.
func scalar(v *yaml.Node) (string, bool) {
	ok := v.Kind == yaml.ScalarNode && v.ShortTag() != "!!null" && strings.TrimSpace(v.Value) != ""
	return v.Value, ok
}

// text reads a word and remembers where it stands, see placeOf.
func (c *compiler) text(to *string) setting {
	return func(v *yaml.Node) {
		s, ok := scalar(v)
		if !ok {
			c.fail("F000", c.at(v), "write one", "a word is expected here")
			return
		}
		*to, c.where[to] = s, c.at(v)
	}
}

// placeOf is where a word that text read stands, or otherwise where it could.
func (c *compiler) placeOf(word *string, otherwise Place) Place {
	if p, ok := c.where[word]; ok {
		return p
	}
	return otherwise
}

func (c *compiler) target(to *target) setting {
	return func(v *yaml.Node) {
		to.at = c.at(v)
		c.targets[to.at] = true
		c.text(&to.node)(v)
	}
}

// mostTimes bounds every count in a flow: of digits, of tries, of visits.
const mostTimes = 20

func (c *compiler) number(to *int) setting {
	return func(v *yaml.Node) {
		s, _ := scalar(v)
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > mostTimes {
			c.fail("F000", c.at(v), "write one, such as 2", "a whole number from 1 to %d is expected here", mostTimes)
			return
		}
		*to = n
	}
}

// span reads how few and how many: "6-10", or "6" for both.
func (c *compiler) span(least, most *int) setting {
	return func(v *yaml.Node) {
		s, _ := scalar(v)
		low, high, ranged := strings.Cut(s, "-")
		if !ranged {
			high = low
		}
		from, err := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err != nil || err2 != nil || from < 1 || to < from || to > mostTimes {
			c.fail("F000", c.at(v), "write it like 6, or 6-10", "a number of digits from 1 to %d is expected here", mostTimes)
			return
		}
		*least, *most = from, to
	}
}

func (c *compiler) flag(to *bool) setting {
	return func(v *yaml.Node) {
		if _, ok := scalar(v); !ok || v.Decode(to) != nil {
			c.fail("F000", c.at(v), "write true without quotes, or leave the setting out", "true or false is expected here")
		}
	}
}

func (c *compiler) duration(to *time.Duration) setting {
	return func(v *yaml.Node) {
		s, _ := scalar(v)
		d, err := time.ParseDuration(s)
		if err != nil || d < time.Second || d > time.Minute || d%time.Second != 0 {
			c.fail("F000", c.at(v), "write whole seconds, such as 6s", "a time from 1s to 60s is expected here")
			return
		}
		*to = d
	}
}
