package store

import (
	"context"

	"github.com/jmoiron/sqlx"
)

const (
	// directoryChannel is notified, with the line's id, by each transaction that
	// changes what menus say.
	directoryChannel = "hearthline_directory"
	// outboxChannel is notified, with the line's id, by each transaction that puts
	// something into the outbox.
	outboxChannel = "hearthline_outbox"
	// flowChannel is notified, with the line's id, by each transaction that changes
	// which version of its flow is heard, and by whom.
	flowChannel = "hearthline_flow"
)

// notifyDirectory wakes every replica when tx commits, and only then.
func notifyDirectory(ctx context.Context, tx *sqlx.Tx, line string) error {
	return notify(ctx, tx, directoryChannel, line)
}

// notifyOutbox wakes whoever sends when tx commits, and only then.
func notifyOutbox(ctx context.Context, tx *sqlx.Tx, line string) error {
	return notify(ctx, tx, outboxChannel, line)
}

func notify(ctx context.Context, tx *sqlx.Tx, channel, line string) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_notify($1, $2)`, channel, line)
	return err
}
