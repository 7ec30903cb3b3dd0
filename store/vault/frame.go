package vault

import (
	"encoding/binary"
	"errors"
)

// padding is the block to which everything sealed is filled up, in bytes, so
// that a ciphertext tells only in which multiple of it the plaintext's length lies.
const padding = 64

// ErrNotOpened says that a sealed value was not sealed with these keys for this
// place, or was changed since. It does not say which: whoever guesses would
// learn from the difference.
var ErrNotOpened = errors.New("sealed value cannot be opened: other keys, another place, or damaged")

// frame joins a use and its parts into one unambiguous input for a key: each is
// preceded by its length, so that ("ab", "c") and ("a", "bc") differ, and the use
// comes first, so that no two uses share an input.
func frame(use string, parts ...string) []byte {
	b := append(make([]byte, 0, frameSize), framing...)
	b = appendFramed(b, use)
	for _, part := range parts {
		b = appendFramed(b, part)
	}
	return b
}

// frameSize is room for nearly every frame, in bytes.
const frameSize = 128

// framing begins every frame. A change of how frames are built changes it.
const framing = "hearthline 1 "

func appendFramed[T string | []byte](b []byte, part T) []byte {
	b = binary.AppendUvarint(b, uint64(len(part)))
	return append(b, part...)
}

// pad fills plain up to the next multiple of [padding], with a one bit and zeros
// (ISO/IEC 7816-4, clause 5). It always adds at least one byte and copies.
func pad(plain []byte) []byte {
	padded := make([]byte, (len(plain)/padding+1)*padding)
	copy(padded, plain)
	padded[len(plain)] = 0x80
	return padded
}

// unpad undoes pad, in place.
func unpad(padded []byte) ([]byte, error) {
	end := len(padded) - 1
	for end >= 0 && padded[end] == 0 {
		end--
	}
	if end < 0 || padded[end] != 0x80 {
		return nil, ErrNotOpened
	}
	return padded[:end], nil
}
