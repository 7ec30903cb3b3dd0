package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// audited is a log, with a look past the package as a superuser.
type audited struct {
	*store.Audit
	url  string
	look *sql.DB
	keys *vault.Keyring
	line string
}

func newAudit(t testing.TB) audited {
	t.Helper()
	url := storetest.URL(t)
	db, keys := openURL(t, url), storetest.Keyring(t)
	return audited{Audit: store.NewAudit(db, keys), url: url, look: raw(t, url), keys: keys, line: ensureLine(t, db, keys)}
}

func (a audited) entry(act string, at time.Time) store.AuditEntry {
	return store.AuditEntry{Line: a.line, Actor: "ann", Act: act, At: at}
}

func (a audited) record(t testing.TB, entries ...store.AuditEntry) {
	t.Helper()
	for _, e := range entries {
		if err := a.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func (a audited) verify(t testing.TB, head *store.AuditHead) store.AuditReport {
	t.Helper()
	report, err := a.Verify(t.Context(), a.line, head)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (a audited) head(t testing.TB) *store.AuditHead {
	t.Helper()
	head, err := a.Head(t.Context(), a.line)
	if err != nil {
		t.Fatal(err)
	}
	return &head
}

// force does something to the log that its triggers refuse, as a superuser can.
func (a audited) force(t testing.TB, statements string) {
	t.Helper()
	do(t, a.look, `SET session_replication_role = replica; `+statements+`; SET session_replication_role = origin`)
}

func TestAudit(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	if _, err := a.Head(t.Context(), a.line); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("head of an empty log: %v", err)
	}
	if report := a.verify(t, nil); !report.Whole() || report.Entries != 0 {
		t.Errorf("an empty log: %+v", report)
	}
	erase := a.entry("member.erase", noon)
	erase.Subject, erase.Detail = number(t, otherNumber), "asked in person; rang from (202) 555-0199, group 482105 on 2026-11-24"
	later, other := erase, erase
	later.At, other.Subject = noon.Add(11*time.Hour), number(t, lineNumber)
	tomorrow := erase
	tomorrow.At = noon.Add(24 * time.Hour)
	a.record(t, erase, later, other, tomorrow)

	if n := count(t, a.look, `SELECT count(DISTINCT subject) FROM audit`); n != 3 {
		t.Errorf("%d pseudonyms: one for each number and day is 3", n)
	}
	if n := count(t, a.look, `SELECT count(*) FROM audit WHERE subject = $1`, a.keys.Index(a.line, number(t, otherNumber))); n != 0 {
		t.Error("the subject is the index")
	}
	if n := count(t, a.look, `SELECT count(*) FROM audit WHERE detail = 'asked in person; rang from (•, group 482105 on 2026-11-24'`); n != 4 {
		t.Error("the number in the detail is not masked, or more than it is")
	}
	report := a.verify(t, a.head(t))
	if !report.Whole() || report.Entries != 4 || report.Last != 4 || !report.HeadChecked {
		t.Errorf("report %+v", report)
	}
	for name, e := range map[string]store.AuditEntry{
		"nobody":      {Line: a.line, Act: "x"},
		"nothing":     {Line: a.line, Actor: "ann"},
		"a sentence":  {Line: a.line, Actor: "ann", Act: "Erased +12025550143"},
		"much detail": {Line: a.line, Actor: "ann", Act: "x", Detail: strings.Repeat("x", 201)},
	} {
		if err := a.Record(t.Context(), e); err == nil || contains(err, "5550143") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnActIsRecordedOnce(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	e := a.entry("member.erase", noon)
	e.ID = store.NewAuditID()
	a.record(t, e, e, a.entry("subpoena", noon), e)
	if report := a.verify(t, nil); !report.Whole() || report.Entries != 2 {
		t.Errorf("report %+v", report)
	}
}

func TestManyRecordAtOnce(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 5 {
				if err := a.Record(t.Context(), a.entry("act.of_"+string(rune('a'+i)), noon)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if report := a.verify(t, nil); !report.Whole() || report.Entries != 40 {
		t.Errorf("report %+v", report)
	}
}

func TestTheLogIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	a.record(t, a.entry("x", time.Now().AddDate(-2, 0, 0)), a.entry("x", time.Now()))
	for _, statement := range []string{
		`UPDATE audit SET actor = 'bob'`,
		`UPDATE audit SET detail = detail`,
		`DELETE FROM audit`,
		`DELETE FROM audit WHERE seq = 1`,
		`TRUNCATE audit`,
		`TRUNCATE line CASCADE`,
		`INSERT INTO audit_anchor SELECT line_id, seq, at, hash, mac FROM audit WHERE seq = 2`, // not a year old
		`INSERT INTO audit_anchor SELECT line_id, 5, at, hash, mac FROM audit WHERE seq = 1`,   // no such entry
	} {
		if _, err := a.look.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("a superuser may %s", statement)
		}
	}
	if report := a.verify(t, a.head(t)); !report.Whole() || report.Entries != 2 {
		t.Errorf("report %+v", report)
	}
}

// retire is what the nightly sweep does.
func (a audited) retire(t testing.TB, cutoff time.Time) int {
	t.Helper()
	return count(t, a.look, `SELECT audit_retire($1, $2)`, a.line, cutoff)
}

func TestAYearOldEntriesRetire(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	old, now := time.Now().AddDate(-1, 0, -9), time.Now()
	if n := a.retire(t, now); n != 0 {
		t.Errorf("%d retired of none", n)
	}
	a.record(t, a.entry("a", old), a.entry("b", old), a.entry("c", old))
	early := a.head(t)
	a.record(t, a.entry("d", now), a.entry("e", now))
	if n := a.retire(t, now.Add(time.Hour)); n != 3 { // the function does not go by who calls it
		t.Errorf("%d retired, want 3", n)
	}
	report := a.verify(t, a.head(t))
	if !report.Whole() || report.Entries != 2 || report.Retired != 3 || report.Last != 5 {
		t.Errorf("report %+v", report)
	}
	if report := a.verify(t, early); !report.Whole() || !report.HeadChecked {
		t.Errorf("against a copy that ends at the anchor: %+v", report)
	}
	if n := a.retire(t, now); n != 0 {
		t.Errorf("%d retired twice", n)
	}
	for _, statement := range []string{
		`DELETE FROM audit_anchor`, `TRUNCATE audit_anchor`, `UPDATE audit_anchor SET seq = 2`, `UPDATE audit_anchor SET seq = 4`,
	} {
		if _, err := a.look.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("a superuser may %s", statement)
		}
	}

	// What goes besides, or goes too early, is missed.
	for name, statement := range map[string]string{
		"one more":           `DELETE FROM audit WHERE seq = 4`,
		"the anchor as well": `DELETE FROM audit_anchor`,
		"a forged anchor": `UPDATE audit_anchor SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4);
			DELETE FROM audit WHERE seq = 4`,
		"an anchor of a true entry that was too young": `UPDATE audit_anchor n SET seq = o.seq, at = o.at, hash = o.hash, mac = o.mac FROM audit o WHERE o.seq = 4;
			DELETE FROM audit WHERE seq = 4`,
	} {
		t.Run(name, func(t *testing.T) { a.detects(t, nil, statement) })
	}

	// An empty log goes on where it ended.
	b := newAudit(t)
	b.record(t, b.entry("a", old))
	b.retire(t, now)
	b.record(t, b.entry("b", now))
	if report := b.verify(t, b.head(t)); !report.Whole() || report.Last != 2 || report.Entries != 1 {
		t.Errorf("after all was retired: %+v", report)
	}
}

func TestKeepHead(t *testing.T) {
	t.Parallel()
	a, dir := newAudit(t), t.TempDir()
	keep := func() error { return a.KeepHead(t.Context(), a.line, dir) }
	if err := keep(); err != nil {
		t.Errorf("of an empty log: %v", err)
	}
	if _, err := store.ReadAuditHead(dir, a.line); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nothing was kept: %v", err)
	}
	old := time.Now().AddDate(-1, 0, -3)
	a.record(t, a.entry("x", old), a.entry("x", old))
	if err := keep(); err != nil {
		t.Fatal(err)
	}
	a.record(t, a.entry("x", time.Now()), a.entry("x", time.Now()))
	a.retire(t, time.Now())
	if err := keep(); err != nil {
		t.Errorf("after what was kept was retired: %v", err)
	}
	kept, err := store.ReadAuditHead(dir, a.line)
	if head := a.head(t); err != nil || kept.Seq != 4 || !bytes.Equal(kept.Hash, head.Hash) {
		t.Errorf("kept %+v, %v", kept, err)
	}
	path := filepath.Join(dir, "audit", a.line+".json")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file %v, %v", info, err)
	}

	// Who cuts the end off cannot have the copy follow.
	a.force(t, `DELETE FROM audit WHERE seq = 4`)
	for range 2 {
		if err := keep(); !errors.Is(err, store.ErrAuditHead) {
			t.Errorf("after the end was cut off: %v", err)
		}
		a.record(t, a.entry("x", time.Now()))
	}
	if again, err := store.ReadAuditHead(dir, a.line); err != nil || !bytes.Equal(again.Hash, kept.Hash) {
		t.Errorf("the copy has changed: %v", err)
	}
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.ReadAuditHead(dir, a.line); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("a damaged file: %v", err)
	}
}
