package console

import (
	"io/fs"
	"maps"
	"path"
	"unicode"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows"
)

// readSentences reads what the sentences of package flows are in the console's languages,
// by their English patterns: sentences/<area>.<lang>.yaml. English has none.
func readSentences(files fs.FS) (catalogue, error) {
	all := catalogue{}
	err := readAreas(files, "sentences/*.yaml", func(name string, area map[string]string) {
		lang := path.Ext(name[:len(name)-len(".yaml")])[1:]
		if all[lang] == nil {
			all[lang] = map[string]string{}
		}
		maps.Copy(all[lang], area)
	})
	return all, err
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
