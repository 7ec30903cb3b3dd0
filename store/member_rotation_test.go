package store_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// rotating are the keyrings of one deployment before, during and after an index
// key is added and promoted.
type rotating struct{ before, added, promoted *vault.Keyring }

func rotateIndex(t *testing.T) rotating {
	t.Helper()
	dir := t.TempDir()
	var files [2]map[string]json.RawMessage
	for i := range files {
		path := filepath.Join(dir, string(rune('a'+i)))
		if _, err := vault.Create(path); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &files[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	type keyset struct {
		PrimaryKeyID json.Number       `json:"primaryKeyId"`
		Key          []json.RawMessage `json:"key"`
	}
	var old, fresh keyset
	for i, into := range []*keyset{&old, &fresh} {
		if err := json.Unmarshal(files[i]["index"], into); err != nil {
			t.Fatal(err)
		}
	}
	load := func(name string, primary json.Number, keys ...json.RawMessage) *vault.Keyring {
		index, err := json.Marshal(keyset{primary, keys})
		if err != nil {
			t.Fatal(err)
		}
		files[0]["index"] = index
		text, err := json.Marshal(files[0])
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o400); err != nil {
			t.Fatal(err)
		}
		k, err := vault.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	return rotating{
		before:   load("before", old.PrimaryKeyID, old.Key[0]),
		added:    load("added", old.PrimaryKeyID, old.Key[0], fresh.Key[0]),
		promoted: load("promoted", fresh.PrimaryKeyID, old.Key[0], fresh.Key[0]),
	}
}

func TestNobodyIsLostWhileTheIndexKeyRotates(t *testing.T) {
	t.Parallel()
	l, keys := setUpMembers(t), rotateIndex(t)
	under := func(k *vault.Keyring) *lineUnderTest {
		other := *l
		other.keys, other.Members = k, store.NewMembers(l.db, k)
		return &other
	}
	before, added, promoted := under(keys.before), under(keys.added), under(keys.promoted)
	handles := map[string]string{
		ann: before.byPhone(t, ann, "482913", l.groups[0]).Handle,
		bea: promoted.byPhone(t, bea, "482913", l.groups[0]).Handle,
	}
	if n := l.count(t, `SELECT count(DISTINCT index_key) FROM member`); n != 2 {
		t.Fatalf("the rows are under %d keys", n)
	}
	for name, at := range map[string]*lineUnderTest{"added": added, "promoted": promoted} {
		for n, handle := range handles {
			if in := at.logIn(t, at.login(t, n, "", "482913", noon)); in.Result != store.LoginOK {
				t.Errorf("%s: by number: %+v", name, in)
			}
			if in := at.logIn(t, at.login(t, cat, handle, "482913", noon)); in.Result != store.LoginOK {
				t.Errorf("%s: by member number: %+v", name, in)
			}
			if again := at.byPhone(t, n, "000000", l.groups[0]); again.Handle == handle {
				t.Errorf("%s: an enrolled number's own member number is told", name)
			}
		}
	}
	if n := l.count(t, `SELECT count(*) FROM member`); n != 2 {
		t.Errorf("there are %d members", n)
	}

	// Replicas of two minds about the primary key enrol one number.
	i := 0
	at := make(chan *lineUnderTest, 8)
	for ; i < cap(at); i++ {
		at <- []*lineUnderTest{added, promoted}[i%2]
	}
	eightTimes(t, func() (store.Enrolled, error) {
		return (<-at).Enrol(t.Context(), store.Enrolment{
			Event: l.event(noon), Number: number(t, cat), Group: l.groups[0], PIN: "482913", Preferences: english, Consent: agreed,
		})
	})
	if n := l.count(t, `SELECT count(*) FROM member`); n != 3 {
		t.Errorf("two replicas made %d members of one number", n-2)
	}

	// Effects, counters and question are found under either key.
	added.ask(t, ann)
	if h := promoted.holdings(t, ann); h.DialogueUntil == nil || h.Member == nil {
		t.Errorf("held: %+v", h)
	}
	if err := promoted.Confirm(t.Context(), l.event(noon), number(t, ann), l.groups); err != nil {
		t.Fatal(err)
	}
	member := promoted.member(t, ann, "482913")
	if err := added.Join(t.Context(), l.act(member), l.groups[2], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
	if err := promoted.EraseNumber(t.Context(), l.event(noon), number(t, ann), l.groups); err != nil {
		t.Fatal(err)
	}
	if h := added.holdings(t, ann); !h.Empty() {
		t.Errorf("held after the erasure: %+v", h)
	}
}
