package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"

	"github.com/tink-crypto/tink-go/v2/prf"
)

// Lengths of what is derived, in bytes. An index of 16 keeps the chance of a
// collision among all numbers there are (2^34) under 2^-60.
const (
	indexLength       = 16
	labelLength       = 16
	roomLength        = 20
	fingerprintLength = 8
)

// nameText writes derived names: lower-case letters and digits, which every
// carrier keeps as they are.
var nameText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func hmacSHA256(key, input []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(input)
	return h.Sum(nil)
}

// prfKey is a key of a pseudo-random function, HMAC-SHA256.
type prfKey struct {
	id       uint32 // Tink's id of the key in its keyset
	function prf.PRF
}

// roomKey names the rooms of occurrences from a date on.
type roomKey struct {
	from string // YYYY-MM-DD
	prfKey
}

// derive returns the first length bytes of the function of input.
func (k prfKey) derive(length uint32, input []byte) []byte {
	// It fails only for more bytes than the hash has, which newKeyring tried.
	out, _ := k.function.ComputePRF(input, length)
	return out
}

func (k prfKey) fingerprint() string {
	return hex.EncodeToString(k.derive(fingerprintLength, frame("fingerprint")))
}

// Index returns the blind index of a number on a line: 16 bytes, by which its
// row is found without the number being stored. Indexes of different lines do
// not join. The zero Number has none: nil.
func (k *Keyring) Index(line string, n Number) []byte {
	if n.IsZero() {
		return nil
	}
	return k.keys().index[0].derive(indexLength, frame("index", line, n.clear()))
}

// Indexes returns the index of a number under every index key of the keyset,
// the primary one first: a row may not have been indexed anew yet. The zero
// Number has none.
func (k *Keyring) Indexes(line string, n Number) [][]byte {
	if n.IsZero() {
		return nil
	}
	return k.keys().indexes(frame("index", line, n.clear()))
}

// indexes are those of one input, the primary key's first.
func (k *keys) indexes(input []byte) [][]byte {
	indexes := make([][]byte, 0, len(k.index))
	for _, key := range k.index {
		indexes = append(indexes, key.derive(indexLength, input))
	}
	return indexes
}

// RoomName returns the name of an occurrence's room at the carrier: 32 letters
// and digits that tell nothing, the same on every replica, and without a
// database. date is the occurrence's, as YYYY-MM-DD; it picks the room key that
// was in force, so that a rotation never renames a room that may have begun.
func (k *Keyring) RoomName(date, occurrence string) string {
	rooms := k.keys().rooms
	key := rooms[0]
	for _, later := range rooms[1:] {
		if later.from <= date {
			key = later
		}
	}
	return nameText.EncodeToString(key.derive(roomLength, frame("room", date, occurrence)))
}

// Label returns an opaque name made of parts, 26 letters and digits: for a
// participant of a room, from the call's SID and the turn. It changes when the
// label key does.
func (k *Keyring) Label(parts ...string) string {
	return nameText.EncodeToString(k.keys().labels[0].derive(labelLength, frame("label", parts...)))
}

// HandleIndexes are [Keyring.Indexes] for a six-digit member number.
func (k *Keyring) HandleIndexes(line, handle string) [][]byte {
	return k.keys().indexes(frame("handle", line, handle))
}

// IndexKey is the id of the key that [Keyring.Index] and the first of
// [Keyring.HandleIndexes] are under: a row keeps it, so that a rotation knows
// which rows it has reached. Index and id are of one key for sure only with
// [Keyring.Frozen].
func (k *Keyring) IndexKey() int64 { return int64(k.keys().index[0].id) }

// Mark is 16 bytes made of parts, by which something is known again without
// being told: an event of the carrier's, an attempt counter of one day. It
// changes when the label key does, which is never rotated.
func (k *Keyring) Mark(use string, parts ...string) []byte {
	return k.keys().labels[0].derive(labelLength, frame("mark "+use, parts...))
}
