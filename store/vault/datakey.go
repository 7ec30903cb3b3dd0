package vault

import (
	"crypto/rand"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Lengths of a row's own secrets, in bytes.
const (
	dataKeyLength    = 32
	linkSecretLength = 32
	pseudonymLength  = 16
)

// DataKey seals what belongs to one row alone. To destroy it is to erase what
// it sealed, in every copy of the row there is. It does not print itself.
type DataKey struct {
	bytes []byte
	cells tink.AEAD
}

// NewDataKey makes a fresh key (AES-256-GCM).
func NewDataKey() DataKey {
	b := make([]byte, dataKeyLength)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	k, err := dataKey(b)
	if err != nil {
		panic("vault: a key of 32 bytes was refused") // it cannot be
	}
	return k
}

func dataKey(b []byte) (DataKey, error) {
	cells, err := subtle.NewAESGCM(b)
	if err != nil {
		return DataKey{}, ErrNotOpened
	}
	return DataKey{bytes: b, cells: cells}, nil
}

// WrapKey seals a row's own key for the cell that keeps it.
func (k *Keyring) WrapKey(c Cell, own DataKey) ([]byte, error) { return k.Seal(c, own.bytes) }

// UnwrapKey returns what [Keyring.WrapKey] sealed for the same cell, or
// [ErrNotOpened].
func (k *Keyring) UnwrapKey(c Cell, wrapped []byte) (DataKey, error) {
	b, err := k.Open(c, wrapped)
	if err != nil {
		return DataKey{}, err
	}
	return dataKey(b)
}

// Seal encrypts plain for a cell, padded to a multiple of 64 bytes.
func (d DataKey) Seal(c Cell, plain []byte) ([]byte, error) {
	sealed, err := d.cells.Encrypt(pad(plain), c.associated())
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", c.Table, c.Column, err)
	}
	return sealed, nil
}

// Open returns what [DataKey.Seal] sealed for the same cell, or [ErrNotOpened].
func (d DataKey) Open(c Cell, sealed []byte) ([]byte, error) {
	padded, err := d.cells.Decrypt(sealed, c.associated())
	if err != nil {
		return nil, ErrNotOpened
	}
	return unpad(padded)
}

// SealNumber is [DataKey.Seal] for a number, which must not be zero.
func (d DataKey) SealNumber(c Cell, n Number) ([]byte, error) {
	if n.IsZero() {
		return nil, errNoNumber
	}
	return d.Seal(c, []byte(n.clear()))
}

// OpenNumber returns what [DataKey.SealNumber] sealed for the same cell, or
// [ErrNotOpened], also if that was no number.
func (d DataKey) OpenNumber(c Cell, sealed []byte) (Number, error) {
	plain, err := d.Open(c, sealed)
	if err != nil {
		return Number{}, err
	}
	return sealedNumber(plain)
}

// Format implements [fmt.Formatter]: nothing of the key, whatever the verb.
func (DataKey) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "data key") }

// LinkSecret is what a member's pseudonyms are made of. Who lacks it cannot tell
// which memberships are whose. It does not print itself.
type LinkSecret struct{ bytes []byte }

// NewLinkSecret makes a fresh secret.
func NewLinkSecret() LinkSecret {
	b := make([]byte, linkSecretLength)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return LinkSecret{b}
}

// WrapSecret seals a link secret for the cell that keeps it.
func (k *Keyring) WrapSecret(c Cell, s LinkSecret) ([]byte, error) { return k.Seal(c, s.bytes) }

// UnwrapSecret returns what [Keyring.WrapSecret] sealed for the same cell, or
// [ErrNotOpened].
func (k *Keyring) UnwrapSecret(c Cell, wrapped []byte) (LinkSecret, error) {
	b, err := k.Open(c, wrapped)
	if err != nil {
		return LinkSecret{}, err
	}
	if len(b) != linkSecretLength {
		return LinkSecret{}, ErrNotOpened
	}
	return LinkSecret{b}, nil
}

// Pseudonym is under what name this secret's owner is in a group: 16 bytes that
// tell nothing of who it is, nor that another group's are theirs too.
func (s LinkSecret) Pseudonym(line, group string) []byte {
	return hmacSHA256(s.bytes, frame("pseudonym", line, group))[:pseudonymLength]
}

// Format implements [fmt.Formatter]: nothing of the secret, whatever the verb.
func (LinkSecret) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "link secret") }
