package vault

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keyring is the keys of a deployment, ready for use. It is safe for concurrent
// use and does not print its keys. [Keyring.Reload] exchanges what it holds, so
// that whoever has it need not be told. A keyring comes from [File.Create],
// [File.Load] or [Keyring.Frozen]; the zero Keyring is of no use.
type Keyring struct {
	current atomic.Pointer[keys]
	from    *source       // nil for one that is never reloaded
	hashing chan struct{} // holds one value for each PIN that is being hashed
	slow    chan struct{} // and for each password
	waiting chan struct{} // and for each password that has none yet
}

// keys are what a keyring holds at one time. They are immutable.
type keys struct {
	cells  tink.AEAD
	tokens tink.DeterministicAEAD
	index  []prfKey // primary first
	labels []prfKey // primary first
	pins   []prfKey // primary first
	rooms  []roomKey

	cellIDs []uint32 // of the keys of cells, primary first
	stage   Stage
	id      string
	counts  []keyCount
}

// keyCount is how many keys a purpose has, for [Keyring.Summary].
type keyCount struct {
	purpose string
	keys    int
}

// newKeyring holds all until it is reloaded from there, if there is a there.
func newKeyring(all *keys, from *source) *Keyring {
	k := &Keyring{from: from, hashing: make(chan struct{}, pinWorkers), slow: make(chan struct{}, passwordWorkers), waiting: make(chan struct{}, passwordsWait)}
	k.current.Store(all)
	return k
}

// keys are those that an operation uses from its beginning to its end.
func (k *Keyring) keys() *keys { return k.current.Load() }

// Frozen returns the keys as they are now, which no reload changes. Whoever makes
// several things that must be of the same keys, such as an index and the id of its
// key, makes them with a frozen keyring.
func (k *Keyring) Frozen() *Keyring {
	frozen := &Keyring{hashing: k.hashing, slow: k.slow, waiting: k.waiting}
	frozen.current.Store(k.keys())
	return frozen
}

// Fingerprint identifies the keys by which numbers are found, without telling
// anything of them: 16 hexadecimal digits, the same for as long as the index key
// is. A database remembers it, so that a line never starts with another's keys.
func (k *Keyring) Fingerprint() string { return k.keys().index[0].fingerprint() }

// Fingerprints returns the fingerprint of every index key in the keyset, the
// primary one first: during a rotation there are several.
func (k *Keyring) Fingerprints() []string {
	var all []string
	for _, key := range k.keys().index {
		all = append(all, key.fingerprint())
	}
	return all
}

// KeysetID identifies everything that the keyring holds: which keys there are for
// each purpose and which of them is the primary one. It is 16 hexadecimal digits
// made of the keys' ids, and tells nothing of the keys.
func (k *Keyring) KeysetID() string { return k.keys().id }

// Stage is how far a rotation of the keyset has come.
func (k *Keyring) Stage() Stage { return k.keys().stage }

// Summary says in a few lines, for a person, what the keyset holds. It tells
// nothing secret.
func (k *Keyring) Summary() string {
	var b strings.Builder
	all := k.keys()
	fmt.Fprintf(&b, "fingerprint %s\n", strings.Join(k.Fingerprints(), ", then "))
	for _, c := range all.counts {
		noun := "keys"
		if c.keys == 1 {
			noun = "key"
		}
		fmt.Fprintf(&b, "%-7s %d %s\n", c.purpose, c.keys, noun)
	}
	for _, room := range all.rooms[1:] {
		fmt.Fprintf(&b, "rooms are named by another key from %s\n", room.from)
	}
	if all.stage != Settled {
		fmt.Fprintf(&b, "a rotation is under way: %s\n", all.stage)
	}
	return b.String()
}

// Format implements [fmt.Formatter]: the fingerprint, whatever the verb.
func (k *Keyring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.name()) }

// LogValue implements [slog.LogValuer] with the fingerprint.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(k.name()) }

func (k *Keyring) name() string {
	if k == nil || k.keys() == nil {
		return "no keyring"
	}
	return "keyring " + k.Fingerprint()
}
