package vault

import (
	"fmt"
	"strings"
)

// Cell is a place in the database. What is sealed for one cell cannot be opened
// in another, so that a ciphertext moved between rows is noticed.
type Cell struct {
	Table, Column string
	Row           string // the row's whole primary key, line id included
}

// associated is what binds a ciphertext to the cell.
func (c Cell) associated() []byte { return frame("cell", c.Table, c.Column, c.Row) }

// Seal encrypts plain for a cell with AES-256-GCM, padded to a multiple of 64
// bytes. The result begins with the id of its key and differs at every call.
func (k *Keyring) Seal(c Cell, plain []byte) ([]byte, error) {
	sealed, err := k.keys().cells.Encrypt(pad(plain), c.associated())
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", c.Table, c.Column, err)
	}
	return sealed, nil
}

// Open returns what [Keyring.Seal] sealed for the same cell with any key of the
// keyset, or [ErrNotOpened].
func (k *Keyring) Open(c Cell, sealed []byte) ([]byte, error) {
	padded, err := k.keys().cells.Decrypt(sealed, c.associated())
	if err != nil {
		return nil, ErrNotOpened
	}
	return unpad(padded)
}

// SealNumber is [Keyring.Seal] for a number, which must not be zero.
func (k *Keyring) SealNumber(c Cell, n Number) ([]byte, error) {
	if n.IsZero() {
		return nil, errNoNumber
	}
	return k.Seal(c, []byte(n.clear()))
}

// OpenNumber returns what [Keyring.SealNumber] sealed for the same cell, or
// [ErrNotOpened], also if that was no number.
func (k *Keyring) OpenNumber(c Cell, sealed []byte) (Number, error) {
	plain, err := k.Open(c, sealed)
	if err != nil {
		return Number{}, err
	}
	return sealedNumber(plain)
}

// sealedNumber is the number that a cell held.
func sealedNumber(plain []byte) (Number, error) {
	e164 := string(plain)
	digits, plus := strings.CutPrefix(e164, "+")
	if !plus || digits == "" || digits != digitsOf(digits) {
		return Number{}, ErrNotOpened
	}
	return Number{e164: &e164}, nil
}
