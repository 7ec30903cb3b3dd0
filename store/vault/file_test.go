package vault_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store/vault"
)

func TestCreateAndLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "keys.json")
	made, err := vault.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := vault.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if made.Fingerprint() != loaded.Fingerprint() || len(loaded.Fingerprints()) != 1 || len(made.Fingerprint()) != 16 {
		t.Errorf("fingerprint %s as made, %v as loaded", made.Fingerprint(), loaded.Fingerprints())
	}
	if plain, err := loaded.OpenToken("p", made.SealToken("p", []byte("s"), nil), nil); err != nil || string(plain) != "s" {
		t.Errorf("the loaded keys do not open what the made ones sealed: %v", err)
	}
	for _, purpose := range []string{made.Fingerprint(), "cells   1 key\n", "tokens  1 key\n", "pins    1 key\n", "rooms   1 key\n"} {
		if !strings.Contains(loaded.Summary(), purpose) {
			t.Errorf("no %q in the summary:\n%s", purpose, loaded.Summary())
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("mode %v (%v), want 0400", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%d files beside the keyset (%v)", len(entries)-1, err)
	}
}

func TestCreateNeverOverwrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, make := range map[string]func(string) error{
		"file":    func(p string) error { return os.WriteFile(p, []byte("precious"), 0o600) },
		"folder":  func(p string) error { return os.Mkdir(p, 0o700) },
		"symlink": func(p string) error { return os.Symlink("nowhere", p) },
	} {
		path := filepath.Join(dir, name)
		if err := make(path); err != nil {
			t.Fatal(err)
		}
		_, err := vault.Create(path)
		assertFault(t, err, path, "exists already", "choose another path")
		if !errors.Is(err, fs.ErrExist) {
			t.Errorf("%v is not fs.ErrExist", err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "file")); err != nil || string(data) != "precious" {
		t.Errorf("the file holds %q (%v)", data, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 3 {
		t.Errorf("%d entries (%v), want the three there were", len(entries), err)
	}
	missing := filepath.Join(dir, "missing", "keys.json")
	_, err := vault.Create(missing)
	assertFault(t, err, missing, "no such file or directory", "its folder exists")
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := filepath.Join(dir, "good.json")
	if _, err := vault.Create(good); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	replace := func(old, with string) []byte {
		changed := bytes.Replace(data, []byte(old), []byte(with), 1)
		if bytes.Equal(changed, data) {
			t.Fatalf("the keyset file holds no %s", old)
		}
		return changed
	}
	const putBack = "put back the copy"
	tests := map[string]struct {
		data       []byte
		mode       fs.FileMode
		what, mend string
	}{
		"readable by the group": {data, 0o440, "mode is 0440", "chmod 0400 "},
		"readable by anyone":    {data, 0o404, "mode is 0404", "chmod 0400 "},
		"writable":              {data, 0o600, "mode is 0600", "chmod 0400 "},
		"empty":                 {nil, 0o400, "not JSON", putBack},
		"cut short":             {data[:len(data)/2], 0o400, "not JSON", putBack},
		"something else":        {[]byte(`{"a": 1}`), 0o400, "not a keyset of hearthline's", putBack},
		"from the future":       {replace(`_keyset": 1`, `_keyset": 2`), 0o400, "newer hearthline", putBack},
		"unknown field":         {replace(`"pins":`, `"pens":`), 0o400, "does not belong there", putBack},
		"of the wrong kind":     {replace(`"note": "`, `"note": 1, "x": "`), 0o400, "of the wrong kind", putBack},
		"followed by more":      {append(bytes.Clone(data), '1'), 0o400, "not JSON", putBack},
		"no cell keys":          {replace(`"cells": {`, `"cells": null, "rest": {`), 0o400, "does not belong there", putBack},
		"damaged cell keys":     {replace(`"value": "`, `"value": "AAAA`), 0o400, `its keys for "cells" are missing or damaged`, putBack},
		"keys for another use":  {replace(`AesSivKey`, `AesGcmKey`), 0o400, `its keys for "tokens" are missing or damaged`, putBack},
		"no room keys":          {slices.Concat(data[:bytes.Index(data, []byte(`"rooms"`))], []byte(`"rooms": []}`)), 0o400, `"rooms" are missing`, putBack},
		"a room key of no date": {replace(`0001-01-01`, `yesterday`), 0o400, "the date of room key 1", putBack},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "keys.json")
			if err := os.WriteFile(path, test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, test.mode); err != nil {
				t.Fatal(err)
			}
			_, err := vault.Load(path)
			assertFault(t, err, path, test.what, test.mend)
		})
	}
	_, err = vault.Load(filepath.Join(dir, "missing.json"))
	assertFault(t, err, "missing.json", "is missing", "hearthline keys init")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	_, err = vault.Load(dir)
	assertFault(t, err, dir, "not a file", "HEARTHLINE_KEYSET_FILE")
}

// assertFault checks that err says where, what and how to mend it.
func assertFault(t *testing.T, err error, parts ...string) {
	t.Helper()
	var fault *vault.KeysetError
	if !errors.As(err, &fault) {
		t.Errorf("error %v is no KeysetError", err)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("no %q in %q", part, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than a line: %q", err)
	}
}
