package store_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// dump is a backup as `hearthline backup` makes it: without the keys.
func (l *lineUnderTest) dump(t *testing.T) []byte {
	t.Helper()
	pgDump, err := findPgDump()
	if err != nil {
		t.Fatal(err)
	}
	dumped, err := exec.CommandContext(t.Context(), pgDump, "--exclude-schema=keys", "--dbname", l.url).Output()
	if err != nil {
		t.Fatal(err)
	}
	return dumped
}

// restore returns a database that holds a dump and the keys that another has now.
func (l *lineUnderTest) restore(t *testing.T, dumped []byte) string {
	t.Helper()
	pgDump, err := findPgDump()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := exec.CommandContext(t.Context(), pgDump, "--schema=keys", "--dbname", l.url).Output()
	if err != nil {
		t.Fatal(err)
	}
	url := storetest.EmptyURL(t)
	psql := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(pgDump), "psql"), "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url)
	psql.Stdin = bytes.NewReader(append(dumped, keys...))
	if out, err := psql.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return url
}

func TestYesterdaysBackupWithTodaysKeys(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for _, n := range []string{ann, bea} {
		l.byPhone(t, n, "482913", l.groups[0])
		l.confirm(t, n)
	}
	annsPlaces := l.pseudonyms(t)
	yesterday := l.dump(t)
	if err := l.EraseNumber(t.Context(), l.event(noon), number(t, ann), l.groups); err != nil {
		t.Fatal(err)
	}
	url := l.restore(t, yesterday)
	restored := store.NewMembers(openURL(t, url), l.keys)
	look := raw(t, url)
	if n := count(t, look, `SELECT count(*) FROM member`) + count(t, look, `SELECT count(*) FROM membership`); n != 4 {
		t.Fatalf("the backup holds %d rows of four", n)
	}

	h, err := restored.Holdings(t.Context(), l.id, number(t, bea), l.groups, noon)
	if err != nil || h.Member == nil || len(h.Groups) != 1 || h.Shell {
		t.Errorf("held of who was not erased: %+v, %v", h, err)
	}
	h, err = restored.Holdings(t.Context(), l.id, number(t, ann), l.groups, noon)
	if err != nil || !h.Shell || h.Member != nil || h.Groups != nil || h.Empty() {
		t.Errorf("of who was erased there is more than that they were enrolled: %+v, %v", h, err)
	}
	opened := 0
	for _, p := range annsPlaces {
		if _, err := restored.MembershipNumber(t.Context(), l.id, p); err == nil {
			opened++
		} else if !isNotFound(err) {
			t.Error(err)
		}
	}
	if opened != 1 {
		t.Errorf("%d of two memberships open, of which one was erased", opened)
	}
	// Once the index key is gone as well, whoever has other keys knows nothing.
	after := store.NewMembers(openURL(t, url), storetest.Keyring(t))
	if h, err := after.Holdings(t.Context(), l.id, number(t, ann), l.groups, noon); err != nil || !h.Empty() {
		t.Errorf("without the index key: %+v, %v", h, err)
	}

	// Who was erased can enrol in what was restored, and be erased from it.
	again := &lineUnderTest{url: url, db: l.db, look: look, keys: l.keys, id: l.id, groups: l.groups, Members: restored}
	again.byPhone(t, ann, "771100", l.groups[0])
	if in := again.logIn(t, again.login(t, ann, "", "771100", noon)); in.Result != store.LoginOK {
		t.Errorf("enrolled in what was restored: %+v", in)
	}
	if err := restored.EraseNumber(t.Context(), again.event(noon), number(t, ann), l.groups); err != nil {
		t.Fatal(err)
	}
	if h := again.holdings(t, ann); !h.Empty() {
		t.Errorf("erased from what was restored: %+v", h)
	}
}
