package console

import (
	"fmt"
	"io/fs"
	"path"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/flows"
)

// readSentences reads what the sentences of package flows are in the console's languages,
// by their English patterns: sentences/<area>.<lang>.yaml. English has none.
func readSentences(files fs.FS) (catalogue, error) {
	all := catalogue{}
	names, err := fs.Glob(files, "sentences/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var area map[string]string
		if err := yaml.Unmarshal(text, &area); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lang := path.Ext(name[:len(name)-len(".yaml")])[1:]
		if all[lang] == nil {
			all[lang] = map[string]string{}
		}
		for pattern, words := range area {
			all[lang][pattern] = words
		}
	}
	return all, nil
}

// pattern is one of package flows in the language of the page.
func (p *page) pattern(english string) string {
	if words, known := p.desk.sentences[p.lang][english]; known {
		return words
	}
	return english
}

// Changed says what changed.
func (p *page) Changed(c flows.Change) string { return c.In(p.pattern) }

// told is a problem as a page says it.
type told struct {
	flows.Problem
	What, Mend string
}

// Told says what is wrong, and how to mend it.
func (p *page) Told(problems []flows.Problem) []told {
	all := make([]told, len(problems))
	for i, one := range problems {
		what, mend := one.In(p.pattern)
		all[i] = told{one, asSentence(what), asSentence(mend)}
	}
	return all
}

// asSentence begins with a capital and ends with a full stop.
func asSentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if text = string(unicode.ToUpper(first)) + text[size:]; text[len(text)-1] != '.' {
		text += "."
	}
	return text
}
