package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// maxAuditFaults bounds a report: after a gap or a forgery, every later entry
// may be at fault.
const maxAuditFaults = 20

// AuditFault is something wrong at one place of the log.
type AuditFault struct {
	Seq  int64 // number of the entry
	What string
}

// AuditReport says what a look at the whole log found.
type AuditReport struct {
	Entries int
	// Retired is the number of the last entry that was removed after its year; 0
	// when none was.
	Retired int64
	// Last is the number of the newest entry, 0 when there is none.
	Last int64
	// HeadChecked says that the end of the log was held against a copy. Without
	// one, entries cut off the end are not missed.
	HeadChecked bool
	// Faults are the first twenty, in order.
	Faults []AuditFault
}

// Whole reports whether nothing is wrong.
func (r AuditReport) Whole() bool { return len(r.Faults) == 0 }

// AuditHead is where the log of a line ended at some time. Kept outside the
// database, it shows when entries are cut off the end.
type AuditHead struct {
	Line string
	Seq  int64
	Hash []byte
}

// Head returns the end of a line's log; ErrNotFound while it is empty.
func (a *Audit) Head(ctx context.Context, line string) (AuditHead, error) {
	head := AuditHead{Line: line}
	err := a.db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var err error
		head.Seq, head.Hash, err = auditEnd(ctx, tx, line)
		if err == nil && head.Seq == 0 {
			return ErrNotFound
		}
		return err
	})
	if err != nil {
		return AuditHead{}, fmt.Errorf("head of the audit log: %w", err)
	}
	return head, nil
}

// Verify reads a line's whole log and reports every entry that was changed,
// added, moved or removed since it was recorded, but for those that were retired
// after a year. head is a copy of the end kept elsewhere, nil for none.
func (a *Audit) Verify(ctx context.Context, line string, head *AuditHead) (AuditReport, error) {
	c := auditChecker{audit: a, head: head, before: make([]byte, sha256.Size)}
	err := a.db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		if err := c.begin(ctx, tx, line); err != nil {
			return err
		}
		rows, err := tx.QueryxContext(ctx, `
			SELECT `+auditColumns+`
			FROM audit
			WHERE line_id = $1
			ORDER BY seq`, line)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r auditRow
			if err := rows.StructScan(&r); err != nil {
				return err
			}
			c.check(r)
		}
		return rows.Err()
	})
	if err != nil {
		return AuditReport{}, fmt.Errorf("verify the audit log: %w", err)
	}
	c.end()
	return c.report, nil
}

// auditChecker follows the chain from its beginning.
type auditChecker struct {
	audit  *Audit
	head   *AuditHead
	before []byte // hash of the last entry; nil when that is not known
	report AuditReport
}

func (c *auditChecker) fault(seq int64, what string) {
	if len(c.report.Faults) < maxAuditFaults {
		c.report.Faults = append(c.report.Faults, AuditFault{Seq: seq, What: what})
	}
}

// begin starts at the anchor, if there is one.
func (c *auditChecker) begin(ctx context.Context, tx *sqlx.Tx, line string) error {
	anchor := auditRow{}
	err := tx.GetContext(ctx, &anchor, `
		SELECT line_id, seq, at, hash, mac
		FROM audit_anchor
		WHERE line_id = $1`, line)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	c.report.Retired, c.report.Last, c.before = anchor.Seq, anchor.Seq, anchor.Hash
	if !c.audit.proves(anchor) {
		c.fault(anchor.Seq, "the entries up to here were not removed by this program")
	}
	if anchor.At.After(c.audit.now().AddDate(-1, 0, 0).Add(auditSkew)) {
		c.fault(anchor.Seq, "the entries up to here were removed before their year was over")
	}
	c.compareHead(anchor)
	return nil
}

// auditSkew is how far this clock and the server's, by which entries are
// retired, may differ; it also covers a leap day.
const auditSkew = 48 * time.Hour

func (c *auditChecker) check(r auditRow) {
	next := c.report.Last + 1
	c.report.Entries++
	c.report.Last = r.Seq
	if r.Seq != next {
		c.fault(next, "entries are missing from here")
		c.before = nil
	}
	switch {
	case !bytes.Equal(r.Hash, r.digest()):
		c.fault(r.Seq, "the entry was changed")
	case !c.audit.proves(r):
		c.fault(r.Seq, "the entry was not written by this program, or under other keys")
	case c.before != nil && !bytes.Equal(r.Before, c.before):
		c.fault(r.Seq, "the entry does not follow the one before it")
	}
	c.before = r.Hash
	c.compareHead(r)
}

// compareHead holds an entry against the copy of the end, if it is that one.
func (c *auditChecker) compareHead(r auditRow) {
	if c.head == nil || c.head.Seq != r.Seq {
		return
	}
	c.report.HeadChecked = true
	if c.head.Line != r.LineID || !bytes.Equal(c.head.Hash, r.Hash) {
		c.fault(r.Seq, "the entry is another one than the kept copy of the log's end says")
	}
}

// end says what is missing after the last entry. A copy from before the anchor
// tells nothing any more.
func (c *auditChecker) end() {
	if c.head != nil && c.head.Seq > c.report.Last {
		c.report.HeadChecked = true
		c.fault(c.report.Last+1, "entries are missing from the end, by the kept copy of it")
	}
}
