package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/daead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// formatVersion is the version of the keyset file that this program writes, and
// the newest that it reads.
const formatVersion = 1

// alwaysInForce is the date from which the first room key holds.
const alwaysInForce = "0001-01-01"

// note stands in the file for whoever opens it.
const note = "Secret. Whoever holds this file and a copy of the database can read every number in it." +
	" Without it nobody can, and no backup restores it: keep a copy apart from the database's."

// document is the keyset file: for each purpose a Tink keyset, in which one key
// is the primary, that makes, and the others still read.
type document struct {
	Version int             `json:"hearthline_keyset"`
	Note    string          `json:"note,omitempty"`
	Cells   json.RawMessage `json:"cells"`  // AES-256-GCM
	Tokens  json.RawMessage `json:"tokens"` // AES-SIV
	Index   json.RawMessage `json:"index"`  // HMAC-SHA256 PRF, as are those below
	Labels  json.RawMessage `json:"labels"`
	PINs    json.RawMessage `json:"pins"`
	Rooms   []datedKeyset   `json:"rooms"` // ascending
}

// datedKeyset is a keyset whose primary key is in force from a date on.
type datedKeyset struct {
	From   string          `json:"from"` // YYYY-MM-DD, in the occurrence's zone
	Keyset json.RawMessage `json:"keyset"`
}

// newDocument makes a document of fresh keys, one for each purpose.
func newDocument() (document, error) {
	d := document{Version: formatVersion, Note: note, Rooms: []datedKeyset{{From: alwaysInForce}}}
	fresh := []struct {
		set      *json.RawMessage
		template *tinkpb.KeyTemplate
	}{
		{&d.Cells, aead.AES256GCMKeyTemplate()},
		{&d.Tokens, daead.AESSIVKeyTemplate()},
		{&d.Index, prf.HMACSHA256PRFKeyTemplate()},
		{&d.Labels, prf.HMACSHA256PRFKeyTemplate()},
		{&d.PINs, prf.HMACSHA256PRFKeyTemplate()},
		{&d.Rooms[0].Keyset, prf.HMACSHA256PRFKeyTemplate()},
	}
	for _, f := range fresh {
		handle, err := keyset.NewHandle(f.template)
		if err != nil {
			return document{}, err
		}
		if *f.set, err = encodeKeyset(handle); err != nil {
			return document{}, err
		}
	}
	return d, nil
}

func encodeKeyset(handle *keyset.Handle) (json.RawMessage, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&b)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// fault is what is wrong with a document, and how to mend it where that is not to
// put a whole one back. It never quotes the document.
type fault struct{ what, mend string }

func (f fault) Error() string { return f.what }

// parse reads a document, which may be wrapped. Its error is a fault.
func parse(data []byte, p Passphrase) (document, error) {
	// The version comes first: a newer document may have fields of which this
	// program knows nothing.
	var outside struct {
		Version int             `json:"hearthline_keyset"`
		Wrapped json.RawMessage `json:"wrapped"`
	}
	switch err := json.Unmarshal(data, &outside); {
	case err != nil:
		return document{}, fault{what: "it is not JSON"}
	case outside.Version == 0:
		return document{}, fault{what: "it is not a keyset of hearthline's"}
	case outside.Version > formatVersion:
		return document{}, fault{what: "it was written by a newer hearthline"}
	}
	if outside.Wrapped != nil {
		var e envelope
		if err := decode(data, &e); err != nil {
			return document{}, err
		}
		var err error
		if data, err = e.Wrapped.open(p); err != nil {
			return document{}, err
		}
	}
	var d document
	err := decode(data, &d)
	return d, err
}

// decode reads one JSON value, and nothing that v has no place for. Its error is a
// fault.
func decode(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return fault{what: "it holds something that does not belong there, or of the wrong kind"}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fault{what: "something follows its end"}
	}
	return nil
}

// keys makes the primitives of a document. Its error is a fault.
func (d document) keys() (*keys, error) {
	k := &keys{}
	sets := []struct {
		purpose string
		set     json.RawMessage
		use     func(*keyset.Handle) error
	}{
		{"cells", d.Cells, k.addCells},
		{"tokens", d.Tokens, func(h *keyset.Handle) (err error) { k.tokens, err = daead.New(h); return }},
		{"index", d.Index, func(h *keyset.Handle) (err error) { k.index, err = prfKeys(h); return }},
		{"labels", d.Labels, func(h *keyset.Handle) (err error) { k.labels, err = prfKeys(h); return }},
		{"pins", d.PINs, func(h *keyset.Handle) (err error) { k.pins, err = prfKeys(h); return }},
	}
	id := sha256.New()
	for _, s := range sets {
		handle, err := decodeKeyset(s.set)
		if err == nil {
			err = s.use(handle)
		}
		if err != nil {
			// Tink's error may quote what it read.
			return nil, fault{what: fmt.Sprintf("its keys for %q are missing or damaged", s.purpose)}
		}
		k.counts = append(k.counts, keyCount{s.purpose, handle.Len()})
		fmt.Fprintln(id, s.purpose, describe(handle))
	}
	if err := k.addRooms(d.Rooms); err != nil {
		return nil, err
	}
	k.counts = append(k.counts, keyCount{"rooms", len(k.rooms)})
	for _, room := range k.rooms {
		fmt.Fprintln(id, "rooms", room.from, room.id)
	}
	k.id = hex.EncodeToString(id.Sum(nil)[:fingerprintLength])
	var err error
	k.stage, err = d.stage()
	return k, err
}

// describe tells a handle's keys by id, in order, and which is the primary one.
func describe(handle *keyset.Handle) string {
	var b strings.Builder
	for i := range handle.Len() {
		if entry, err := handle.Entry(i); err == nil {
			fmt.Fprintf(&b, "%d %t %v,", entry.KeyID(), entry.IsPrimary(), entry.KeyStatus())
		}
	}
	return b.String()
}

// addCells makes the cell key.
func (k *keys) addCells(handle *keyset.Handle) (err error) {
	primary, err := handle.Primary()
	if err != nil {
		return err
	}
	k.cellIDs = []uint32{primary.KeyID()}
	for i := range handle.Len() {
		if entry, err := handle.Entry(i); err == nil && !entry.IsPrimary() {
			k.cellIDs = append(k.cellIDs, entry.KeyID())
		}
	}
	k.cells, err = aead.New(handle)
	return err
}

// addRooms makes the room keys. Its error is a fault.
func (k *keys) addRooms(sets []datedKeyset) error {
	last := ""
	for i, set := range sets {
		if _, err := time.Parse(time.DateOnly, set.From); err != nil || set.From <= last {
			return fault{what: fmt.Sprintf("the date of room key %d is not a date after the one before it", i+1)}
		}
		last = set.From
		handle, err := decodeKeyset(set.Keyset)
		if err != nil {
			return fault{what: fmt.Sprintf("room key %d is missing or damaged", i+1)}
		}
		keys, err := prfKeys(handle)
		if err != nil {
			return fault{what: fmt.Sprintf("room key %d is missing or damaged", i+1)}
		}
		k.rooms = append(k.rooms, roomKey{set.From, keys[0]})
	}
	if len(k.rooms) == 0 {
		return fault{what: `its keys for "rooms" are missing`}
	}
	return nil
}

func decodeKeyset(raw json.RawMessage) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
}

// prfKeys returns the keys of a handle that are in use, the primary one first.
func prfKeys(handle *keyset.Handle) ([]prfKey, error) {
	set, err := prf.NewPRFSet(handle)
	if err != nil {
		return nil, err
	}
	keys := []prfKey{{id: set.PrimaryID, function: set.PRFs[set.PrimaryID]}}
	for i := range handle.Len() {
		entry, err := handle.Entry(i)
		if err != nil {
			return nil, err
		}
		if function, ok := set.PRFs[entry.KeyID()]; ok && !entry.IsPrimary() {
			keys = append(keys, prfKey{id: entry.KeyID(), function: function})
		}
	}
	for _, key := range keys {
		if _, err := key.function.ComputePRF(nil, pepperLength); err != nil {
			return nil, err
		}
	}
	return keys, nil
}
