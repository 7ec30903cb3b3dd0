package vault_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hearthline/hearthline/store/vault"
)

// keysetFile is a fresh keyset file and its keyring.
func keysetFile(t testing.TB, p vault.Passphrase) (vault.File, *vault.Keyring) {
	t.Helper()
	f := vault.File{Path: filepath.Join(t.TempDir(), "keys.json"), Passphrase: p}
	k, err := f.Create()
	if err != nil {
		t.Fatal(err)
	}
	return f, k
}

func do(t testing.TB, step func() error) {
	t.Helper()
	if err := step(); err != nil {
		t.Fatal(err)
	}
}

// reload reports whether the keys of k changed.
func reload(t testing.TB, k *vault.Keyring) bool {
	t.Helper()
	changed, err := k.Reload()
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// What each keyring makes at each step, the keyring of the step before and of
// the step after can open and find: replicas lag by one step at most.
func TestAKeysetFileIsRotatedInPlace(t *testing.T) {
	t.Parallel()
	for name, passphrase := range map[string]vault.Passphrase{"clear": {}, "wrapped": vault.NewPassphrase("four words of mine")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, k := keysetFile(t, passphrase)
			cell, n := vault.Cell{Table: "t", Column: "c", Row: "r"}, number(t, "+12025550143")
			first, token, label := k.Frozen(), k.SealToken("p", []byte("s"), nil), k.Label("a")
			hash, err := k.HashPIN("73914626")
			if err != nil {
				t.Fatal(err)
			}
			ids := []string{k.KeysetID()}
			for i, step := range []struct {
				do    func() error
				stage vault.Stage
			}{{f.Add, vault.Added}, {f.Promote, vault.Promoted}, {f.Drop, vault.Settled}} {
				before := k.Frozen()
				do(t, step.do)
				if !reload(t, k) || k.Stage() != step.stage || slices.Contains(ids, k.KeysetID()) || before.KeysetID() != ids[i] {
					t.Fatalf("step %d: stage %v, %s after %v", i, k.Stage(), k.KeysetID(), ids)
				}
				ids = append(ids, k.KeysetID())
				for _, pair := range [][2]*vault.Keyring{{before, k}, {k, before}} {
					sealed, err := pair[0].Seal(cell, []byte("plain"))
					if err != nil {
						t.Fatal(err)
					}
					if plain, err := pair[1].Open(cell, sealed); err != nil || string(plain) != "plain" {
						t.Errorf("step %d: a neighbour's cell does not open: %v", i, err)
					}
					if !slices.ContainsFunc(pair[1].Indexes("line", n), func(x []byte) bool { return bytes.Equal(x, pair[0].Index("line", n)) }) {
						t.Errorf("step %d: a neighbour's index is not found", i)
					}
				}
				if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o400 {
					t.Errorf("step %d: mode %v, %v", i, info.Mode(), err)
				}
				if wrapped, err := f.Wrapped(); err != nil || wrapped == passphrase.IsZero() {
					t.Errorf("step %d: wrapped is %t, %v", i, wrapped, err)
				}
			}
			if k.Fingerprint() == first.Fingerprint() || len(k.Fingerprints()) != 1 {
				t.Errorf("fingerprints %v after %s", k.Fingerprints(), first.Fingerprint())
			}
			old, err := first.Seal(cell, []byte("plain"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := k.Open(cell, old); !errors.Is(err, vault.ErrNotOpened) {
				t.Errorf("the dropped key still opens: %v", err)
			}
			if k.SealToken("p", []byte("s"), nil) != token || k.Label("a") != label || !k.CheckPIN(hash, "73914626") ||
				!bytes.Equal(k.Seat("room", n), first.Seat("room", n)) {
				t.Error("a key was rotated under which nothing lies for long")
			}
			if left, err := os.ReadDir(filepath.Dir(f.Path)); err != nil || len(left) != 1 {
				t.Errorf("%d files beside the keyset (%v)", len(left)-1, err)
			}
			if again, err := f.Load(); err != nil || again.KeysetID() != k.KeysetID() {
				t.Errorf("as loaded: %v", err)
			}
		})
	}
}

func TestStepsOfARotationComeInTheirOrder(t *testing.T) {
	t.Parallel()
	f, k := keysetFile(t, vault.Passphrase{})
	for _, s := range []struct{ right, wrong, wrong2 func() error }{
		{f.Add, f.Promote, f.Drop}, {f.Promote, f.Add, f.Drop}, {f.Drop, f.Add, f.Promote},
	} {
		before := k.KeysetID()
		for _, wrong := range []func() error{s.wrong, s.wrong2} {
			assertFault(t, wrong(), f.Path, "another stage", "hearthline keys rotate")
		}
		if reload(t, k); k.KeysetID() != before {
			t.Error("a refused step changed the file")
		}
		do(t, s.right)
		reload(t, k)
	}
}

func TestAReplacedFileBelongsInPlaceOfTheOld(t *testing.T) {
	t.Parallel()
	f, _ := keysetFile(t, vault.Passphrase{})
	dir := filepath.Dir(f.Path)
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(f.Path, link); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, ".hearthline-keyset-123")
	if err := os.WriteFile(left, []byte("old keys"), 0o400); err != nil {
		t.Fatal(err)
	}
	do(t, vault.File{Path: link}.Add)
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info.Mode(), err)
	}
	if k, err := f.Load(); err != nil || k.Stage() != vault.Added {
		t.Errorf("the file behind the link: %v", err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a crash left is still there: %v", err)
	}
}

func TestReloadKeepsTheKeysUnlessTheFileIsGood(t *testing.T) {
	t.Parallel()
	f, k := keysetFile(t, vault.Passphrase{})
	good, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := keysetFile(t, vault.Passphrase{})
	foreign, err := os.ReadFile(other.Path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(data []byte, mode fs.FileMode) {
		temp := filepath.Join(t.TempDir(), "new")
		if err := errors.Join(os.WriteFile(temp, data, 0o600), os.Chmod(temp, mode), os.Rename(temp, f.Path)); err != nil {
			t.Fatal(err)
		}
	}
	before := k.KeysetID()
	if reload(t, k) {
		t.Error("nothing changed, and it says so")
	}
	for what, bad := range map[string]struct {
		data []byte
		mode fs.FileMode
	}{
		"not a keyset of hearthline's": {[]byte(`{}`), 0o400},
		"not JSON":                     {good[:len(good)/2], 0o400},
		"mode is 0644":                 {good, 0o644},
		"no key in common":             {foreign, 0o400},
	} {
		put(bad.data, bad.mode)
		for range 2 { // it is told until it is mended
			changed, err := k.Reload()
			assertFault(t, err, f.Path, what)
			if changed || k.KeysetID() != before {
				t.Errorf("%s: taken over", what)
			}
		}
	}
	if err := os.Remove(f.Path); err != nil {
		t.Fatal(err)
	}
	_, err = k.Reload()
	assertFault(t, err, "is missing")
	put(good, 0o400)
	if reload(t, k) || k.KeysetID() != before {
		t.Error("the same keys are taken for others")
	}
	do(t, f.Add)
	frozen := k.Frozen()
	if !reload(t, k) || reload(t, frozen) || frozen.KeysetID() != before {
		t.Error("a frozen keyring thaws")
	}
}

// Every operation sees the keys of one moment, while they are exchanged.
func TestReloadWhileInUse(t *testing.T) {
	t.Parallel()
	f, k := keysetFile(t, vault.Passphrase{})
	n, cell := number(t, "+12025550143"), vault.Cell{Table: "t", Column: "c", Row: "r"}
	done := make(chan struct{})
	var users sync.WaitGroup
	for range 4 {
		users.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				frozen := k.Frozen()
				sealed, err := frozen.SealNumber(cell, n)
				if err != nil || !bytes.HasPrefix(sealed, frozen.CellPrefix()) {
					t.Error("the prefix is not the key's")
				}
				if opened, err := frozen.OpenNumber(cell, sealed); err != nil || !opened.Equal(n) {
					t.Errorf("not opened: %v", err)
				}
				if !bytes.Equal(frozen.Index("l", n), frozen.Indexes("l", n)[0]) || len(k.Indexes("l", n)) < 1 {
					t.Error("the first index is not the primary key's")
				}
				k.SealToken("p", nil, nil)
			}
		})
	}
	for range 5 {
		for _, step := range []func() error{f.Add, f.Promote, f.Drop} {
			do(t, step)
			if !reload(t, k) {
				t.Error("not reloaded")
			}
		}
	}
	close(done)
	users.Wait()
}

func TestPrefixesTellUnderWhichKeyACellIs(t *testing.T) {
	t.Parallel()
	f, k := keysetFile(t, vault.Passphrase{})
	first, firstIndex := k.CellPrefix(), k.IndexKey()
	if len(first) != 5 || len(k.OlderCellPrefixes()) != 0 || len(k.OlderIndexKeys()) != 0 {
		t.Errorf("prefix %x, older %x, %v", first, k.OlderCellPrefixes(), k.OlderIndexKeys())
	}
	for _, step := range []func() error{f.Add, f.Promote} {
		do(t, step)
	}
	reload(t, k)
	older := k.OlderCellPrefixes()
	if bytes.Equal(k.CellPrefix(), first) || len(older) != 1 || !bytes.Equal(older[0], first) || !slices.Equal(k.OlderIndexKeys(), []int64{firstIndex}) {
		t.Errorf("prefix %x, older %x, index key %d, older %v", k.CellPrefix(), older, k.IndexKey(), k.OlderIndexKeys())
	}
}

func TestAPassphraseWrapsTheFile(t *testing.T) {
	t.Parallel()
	f, k := keysetFile(t, vault.NewPassphrase("four words of mine"))
	data, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(`"argon2id"`)) || bytes.Contains(data, []byte("typeUrl")) || bytes.Contains(data, []byte("four")) {
		t.Errorf("the file is not wrapped:\n%s", data)
	}
	_, err = vault.Load(f.Path)
	assertFault(t, err, f.Path, "wrapped by a passphrase", "set HEARTHLINE_KEYSET_PASSPHRASE")
	_, err = vault.File{Path: f.Path, Passphrase: vault.NewPassphrase("other words")}.Load()
	assertFault(t, err, f.Path, "not the one that wraps it", "correct HEARTHLINE_KEYSET_PASSPHRASE")
	if strings.Contains(err.Error(), "words") {
		t.Error("the error shows the passphrase")
	}
	for what, damage := range map[string][2]string{
		"of a kind":         {`"argon2id"`, `"scrypt"`},
		"is damaged, or of": {`"memory_kib": 65536`, `"memory_kib": 4294967295`},
		"passphrase is not": {`"passes": 3`, `"passes": 2`},
		"belong":            {`"kdf"`, `"kfd"`},
	} {
		path := filepath.Join(t.TempDir(), "keys.json")
		if err := os.WriteFile(path, bytes.Replace(data, []byte(damage[0]), []byte(damage[1]), 1), 0o400); err != nil {
			t.Fatal(err)
		}
		_, err := vault.File{Path: path, Passphrase: f.Passphrase}.Load()
		assertFault(t, err, what)
	}

	// A file that is not wrapped is read all the same, and wrapped when it is
	// next written.
	clear, _ := keysetFile(t, vault.Passphrase{})
	clear.Passphrase = f.Passphrase
	if _, err := clear.Load(); err != nil {
		t.Fatal(err)
	}
	do(t, clear.Add)
	if wrapped, err := clear.Wrapped(); err != nil || !wrapped {
		t.Errorf("wrapped: %t, %v", wrapped, err)
	}
	assertSilent(t, "the keyring", k.Summary())
}
