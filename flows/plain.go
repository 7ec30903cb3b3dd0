package flows

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hearthline/hearthline/flows/schedule"
)

// plainly is a text as its sender may have meant it: without case, accents, punctuation,
// pictures and what cannot be seen, its words one space apart. Each Chinese character is
// a word. A star or a pound sign is a key only by itself.
func plainly(body string) string {
	if key := strings.TrimSpace(body); key == "*" || key == "#" {
		return key
	}
	text := body
	if strings.IndexFunc(body, notASCII) >= 0 {
		text = norm.NFKD.String(withApostrophes(body)) // letters apart from their accents
	}
	read := make([]byte, 0, 128)
	for _, r := range text {
		switch {
		case 'A' <= r && r <= 'Z':
			read = append(read, byte(r)+'a'-'A')
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			read = append(read, byte(r))
		case r == '\'', r == '`': // don't → dont
		case r < utf8.RuneSelf:
			read = appendSpace(read)
		case isHan(r):
			read = appendSpace(utf8.AppendRune(appendSpace(read), r))
		case unicode.IsLetter(r), unicode.IsDigit(r):
			read = utf8.AppendRune(read, unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		default:
			read = appendSpace(read)
		}
	}
	read = bytes.TrimSuffix(read, []byte{' '})
	if string(read) == body {
		return body
	}
	return string(read)
}

func notASCII(r rune) bool { return r >= utf8.RuneSelf }

// appendSpace sets what follows apart from the word before it, if there is one.
func appendSpace(read []byte) []byte {
	if len(read) == 0 || read[len(read)-1] == ' ' {
		return read
	}
	return append(read, ' ')
}

// plainWords are the words of a text, read plainly.
func plainWords(body string) []string { return strings.Fields(plainly(body)) }

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
	// keys are what a telephone's keys are called.
	keys map[string]string
	// words are the words of the flow by each of their names, and begun and orders the same
	// and its orders by the first byte of those.
	words         []naming
	begun, orders map[byte][]naming
	// named are the topics by each of their names, sorted, and spoken the same by the first
	// word of those.
	named  []topicName
	spoken map[string][]topicName
	// own is what the language is called by those who speak it, announced that as a
	// sentence, and ownSaid how it is chosen aloud.
	own       string
	announced template
	ownSaid   sayable
	// around are the first words of small, and elided those of one letter.
	around, elided map[string]bool
}

// naming is a word of the flow by one of its names.
type naming struct {
	*word
	phrase  string
	letters uint64 // see lettersOf
}

// namings are words by their names, in order.
func (c *catalogue) namings(words []word) (all []naming) {
	for i := range words {
		for _, phrase := range c.phrases[words[i].name] {
			all = append(all, naming{&words[i], phrase, lettersOf(phrase)})
		}
	}
	return all
}

func byFirstByte(all []naming) map[byte][]naming {
	by := map[byte][]naming{}
	for _, n := range all {
		by[n.phrase[0]] = append(by[n.phrase[0]], n)
	}
	return by
}

// topicName is a topic by one of its names.
type topicName struct{ name, topic string }

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

// makeLookedFor makes the names of a catalogue once its prompts and the words of its flow
// are read.
func (c *catalogue) makeLookedFor(f *Flow) {
	c.lookedFor.topics = map[string][]string{}
	for name, t := range c.prompts {
		if slug, ok := strings.CutPrefix(name, topicPrefix); ok {
			c.lookedFor.topics[slug] = slices.Concat(plainNames(t.spelling()), plainNames(slug), c.phrases[alsoPrefix+slug])
		}
	}
	c.makeTopicNames()
	c.lookedFor.words = c.namings(f.words)
	c.lookedFor.begun, c.lookedFor.orders = byFirstByte(c.lookedFor.words), byFirstByte(c.namings(f.orders))
	c.lookedFor.own, c.lookedFor.announced = plainly(selfName(c.lang)), words(selfName(c.lang)+".")
	for i := range c.lookedFor.days {
		day := &c.lookedFor.days[i]
		day.name, day.short = plainly(schedule.Weekday(c.lang, time.Weekday(i))), plainly(schedule.ShortWeekday(c.lang, time.Weekday(i)))
	}
	c.lookedFor.keys = map[string]string{}
	for digit := range 10 {
		c.lookedFor.keys[plainly(schedule.Number(c.lang, digit))] = strconv.Itoa(digit)
	}
	for key, prompt := range map[string]string{"*": promptStar, "#": promptPound} {
		c.lookedFor.keys[plainly(c.prompts[prompt].spelling())] = key
	}
	c.lookedFor.dangers, c.lookedFor.harmless = phrasesOf(c.phrases[promptDanger]), phrasesOf(c.phrases[promptHarmless])
	c.lookedFor.small, c.lookedFor.around, c.lookedFor.elided = nil, map[string]bool{}, map[string]bool{}
	for _, phrase := range c.phrases[promptSmall] {
		c.lookedFor.small, c.lookedFor.around[firstWord(phrase)] = append(c.lookedFor.small, " "+phrase+" "), true
		if len(phrase) == 1 {
			c.lookedFor.elided[phrase] = true
		}
	}
	slices.SortStableFunc(c.lookedFor.small, func(a, b string) int { return len(b) - len(a) })
	c.lookedFor.ownSaid = c.sayable("", words(selfName(c.lang)))
}

// makeTopicNames makes named and spoken of the topics.
func (c *catalogue) makeTopicNames() {
	c.lookedFor.named, c.lookedFor.spoken = nil, map[string][]topicName{}
	for topic, names := range c.lookedFor.topics {
		for _, name := range names {
			c.lookedFor.named = append(c.lookedFor.named, topicName{name, topic})
		}
	}
	slices.SortFunc(c.lookedFor.named, func(a, b topicName) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.topic, b.topic)) })
	for _, n := range c.lookedFor.named {
		first := firstWord(n.name)
		c.lookedFor.spoken[first] = append(c.lookedFor.spoken[first], n)
	}
}
