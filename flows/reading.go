package flows

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Reading is how hard a language's words are. A formula counts words, sentences and
// syllables, and knows nothing of meaning: it is told, and no fault.
type Reading struct {
	Lang    string
	Formula string // "" where there is none that is trusted: only Sentence tells then
	// Level is the formula's figure: for English a school grade, of which 6 is meant at
	// most; for the others 0 to 100, where more is easier and from 70 on is easy.
	Level float64
	// Sentence is how many words a sentence has on average, Chinese characters in
	// Chinese.
	Sentence float64
	// Hardest are the three prompts of six words or more that are hardest, that first.
	Hardest []string
	// Levels are the formula's figures of each prompt of six words or more. Fewer words
	// tell nothing.
	Levels map[string]float64
}

// formula is a reading formula: constant + perSentence × words a sentence + perWord ×
// syllables a word.
type formula struct {
	name                           string
	constant, perSentence, perWord float64
	harder                         float64 // 1 if more is harder, -1 if easier
}

// formulas by language. Sources: Kincaid et al. 1975; Fernández Huerta 1959, as corrected
// by Law; Kandel and Moles 1958; Martins et al. 1996, for Brazilian Portuguese. There is
// none for Haitian Creole, and those for Chinese count characters by school year.
var formulas = map[string]formula{
	"en": {"Flesch-Kincaid grade", -15.59, 0.39, 11.8, 1},
	"es": {"Fernandez-Huerta", 206.84, -1.02, -60, -1},
	"fr": {"Kandel-Moles", 207, -1.015, -73.6, -1},
	"pt": {"Flesch after Martins", 248.835, -1.015, -84.6, -1},
}

// Reading is how hard what a flow says in a language is to follow.
func (f *Flow) Reading(lang string) Reading {
	cat := f.catalogue(lang)
	by, known := formulas[baseOf(cat.lang)]
	r := Reading{Lang: cat.lang, Formula: by.name}
	var all counted
	levels := map[string]float64{}
	said := maps.Clone(cat.prompts)
	for o, offered := range cat.offers {
		said[o.prompt] = offered.sentence // as it is heard
	}
	for name, t := range said {
		if _, isFrame := framing[name]; isFrame || strings.HasPrefix(name, topicPrefix) {
			continue // neither is a sentence
		}
		n := count(t, baseOf(cat.lang))
		all.add(n)
		if known && n.words >= 6 {
			levels[name] = by.of(n)
		}
	}
	if all.sentences == 0 {
		return r
	}
	r.Sentence = all.words / all.sentences
	if !known {
		return r
	}
	r.Level, r.Levels = by.of(all), levels
	names := slices.SortedFunc(maps.Keys(levels), func(a, b string) int {
		return cmp.Or(cmp.Compare(by.harder*levels[b], by.harder*levels[a]), cmp.Compare(a, b))
	})
	r.Hardest = names[:min(3, len(names))]
	return r
}

func (by formula) of(n counted) float64 {
	if n.words == 0 {
		return 0
	}
	return by.constant + by.perSentence*n.words/n.sentences + by.perWord*n.syllables/n.words
}

// counted is what the formulas count.
type counted struct{ words, sentences, syllables float64 }

func (n *counted) add(more counted) {
	n.words += more.words
	n.sentences += more.sentences
	n.syllables += more.syllables
}

// count counts a prompt's own words. A slot stands for one of two syllables, which keeps
// its sentence whole.
func count(t template, base string) (n counted) {
	u := Utterance{Parts: t.parts(func(string) string { return "river" })}
	for _, sentence := range strings.FieldsFunc(u.Text(), func(r rune) bool { return strings.ContainsRune(".!?。！？", r) }) {
		words := 0.0
		for _, word := range strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
			if hasHan(word) {
				words += float64(len([]rune(word)))
				continue
			}
			words++
			n.syllables += float64(syllables(strings.ToLower(word), base))
		}
		if n.words += words; words > 0 {
			n.sentences++
		}
	}
	return n
}

// syllables counts the runs of vowels in a word; in English a silent e is none, and in
// French neither that nor what is written after it and not spoken.
func syllables(word, base string) int {
	const vowels = "aeiouyáéíóúàèìòùâêîôûäëïöüãõæœ"
	n, in := 0, false
	for _, r := range word {
		vowel := strings.ContainsRune(vowels, r)
		if vowel && !in {
			n++
		}
		in = vowel
	}
	switch base {
	case "en":
		if strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") || silentEd(word) {
			n--
		}
	case "fr":
		for _, silent := range []string{"e", "es", "ent"} {
			if strings.HasSuffix(word, silent) && len(word) > len(silent)+1 {
				n--
				break
			}
		}
	}
	return max(n, 1)
}

// silentEd says whether an English word ends in an ed that is no syllable: called, but
// not ended.
func silentEd(word string) bool {
	return strings.HasSuffix(word, "ed") && len(word) > 3 && !strings.ContainsRune("td", rune(word[len(word)-3]))
}
