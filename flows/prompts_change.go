package flows

import (
	"errors"
	"path"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrNoCatalogue says that a language's words cannot be read, so that none of them can be
// changed alone.
var ErrNoCatalogue = errors.New("the words of this language cannot be read: mend the file first")

// WithPrompts is the bundle in which a language says other things under some names. One
// that says nothing is taken out, as far as it stands in the bundle's own file. What else
// is in the file stays as it is, comments too.
func (b Bundle) WithPrompts(lang string, changes []Prompt) (Bundle, error) {
	s, err := b.splice(lang)
	if err != nil {
		return nil, err
	}
	for _, p := range changes {
		none := p.Voice == "" && p.Text == "" && len(p.Words) == 0
		s.change(p.Name, none, p.write)
	}
	return s.in(b, lang)
}

// splice begins changing a language's own file of words.
func (b Bundle) splice(lang string) (*splice, error) {
	file := catalogueFile(lang)
	s := splice{lines: strings.SplitAfter(b[file], "\n")}
	if err := yaml.Unmarshal([]byte(b[file]), &s.doc); err != nil {
		return nil, ErrNoCatalogue
	}
	if s.doc.Kind == 0 { // there is no file, or nothing in it
		s.doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	if s.root = s.doc.Content[0]; s.root.Kind != yaml.MappingNode {
		return nil, ErrNoCatalogue
	}
	return &s, nil
}

// in is the bundle with the file changed.
func (s *splice) in(b Bundle, lang string) (Bundle, error) {
	if len(s.cuts) == 0 {
		return b, nil
	}
	text, whole := s.text(), map[string]any{}
	var again map[string]any
	if s.doc.Decode(&whole) != nil {
		return nil, ErrNoCatalogue
	}
	if yaml.Unmarshal([]byte(text), &again) != nil || !reflect.DeepEqual(whole, again) && len(whole)+len(again) > 0 {
		all, err := yaml.Marshal(&s.doc) // its lines are no entries: it is written anew
		if err != nil {
			return nil, ErrNoCatalogue
		}
		text = string(all)
	}
	return b.WithCatalogue(lang, text), nil
}

// splice changes entries of a mapping, in its tree and in the lines of its file.
type splice struct {
	lines []string
	doc   yaml.Node
	root  *yaml.Node // of doc
	cuts  []cut
}

// cut is what takes the place of the lines from one to before another, from 0.
type cut struct {
	from, to int
	text     string
}

// change writes what stands under a name, or takes it out.
func (s *splice) change(called string, none bool, write func(*yaml.Node)) {
	for i := 0; i+1 < len(s.root.Content); i += 2 {
		k, v := s.root.Content[i], s.root.Content[i+1]
		if k.Value != called {
			continue
		}
		from, to := s.span(i)
		if none {
			s.root.Content = slices.Delete(s.root.Content, i, i+2)
			s.cuts = append(s.cuts, cut{from: from, to: to})
			return
		}
		write(v)
		s.cuts = append(s.cuts, cut{from, to, entry(k, v)})
		return
	}
	if none {
		return
	}
	k, v := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.ToValidUTF8(called, "")}, &yaml.Node{}
	write(v)
	at := len(s.lines)
	if base := slices.IndexFunc(s.root.Content, func(n *yaml.Node) bool { return n.Value == BaseName(called) }); base >= 0 && base%2 == 0 {
		_, at = s.span(base)
	}
	s.root.Content = append(s.root.Content, k, v)
	s.cuts = append(s.cuts, cut{at, at, entry(k, v)})
}

// BaseName is the prompt in place of which another one is said after a silence, or itself.
func BaseName(name string) string {
	if strings.HasPrefix(name, "_") { // it is said beside others, not in place of one
		return name
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, "_r1"), "_r2")
}

// span are the lines of an entry of the mapping, without the comments and empty lines
// around it. One that was put in has the line 0, and none in the file.
func (s *splice) span(i int) (from, to int) {
	from, to = s.root.Content[i].Line-1, len(s.lines)
	for j := i + 2; j < len(s.root.Content); j += 2 {
		if line := s.root.Content[j].Line; line > 0 {
			to = line - 1
			break
		}
	}
	from, to = max(0, min(from, len(s.lines))), max(0, min(to, len(s.lines)))
	for to > from+1 {
		last := strings.TrimSpace(s.lines[to-1])
		if last != "" && !strings.HasPrefix(last, "#") {
			break
		}
		to--
	}
	return from, max(from, to)
}

// text is the file with everything changed.
func (s *splice) text() string {
	slices.SortStableFunc(s.cuts, func(a, b cut) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, c := range s.cuts {
		b.WriteString(strings.Join(s.lines[at:max(at, c.from)], ""))
		if text := b.String(); text != "" && !strings.HasSuffix(text, "\n") {
			b.WriteString("\n")
		}
		b.WriteString(c.text)
		at = max(at, c.to)
	}
	b.WriteString(strings.Join(s.lines[at:], ""))
	return b.String()
}

// entry is a line of a catalogue, or some; the comments around it stay where they are.
func entry(k, v *yaml.Node) string {
	name := *k
	name.HeadComment, name.FootComment = "", ""
	var b strings.Builder
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if e.Encode(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{&name, v}}) != nil {
		return ""
	}
	return b.String()
}

// write puts what a prompt says in place of a value.
func (p Prompt) write(v *yaml.Node) {
	quoted := func(text string) *yaml.Node {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: strings.ToValidUTF8(text, "")}
	}
	switch {
	case len(p.Words) > 0:
		list := yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, LineComment: v.LineComment}
		for _, word := range p.Words {
			list.Content = append(list.Content, quoted(word))
		}
		*v = list
	case p.Text == "":
		comment := v.LineComment
		*v = *quoted(p.Voice)
		v.LineComment = comment
	default:
		if v.Kind != yaml.MappingNode {
			*v = yaml.Node{Kind: yaml.MappingNode}
		}
		for _, of := range []struct{ name, text string }{{"voice", p.Voice}, {"sms", p.Text}} {
			now := field(v, of.name)
			switch {
			case of.text == "" && now != nil:
				i := slices.Index(v.Content, now)
				v.Content = slices.Delete(v.Content, i-1, i+1)
			case of.text == "":
			case now == nil:
				v.Content = append(v.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: of.name}, quoted(of.text))
			case now.Value != of.text || now.Kind != yaml.ScalarNode:
				comment := now.LineComment
				*now = *quoted(of.text)
				now.LineComment = comment
			}
		}
	}
}

// Wanted is what a language says or is to say: its own prompts and, without words, those
// that another one has.
func (b Bundle) Wanted(lang string) []Prompt {
	all, has := b.Prompts(lang), map[string]bool{}
	for _, p := range all {
		has[p.Name] = true
	}
	for _, other := range b.Languages() {
		for _, p := range b.Prompts(other) {
			if !has[p.Name] {
				has[p.Name] = true
				if p.Voice, p.Text = "", ""; len(p.Words) > 0 {
					p.Words = []string{""} // what kind it is
				}
				all = append(all, p)
			}
		}
	}
	return all
}

// PromptAt is the prompt, and its language, whose entry in a file of words a place is in;
// "" where it is in none.
func (b Bundle) PromptAt(at Place) (lang, name string) {
	file := strings.TrimPrefix(at.File, BuiltIn+"/")
	lang = strings.TrimSuffix(path.Base(file), ".yaml")
	var doc yaml.Node
	if file != catalogueFile(lang) {
		return "", ""
	}
	if yaml.Unmarshal([]byte(b[at.File]), &doc) != nil || len(doc.Content) == 0 {
		return lang, ""
	}
	last := 0
	for i := 0; i+1 < len(doc.Content[0].Content); i += 2 {
		if k := doc.Content[0].Content[i]; k.Line <= at.Line && k.Line >= last {
			name, last = k.Value, k.Line
		}
	}
	return lang, name
}
