package flows

import (
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// asciiWords is plainWords of a text that is written in ASCII alone, as most are: no
// letter of it has to be taken apart. Of any other it is false.
func asciiWords(body string) ([]string, bool) {
	for i := range len(body) {
		if body[i] >= 0x80 {
			return nil, false
		}
	}
	read := make([]byte, 0, 64)
	for i := range len(body) {
		switch b := body[i]; {
		case 'A' <= b && b <= 'Z':
			read = append(read, b+'a'-'A')
		case 'a' <= b && b <= 'z', '0' <= b && b <= '9':
			read = append(read, b)
		case b == '\'', b == '`': // don't → dont
		default:
			read = append(read, ' ')
		}
	}
	return strings.Fields(string(read)), true
}

// plainly is a name in plain words.
func plainly(name string) string { return strings.Join(plainWords(name), " ") }

// lookedFor are the names in one language that a text may ask for something by, in plain
// words and made once: a text that is no order of ours is held against all of them.
type lookedFor struct {
	topics map[string][]string // by slug: its own name, the slug, what else people call it
	days   [7]struct{ name, short string }
	// small are the words around what is looked for, between spaces, the longest first.
	small []string
	// dangers are what somebody writes who is dying or in danger, harmless what only looks
	// like it.
	dangers, harmless phraseBook
}

// phraseBook holds plain words that stand together, by the first of them.
type phraseBook map[string][][]string

func phrasesOf(all []string) phraseBook {
	by := phraseBook{}
	for _, phrase := range all {
		if words := strings.Fields(phrase); len(words) > 0 {
			by[words[0]] = append(by[words[0]], words)
		}
	}
	return by
}

// in is where words hold the first of them: from a word to before another; 0, 0 for nowhere.
func (b phraseBook) in(words []string) (from, to int) {
	for i, word := range words {
		for _, phrase := range b[word] {
			if end := i + len(phrase); end <= len(words) && slices.Equal(words[i:end], phrase) {
				return i, end
			}
		}
	}
	return 0, 0
}

// makeLookedFor makes the names of a catalogue once its prompts are read.
func (c *catalogue) makeLookedFor() {
	c.lookedFor.topics = map[string][]string{}
	for name, t := range c.prompts {
		if slug, ok := strings.CutPrefix(name, topicPrefix); ok {
			c.lookedFor.topics[slug] = slices.Concat(plainNames(t.spelling()), plainNames(slug), c.phrases[alsoPrefix+slug])
		}
	}
	for i := range c.lookedFor.days {
		day := &c.lookedFor.days[i]
		day.name, day.short = plainly(schedule.Weekday(c.lang, time.Weekday(i))), plainly(schedule.ShortWeekday(c.lang, time.Weekday(i)))
	}
	c.lookedFor.dangers, c.lookedFor.harmless = phrasesOf(c.phrases[promptDanger]), phrasesOf(c.phrases[promptHarmless])
	for _, phrase := range c.phrases[promptSmall] {
		c.lookedFor.small = append(c.lookedFor.small, " "+phrase+" ")
	}
	slices.SortStableFunc(c.lookedFor.small, func(a, b string) int { return len(b) - len(a) })
}
