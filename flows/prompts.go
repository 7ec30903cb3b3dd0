package flows

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Prompt is what a catalogue has under a name, as a translator reads it.
type Prompt struct {
	Name string
	Note string // the comment above it
	// Voice is what is spoken; Text what is written where that is otherwise, "" for the
	// same. Of a list of words, Words has them, and both others are empty.
	Voice, Text string
	Words       []string
}

// settings are what a catalogue has beside words, for nobody to translate.
var settings = []string{"_voice", promptSpeech, promptSay, promptLong}

// Prompts is the catalogue of a language in its order, without its settings; nil if there
// is none, or it cannot be read.
func (b Bundle) Prompts(lang string) (all []Prompt) {
	c := newCompiler()
	root := c.wordsOf(b, lang)
	if root == nil {
		return nil
	}
	c.pairs(root, "", func(k, v *yaml.Node) {
		if slices.Contains(settings, k.Value) {
			return
		}
		p := Prompt{Name: k.Value, Note: noteOf(k)}
		switch v.Kind {
		case yaml.ScalarNode:
			p.Voice = v.Value
		case yaml.SequenceNode:
			for _, word := range v.Content {
				p.Words = append(p.Words, word.Value)
			}
		default:
			if voice := field(v, "voice"); voice != nil {
				p.Voice = voice.Value
			}
			if text := field(v, "sms"); text != nil {
				p.Text = text.Value
			}
		}
		if p.Voice != "" || p.Text != "" || len(p.Words) > 0 {
			all = append(all, p)
		}
	})
	return all
}

// Asks says whether an answer is awaited after a prompt, so that another may be said in its
// place after a silence: see [BaseName].
func (b Bundle) Asks(prompt string) bool {
	for _, n := range mainOnly(b).flow.nodes {
		if n.prompt == prompt && n.asks() && !n.neutral {
			return true
		}
		for i := range n.options {
			if n.options[i].confirm == prompt {
				return true
			}
		}
	}
	return false
}

// noteOf is the comment above a name, in one line.
func noteOf(k *yaml.Node) string {
	lines := strings.Split(k.HeadComment, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(strings.TrimLeft(line, "#"))
	}
	return strings.TrimSpace(strings.Join(lines, " "))
}

// Catalogue is the file of a language: its own or, where it is laid over another, both
// as one; "" if there is none, or it cannot be read.
func (b Bundle) Catalogue(lang string) string {
	c := newCompiler()
	root := c.wordsOf(b, lang)
	if root == nil {
		return ""
	}
	if text, ok := b[catalogueFile(lang)]; ok && b[BuiltIn+"/"+catalogueFile(lang)] == "" {
		return text
	}
	text, err := yaml.Marshal(root)
	if err != nil {
		return ""
	}
	return string(text)
}

// WithCatalogue is the bundle with another file for a language.
func (b Bundle) WithCatalogue(lang, text string) Bundle {
	other := make(Bundle, len(b)+1)
	for name, was := range b {
		other[name] = was
	}
	other[catalogueFile(lang)] = text
	return other
}

// Remark is a line that somebody wrote into a catalogue for people, and the name that it
// stands at, "" for the whole of it.
type Remark struct{ Name, Says string }

// Remarks are the comments in the text of a catalogue, in its order; none if it cannot be
// read.
func Remarks(catalogue string) (all []Remark) {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(catalogue), &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	add := func(name string, comments ...string) {
		for line := range strings.Lines(strings.Join(comments, "\n")) {
			if line = strings.TrimSpace(strings.TrimLeft(line, "# \t")); line != "" {
				all = append(all, Remark{name, line})
			}
		}
	}
	var within func(name string, n *yaml.Node)
	within = func(name string, n *yaml.Node) {
		add(name, n.HeadComment, n.LineComment)
		for i, inner := range n.Content {
			if n == doc.Content[0] && i%2 == 0 {
				name = inner.Value
			}
			within(name, inner)
		}
		add(name, n.FootComment)
	}
	within("", &doc)
	return all
}
