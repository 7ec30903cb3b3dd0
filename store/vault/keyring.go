package vault

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keyring is the keys of a deployment, ready for use. It is immutable and safe
// for concurrent use, and does not print its keys. A keyring comes from
// [Create] or [Load]; the zero Keyring is of no use.
type Keyring struct {
	cells  tink.AEAD
	tokens tink.DeterministicAEAD
	index  []prfKey // primary first
	labels []prfKey // primary first
	pins   []prfKey // primary first
	rooms  []roomKey

	counts  []keyCount
	hashing chan struct{} // holds one value for each PIN that is being hashed
}

// keyCount is how many keys a purpose has, for [Keyring.Summary].
type keyCount struct {
	purpose string
	keys    int
}

// Fingerprint identifies the keys by which numbers are found, without telling
// anything of them: 16 hexadecimal digits, the same for as long as the index key
// is. A database remembers it, so that a line never starts with another's keys.
func (k *Keyring) Fingerprint() string { return k.index[0].fingerprint() }

// Fingerprints returns the fingerprint of every index key in the keyset, the
// primary one first: during a rotation there are several.
func (k *Keyring) Fingerprints() []string {
	var all []string
	for _, key := range k.index {
		all = append(all, key.fingerprint())
	}
	return all
}

// Summary says in a few lines, for a person, what the keyset holds. It tells
// nothing secret.
func (k *Keyring) Summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "fingerprint %s\n", strings.Join(k.Fingerprints(), ", then "))
	for _, c := range k.counts {
		noun := "keys"
		if c.keys == 1 {
			noun = "key"
		}
		fmt.Fprintf(&b, "%-7s %d %s\n", c.purpose, c.keys, noun)
	}
	for _, room := range k.rooms[1:] {
		fmt.Fprintf(&b, "rooms are named by another key from %s\n", room.from)
	}
	return b.String()
}

// Format implements [fmt.Formatter]: the fingerprint, whatever the verb.
func (k *Keyring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.name()) }

// LogValue implements [slog.LogValuer] with the fingerprint.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(k.name()) }

func (k *Keyring) name() string {
	if k == nil || len(k.index) == 0 {
		return "no keyring"
	}
	return "keyring " + k.Fingerprint()
}
