package console

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
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

// reader is who reads the page. What keys are called stands in place of the names of those
// prompts, as far as the versions that the page is about have words for them.
func (p *page) reader() flows.Reader {
	called := sync.OnceValue(func() map[string]string {
		all := map[string]string{}
		for _, v := range p.seen {
			maps.Copy(all, v.Bundle.KeysCalled(p.lang))
		}
		return all
	})
	return flows.Reader{Lang: p.lang, Known: p.pattern, Named: func(name string) string {
		if !strings.HasPrefix(name, "opt_") {
			return name
		}
		return cmp.Or(called()[name], name)
	}}
}

// Changed says what changed.
func (p *page) Changed(changes []flows.Change) []string {
	all, reader := make([]string, len(changes)), p.reader()
	for i, c := range changes {
		all[i] = c.In(reader)
	}
	return all
}

// Says is a sentence of package flows.
func (p *page) Says(s flows.Sentence) string { return s.In(p.reader()) }

// told is a problem as a page says it.
type told struct {
	flows.Problem
	What, Mend string
}

// Told says what is wrong, and how to mend it.
func (p *page) Told(problems []flows.Problem) []told {
	all, reader := make([]told, len(problems)), p.reader()
	for i, one := range problems {
		what, mend := one.In(reader)
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
