package console

import (
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// ofAnother looks whether a file of words is of another language than the one that it was
// sent for, over whose words in a bundle it would be laid: by what it says of itself, by
// the columns of a table, or else by its words. It is nil where it may be of this one.
func ofAnother(b flows.Bundle, of origin, lang, text string) *wordsFault {
	_, isTable := isTable(text)
	fault := wordsFault{says: "prompts.fault_tongue"}
	switch {
	case of.lang != "" && strings.EqualFold(of.lang, lang):
	case of.lang != "":
		if fault.lang = of.lang; !isTable {
			fault.says = "prompts.fault_tongue_said"
		}
	case isTable:
		// What is first is translated from, and nothing is taken of it.
		langs := tongues(text)
		if len(langs) > 0 && !slices.ContainsFunc(langs[min(1, len(langs)-1):], func(l string) bool { return strings.EqualFold(l, lang) }) {
			fault.lang = langs[len(langs)-1]
		}
	default:
		fault.lang = likeAnother(b, lang, text)
	}
	if fault.lang == "" {
		return nil
	}
	return &fault
}

// likeAnother is the language whose words a file of YAML has, "" where they may be those of
// the one that it was sent for: of what the two do not say alike, it has more than half as
// the other one has it. One that is being translated may have less than half still to do.
func likeAnother(b flows.Bundle, lang, text string) (like string) {
	theirs, own := wordsIn(flows.Bundle{}.WithCatalogue(lang, text), lang), wordsIn(b, lang)
	most := 0
	for _, other := range b.Languages() {
		others, apart, alike := wordsIn(b, other), 0, 0
		for name, said := range theirs.prompts {
			if words, there := others.prompts[name]; there && !same(words, own.prompts[name]) {
				apart++
				if same(words, said) {
					alike++
				}
			}
		}
		if 2*alike > apart && alike > most {
			like, most = other, alike
		}
	}
	return like
}
