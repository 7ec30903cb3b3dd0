package flows

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// WithPrompts is the bundle in which a language says other things under some names. One
// that says nothing is taken out, as far as it stands in the bundle's own file. What else
// is in the file stays as it is, comments too. It is ErrUnreadable if the file cannot be
// read.
func (b Bundle) WithPrompts(lang string, changes []Prompt) (Bundle, error) {
	return b.editedFile(catalogueFile(lang), func(root *yaml.Node) error {
		for _, p := range changes {
			if p.Voice == "" && p.Text == "" && len(p.Words) == 0 {
				take(root, p.Name)
			} else {
				p.write(entryOf(root, p.Name))
			}
		}
		return nil
	})
}

// entryOf is the value under a name in a catalogue: if there is none, a new one, behind the
// prompt in whose place it is said.
func entryOf(catalogue *yaml.Node, name string) *yaml.Node {
	at := len(catalogue.Content)
	for i := 0; i+1 < len(catalogue.Content); i += 2 {
		switch catalogue.Content[i].Value {
		case name:
			return catalogue.Content[i+1]
		case BaseName(name):
			at = i + 2
		}
	}
	value := &yaml.Node{}
	catalogue.Content = slices.Insert(catalogue.Content, at, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.ToValidUTF8(name, "")}, value)
	return value
}

// BaseName is the prompt in place of which another one is said after a silence, or itself.
func BaseName(name string) string {
	if strings.HasPrefix(name, "_") { // it is said beside others, not in place of one
		return name
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, "_r1"), "_r2")
}

// write puts what a prompt says in place of a value.
func (p Prompt) write(v *yaml.Node) {
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

// PromptsAt finds the prompt, and its language, whose entry in a file of words a place is in;
// "" where it is in none. It reads each file once, and is not for concurrent use.
func (b Bundle) PromptsAt() func(Place) (lang, name string) {
	read := map[string][]*yaml.Node{} // the names and entries of a file
	entries := func(file string) []*yaml.Node {
		all, known := read[file]
		if !known {
			var doc yaml.Node
			if yaml.Unmarshal([]byte(b[file]), &doc) == nil && len(doc.Content) > 0 {
				all = doc.Content[0].Content
			}
			read[file] = all
		}
		return all
	}
	return func(at Place) (lang, name string) {
		file := strings.TrimPrefix(at.File, BuiltIn+"/")
		if lang = strings.TrimSuffix(path.Base(file), ".yaml"); file != catalogueFile(lang) {
			return "", ""
		}
		all, last := entries(at.File), 0
		for i := 0; i+1 < len(all); i += 2 {
			if k := all[i]; k.Line <= at.Line && k.Line >= last {
				name, last = k.Value, k.Line
			}
		}
		return lang, name
	}
}
