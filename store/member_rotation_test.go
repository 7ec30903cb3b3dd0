package store_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

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
	before, added, promoted := l.under(keys.before), l.under(keys.added), l.under(keys.promoted)
	handles := map[string]string{
		ann: before.byPhone(t, ann, "482913", l.groups[0]).Handle,
		bea: promoted.byPhone(t, bea, "482913", l.groups[0]).Handle,
	}
	before.confirm(t, ann)
	promoted.confirm(t, bea)
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

// under is the same line for a replica that has these keys.
func (l *lineUnderTest) under(k *vault.Keyring) *lineUnderTest {
	other := *l
	other.keys, other.Members = k, store.NewMembers(l.db, k)
	return &other
}

// Two replicas of which only one knows yet that the primary key is another enrol
// one number: the indexes that they insert do not collide.
func TestReplicasOfTwoMindsMakeOneMember(t *testing.T) {
	t.Parallel()
	l, keys := setUpMembers(t), rotateIndex(t)
	const gate = 42 // an advisory lock at which every insertion waits
	if _, err := l.look.ExecContext(t.Context(), `
		CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			PERFORM pg_advisory_xact_lock_shared(42);
			RETURN NEW;
		END $$;
		CREATE TRIGGER wait BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION wait()`); err != nil {
		t.Fatal(err)
	}
	keeper, err := l.look.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = keeper.Close() }()
	if _, err := keeper.ExecContext(t.Context(), `SELECT pg_advisory_lock($1)`, gate); err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	for _, replica := range []*lineUnderTest{l.under(keys.added), l.under(keys.promoted)} {
		e := store.Enrolment{Event: l.event(noon), Number: number(t, ann), Group: l.groups[0], PIN: "482913", Preferences: english}
		both.Go(func() {
			if _, err := replica.Enrol(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for l.count(t, `
		SELECT count(*) FROM pg_locks
		WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`) < 2 {
		if soon.Err() != nil {
			t.Fatal("they do not come to wait")
		}
	}
	if _, err := keeper.ExecContext(t.Context(), `SELECT pg_advisory_unlock($1)`, gate); err != nil {
		t.Fatal(err)
	}
	both.Wait()
	l.under(keys.added).confirm(t, ann)
	if members, places := l.count(t, `SELECT count(*) FROM member`), l.count(t, `SELECT count(*) FROM membership`); members != 1 || places != 1 {
		t.Errorf("they made %d members with %d memberships", members, places)
	}
}
