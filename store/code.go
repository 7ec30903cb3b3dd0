package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

const (
	minCodeLength = 4
	maxCodeLength = 8
	// safeCodeLength is where guessing a code stops being worth a caller's time.
	safeCodeLength = 6
)

// codeDraws is how often a code that keeps its distance is tried for.
const codeDraws = 300

var errNoCode = errors.New("no group code of this length is free; raise LINE_CODE_LENGTH, or give the group a code in the file")

// freeCode returns a random code that is not taken and is hard to mishear:
//   - no 9, which is heard as 5 ("nine", "five");
//   - no 0 at the start, where it is the key for help;
//   - no digit twice in a row ("double four", or one key pressed twice);
//   - no pair of digits twice ("48 48" is heard as one 48);
//   - and, while the line has room, two digits or more away from every other
//     code, so that one misheard digit is no other group.
//
// The rule is for codes that we make; a coordinator's own may break it.
func freeCode(length int, taken map[string]bool) (string, error) {
	for range codeDraws {
		code := drawCode(length)
		if easyToHear(code) && keepsDistance(code, taken) {
			return code, nil
		}
	}
	// Any free one will do: the next after a random place.
	first, all := pow10(length-1), pow10(length)
	code, _ := strconv.Atoi(drawCode(length))
	for range all - first {
		if code++; code < first || code >= all {
			code = first
		}
		if s := strconv.Itoa(code); easyToHear(s) && !taken[s] {
			return s, nil
		}
	}
	return "", errNoCode
}

func drawCode(length int) string {
	n, _ := rand.Int(rand.Reader, big.NewInt(int64(pow10(length)))) // never fails (crypto/rand)
	return fmt.Sprintf("%0*d", length, n)
}

func pow10(n int) int {
	all := 1
	for range n {
		all *= 10
	}
	return all
}

func easyToHear(code string) bool {
	if code[0] == '0' || strings.Contains(code, "9") {
		return false
	}
	for i := 1; i < len(code); i++ {
		if code[i] == code[i-1] || strings.Contains(code[i+1:], code[i-1:i+1]) {
			return false
		}
	}
	return true
}

// keepsDistance reports whether code differs from every other in two digits.
func keepsDistance(code string, taken map[string]bool) bool {
	for other := range taken {
		if len(other) == len(code) && distance(code, other) < 2 {
			return false
		}
	}
	return true
}

// distance is the number of places where two codes of one length differ.
func distance(a, b string) int {
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}
