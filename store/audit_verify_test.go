package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// detects does something to a copy of the log and wants it reported.
func (a audited) detects(t *testing.T, head *store.AuditHead, statement string) store.AuditReport {
	t.Helper()
	a.force(t, `CREATE TABLE IF NOT EXISTS kept (LIKE audit); CREATE TABLE IF NOT EXISTS kept_anchor (LIKE audit_anchor);
		DELETE FROM kept; DELETE FROM kept_anchor; INSERT INTO kept TABLE audit; INSERT INTO kept_anchor TABLE audit_anchor; `+statement)
	report := a.verify(t, head)
	if report.Whole() {
		t.Errorf("not reported: %s", statement)
	}
	a.force(t, `DELETE FROM audit; DELETE FROM audit_anchor; INSERT INTO audit TABLE kept; INSERT INTO audit_anchor TABLE kept_anchor`)
	return report
}

// A superuser who switches the triggers off can change the log, and is found out.
func TestVerifyFindsAnySingleChange(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	for i := range 9 {
		e := a.entry("act", noon.Add(time.Duration(i)*time.Minute))
		e.Subject, e.Detail = number(t, otherNumber), fmt.Sprintf("no. %d", i)
		a.record(t, e)
	}
	head := a.head(t)
	if report := a.verify(t, head); !report.Whole() {
		t.Fatalf("report %+v", report)
	}
	do(t, a.look, `ALTER TABLE audit DROP CONSTRAINT audit_seq_check`) // two entries change places by way of negative numbers
	for seq := 1; seq <= 9; seq++ {
		for _, change := range []string{
			`UPDATE audit SET at = at + interval '1 second' WHERE seq = $`,
			`UPDATE audit SET actor = 'bob' WHERE seq = $`,
			`UPDATE audit SET act = 'read' WHERE seq = $`,
			`UPDATE audit SET subject = NULL WHERE seq = $`,
			`UPDATE audit SET subject = decode(repeat('00', 16), 'hex') WHERE seq = $`,
			`UPDATE audit SET detail = '' WHERE seq = $`,
			`UPDATE audit SET entry_id = gen_random_uuid() WHERE seq = $`,
			`UPDATE audit SET before = decode(repeat('07', 32), 'hex') WHERE seq = $`,
			`UPDATE audit SET hash = decode(repeat('07', 32), 'hex') WHERE seq = $`,
			`UPDATE audit SET mac = decode(repeat('07', 16), 'hex') WHERE seq = $`,
			`UPDATE audit SET actor = detail, detail = actor WHERE seq = $`,
			`DELETE FROM audit WHERE seq = $`,
			// its place in the log
			`UPDATE audit SET seq = 100 WHERE seq = $`,
			// exchanged with the next, or for a copy of another
			`UPDATE audit SET seq = -seq WHERE seq IN ($, $ % 9 + 1); UPDATE audit SET seq = CASE -seq WHEN $ THEN $ % 9 + 1 ELSE $ END WHERE seq < 0`,
			`UPDATE audit a SET at = b.at, actor = b.actor, act = b.act, subject = b.subject, detail = b.detail, before = b.before, hash = b.hash, mac = b.mac
				FROM audit b WHERE a.seq = $ AND b.seq = $ % 9 + 1`,
		} {
			change = strings.ReplaceAll(change, "$", fmt.Sprint(seq))
			a.detects(t, head, change)
		}
	}
	a.detects(t, head, `INSERT INTO audit SELECT line_id, 10, gen_random_uuid(), at, actor, act, subject, detail, hash, hash, mac FROM audit WHERE seq = 9`)

	// The end shows by the copy alone; without one, the report says so.
	a.force(t, `DELETE FROM audit WHERE seq > 7`)
	if report := a.verify(t, nil); !report.Whole() || report.HeadChecked {
		t.Errorf("without a copy: %+v", report)
	}
	if report := a.verify(t, head); report.Whole() || report.Faults[0].Seq != 8 {
		t.Errorf("with a copy: %+v", report)
	}
	a.record(t, a.entry("covers.up", noon), a.entry("covers.up", noon))
	if report := a.verify(t, head); report.Whole() || report.Faults[0].Seq != 9 {
		t.Errorf("with others in their place: %+v", report)
	}
}

func TestVerifyRefusesAnothersKeys(t *testing.T) {
	t.Parallel()
	a := newAudit(t)
	a.record(t, a.entry("x", noon))
	stranger := store.NewAudit(openURL(t, a.url), storetest.Keyring(t))
	report, err := stranger.Verify(t.Context(), a.line, nil)
	if err != nil || report.Whole() {
		t.Errorf("a chain that somebody made without the keys passes: %+v, %v", report, err)
	}
}

// A hundred thousand entries are looked through in at most 30 s.
func TestVerifyOfALongLog(t *testing.T) {
	t.Parallel()
	entries := 100_000
	if slack > 1 {
		entries /= 10 // each is as many times as dear
	}
	changed, removed := entries*3/4, entries-1
	a := newAudit(t)
	if err := a.Fill(context.WithoutCancel(t.Context()), a.line, entries, noon); err != nil {
		t.Fatal(err)
	}
	head := a.head(t)
	look := func(want bool) store.AuditReport {
		start := time.Now()
		report := a.verify(t, head)
		t.Logf("%d entries in %v", report.Entries, time.Since(start))
		if took := time.Since(start); took > 30*time.Second*slack {
			t.Errorf("it took %v", took)
		}
		if report.Whole() != want {
			t.Errorf("report %+v", report)
		}
		return report
	}
	look(true)
	a.force(t, fmt.Sprintf(`UPDATE audit SET detail = detail || '.' WHERE seq = %d`, changed))
	if report := look(false); len(report.Faults) != 1 || report.Faults[0].Seq != int64(changed) {
		t.Errorf("report %+v", report)
	}
	a.force(t, fmt.Sprintf(`DELETE FROM audit WHERE seq = %d`, removed))
	look(false)
}
