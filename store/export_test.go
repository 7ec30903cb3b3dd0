package store

import (
	"context"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"
)

// MigrateFrom migrates as a program with other migrations would.
func (db *DB) MigrateFrom(ctx context.Context, files fs.FS) error { return db.migrate(ctx, files) }

// FindPgDump is where BackupKeys finds its program.
func FindPgDump() (string, error) { return findPgDump() }

// Sleep keeps a statement busy on the server.
func (db *DB) Sleep(ctx context.Context, seconds int) error {
	_, err := db.pool.ExecContext(ctx, `SELECT pg_sleep($1)`, seconds)
	return dbError(ctx, err)
}

// BareCount is AddCounts without a transaction.
func (db *DB) BareCount(ctx context.Context, line, day string) error {
	_, err := db.pool.ExecContext(ctx, `
		INSERT INTO daily_count AS c (line_id, day, name, count)
		VALUES ($1, $2, 'code_wrong', 1)
		ON CONFLICT (line_id, day, name) DO UPDATE
		SET count = c.count + 1`, line, day)
	return err
}

// Sealed is a table with columns that a rotation seals anew.
type Sealed struct{ Key, Columns []string }

// SealedColumns are all of them, by table; keys as "column type".
func SealedColumns() map[string]Sealed {
	all := map[string]Sealed{}
	for _, t := range sealedTables {
		s := Sealed{Columns: t.columns}
		for _, p := range t.key {
			s.Key = append(s.Key, p.column+" "+p.kind())
		}
		all[t.name] = s
	}
	return all
}

// Fill records entries as fast as one transaction takes them.
func (a *Audit) Fill(ctx context.Context, line string, entries int, at time.Time) error {
	return a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		seq, before, err := auditEnd(ctx, tx, line)
		if err != nil {
			return err
		}
		insert, err := tx.PreparexContext(ctx, `COPY audit (`+auditColumns+`) FROM STDIN`)
		if err != nil {
			return err
		}
		for range entries {
			seq++
			r := a.row(AuditEntry{Line: line, ID: newID(), Actor: "ann", Act: "member.list", Detail: "page 1", At: at}, seq, before)
			if _, err := insert.ExecContext(ctx, r.LineID, r.EntryID, r.Seq, r.At, r.Actor, r.Act, nil, r.Detail, r.Before, r.Hash, r.MAC); err != nil {
				return err
			}
			before = r.Hash
		}
		if _, err := insert.ExecContext(ctx); err != nil {
			return err
		}
		return insert.Close()
	})
}

// Kept are the tables without a rule of retention.
var Kept = kept
