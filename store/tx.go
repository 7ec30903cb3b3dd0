package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

var (
	// ErrNotFound says that there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrUnreachable says that Postgres does not answer at the moment.
	ErrUnreachable = errors.New("the database (Postgres) cannot be reached")
)

// inTx runs fn in a transaction of its own and commits it if fn returns nil.
// When the error comes from the commit itself, whether the transaction took
// effect is unknown; it never took effect twice. When Postgres ends it in favour of
// another one, it runs fn once more: fn starts from nothing each time.
func (db *DB) inTx(ctx context.Context, fn func(tx *sqlx.Tx) error) error {
	err := db.within(ctx, nil, fn)
	if gaveWay(err) {
		err = db.within(ctx, nil, fn)
	}
	return err
}

// lockWait is how long a transaction of the outbox's waits for somebody else's lock:
// what it holds itself, others wait for, and it is tried again. It is said in each,
// since a pooler in transaction mode passes no settings of a connection on.
const lockWait = `SET LOCAL lock_timeout = '2s'`

// inBrief is inTx for a transaction that waits for no lock longer than 2 s (SQLSTATE
// 55P03).
func (db *DB) inBrief(ctx context.Context, fn func(tx *sqlx.Tx) error) error {
	return db.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, lockWait); err != nil {
			return err
		}
		return fn(tx)
	})
}

// gaveWay reports whether a transaction was undone because of another one.
func gaveWay(err error) bool {
	var server *pq.Error
	return errors.As(err, &server) && (server.Code == pqerror.TRDeadlockDetected || server.Code == pqerror.TRSerializationFailure)
}

// inSnapshot runs fn's reads against one state of the database.
func (db *DB) inSnapshot(ctx context.Context, fn func(tx *sqlx.Tx) error) error {
	return db.within(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, fn)
}

func (db *DB) within(ctx context.Context, o *sql.TxOptions, fn func(tx *sqlx.Tx) error) error {
	tx, err := db.pool.BeginTxx(ctx, o)
	if err != nil {
		return dbError(ctx, fmt.Errorf("begin: %w", err))
	}
	// After a commit this does nothing; it also serves a panic in fn.
	defer func() { _ = tx.Rollback() }()
	if err := setScope(ctx, tx); err != nil {
		return dbError(ctx, err)
	}
	if err := fn(tx); err != nil {
		return dbError(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return dbError(ctx, fmt.Errorf("commit: %w", err))
	}
	return nil
}

// dbError is the one place where the driver's errors become ours: no rows is
// ErrNotFound; a statement that was cancelled (SQLSTATE 57014), which lib/pq
// reports as a server's error, is the context's error; a connection that is not
// there or closes is ErrUnreachable; and what the server says is cut down to its code and the constraint's name, since its text may
// repeat a value.
func dbError(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var server *pq.Error
	isServer := errors.As(err, &server)
	if isServer && server.Code != pqerror.QueryCanceled {
		return &refusal{server}
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("database: %w", ctx.Err())
	case isServer: // the server's own statement_timeout
		return fmt.Errorf("database: %w", context.DeadlineExceeded)
	case errors.As(err, new(*net.OpError)), errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return err
}

// refusal is an error of the server that is safe to print.
type refusal struct{ server *pq.Error }

func (r *refusal) Error() string {
	text := fmt.Sprintf("Postgres refused: %s (SQLSTATE %s)", r.server.Code.Name(), r.server.Code)
	if r.server.Constraint != "" {
		text += ", constraint " + r.server.Constraint
	}
	return text
}

func (r *refusal) Unwrap() error { return r.server }
