package vault

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestCellsAreNotSwappable(t *testing.T) {
	t.Parallel()
	k, other := fresh(t), fresh(t)
	home := Cell{Table: "member", Column: "number", Row: "line1/7"}
	sealed, err := k.Seal(home, []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := k.Open(home, sealed); err != nil || string(plain) != "plain" {
		t.Fatalf("Open = %q, %v", plain, err)
	}
	elsewhere := map[string]Cell{
		"another row":     {"member", "number", "line1/8"},
		"another line":    {"member", "number", "line2/7"},
		"another column":  {"member", "name", "line1/7"},
		"another table":   {"membership", "number", "line1/7"},
		"shifted borders": {"membernumber", "", "line1/7"},
		"nowhere":         {},
	}
	for name, cell := range elsewhere {
		if _, err := k.Open(cell, sealed); err != ErrNotOpened {
			t.Errorf("%s: %v, want ErrNotOpened", name, err)
		}
	}
	if _, err := other.Open(home, sealed); err != ErrNotOpened {
		t.Errorf("other keys: %v, want ErrNotOpened", err)
	}
	for i := range sealed {
		damaged := slices.Clone(sealed)
		damaged[i] ^= 1
		if _, err := k.Open(home, damaged); err != ErrNotOpened {
			t.Fatalf("a changed byte %d: %v, want ErrNotOpened", i, err)
		}
		if _, err := k.Open(home, sealed[:i]); err != ErrNotOpened {
			t.Fatalf("cut to %d bytes: %v, want ErrNotOpened", i, err)
		}
	}
}

func TestSealedNumbers(t *testing.T) {
	t.Parallel()
	k := fresh(t)
	cell := Cell{"line", "number", "1"}
	n := mustParse(t, "+12025550143")
	sealed, err := k.SealNumber(cell, n)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("2025550143")) {
		t.Fatal("the number lies in the ciphertext")
	}
	opened, err := k.OpenNumber(cell, sealed)
	if err != nil || !opened.Equal(n) {
		t.Errorf("OpenNumber gives another number, or %v", err)
	}
	if _, err := k.SealNumber(cell, Number{}); err == nil {
		t.Error("the zero Number was sealed")
	}
	for _, text := range []string{"", "+", "12025550143", "+1202555x143"} {
		sealed, err := k.Seal(cell, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.OpenNumber(cell, sealed); err != ErrNotOpened {
			t.Errorf("%q opens as a number (%v)", text, err)
		}
	}
}

// What is sealed comes back, and its size tells only in which block of 64 bytes
// its length lies.
func TestPaddingHidesLength(t *testing.T) {
	t.Parallel()
	k := fresh(t)
	cell := Cell{"t", "c", "r"}
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "plain")
		blocks := len(plain)/64 + 1
		sealed, err := k.Seal(cell, plain)
		if err != nil {
			t.Fatal(err)
		}
		if want := 5 + 12 + 16 + 64*blocks; len(sealed) != want {
			t.Fatalf("%d bytes are sealed in %d, want %d", len(plain), len(sealed), want)
		}
		if opened, err := k.Open(cell, sealed); err != nil || !bytes.Equal(opened, plain) {
			t.Fatalf("Open = %x, %v", opened, err)
		}
		token := k.SealToken("p", plain, nil)
		if want := base64.RawURLEncoding.EncodedLen(5 + 16 + 64*blocks); len(token) != want {
			t.Fatalf("%d bytes make a token of %d, want %d", len(plain), len(token), want)
		}
		if opened, err := k.OpenToken("p", token, nil); err != nil || !bytes.Equal(opened, plain) {
			t.Fatalf("OpenToken = %x, %v", opened, err)
		}
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	k := fresh(t)
	bound := []byte("CA1")
	token := k.SealToken("state", []byte("node=main"), bound)
	if again := k.SealToken("state", []byte("node=main"), bound); again != token {
		t.Error("the same arguments gave two tokens")
	}
	if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("token %s is not fit for a URL", token)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another purpose": func() ([]byte, error) { return k.OpenToken("room", token, bound) },
		"another call":    func() ([]byte, error) { return k.OpenToken("state", token, []byte("CA2")) },
		"shifted border":  func() ([]byte, error) { return k.OpenToken("stateC", token, []byte("A1")) },
		"other keys":      func() ([]byte, error) { return fresh(t).OpenToken("state", token, bound) },
		"nothing":         func() ([]byte, error) { return k.OpenToken("state", "", bound) },
		"with padding":    func() ([]byte, error) { return k.OpenToken("state", token+"=", bound) },
		"with line break": func() ([]byte, error) { return k.OpenToken("state", token[:9]+"\n"+token[9:], bound) },
		"as a cell":       func() ([]byte, error) { return k.Open(Cell{"state", "CA1", ""}, []byte(token)) },
	} {
		if plain, err := open(); err != ErrNotOpened {
			t.Errorf("%s: opened as %q, %v", name, plain, err)
		}
	}
	for i := range token {
		damaged := []byte(token)
		damaged[i] = map[bool]byte{true: 'B', false: 'A'}[damaged[i] == 'A']
		if plain, err := k.OpenToken("state", string(damaged), bound); err != ErrNotOpened {
			t.Fatalf("with character %d changed: opened as %q, %v", i, plain, err)
		}
	}
}

func TestUnpadRefuses(t *testing.T) {
	t.Parallel()
	for _, padded := range [][]byte{nil, {}, make([]byte, 64), []byte("text"), {0x80, 1}} {
		if plain, err := unpad(padded); err != ErrNotOpened {
			t.Errorf("unpad(%x) = %x, %v", padded, plain, err)
		}
	}
}

func TestFramesAreUnambiguous(t *testing.T) {
	t.Parallel()
	part := rapid.SliceOfN(rapid.StringN(0, 3, -1), 1, 4)
	rapid.Check(t, func(t *rapid.T) {
		a, b := part.Draw(t, "a"), part.Draw(t, "b")
		same := bytes.Equal(frame(a[0], a[1:]...), frame(b[0], b[1:]...))
		if same != slices.Equal(a, b) {
			t.Fatalf("%q and %q share a frame: %v", a, b, same)
		}
	})
}

func TestKeyringIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	k := fresh(t)
	n := mustParse(t, "+12025550143")
	index, token := k.Index("l", n), k.SealToken("p", []byte("s"), nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if !bytes.Equal(k.Index("l", n), index) || k.SealToken("p", []byte("s"), nil) != token {
					t.Error("another goroutine's work shows in the result")
				}
				if _, err := k.OpenToken("p", token, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestKeyringDoesNotPrintItself(t *testing.T) {
	t.Parallel()
	k := keyring(t, fixed(t))
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("loaded", "keys", k)
	slog.New(slog.NewTextHandler(&log, nil)).Info("loaded", "keys", struct{ k *Keyring }{k})
	text := fmt.Sprintf("%v %+v %#v %s %x %+v", k, k, k, k, k, struct{ k any }{k}) + log.String() + k.Summary()
	if !strings.Contains(text, k.Fingerprint()) {
		t.Error("the fingerprint does not show")
	}
	// The beginning of each key's bytes, as base64, hexadecimal and decimals.
	for _, raw := range keyBytes(t, fixed(t)) {
		for _, trace := range []string{base64.StdEncoding.EncodeToString(raw[:9]), fmt.Sprintf("%x", raw[:8]), strings.Trim(fmt.Sprint(raw[:8]), "[]")} {
			if strings.Contains(text, trace) {
				t.Errorf("a key shows as %s in:\n%s", trace, text)
			}
		}
	}
	var none *Keyring
	if got := fmt.Sprint(none); got != "no keyring" {
		t.Errorf("a nil keyring prints as %q", got)
	}
}

func FuzzOpenToken(f *testing.F) {
	k := keyring(f, fixed(f))
	good := k.SealToken("state", []byte("plain"), []byte("CA1"))
	f.Add("state", good, []byte("CA1"))
	f.Add("state", good[:40], []byte("CA1"))
	f.Add("", "", []byte(nil))
	f.Add("state", strings.Repeat("A", 120), []byte("CA1"))
	f.Fuzz(func(t *testing.T, purpose, token string, bound []byte) {
		plain, err := k.OpenToken(purpose, token, bound)
		if err != nil {
			if err != ErrNotOpened {
				t.Fatalf("error %v, want ErrNotOpened and no more", err)
			}
			return
		}
		if again := k.SealToken(purpose, plain, bound); again != token {
			t.Fatalf("%q opens, and is not how its content is sealed: %q", token, again)
		}
	})
}

func BenchmarkToken(b *testing.B) {
	k := fresh(b)
	state, bound := bytes.Repeat([]byte("s"), 120), []byte("CA00000000000000000000000000000000")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.OpenToken("state", k.SealToken("state", state, bound), bound); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	k := fresh(b)
	n := mustParse(b, "+12025550143")
	b.ReportAllocs()
	for b.Loop() {
		k.Index("line", n)
	}
}
