package vault

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPIN(t *testing.T) {
	t.Parallel()
	k := fresh(t)
	hash, err := k.HashPIN("73914626")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1,keyid=") || strings.Contains(hash, "73914626") {
		t.Errorf("hash %s", hash)
	}
	again, err := k.HashPIN("73914626")
	if err != nil || again == hash {
		t.Errorf("two hashes of a PIN are the same (%v)", err)
	}
	if !k.CheckPIN(hash, "73914626") || !k.CheckPIN(again, "73914626") {
		t.Error("the PIN is refused")
	}
	if k.CheckPIN(hash, "73914627") || k.CheckPIN(hash, "") || k.CheckPIN(hash, "73914626 ") {
		t.Error("another PIN is taken")
	}
	if fresh(t).CheckPIN(hash, "73914626") {
		t.Error("the hash is good under other keys: it has no pepper")
	}
	if _, err := k.HashPIN(""); err == nil {
		t.Error("the empty PIN is hashed")
	}
}

func TestDamagedPINHashes(t *testing.T) {
	t.Parallel()
	k := fresh(t)
	hash, err := k.HashPIN("73914626")
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, with string) string {
		changed := strings.Replace(hash, old, with, 1)
		if changed == hash {
			t.Fatalf("%s holds no %s", hash, old)
		}
		return changed
	}
	for _, damaged := range []string{
		"", "$", "73914626", hash[:len(hash)-1], hash + "A", hash + "$",
		change("argon2id", "argon2i"), change("v=19", "v=16"), change("t=2", "t=3"), change("t=2", "t=0"),
		change("p=1", "p=0"), change("p=1", "p=255"), change("m=19456", "m=1"), change("m=19456", "m=4294967295"),
		change("keyid=", "keyid=A"), change("keyid=", "id="),
		change("m=19456", "m=+19456"), change("m=19456", "m=019456"),
	} {
		if k.CheckPIN(damaged, "73914626") {
			t.Errorf("%s is taken for a hash of the PIN", damaged)
		}
	}
}

// Whoever has no PIN is answered as slowly as whoever has one.
func TestNoPINTakesAsLong(t *testing.T) {
	k := fresh(t)
	hash, err := k.HashPIN("73914626")
	if err != nil {
		t.Fatal(err)
	}
	least := map[string]time.Duration{}
	stored := []string{hash, "", "$argon2id$v=19$m=4294967295,t=9,p=1,keyid=A$$"}
	// What else the machine does makes some of them longer, and none shorter.
	quick := func(none string) bool { return least[none] < least[hash]/3 }
	for i := 0; i < 5 || i < 100 && slices.ContainsFunc(stored[1:], quick); i++ {
		for _, hash := range stored {
			begin := time.Now()
			k.CheckPIN(hash, "11111111")
			if took := time.Since(begin); least[hash] == 0 || took < least[hash] {
				least[hash] = took
			}
		}
	}
	for _, none := range stored[1:] {
		if quick(none) {
			t.Errorf("%v for %q, %v for the hash of a PIN", least[none], none, least[hash])
		}
	}
}

// Whatever the database holds, it costs no more than costLimit to check.
func FuzzParsePINHash(f *testing.F) {
	hash, err := keyring(f, fixed(f)).HashPIN("73914626")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(hash)
	f.Add(strings.Replace(hash, "m=19456", "m=4294967295", 1))
	f.Add("$argon2id$v=19$m=8,t=1,p=1,keyid=$$")
	f.Fuzz(func(t *testing.T, s string) {
		h, ok := parsePINHash(s)
		if !ok {
			return
		}
		if h.cost.memory > 64*1024 || h.cost.passes > 8 || h.cost.threads > 4 || h.cost.passes == 0 || h.cost.threads == 0 {
			t.Fatalf("%q asks for %+v", s, h.cost)
		}
	})
}
