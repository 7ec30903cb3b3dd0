package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/hearthline/hearthline/store/migrations"
)

// How long a replica waits for another one's migrations, in seconds between
// looks and in looks.
const (
	lockEvery = 1
	lockLooks = 600
)

// NewerDatabaseError says that a later version of the program has migrated the
// database: this one does not know its tables.
type NewerDatabaseError struct {
	Database, Program int64 // migration numbers
}

// Error says what to do about it.
func (e *NewerDatabaseError) Error() string {
	return fmt.Sprintf("the database is at migration %d and this program knows them up to %d; "+
		"run the version of hearthline that migrated it, or a later one", e.Database, e.Program)
}

// errNotOwner says that a login may not do what is pending. Where nothing is, it
// needs no more than to read which migrations were applied.
var errNotOwner = errors.New("the database is not at this program's migrations, and this login does not own its tables; " +
	"run `hearthline migrate` once with a DATABASE_URL of their owner, and `hearthline migrate --roles` if you use roles")

// Migrate brings the database to this program's schema. Replicas that start
// together take turns under an advisory lock, on the direct connection. A login
// that owns nothing can call it too: it succeeds while nothing is pending.
func (db *DB) Migrate(ctx context.Context) error { return db.migrate(ctx, migrations.Files) }

func (db *DB) migrate(ctx context.Context, files fs.FS) error {
	pool, err := openPool(db.direct)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockEvery, lockLooks))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, pool.DB.DB, files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		if pq.As(err, pqerror.InsufficientPrivilege) != nil {
			return fmt.Errorf("migrate: %w", errNotOwner)
		}
		return fmt.Errorf("migrate: %w", dbError(ctx, err))
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", dbError(ctx, err))
	}
	if current > known {
		return &NewerDatabaseError{Database: current, Program: known}
	}
	return nil
}
