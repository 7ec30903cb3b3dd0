package vault

import (
	"crypto/rand"
	"encoding/json"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"golang.org/x/crypto/argon2"
)

// wrapCost is what one guess at a passphrase costs: the second of the parameters
// that RFC 9106 §4 recommends.
var wrapCost = cost{memory: 64 * 1024, passes: 3, threads: 4}

const wrapKDF = "argon2id"

// Passphrase wraps a keyset file, so that the file alone is of no use. The zero
// Passphrase wraps nothing. It does not print itself.
type Passphrase struct{ text *string }

// NewPassphrase returns text as a passphrase, the zero one for "".
func NewPassphrase(text string) Passphrase {
	if text == "" {
		return Passphrase{}
	}
	return Passphrase{&text}
}

// IsZero reports whether p is no passphrase.
func (p Passphrase) IsZero() bool { return p.text == nil }

// Format implements [fmt.Formatter]: nothing of the passphrase, whatever the verb.
func (Passphrase) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "passphrase") }

// envelope is a keyset file that a passphrase wraps.
type envelope struct {
	Version int     `json:"hearthline_keyset"`
	Note    string  `json:"note,omitempty"`
	Wrapped wrapped `json:"wrapped"`
}

// wrapped is a document, sealed with AES-256-GCM under a key made of a passphrase.
type wrapped struct {
	KDF        string `json:"kdf"`
	Memory     uint32 `json:"memory_kib"`
	Passes     uint32 `json:"passes"`
	Threads    uint8  `json:"threads"`
	Salt       []byte `json:"salt"`
	Ciphertext []byte `json:"ciphertext"`
}

// wrap seals a document under a passphrase.
func wrap(d document, p Passphrase) (envelope, error) {
	w := wrapped{KDF: wrapKDF, Memory: wrapCost.thin().memory, Passes: wrapCost.passes, Threads: wrapCost.threads, Salt: make([]byte, saltLength)}
	_, _ = rand.Read(w.Salt) // never fails (crypto/rand)
	plain, err := json.Marshal(d)
	if err != nil {
		return envelope{}, err
	}
	key, err := w.key(p)
	if err != nil {
		return envelope{}, err
	}
	w.Ciphertext, err = key.Encrypt(plain, frame("keyset"))
	return envelope{Version: formatVersion, Note: note + " A passphrase wraps it: keep that apart from both.", Wrapped: w}, err
}

// open returns the document as it was wrapped. Its error is a fault.
func (w wrapped) open(p Passphrase) ([]byte, error) {
	c := cost{w.Memory, w.Passes, w.Threads}
	switch {
	case p.IsZero():
		return nil, fault{"it is wrapped by a passphrase", "set HEARTHLINE_KEYSET_PASSPHRASE, or HEARTHLINE_KEYSET_PASSPHRASE_FILE to a file that holds it"}
	case w.KDF != wrapKDF || !c.allowed() || len(w.Salt) < saltLength:
		return nil, fault{what: "its wrapping is damaged, or of a kind that this hearthline does not know"}
	}
	key, err := w.key(p)
	if err != nil {
		return nil, fault{what: "its wrapping is damaged"}
	}
	plain, err := key.Decrypt(w.Ciphertext, frame("keyset"))
	if err != nil {
		return nil, fault{"the passphrase is not the one that wraps it, or it is damaged",
			"correct HEARTHLINE_KEYSET_PASSPHRASE, or put back the copy that you keep of the file"}
	}
	return plain, nil
}

func (w wrapped) key(p Passphrase) (*subtle.AESGCM, error) {
	return subtle.NewAESGCM(argon2.IDKey([]byte(*p.text), w.Salt, w.Passes, w.Memory, w.Threads, dataKeyLength))
}
