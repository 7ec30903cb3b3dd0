package flows

import (
	"slices"
	"strings"
)

// intoOrder is what takes a group's code and the key of its session, which follow
// the word by which a facilitator orders something.
const intoOrder = "code_and_key"

// keyLength is how many digits the key of a session has.
const keyLength = 4

// ends says whether a word of ours is over where that follows it. Whoever is in a
// hurry leaves no space before a code.
func (w word) ends(after string) bool {
	return w.into != "" && (after[0] == ' ' || w.into == intoOrder && strings.IndexByte("0123456789", after[0]) >= 0)
}

// codeFirst turns a key and a code round that were written in that order: two
// numbers, which their lengths tell apart.
func (t *turn) codeFirst(said []string, digits string) string {
	numbers := slices.DeleteFunc(said, func(w string) bool { return digitsOf([]string{w}) == "" })
	if len(numbers) == 2 && len(numbers[0]) == keyLength && t.view.Directory.Line.CodeLength != keyLength {
		return numbers[1] + numbers[0]
	}
	return digits
}
