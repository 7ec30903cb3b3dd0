package store

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// directoryChannel is notified, with the line's id, by each transaction that
// changes what menus say.
const directoryChannel = "hearthline_directory"

// notifyDirectory wakes every replica when tx commits, and only then.
func notifyDirectory(ctx context.Context, tx *sqlx.Tx, line string) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_notify($1, $2)`, directoryChannel, line)
	return err
}
