package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/hearthline/hearthline/store/vault"
)

const (
	// moveBatch is how many rows are sealed anew in one transaction: little enough
	// for a caller not to notice that theirs was locked.
	moveBatch = 500
	// moveAgain is how long rows that somebody else has locked are left alone.
	moveAgain = 200 * time.Millisecond
	// rotationLock is the advisory lock of a rotation, any number that is ours.
	rotationLock = 0x6865_6172_7468_6b73
)

// ErrRotating says that another rotation of this database's keys is running.
var ErrRotating = errors.New("another `hearthline keys rotate` is at work on this database")

// Rotation brings the rows of every line from the older keys of a keyset to the
// primary ones, while calls go on. Everything it does may be done again.
type Rotation struct {
	db   *DB
	keys *vault.Keyring
}

// NewRotation rotates to the primary keys of k, as they are at each call.
func NewRotation(db *DB, k *vault.Keyring) *Rotation { return &Rotation{db: db, keys: k} }

// Alone runs do while no other rotation of this database runs, or returns
// ErrRotating. It holds a connection past the pooler.
func (r *Rotation) Alone(ctx context.Context, do func() error) error {
	pool, err := openPool(r.db.direct)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }() // ends the session, and the lock with it
	conn, err := pool.Connx(ctx)
	if err != nil {
		return fmt.Errorf("rotate: %w", dbError(ctx, err))
	}
	defer func() { _ = conn.Close() }()
	var alone bool
	if err := conn.GetContext(ctx, &alone, `SELECT pg_try_advisory_lock($1)`, int64(rotationLock)); err != nil {
		return fmt.Errorf("rotate: %w", dbError(ctx, err))
	}
	if !alone {
		return ErrRotating
	}
	return do()
}

// Announce lets every line know all keys of the keyset, before one of them is
// promoted. A line that the keyset does not fit is an *UnknownKeysetError.
func (r *Rotation) Announce(ctx context.Context) error {
	k := r.keys.Frozen()
	err := r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		return r.eachLine(ctx, tx, k, func(line probedLine) error {
			prints := slices.Clone(line.Keysets)
			for _, f := range k.Fingerprints() {
				if !slices.Contains(prints, f) {
					prints = append(prints, f)
				}
			}
			return setKeysets(ctx, tx, line.LineID, prints)
		})
	})
	if err != nil {
		return fmt.Errorf("announce keys: %w", err)
	}
	return nil
}

// eachLine locks the lines, which waits for whoever is adding rows to them, and
// checks that the keys fit each.
func (r *Rotation) eachLine(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, do func(probedLine) error) error {
	var lines []probedLine
	if err := tx.SelectContext(ctx, &lines, `
		SELECT `+lineColumns+`, probe
		FROM line
		ORDER BY ordinal
		FOR UPDATE`); err != nil {
		return err
	}
	for _, line := range lines {
		if err := line.check(k); err != nil {
			return err
		}
		if err := do(line); err != nil {
			return err
		}
	}
	return nil
}

func setKeysets(ctx context.Context, tx *sqlx.Tx, line string, prints []string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE line
		SET keysets = $2
		WHERE line_id = $1`, line, pq.StringArray(prints))
	return err
}

// Moved is how far Move has come.
type Moved struct {
	Rows    int // brought to the primary keys, so far
	Damaged int // under an older key, and not to be opened with it; or a number or handle that two members have
}

// DamagedRowsError says that rows are under an older key and cannot be brought to
// the primary one: to drop the older key is to give them up.
type DamagedRowsError struct{ Left []Left }

// Error says where they are.
func (e *DamagedRowsError) Error() string {
	text := "rows are damaged, or clash with others, and stay under the older keys:"
	for _, l := range e.Left {
		text += fmt.Sprintf(" %d in %s,", l.Older, l.Table)
	}
	return text[:len(text)-1]
}

// Move finds members' and lines' numbers by the primary index key from now on, and
// seals anew what is sealed under an older cells key, until nothing is left. progress
// is told after each batch. Rows that another transaction has locked come last. The
// error is a *DamagedRowsError when all others are done.
func (r *Rotation) Move(ctx context.Context, progress func(Moved)) error {
	k := r.keys.Frozen()
	rows := 0
	for {
		before, damaged := rows, 0
		for _, m := range movers(k) {
			err := r.pass(ctx, m, func(done batch) {
				rows, damaged = rows+done.moved, damaged+done.damaged
				progress(Moved{Rows: rows, Damaged: damaged})
			})
			if err != nil {
				return fmt.Errorf("rotate %s: %w", m.table(), err)
			}
		}
		left, err := r.Left(ctx)
		if err != nil {
			return err
		}
		left = slices.DeleteFunc(left, func(l Left) bool { return l.Older == 0 })
		older := 0
		for _, l := range left {
			older += l.Older
		}
		switch {
		case older == 0:
			return nil
		case rows == before && older <= damaged:
			return &DamagedRowsError{Left: left}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(moveAgain):
		}
	}
}

// pass goes once through a table in the order of its key.
func (r *Rotation) pass(ctx context.Context, m mover, tell func(batch)) error {
	for after := m.first(); after != nil; {
		done, err := r.batch(ctx, m, after, moveBatch)
		if isUnique(err) {
			done, err = r.oneByOne(ctx, m, after)
		}
		if err != nil {
			return err
		}
		after = done.last
		tell(done)
	}
	return nil
}

// oneByOne is a batch in which a row clashes with another: the rest is moved.
func (r *Rotation) oneByOne(ctx context.Context, m mover, after []string) (batch, error) {
	all := batch{last: after}
	for range moveBatch {
		done, err := r.batch(ctx, m, all.last, 1)
		if isUnique(err) {
			// The row's key was read before it clashed.
			done, err = batch{last: done.last, damaged: 1}, nil
		}
		if err != nil {
			return all, err
		}
		all.moved, all.damaged, all.last = all.moved+done.moved, all.damaged+done.damaged, done.last
		if all.last == nil {
			break
		}
	}
	return all, nil
}

func (r *Rotation) batch(ctx context.Context, m mover, after []string, limit int) (batch, error) {
	var done batch
	err := r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		done, err = m.move(ctx, tx, after, limit)
		return err
	})
	return done, err
}

func isUnique(err error) bool {
	var server *pq.Error
	return errors.As(err, &server) && server.Code == pqerror.UniqueViolation
}

// Finish moves the lines' own numbers once more and lets each line know the
// primary key alone, so that a keyset from before it is refused from now on. The
// older keys may be dropped after it and one more Move.
func (r *Rotation) Finish(ctx context.Context) error {
	k := r.keys.Frozen()
	err := r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		return r.eachLine(ctx, tx, k, func(line probedLine) error {
			if err := moveLineNumbers(ctx, tx, k, line.LineID); err != nil {
				return err
			}
			if err := setKeysets(ctx, tx, line.LineID, []string{k.Fingerprint()}); err != nil {
				return err
			}
			return notifyDirectory(ctx, tx, line.LineID)
		})
	})
	if err != nil {
		return fmt.Errorf("finish the rotation: %w", err)
	}
	return nil
}

// moveLineNumbers writes the numbers anew that are not under the primary index key.
func moveLineNumbers(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, line string) error {
	var rows []struct {
		numberRow
		Number []byte
	}
	if err := tx.SelectContext(ctx, &rows, `
		SELECT line_id, number_index, number
		FROM line_number
		WHERE line_id = $1`, line); err != nil {
		return err
	}
	var numbers []vault.Number
	for _, row := range rows {
		n, err := k.OpenNumber(row.cell(), row.Number)
		if err != nil {
			return err
		}
		numbers = append(numbers, n)
	}
	return ensureNumbers(ctx, tx, k, line, numbers)
}
