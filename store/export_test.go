package store

import (
	"context"
	"io/fs"
)

// MigrateFrom migrates as a program with other migrations would.
func (db *DB) MigrateFrom(ctx context.Context, files fs.FS) error { return db.migrate(ctx, files) }

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
