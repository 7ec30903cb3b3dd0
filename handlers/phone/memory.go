package phone

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
)

// memoryKey turns names into what tells nothing once the program has ended: it is
// kept nowhere.
type memoryKey [sha256.Size]byte

// digest is something's name in memory.
type digest [sha256.Size]byte

func newMemoryKey() memoryKey {
	var k memoryKey
	_, _ = rand.Read(k[:]) // never fails
	return k
}

func (k *memoryKey) digest(parts ...string) digest {
	h := hmac.New(sha256.New, k[:])
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return digest(h.Sum(nil))
}
