package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/hearthline/hearthline/store/vault"
)

// rewriteEvery is how far the time that the file says may lag while its rows
// stay the same.
const rewriteEvery = time.Hour

// sealedFile is the copy of the directory from which a start without Postgres
// answers calls. It is not safe for concurrent use.
type sealedFile struct {
	path string

	rows []byte    // as last written
	keys string    // id of the keyset they were sealed under
	at   time.Time // when
}

// sealedDirectory is what the file holds under its seal.
type sealedDirectory struct {
	At   time.Time
	Rows json.RawMessage
}

// cell binds the file to its use; it is no row of any line.
func (f *sealedFile) cell() vault.Cell {
	return vault.Cell{Table: "directory", Column: "file", Row: "directory.sealed"}
}

// write keeps c, unless the file says the same already.
func (f *sealedFile) write(k *vault.Keyring, c contents, now time.Time) error {
	rows, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("keep the directory: %w", err)
	}
	if bytes.Equal(rows, f.rows) && f.keys == k.KeysetID() && now.Sub(f.at) < rewriteEvery {
		return nil
	}
	plain, err := json.Marshal(sealedDirectory{At: now, Rows: rows})
	if err != nil {
		return fmt.Errorf("keep the directory: %w", err)
	}
	sealed, err := k.Seal(f.cell(), plain)
	if err != nil {
		return fmt.Errorf("keep the directory: %w", err)
	}
	if err := writeFileAtomically(f.path, sealed); err != nil {
		return fmt.Errorf("keep the directory: %w", err)
	}
	f.rows, f.keys, f.at = rows, k.KeysetID(), now
	return nil
}

// read returns what was kept and when Postgres had given it.
func (f *sealedFile) read(k *vault.Keyring) (contents, time.Time, error) {
	sealed, err := os.ReadFile(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return contents{}, time.Time{}, errors.New("no copy has been kept: start once with Postgres, with the same HEARTHLINE_STATE_DIR")
	}
	if err != nil {
		return contents{}, time.Time{}, fmt.Errorf("read the kept directory: %w", err)
	}
	plain, err := k.Open(f.cell(), sealed)
	if err != nil {
		return contents{}, time.Time{}, fmt.Errorf("%s is damaged, or sealed under another keyset than HEARTHLINE_KEYSET_FILE: %w", f.path, err)
	}
	var kept sealedDirectory
	var c contents
	if err := errors.Join(json.Unmarshal(plain, &kept), json.Unmarshal(kept.Rows, &c)); err != nil {
		return contents{}, time.Time{}, fmt.Errorf("%s was kept by another version of hearthline", f.path)
	}
	return c, kept.At, nil
}
