package store

import (
	"context"
	"fmt"
	"time"
)

// unlockWithin bounds the good-bye to a session that held a lock.
const unlockWithin = 5 * time.Second

// Alone runs do while no other replica runs the work of that name, and returns
// its error; ran is false when another one is at it. The lock is a session's, on
// a direct connection of its own, so that no transaction stays open meanwhile.
// When that connection is lost, so is the lock: the work must bear being done by
// two at once, if rarely.
func (db *DB) Alone(ctx context.Context, work string, do func(context.Context) error) (ran bool, err error) {
	pool, err := openPool(db.direct)
	if err != nil {
		return false, err
	}
	defer func() { _ = pool.Close() }()
	session, err := pool.Conn(ctx)
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", work, dbError(ctx, err))
	}
	defer func() { _ = session.Close() }()
	if err := session.QueryRowContext(ctx, `
		SELECT pg_try_advisory_lock(hashtextextended($1, 0))`, "hearthline "+work).Scan(&ran); err != nil {
		return false, fmt.Errorf("lock %s: %w", work, dbError(ctx, err))
	}
	if !ran {
		return false, nil
	}
	defer func() {
		// The session ends all the same, but the server may take a moment to see
		// that.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockWithin)
		defer cancel()
		_, _ = session.ExecContext(ctx, `SELECT pg_advisory_unlock_all()`)
	}()
	return true, do(ctx)
}
