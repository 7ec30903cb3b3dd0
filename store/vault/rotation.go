package vault

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// Stage is how far a rotation has come in a keyset file.
type Stage int

// The stages, in their order.
const (
	Settled  Stage = iota // one key for each purpose that is rotated
	Added                 // a new key, which opens and finds but does not make
	Promoted              // the new key makes, and the old one still opens and finds
)

// String says it in words for a person.
func (s Stage) String() string {
	return map[Stage]string{
		Settled: "one key each", Added: "a new key was added", Promoted: "the new key is in use, and the old one still reads",
	}[s]
}

var errStage = errors.New("the keyset is at another stage of its rotation")

// rotating are the purposes whose keys are rotated, with the kind of key that each
// takes: those under which something lies in the database for long. Tokens and
// labels live for hours, a room that has begun keeps its name, and a PIN's hash,
// which names its key, cannot be made anew without the PIN; a member's is sealed
// under a key that is itself sealed anew.
func (d *document) rotating() []rotating {
	return []rotating{
		{&d.Cells, aead.AES256GCMKeyTemplate()},
		{&d.Index, prf.HMACSHA256PRFKeyTemplate()},
	}
}

type rotating struct {
	set      *json.RawMessage
	template *tinkpb.KeyTemplate
}

// stage is the least of what the purposes have reached.
func (d document) stage() (Stage, error) {
	stage := Settled
	for _, r := range d.rotating() {
		handle, err := decodeKeyset(*r.set)
		if err != nil {
			return 0, err
		}
		newest, err := handle.Entry(handle.Len() - 1)
		switch {
		case err != nil:
			return 0, err
		case !newest.IsPrimary():
			return Added, nil
		case handle.Len() > 1:
			stage = Promoted
		}
	}
	return stage, nil
}

// added is d with a new key for each purpose that has one.
func (d document) added() (document, error) {
	return d.changed(func(m *keyset.Manager, h *keyset.Handle, r rotating) error {
		if h.Len() > 1 {
			return nil
		}
		_, err := m.Add(r.template)
		return err
	})
}

// promoted is d with the newest keys as primary.
func (d document) promoted() (document, error) {
	return d.changed(func(m *keyset.Manager, h *keyset.Handle, _ rotating) error {
		newest, err := h.Entry(h.Len() - 1)
		if err != nil {
			return err
		}
		return m.SetPrimary(newest.KeyID())
	})
}

// dropped is d with the primary keys alone.
func (d document) dropped() (document, error) {
	return d.changed(func(m *keyset.Manager, h *keyset.Handle, _ rotating) error {
		var failed error
		for i := range h.Len() {
			if entry, err := h.Entry(i); err != nil || !entry.IsPrimary() {
				failed = errors.Join(failed, err, m.Delete(entry.KeyID()))
			}
		}
		return failed
	})
}

// changed does one thing to the keys of each purpose that is rotated; d itself
// stays as it is.
func (d document) changed(do func(*keyset.Manager, *keyset.Handle, rotating) error) (document, error) {
	for _, r := range d.rotating() {
		handle, err := decodeKeyset(*r.set)
		if err != nil {
			return document{}, err
		}
		manager := keyset.NewManagerFromHandle(handle)
		if err := do(manager, handle, r); err != nil {
			return document{}, err
		}
		if handle, err = manager.Handle(); err != nil {
			return document{}, err
		}
		if *r.set, err = encodeKeyset(handle); err != nil {
			return document{}, err
		}
	}
	return d, nil
}

// Add adds to the file a new key for cells and one for indexes, which open and
// find, but do not make until they are promoted. Its error, like those of Promote
// and Drop, is a *[KeysetError]; on an error the file is as it was. A wrapped file
// stays wrapped, and one that was not is wrapped if there is a passphrase.
func (f File) Add() error { return f.change(Settled, document.added) }

// Promote lets the keys make that [File.Add] added.
func (f File) Promote() error { return f.change(Added, document.promoted) }

// Drop removes the keys from before the promotion: what is still sealed under
// them is lost.
func (f File) Drop() error { return f.change(Promoted, document.dropped) }

// change replaces the file, which must be at a stage.
func (f File) change(at Stage, do func(document) (document, error)) error {
	d, _, err := f.read()
	if err != nil {
		return err
	}
	const again = "run `hearthline keys rotate`, which goes on from where it is"
	if stage, err := d.stage(); err != nil || stage != at {
		return &KeysetError{f.Path, "it is at another stage of its rotation", again, errStage}
	}
	changed, err := do(d)
	if err == nil {
		_, err = changed.keys()
	}
	var data []byte
	if err == nil {
		data, err = f.encode(changed)
	}
	if err != nil {
		return &KeysetError{f.Path, "its keys could not be changed", again, err}
	}
	if err := replace(f.Path, data); err != nil {
		return &KeysetError{f.Path, "it could not be replaced (" + reason(err) + ")",
			"run this as the account that it belongs to, or as root, with its folder open to writing", err}
	}
	return nil
}

// cellPrefix is how Tink begins the ciphertexts of a key: a version, then the id.
func cellPrefix(id uint32) []byte { return binary.BigEndian.AppendUint32([]byte{1}, id) }

// CellPrefix is what every ciphertext of [Keyring.Seal] begins with, so that those
// of older keys can be told from it: 5 bytes.
func (k *Keyring) CellPrefix() []byte { return cellPrefix(k.keys().cellIDs[0]) }

// OlderCellPrefixes are the beginnings of what other keys of the keyset sealed.
func (k *Keyring) OlderCellPrefixes() [][]byte {
	var all [][]byte
	for _, id := range k.keys().cellIDs[1:] {
		all = append(all, cellPrefix(id))
	}
	return all
}

// OlderIndexKeys are the ids of the index keys that [Keyring.Indexes] uses beside
// that of [Keyring.IndexKey].
func (k *Keyring) OlderIndexKeys() []int64 {
	var all []int64
	for _, key := range k.keys().index[1:] {
		all = append(all, int64(key.id))
	}
	return all
}
