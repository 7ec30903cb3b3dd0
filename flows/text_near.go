package flows

import (
	"math/bits"
	"strings"
)

// nearly offers the word that a text may be a slip of.
func (t *turn) nearly(said []string) bool {
	if len(said) == 0 || len(said[0]) < 3 || hasHan(said[0]) || t.flow.unsure.node == "" {
		return false
	}
	guess := ""
	if !t.anyLanguage(func(c *catalogue) bool { guess = c.nearest(said[0], len(said) == 1); return guess != "" }) {
		return false
	}
	t.s.Query = strings.ToUpper(guess)
	t.enter(t.flow.unsure.node)
	return true
}

// nearest is the name of a word that is one slip away from what was written,
// two for a long one; "" for none. A text of several words can only be a slip
// of a word that takes something after it.
func (c *catalogue) nearest(said string, alone bool) string {
	best, slips, letters := "", 2, lettersOf(said)
	if len(said) >= 6 {
		slips = 3
	}
	for i := range c.lookedFor.words {
		w := &c.lookedFor.words[i]
		if farther(len(said), len(w.phrase), letters, w.letters) >= slips || w.name == wordYes || w.name == wordNo || w.into == intoOrder {
			continue // near to much, and not to be guessed; or not for everybody
		}
		if d := distance(said, w.phrase); d < slips && slipOf(w.phrase, said, d) && (alone || w.into != "" && w.into != intoQuestion && said[0] == w.phrase[0]) {
			best, slips = w.phrase, d
		}
	}
	return best
}

// slipOf says whether so many slips may lead from a word to what was written:
// short words are near to much.
func slipOf(word, said string, slips int) bool {
	switch {
	case len(word) < 3:
		return false
	case len(word) == 3:
		return len(said) == 3 && said[0] == word[0]
	}
	return slips < 2 || len(word) >= 6
}

// farther is a distance that two words of these lengths and letters have at least, and soon
// seen: each letter that only one of them has is a slip, as is each by which one is longer.
func farther(a, b int, in, of uint64) int {
	return max(a-b, b-a, bits.OnesCount64(in&^of), bits.OnesCount64(of&^in))
}

// lettersOf is which letters a word has, one bit for each byte or for several.
func lettersOf(word string) (set uint64) {
	for i := range len(word) {
		set |= 1 << (word[i] & 63)
	}
	return set
}

// distance counts the letters to add, drop, change or swap with the next
// (Damerau–Levenshtein, restricted).
func distance(a, b string) int {
	var room [3][32]int
	before, last, row := room[0][:], room[1][:], room[2][:]
	if len(b) >= len(last) {
		before, last, row = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
