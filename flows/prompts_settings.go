package flows

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Settings is what the catalogue of a language has beside words, each as it is written
// under its name; nil if there is none, or it cannot be read.
func (b Bundle) Settings(lang string) map[string]string {
	c := newCompiler()
	root := c.wordsOf(b, lang)
	if root == nil {
		return nil
	}
	all := map[string]string{}
	c.pairs(root, "", func(k, v *yaml.Node) {
		if !slices.Contains(settings, k.Value) || v.Tag == "!!null" {
			return
		}
		if text, err := yaml.Marshal(uncommented(v)); err == nil {
			all[k.Value] = string(text)
		}
	})
	return all
}

// uncommented is a value without what is beside it for people.
func uncommented(v *yaml.Node) *yaml.Node {
	v = cloned(v)
	var strip func(*yaml.Node)
	strip = func(n *yaml.Node) {
		n.HeadComment, n.LineComment, n.FootComment = "", "", ""
		for _, inner := range n.Content {
			strip(inner)
		}
	}
	strip(v)
	return v
}

// WithSettings is the bundle in which a language has other settings, as Settings writes
// them; "" takes one out, as far as it stands in the bundle's own file.
func (b Bundle) WithSettings(lang string, changes map[string]string) (Bundle, error) {
	return b.editedFile(catalogueFile(lang), func(root *yaml.Node) error {
		for _, name := range settings {
			text, ok := changes[name]
			var doc yaml.Node
			switch {
			case !ok:
			case yaml.Unmarshal([]byte(text), &doc) != nil:
				return ErrUnreadable
			case doc.Kind == 0:
				take(root, name)
			default:
				*entryOf(root, name) = *doc.Content[0]
			}
		}
		return nil
	})
}
