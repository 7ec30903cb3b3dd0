package console

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// passwordAtLeast is in characters (ASVS 6.2.1). There are no rules on which.
	passwordAtLeast = 15
	// passwordAtMost is in bytes, far above what somebody types (ASVS 6.2.9 asks for 64).
	passwordAtMost = 1024
)

// commonPasswords are those that were found in breaches, as passwords_generate.go made them.
//
//go:embed passwords/list.bin
var commonPasswords string

// isCommon says whether a password is on the list, in whatever case; of 30,000 others
// one seems to be.
func isCommon(password string) bool {
	sum := sha256.Sum256([]byte(strings.ToLower(password)))
	mark := binary.BigEndian.Uint32(sum[:])
	n := len(commonPasswords) / 4
	at := func(i int) uint32 { return binary.BigEndian.Uint32([]byte(commonPasswords[4*i : 4*i+4])) }
	i := sort.Search(n, func(i int) bool { return at(i) >= mark })
	return i < n && at(i) == mark
}

// passwordFault is what is wrong with a password, a key of the catalogue; "" for one
// that will do. The words are those that somebody who knows the line or its owner
// tries first (ASVS 6.2.11).
func passwordFault(password string, words ...string) string {
	switch {
	case utf8.RuneCountInString(password) < passwordAtLeast:
		return "gate.password_short"
	case len(password) > passwordAtMost:
		return "gate.password_long"
	case isCommon(password), isCommon(bare(password)), repeats(password):
		return "gate.password_common"
	case strings.TrimFunc(without(password, words), notLetter) == "":
		return "gate.password_near"
	}
	return ""
}

// bare is a password without what is often put after a word to make it longer.
func bare(password string) string { return strings.TrimFunc(password, notLetter) }

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// repeats says whether a password is the same few letters again and again.
func repeats(password string) bool {
	text := strings.ToLower(password)
	for size := 1; size <= len(text)/2; size++ {
		if strings.TrimLeft(text, text[:1]) == "" || strings.Repeat(text[:size], len(text)/size+1)[:len(text)] == text {
			return true
		}
	}
	return false
}

// shortestWord is from how many letters on a word counts as one that is known.
const shortestWord = 4

// without is a password less the words that are in it, and less common ones.
func without(password string, words []string) string {
	text := strings.ToLower(password)
	for _, w := range append(words, "hearthline", "support", "group", "grupo", "apoyo", "password", "contraseña", "line") {
		for part := range strings.FieldsFuncSeq(strings.ToLower(w), notLetter) {
			if utf8.RuneCountInString(part) >= shortestWord {
				text = strings.ReplaceAll(text, part, "")
			}
		}
	}
	return text
}
