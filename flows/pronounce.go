package flows

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// pronunciation is how a word is spoken that a voice would say wrongly: of a place,
// of somebody's name, of letters.
type pronunciation struct{ word, sound string }

// pronunciations reads what of a language is spoken otherwise than written.
func (c *compiler) pronunciations(v *yaml.Node) (all []pronunciation) {
	if len(v.Content) > 2*mostSounds {
		c.fail("F000", c.at(v), "keep those that a voice says wrongly", "there are sounds for more than %d words", mostSounds)
		return nil
	}
	c.pairs(v, "write {Sequim: Skwim}", func(k, v *yaml.Node) {
		sound, ok := scalar(v)
		p := pronunciation{word: strings.Join(strings.Fields(k.Value), " "), sound: strings.Join(strings.Fields(sound), " ")}
		switch {
		case !ok || strings.ContainsFunc(sound, unmarked):
			c.fail("F000", c.at(v), "write it in letters: {Sequim: Skwim}", "how %q sounds is expected here", k.Value)
		case !strings.ContainsFunc(p.word, unicode.IsLetter) || strings.ContainsFunc(k.Value, unmarked):
			c.fail("F000", c.at(k), "write one as prompts and groups have it", "a word is expected here")
		case slices.ContainsFunc(all, func(q pronunciation) bool { return strings.EqualFold(p.word, q.word) }):
			c.fail("F000", c.at(k), "keep one", "%q is written twice", k.Value)
		default:
			all = append(all, p)
		}
	})
	slices.SortStableFunc(all, func(a, b pronunciation) int { return len(b.word) - len(a.word) })
	return all
}

// sounds are the words that have a sound, each with it.
func (c *catalogue) sounds() (all []string) {
	for _, of := range c.says {
		for _, p := range of {
			all = append(all, p.word+": "+p.sound)
		}
	}
	slices.Sort(all)
	return all
}

// unmarked are characters that stand for something else in a prompt, or for nothing.
func unmarked(r rune) bool { return unsayable(r) || strings.ContainsRune("{}[]|", r) }

// roomForSounds is how many parts more a prompt mostly has once its words have sounds.
const roomForSounds = 24

// pronounced gives words among parts the sounds that the language has for them,
// whatever put them there. What has a sound of its own keeps it.
func (c *catalogue) pronounced(parts []Part) []Part {
	if len(c.says) == 0 {
		return parts
	}
	all := make([]Part, 0, len(parts)+roomForSounds)
	for _, p := range parts {
		if p.Alias != "" {
			all = append(all, p)
			continue
		}
		for {
			from, to, sound := c.misspoken(p.Text)
			if sound == "" {
				break
			}
			if from > 0 {
				all = append(all, Part{Text: p.Text[:from], Slow: p.Slow})
			}
			all = append(all, Part{Text: p.Text[from:to], Alias: sound, Slow: p.Slow})
			p.Text = p.Text[to:]
		}
		if p.Text != "" || p.Pause > 0 {
			all = append(all, p)
		}
	}
	return all
}

// misspoken finds the first word in a text that has a sound, the longest if several
// begin there; "" for none.
func (c *catalogue) misspoken(text string) (from, to int, sound string) {
	var room [roomForAWord]byte
	for at := 0; at < len(text); {
		long := wordIn(text[at:])
		for _, p := range c.says[string(foldedWord(room[:0], text[at:at+long]))] {
			end := at + len(p.word)
			if end > len(text) || !strings.EqualFold(text[at:end], p.word) {
				continue
			}
			last, _ := utf8.DecodeLastRuneInString(text[:end])
			if next, _ := utf8.DecodeRuneInString(text[end:]); end == len(text) || apart(last, next) {
				return at, end, p.sound
			}
		}
		at += long
	}
	return 0, 0, ""
}

// roomForAWord is how long most words are, in bytes.
const roomForAWord = 48

// byFirst sorts sounds by the first of their words, as foldedWord has it, so that few are
// looked at where a word begins.
func byFirst(says []pronunciation) map[string][]pronunciation {
	all := map[string][]pronunciation{}
	for _, p := range says {
		first := string(foldedWord(nil, p.word[:wordIn(p.word)]))
		all[first] = append(all[first], p)
	}
	return all
}

// wordIn is how long the word is that a text begins with, in bytes: a character that is in
// no word is one by itself.
func wordIn(text string) int {
	before, size := utf8.DecodeRuneInString(text)
	for size < len(text) {
		next, more := utf8.DecodeRuneInString(text[size:])
		if apart(before, next) {
			break
		}
		before, size = next, size+more
	}
	return size
}

// foldedWord appends a word with each letter as folded has it.
func foldedWord(b []byte, word string) []byte {
	for _, r := range word {
		b = utf8.AppendRune(b, folded(r))
	}
	return b
}

// folded is the least of the characters that are a letter in one case or another.
func folded(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	case r < utf8.RuneSelf:
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// apart says whether a word may end at one character and another begin at the next.
func apart(a, b rune) bool { return !inWord(a) || !inWord(b) || isHan(a) || isHan(b) }

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}
