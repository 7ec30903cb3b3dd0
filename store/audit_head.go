package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"
)

// ErrAuditHead says that the log no longer holds the entry at which it ended
// when its end was last kept.
var ErrAuditHead = errors.New("the audit log does not hold the end that was kept of it: entries were removed or exchanged; run `hearthline audit verify`")

var errAuditHeadFile = errors.New("the kept end of the audit log cannot be read")

// auditHeadPath is where a line's end is kept. A line's id is a UUID of ours;
// its base name cannot lead elsewhere even if it were not.
func auditHeadPath(stateDir, line string) string {
	return filepath.Join(stateDir, "audit", filepath.Base(line)+".json")
}

// WriteAuditHead keeps the end of a line's log in the state directory, readable
// by the owner alone.
func WriteAuditHead(stateDir string, h AuditHead) error {
	data, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("keep the end of the audit log: %w", err)
	}
	if err := writeFileAtomically(auditHeadPath(stateDir, h.Line), data); err != nil {
		return fmt.Errorf("keep the end of the audit log: %w", err)
	}
	return nil
}

// ReadAuditHead returns what WriteAuditHead kept; ErrNotFound if nothing was.
func ReadAuditHead(stateDir, line string) (AuditHead, error) {
	data, err := os.ReadFile(auditHeadPath(stateDir, line))
	if errors.Is(err, fs.ErrNotExist) {
		return AuditHead{}, fmt.Errorf("read the end of the audit log: %w", ErrNotFound)
	}
	if err != nil {
		return AuditHead{}, fmt.Errorf("read the end of the audit log: %w", err)
	}
	var h AuditHead
	if err := json.Unmarshal(data, &h); err != nil || h.Line != line || h.Seq < 1 {
		return AuditHead{}, errAuditHeadFile
	}
	return h, nil
}

// KeepHead keeps the end of a line's log in the state directory. It goes on from
// the end that was kept before, and leaves that one there with ErrAuditHead when
// the log does not: else who cuts entries off would only have to wait. An empty
// log of which nothing was kept is no error.
func (a *Audit) KeepHead(ctx context.Context, line, stateDir string) error {
	kept, err := ReadAuditHead(stateDir, line)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	first := err != nil
	if !first {
		if err := a.holds(ctx, kept); err != nil {
			return err
		}
	}
	head, err := a.Head(ctx, line)
	if errors.Is(err, ErrNotFound) && first {
		return nil
	}
	if err != nil {
		return err
	}
	return WriteAuditHead(stateDir, head)
}

// holds looks for a kept end in the log, where it may have been retired since.
func (a *Audit) holds(ctx context.Context, kept AuditHead) error {
	var hashes [][]byte
	err := a.db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &hashes, `
			SELECT hash FROM audit WHERE line_id = $1 AND seq = $2
			UNION ALL
			SELECT CASE WHEN seq = $2 THEN hash ELSE $3::bytea END FROM audit_anchor WHERE line_id = $1 AND seq >= $2`,
			kept.Line, kept.Seq, kept.Hash)
	})
	if err != nil {
		return fmt.Errorf("keep the end of the audit log: %w", err)
	}
	if len(hashes) != 1 || !bytes.Equal(hashes[0], kept.Hash) {
		return fmt.Errorf("keep the end of the audit log: %w", ErrAuditHead)
	}
	return nil
}
