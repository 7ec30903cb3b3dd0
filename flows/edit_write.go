package flows

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// rewritten is the text of a file whose outermost mapping has changed. What is as it was
// stays as somebody wrote it, with its comments and blank lines: only the lines of an
// entry that changed, of the file or of one of its sections, are written anew. False
// where it cannot be written so that it says what it should.
func rewritten(text string, before, after *yaml.Node) (string, bool) {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	lines := strings.SplitAfter(text, "\n")
	w := writer{lines: lines[:len(lines)-1]}
	if again := strings.Join(w.entries(before, after, len(w.lines), 0), ""); !w.failed && readsAs(again, after) {
		return again, true
	}
	again, ok := encoded(after)
	if len(before.Content) == 0 {
		again = text + again
	}
	return again, ok && readsAs(again, after)
}

// readsAs says whether a text is read as that mapping.
func readsAs(text string, want *yaml.Node) bool {
	c := newCompiler()
	got := c.parse(Bundle{mainFile: text}, mainFile)
	return got != nil && len(c.problems) == 0 && sameYAML(got, want)
}

type writer struct {
	lines  []string // each with its end
	failed bool
}

// sections is how deep entries are written by themselves: those of the file, and those of
// each of them.
const sections = 1

// entries are the lines of a mapping from its first entry, or for the file its first line,
// to before the line to.
func (w *writer) entries(before, after *yaml.Node, to, depth int) (out []string) {
	if !w.spread(before, to) {
		w.failed = true
		return nil
	}
	fresh := w.fresh(before, after)
	from := before.Content[0].Line - 1
	if depth == 0 {
		out = append(out, w.lines[:from]...)
	}
	for i := 0; i+1 < len(before.Content); i += 2 {
		key, was := before.Content[i], before.Content[i+1]
		start, next := key.Line-1, to
		if i+2 < len(before.Content) {
			next = before.Content[i+2].Line - 1
		}
		end := next
		for end > start+1 && isAside(w.lines[end-1]) {
			end--
		}
		switch is := field(after, key.Value); {
		case is == nil: // it is gone; a comment above it may be of a section
		case sameYAML(was, is):
			out = append(out, w.lines[start:end]...)
		case depth < sections && isBlock(was) && isBlock(is) && was.Content[0].Line > key.Line:
			out = append(out, w.lines[start:was.Content[0].Line-1]...)
			out = append(out, w.entries(was, is, end, depth+1)...)
		default:
			out = append(out, w.entry(key, is, key.Column-1)...)
		}
		out = append(out, fresh[key.Value]...)
		out = append(out, w.lines[end:next]...)
	}
	return append(out, fresh[""]...)
}

// fresh are the lines of the entries that a mapping has more than before, by the name of the
// one that they stand behind; of those at its end by "".
func (w *writer) fresh(before, after *yaml.Node) map[string][]string {
	all, behind := map[string][]string{}, ""
	for i := 0; i+1 < len(after.Content); i += 2 {
		if key := after.Content[i]; field(before, key.Value) != nil {
			behind = key.Value
		} else {
			all[behind] = append(all[behind], w.entry(key, after.Content[i+1], before.Content[0].Column-1)...)
		}
	}
	if behind != "" {
		all[""] = append(all[""], all[behind]...)
		delete(all, behind)
	}
	return all
}

// spread says whether a mapping's entries begin on lines of their own, before the line to.
func (w *writer) spread(m *yaml.Node, to int) bool {
	if !isBlock(m) {
		return false
	}
	last := 0
	for i := 0; i+1 < len(m.Content); i += 2 {
		key := m.Content[i]
		if key.Kind != yaml.ScalarNode || key.Line <= last || key.Line > to || key.Column < 1 ||
			len(w.lines[key.Line-1]) < key.Column || strings.Trim(w.lines[key.Line-1][:key.Column-1], " ") != "" {
			return false
		}
		last = key.Line
	}
	return true
}

func isBlock(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0
}

// isAside says whether a line is empty, or a comment.
func isAside(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || strings.HasPrefix(line, "#")
}

// entry is one entry in lines, indented. The comments above and below it stand already.
func (w *writer) entry(key, value *yaml.Node, indent int) (lines []string) {
	k, v := *key, cloned(value)
	k.HeadComment, k.FootComment = "", ""
	for n := v; n != nil; n = lastOf(n) {
		n.FootComment = ""
	}
	text, ok := encoded(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{&k, v}})
	if !ok {
		w.failed = true
		return nil
	}
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = strings.Repeat(" ", indent) + line
		}
		lines = append(lines, line)
	}
	return lines
}

func lastOf(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 0 {
		return nil
	}
	if len(n.Content) > 1 && n.Kind == yaml.MappingNode {
		n.Content[len(n.Content)-2].FootComment = ""
	}
	return n.Content[len(n.Content)-1]
}

func encoded(n *yaml.Node) (string, bool) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if e.Encode(n) != nil || e.Close() != nil {
		return "", false
	}
	return b.String(), true
}

// sameYAML says whether two nodes are read alike, however they are written.
func sameYAML(a, b *yaml.Node) bool {
	switch {
	case a == nil || b == nil:
		return a == b
	case a.Kind != b.Kind || len(a.Content) != len(b.Content) || a.ShortTag() != b.ShortTag():
		return false
	case a.Kind == yaml.ScalarNode:
		return a.Value == b.Value
	case a.Kind != yaml.MappingNode:
		return slices.EqualFunc(a.Content, b.Content, sameYAML)
	}
	for i := 0; i+1 < len(a.Content); i += 2 {
		if !sameYAML(a.Content[i+1], field(b, a.Content[i].Value)) {
			return false
		}
	}
	return true
}

func cloned(n *yaml.Node) *yaml.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, inner := range n.Content {
		c.Content[i] = cloned(inner)
	}
	return &c
}
