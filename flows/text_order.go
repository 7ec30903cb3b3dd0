package flows

import (
	"slices"
	"strings"
)

// intoOrder is what takes a group's code and the key of its session, which follow
// the word by which a facilitator orders something.
const intoOrder = "code_and_key"

// intoQuestion is what takes the digits of a question that we asked in a text.
const intoQuestion = "question"

// keyLength is how many digits the key of a session has.
const keyLength = 4

// questionLength is how many digits a question has that we ask in a text: more than
// most numbers of who waits, and fewer than a code, so that OK 12, OK 412 and OK 4821
// are three things.
const questionLength = 3

// ends says whether a word of ours is over where that follows it. Whoever is in a
// hurry leaves no space before a code. Behind a yes or a no there is nothing but the
// digits of a question: "no 12 is too late" is none.
func (w word) ends(after string) bool {
	switch w.into {
	case "":
		return false
	case intoQuestion:
		return questionIn(after) != ""
	}
	return after[0] == ' ' || w.into == intoOrder && strings.IndexByte("0123456789", after[0]) >= 0
}

// questionIn are the digits of a question, if plain words are those and nothing else.
func questionIn(text string) string {
	if len(text) > 2*questionLength {
		return ""
	}
	digits := strings.ReplaceAll(text, " ", "")
	if len(digits) != questionLength || !isDigits(digits) {
		return ""
	}
	return digits
}

// codeFirst turns a key and a code round that were written in that order: two
// numbers, which their lengths tell apart.
func (t *turn) codeFirst(said, digits string) string {
	numbers := slices.DeleteFunc(strings.Fields(said), func(w string) bool { return !isDigits(w) })
	if len(numbers) == 2 && len(numbers[0]) == keyLength && t.view.Directory.Line.CodeLength != keyLength {
		return numbers[1] + numbers[0]
	}
	return digits
}
