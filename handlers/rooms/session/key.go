package session

import (
	"crypto/subtle"
	"fmt"
)

// Key is the facilitators' key for texts: four digits.
func (s *Session) Key() string {
	return fmt.Sprint(1000 + draw(s.Seed, uint64(2+s.KeyNo))%9000)
}

// guesses is how many wrong digits make another key.
const guesses = 5

// KeyFits says whether digits are those of the facilitators' key for texts. Five wrong
// ones make another key.
func (s *Session) KeyFits(digits string) bool {
	if subtle.ConstantTimeCompare([]byte(digits), []byte(s.Key())) == 1 {
		return true
	}
	if s.Wrong++; s.Wrong == guesses {
		s.KeyNo, s.Wrong = s.KeyNo+1, 0
	}
	return false
}

// label returns a label for a leg of ours: opaque, and another for each number.
func label(seed uint64, n int) string {
	return fmt.Sprintf("%016x%016x", draw(seed, uint64(n)<<32), draw(seed, uint64(n)<<32+1))
}
