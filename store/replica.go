package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// BeatEvery is how often a running program says which keyset it holds.
const BeatEvery = 10 * time.Second

const (
	// replicaLife is how long a program is taken to run after its last word.
	replicaLife = 30 * time.Second
	// replicaKept is how long its row is kept.
	replicaKept = time.Hour
)

// Replicas are the programs that serve, and which keyset each of them holds. Time
// is the database's, so that a machine whose clock is wrong is not taken for dead.
type Replicas struct{ db *DB }

// NewReplicas returns the programs on a database.
func NewReplicas(db *DB) *Replicas { return &Replicas{db: db} }

// NewReplicaID returns a random id for this run of the program.
func NewReplicaID() string { return newID() }

// Beat says that the program id serves a line with a keyset (the KeysetID of its keyring).
// It is called at the start, before the first call is answered, after each reload,
// and every [BeatEvery].
func (r *Replicas) Beat(ctx context.Context, line, id, keyset string) error {
	err := r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO replica (line_id, replica_id, keyset, seen_at)
			VALUES ($1, $2, $3, now())
			ON CONFLICT (line_id, replica_id) DO UPDATE
			SET keyset = excluded.keyset, seen_at = excluded.seen_at`, line, id, keyset); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			DELETE FROM replica
			WHERE line_id = $1
			  AND seen_at < now() - make_interval(secs => $2)`, line, replicaKept.Seconds())
		return err
	})
	if err != nil {
		return fmt.Errorf("tell of this replica: %w", err)
	}
	return nil
}

// Leave says that the program id has ended, so that nobody waits for it.
func (r *Replicas) Leave(ctx context.Context, line, id string) error {
	err := r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			DELETE FROM replica
			WHERE line_id = $1
			  AND replica_id = $2`, line, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("tell of this replica's end: %w", err)
	}
	return nil
}

// LastSeen returns how long ago a program that serves a line last said so; false when
// none has, or each has said that it ended. Of one that was stopped hard it tells for
// an hour at least.
func (r *Replicas) LastSeen(ctx context.Context, line string) (ago time.Duration, known bool, err error) {
	var seconds sql.NullFloat64
	if err := r.db.pool.GetContext(ctx, &seconds, `
		SELECT extract(epoch FROM now() - max(seen_at))::float8
		FROM replica
		WHERE line_id = $1`, line); err != nil {
		return 0, false, fmt.Errorf("when a replica was seen: %w", dbError(ctx, err))
	}
	return time.Duration(seconds.Float64 * float64(time.Second)), seconds.Valid, nil
}

// Agree returns how many programs that run hold another keyset than this one.
func (r *Replicas) Agree(ctx context.Context, line, keyset string) (waiting int, err error) {
	err = r.db.pool.GetContext(ctx, &waiting, `
		SELECT count(*)
		FROM replica
		WHERE line_id = $1
		  AND keyset <> $2
		  AND seen_at >= now() - make_interval(secs => $3)`, line, keyset, replicaLife.Seconds())
	if err != nil {
		return 0, fmt.Errorf("count replicas: %w", dbError(ctx, err))
	}
	return waiting, nil
}
