package store_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// enrolled is a line with groups whose members are written straight to the
// tables, and a keyset file that can be rotated.
type enrolled struct {
	imports
	file  vault.File
	look  *sql.DB
	group string
	told  int          // how many members there are
	found atomic.Int64 // how many of them can be looked up
}

func setUpEnrolled(t *testing.T) *enrolled {
	t.Helper()
	e := &enrolled{file: vault.File{Path: filepath.Join(t.TempDir(), "keyset.json")}}
	var err error
	if e.keys, err = e.file.Create(); err != nil {
		t.Fatal(err)
	}
	e.url = storetest.URL(t)
	e.db, e.look = openURL(t, e.url), raw(t, e.url)
	e.line = ensureLine(t, e.db, e.keys)
	e.run(t, sampleGroups(t))
	if err := e.look.QueryRowContext(t.Context(), `SELECT group_id FROM groups WHERE code = '482105'`).Scan(&e.group); err != nil {
		t.Fatal(err)
	}
	return e
}

// load is another program's keyring of the same file.
func (e *enrolled) load(t *testing.T) *vault.Keyring {
	t.Helper()
	k, err := e.file.Load()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// step takes the file one step on, and each of who to it.
func (e *enrolled) step(t *testing.T, step func() error, who ...*vault.Keyring) {
	t.Helper()
	if err := step(); err != nil {
		t.Fatal(err)
	}
	e.reload(t, who...)
}

func (e *enrolled) reload(t *testing.T, who ...*vault.Keyring) {
	t.Helper()
	for _, k := range who {
		if changed, err := k.Reload(); err != nil || !changed {
			t.Fatal("not reloaded", err)
		}
	}
}

func (e *enrolled) number(t testing.TB, i int) vault.Number {
	return number(t, fmt.Sprintf("+1202%07d", 2_000_000+i))
}

func handleOf(i int) string { return fmt.Sprint(100_000 + i) }

func uuidOf(kind, i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, i) }

// copyIn writes many rows of a table at once.
func copyIn(t testing.TB, tx *sql.Tx, table string, rows [][]any) {
	t.Helper()
	copying, err := tx.PrepareContext(t.Context(), "COPY "+table+" FROM STDIN")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if _, err := copying.ExecContext(t.Context(), row...); err != nil {
			t.Fatal(err)
		}
	}
	_, err = copying.ExecContext(t.Context())
	if err := errors.Join(err, copying.Close()); err != nil {
		t.Fatal(err)
	}
}

// must is for sealing, which does not fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// enrol adds n members under k's primary keys, each in the group.
func (e *enrolled) enrol(t testing.TB, k *vault.Keyring, n int) {
	t.Helper()
	k = k.Frozen()
	var members, memberKeys, memberships, membershipKeys [][]any
	for i := e.told; i < e.told+n; i++ {
		id, phone, own, secret := uuidOf(1, i), e.number(t, i), vault.NewDataKey(), vault.NewLinkSecret()
		row := e.line + "/" + id
		cell := func(table, column string) vault.Cell { return vault.Cell{Table: table, Column: column, Row: row} }
		members = append(members, []any{e.line, id, k.Index(e.line, phone), k.HandleIndexes(e.line, handleOf(i))[0], k.IndexKey(),
			must(own.SealNumber(cell("member", "number"), phone)), must(own.Seal(cell("member", "profile"), []byte(`{"handle":"`+handleOf(i)+`","language":"en"}`))),
			must(own.Seal(cell("member", "pin"), []byte("hash"))), "confirmed"})
		memberKeys = append(memberKeys, []any{e.line, id,
			must(k.WrapKey(cell("keys.member", "data_key"), own)), must(k.WrapSecret(cell("keys.member", "link_secret"), secret))})

		theirs, pseudonym := vault.NewDataKey(), secret.Pseudonym(e.line, e.group)
		row = e.line + "/" + hex.EncodeToString(pseudonym)
		memberships = append(memberships, []any{e.line, pseudonym, e.group, must(theirs.SealNumber(cell("membership", "number"), phone)),
			must(theirs.Seal(cell("membership", "profile"), []byte(`{}`))), "text", "active"})
		membershipKeys = append(membershipKeys, []any{e.line, pseudonym, must(k.WrapKey(cell("keys.membership", "data_key"), theirs))})
	}
	tx, err := e.look.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	copyIn(t, tx, "member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state)", members)
	copyIn(t, tx, "keys.member (line_id, member_id, data_key, link_secret)", memberKeys)
	copyIn(t, tx, "membership (line_id, pseudonym, group_id, number, profile, channel, state)", memberships)
	copyIn(t, tx, "keys.membership (line_id, pseudonym, data_key)", membershipKeys)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	e.told += n
	e.found.Store(int64(e.told))
}

// find looks the member i up by number and by handle, as a call and a log-in do,
// and opens what is theirs, the membership included.
func (e *enrolled) find(ctx context.Context, t testing.TB, k *vault.Keyring, i int) error {
	phone := e.number(t, i)
	for column, indexes := range map[string][][]byte{"number_index": k.Indexes(e.line, phone), "handle_index": k.HandleIndexes(e.line, handleOf(i))} {
		var id string
		var sealed, dataKey, linkSecret []byte
		if err := e.look.QueryRowContext(ctx, `
			SELECT m.member_id, m.number, k.data_key, k.link_secret
			FROM member m JOIN keys.member k USING (line_id, member_id)
			WHERE m.line_id = $1 AND m.`+column+` = ANY($2)`, e.line, pq.ByteaArray(indexes)).Scan(&id, &sealed, &dataKey, &linkSecret); err != nil {
			return fmt.Errorf("%s of %d: %w", column, i, err)
		}
		row := e.line + "/" + id
		own, err := k.UnwrapKey(vault.Cell{Table: "keys.member", Column: "data_key", Row: row}, dataKey)
		if err != nil {
			return fmt.Errorf("data key of %d: %w", i, err)
		}
		opened, err := own.OpenNumber(vault.Cell{Table: "member", Column: "number", Row: row}, sealed)
		if err != nil || !opened.Equal(phone) {
			return fmt.Errorf("number of %d: %w", i, err)
		}
		secret, err := k.UnwrapSecret(vault.Cell{Table: "keys.member", Column: "link_secret", Row: row}, linkSecret)
		if err != nil {
			return fmt.Errorf("link secret of %d: %w", i, err)
		}
		pseudonym := secret.Pseudonym(e.line, e.group)
		if err := e.look.QueryRowContext(ctx, `
			SELECT m.number, k.data_key
			FROM membership m JOIN keys.membership k USING (line_id, pseudonym)
			WHERE m.line_id = $1 AND m.pseudonym = $2`, e.line, pseudonym).Scan(&sealed, &dataKey); err != nil {
			return fmt.Errorf("membership of %d: %w", i, err)
		}
		row = e.line + "/" + hex.EncodeToString(pseudonym)
		theirs, err := k.UnwrapKey(vault.Cell{Table: "keys.membership", Column: "data_key", Row: row}, dataKey)
		if err != nil {
			return fmt.Errorf("membership's data key of %d: %w", i, err)
		}
		if opened, err = theirs.OpenNumber(vault.Cell{Table: "membership", Column: "number", Row: row}, sealed); err != nil || !opened.Equal(phone) {
			return fmt.Errorf("membership's number of %d: %w", i, err)
		}
	}
	return nil
}

// move brings everything to the primary keys of k.
func (e *enrolled) move(t *testing.T, k *vault.Keyring) {
	t.Helper()
	r := store.NewRotation(e.db, k)
	nobody := func(store.Moved) {}
	if err := errors.Join(r.Move(t.Context(), nobody), r.Finish(t.Context()), r.Move(t.Context(), nobody)); err != nil {
		t.Fatal(err)
	}
}
