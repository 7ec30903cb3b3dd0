package main

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"sync"
	"testing"

	"github.com/hearthline/hearthline/store/vault"
)

// indexLength is what an index has in bytes; a longer value is known by as many.
const indexLength = 16

// stolenIndexes are the values in a dump's columns of bytes by which a number
// could be known: all of them, cut to an index's length.
func stolenIndexes(dump []byte) map[[indexLength]byte]bool {
	all := map[[indexLength]byte]bool{}
	for _, code := range byteColumn.FindAll(dump, -1) {
		if b, err := hex.DecodeString(string(code[3:])); err == nil && len(b) >= indexLength {
			all[[indexLength]byte(b)] = true
		}
	}
	return all
}

// guessed is the i-th number that somebody would try: first all that are kept
// for fiction, which the callers' are of, then others.
func guessed(i int) string {
	const fiction = 800 * 100
	if i < fiction {
		return fmt.Sprintf("+1%03d55501%02d", 200+i/100, i%100)
	}
	i -= fiction
	return fmt.Sprintf("+1%03d%03d%04d", 200+i/10_000%800, 556+i/8_000_000, i%10_000)
}

// guesses are ways to make an index of a number without the key: hashes, hashes
// keyed by what the dump itself holds, and the program's own way with another key.
type guesses struct {
	names []string
	of    []func(e164 string, n vault.Number) []byte
}

func (g *guesses) add(name string, of func(e164 string, n vault.Number) []byte) {
	g.names, g.of = append(g.names, name), append(g.of, of)
}

// unkeyed returns a number's hash of that name.
func unkeyed(name, e164 string) []byte {
	for form, text := range map[string]string{"E.164": e164, "digits": e164[1:], "national digits": e164[2:]} {
		for algorithm, make := range map[string]func() hash.Hash{"MD5": md5.New, "SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-512": sha512.New} {
			if name == algorithm+" of "+form {
				h := make()
				h.Write([]byte(text))
				return h.Sum(nil)[:indexLength]
			}
		}
	}
	panic("no hash is named " + name)
}

// withoutKey are the guesses of who holds a dump of a line alone.
func withoutKey(t testing.TB, line string) *guesses {
	t.Helper()
	g := &guesses{}
	forms := map[string]func(string) string{
		"E.164": func(s string) string { return s }, "digits": func(s string) string { return s[1:] }, "national digits": func(s string) string { return s[2:] },
	}
	for form, text := range forms {
		g.add("MD5 of "+form, func(s string, _ vault.Number) []byte { d := md5.Sum([]byte(text(s))); return d[:] })
		g.add("SHA-1 of "+form, func(s string, _ vault.Number) []byte { d := sha1.Sum([]byte(text(s))); return d[:] })
		g.add("SHA-256 of "+form, func(s string, _ vault.Number) []byte { d := sha256.Sum256([]byte(text(s))); return d[:] })
		g.add("SHA-512 of "+form, func(s string, _ vault.Number) []byte { d := sha512.Sum512([]byte(text(s))); return d[:] })
		g.add("SHA-256 of line and "+form, func(s string, _ vault.Number) []byte { d := sha256.Sum256([]byte(line + text(s))); return d[:] })
		g.add("HMAC-SHA-256 by line of "+form, func(s string, _ vault.Number) []byte {
			m := hmac.New(sha256.New, []byte(line))
			m.Write([]byte(text(s)))
			return m.Sum(nil)
		})
	}
	another, err := vault.Create(t.TempDir() + "/another.json")
	if err != nil {
		t.Fatal(err)
	}
	g.add("the index under another key", func(_ string, n vault.Number) []byte { return another.Index(line, n) })
	return g
}

// withKey is the guess of who holds the keyset too.
func withKey(keys *vault.Keyring, line string) *guesses {
	g := &guesses{}
	g.add("the index under its key", func(_ string, n vault.Number) []byte { return keys.Index(line, n) })
	return g
}

// match tries a count of numbers in each way, and returns which numbers were
// found by which.
func (g *guesses) match(stolen map[[indexLength]byte]bool, count int) map[string][]string {
	found := map[string][]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	const workers = 2
	for worker := range workers {
		wg.Go(func() {
			for i := worker; i < count; i += workers {
				e164 := guessed(i)
				n, err := vault.ParseNumber(e164)
				if err != nil {
					panic("a guess is no number")
				}
				for j, of := range g.of {
					if stolen[[indexLength]byte(of(e164, n))] {
						mu.Lock()
						found[g.names[j]] = append(found[g.names[j]], e164)
						mu.Unlock()
					}
				}
			}
		})
	}
	wg.Wait()
	return found
}
