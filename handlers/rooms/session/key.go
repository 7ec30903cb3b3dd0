package session

import (
	"crypto/subtle"
	"fmt"
	"time"
)

// Key is the facilitators' key for texts: four digits.
func (s *Session) Key() string {
	return fmt.Sprint(1000 + draw(s.Seed, uint64(2+s.KeyNo))%9000)
}

// guesses is how many wrong digits make another key.
const guesses = 20

// KeyFits says whether digits are those of the facilitators' key for texts. Twenty wrong
// ones make another key, of which the facilitators are told.
func (s *Session) KeyFits(digits string) bool {
	if subtle.ConstantTimeCompare([]byte(digits), []byte(s.Key())) == 1 {
		return true
	}
	if s.Wrong++; s.Wrong == guesses {
		s.KeyNo, s.Wrong, s.Rekeyed = s.KeyNo+1, 0, true
	}
	return false
}

// newKey tells the facilitators of another key.
func (s *Session) newKey() time.Time {
	if s.Rekeyed {
		s.Rekeyed = false
		s.sayHosts("new_key", 0, 0)
	}
	return time.Time{}
}

// label returns a label for a leg of ours: opaque, and another for each number.
func label(seed uint64, n int) string {
	return fmt.Sprintf("%016x%016x", draw(seed, uint64(n)<<32), draw(seed, uint64(n)<<32+1))
}
