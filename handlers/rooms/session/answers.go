package session

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// answers are what the last requests got, the oldest first: for each a hash of its ID,
// and which outcome.
type answers []byte

// How long an answer is, and how many are remembered.
const (
	answerSize  = 9
	answersMost = 128
)

// outcomes are numbered by their order. New ones go to the end.
var outcomes = []Outcome{OK, Already, On, Off, Nobody, NotNow, NotAllowed, Gone, Held}

// to returns what a request got that was answered before.
func (a answers) to(id string) (Outcome, bool) {
	key := binary.BigEndian.AppendUint64(nil, hash(id))
	for one := range slices.Chunk(a, answerSize) {
		if n := int(one[len(one)-1]); id != "" && bytes.HasPrefix(one, key) && len(one) == answerSize && n < len(outcomes) {
			return outcomes[n], true
		}
	}
	return "", false
}

// add remembers an answer. A request without an ID is never the same as another.
func (a answers) add(id string, o Outcome) answers {
	if id == "" {
		return a
	}
	a = binary.BigEndian.AppendUint64(a, hash(id))
	a = append(a, byte(slices.Index(outcomes, o)))
	return a[max(0, len(a)-answersMost*answerSize):]
}
