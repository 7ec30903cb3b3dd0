package vault

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/daead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// fixed reads the keyset of testdata, which has one key for each purpose.
func fixed(t testing.TB) document {
	t.Helper()
	data, err := os.ReadFile("testdata/keyset.json")
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func keyring(t testing.TB, d document) *Keyring {
	t.Helper()
	all, err := d.keys()
	if err != nil {
		t.Fatal(err)
	}
	return newKeyring(all, nil)
}

func fresh(t testing.TB) *Keyring {
	t.Helper()
	d, err := newDocument()
	if err != nil {
		t.Fatal(err)
	}
	return keyring(t, d)
}

// rotation adds a second key for every purpose; the room key is in force from
// roomsFrom. The second keys are primary if promoted, and the first ones gone if
// dropped.
type rotation struct {
	roomsFrom         string
	promoted, dropped bool
}

func (r rotation) apply(t testing.TB, d document) document {
	t.Helper()
	d.Cells = r.keyset(t, d.Cells, aead.AES256GCMKeyTemplate())
	d.Tokens = r.keyset(t, d.Tokens, daead.AESSIVKeyTemplate())
	for _, set := range []*json.RawMessage{&d.Index, &d.Labels, &d.PINs} {
		*set = r.keyset(t, *set, prf.HMACSHA256PRFKeyTemplate())
	}
	second, err := newDocument()
	if err != nil {
		t.Fatal(err)
	}
	d.Rooms = append([]datedKeyset{}, d.Rooms...)
	d.Rooms = append(d.Rooms, datedKeyset{From: r.roomsFrom, Keyset: second.Rooms[0].Keyset})
	return d
}

func (r rotation) keyset(t testing.TB, raw json.RawMessage, template *tinkpb.KeyTemplate) json.RawMessage {
	t.Helper()
	handle, err := decodeKeyset(raw)
	if err != nil {
		t.Fatal(err)
	}
	old, err := handle.Primary()
	if err != nil {
		t.Fatal(err)
	}
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(template)
	if err == nil && r.promoted {
		err = manager.SetPrimary(id)
	}
	if err == nil && r.dropped {
		err = manager.Delete(old.KeyID())
	}
	if err != nil {
		t.Fatal(err)
	}
	if handle, err = manager.Handle(); err != nil {
		t.Fatal(err)
	}
	raw, err = encodeKeyset(handle)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRotation(t *testing.T) {
	t.Parallel()
	first := fixed(t)
	before := keyring(t, first)
	added := rotation{roomsFrom: "2026-11-25"}.apply(t, first)
	afterAdd := keyring(t, added)

	cell, bound := Cell{"member", "number", "line/1"}, []byte("CA1")
	n := mustParse(t, "+12025550143")
	sealed, err := before.SealNumber(cell, n)
	if err != nil {
		t.Fatal(err)
	}
	token := before.SealToken("state", []byte("s"), bound)
	hash, err := before.HashPIN("73914626")
	if err != nil {
		t.Fatal(err)
	}
	if got := afterAdd.SealToken("state", []byte("s"), bound); got != token {
		t.Error("an added key makes tokens before it is promoted")
	}
	if !bytes.Equal(afterAdd.Index("line", n), before.Index("line", n)) || afterAdd.Label("a") != before.Label("a") {
		t.Error("an added key makes indexes or labels before it is promoted")
	}
	if afterAdd.Fingerprint() != before.Fingerprint() || len(afterAdd.Fingerprints()) != 2 {
		t.Errorf("fingerprints %v after adding to %s", afterAdd.Fingerprints(), before.Fingerprint())
	}

	promoted := keyring(t, rotation{roomsFrom: "2026-11-25", promoted: true}.apply(t, first))
	if opened, err := promoted.OpenNumber(cell, sealed); err != nil || !opened.Equal(n) {
		t.Errorf("a cell sealed with the first key does not open after the promotion: %v", err)
	}
	if plain, err := promoted.OpenToken("state", token, bound); err != nil || string(plain) != "s" {
		t.Errorf("a token sealed with the first key does not open after the promotion: %v", err)
	}
	if !promoted.CheckPIN(hash, "73914626") || promoted.CheckPIN(hash, "73914627") {
		t.Error("a PIN hashed with the first key is not checked after the promotion")
	}
	indexes := promoted.Indexes("line", n)
	if len(indexes) != 2 || !bytes.Equal(indexes[0], promoted.Index("line", n)) || !bytes.Equal(indexes[1], before.Index("line", n)) {
		t.Error("after the promotion the indexes are not the new one, then the old one")
	}
	if prints := promoted.Fingerprints(); prints[0] == before.Fingerprint() || prints[1] != before.Fingerprint() {
		t.Errorf("fingerprints %v after a promotion over %s", prints, before.Fingerprint())
	}
	if promoted.SealToken("state", []byte("s"), bound) == token {
		t.Error("the promoted key does not make tokens")
	}

	dropped := keyring(t, rotation{roomsFrom: "2026-11-25", promoted: true, dropped: true}.apply(t, first))
	if _, err := dropped.OpenNumber(cell, sealed); err != ErrNotOpened {
		t.Errorf("a dropped key still opens cells: %v", err)
	}
	if _, err := dropped.OpenToken("state", token, bound); err != ErrNotOpened {
		t.Errorf("a dropped key still opens tokens: %v", err)
	}
	if dropped.CheckPIN(hash, "73914626") {
		t.Error("a dropped key still checks PINs")
	}
}

// A room that has begun keeps its name, whatever happens to the keys.
func TestRoomNamesSurviveRotation(t *testing.T) {
	t.Parallel()
	first := fixed(t)
	before := keyring(t, first)
	after := keyring(t, rotation{roomsFrom: "2026-11-25", promoted: true, dropped: true}.apply(t, first))
	for _, date := range []string{"2020-01-01", "2026-11-23", "2026-11-24"} {
		if before.RoomName(date, "o1") != after.RoomName(date, "o1") {
			t.Errorf("the rotation renamed the room of %s", date)
		}
	}
	for _, date := range []string{"2026-11-25", "2026-11-26", "2031-01-01"} {
		if before.RoomName(date, "o1") == after.RoomName(date, "o1") {
			t.Errorf("the room of %s is still named by the old key", date)
		}
	}
	if !bytes.Contains([]byte(after.Summary()), []byte("from 2026-11-25")) {
		t.Errorf("the summary does not tell of the second room key:\n%s", after.Summary())
	}
}

func mustParse(t testing.TB, s string) Number {
	t.Helper()
	n, err := ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Whatever a keyset file holds, it is refused with a fault or works.
func FuzzParseKeyset(f *testing.F) {
	data, err := os.ReadFile("testdata/keyset.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(`{"hearthline_keyset":1,"cells":{},"tokens":{},"index":{},"labels":{},"pins":{},"rooms":[{}]}`))
	f.Add([]byte(`{"hearthline_keyset":1,"rooms":null}`))
	f.Add([]byte(`{"hearthline_keyset":1,"wrapped":{"kdf":"argon2id","memory_kib":8,"passes":1,"threads":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA==","ciphertext":"AAAA"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := parse(data, NewPassphrase("a passphrase"))
		var all *keys
		if err == nil {
			all, err = d.keys()
		}
		if err != nil {
			if _, ok := err.(fault); !ok {
				t.Fatalf("error %v is no fault", err)
			}
			return
		}
		k := newKeyring(all, nil)
		cell := Cell{"t", "c", "r"}
		sealed, err := k.Seal(cell, []byte("s"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Open(cell, sealed); err != nil {
			t.Fatal(err)
		}
		if _, err := k.OpenToken("p", k.SealToken("p", nil, nil), nil); err != nil {
			t.Fatal(err)
		}
		if len(k.RoomName("2026-11-24", "o")) != 32 || len(k.Label()) != 26 || k.Summary() == "" {
			t.Fatal("a keyset was taken that makes no names")
		}
	})
}
