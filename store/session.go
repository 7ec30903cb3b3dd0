package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

const (
	// wakeGrain and goneGrain are how exactly the times of a session are kept in
	// clear.
	wakeGrain = 100 * time.Millisecond
	goneGrain = time.Minute
	// stateLeast is what states are filled up to, in bytes; those that are longer, to
	// the least of its doubles. A circle's fits into the first: the length does not tell
	// how many are in a room.
	stateLeast = 8 << 10
)

var errNeverGone = errors.New("it does not say when the session is gone")

// Sessions keeps live sessions, each as one sealed piece of which it knows nothing.
// Its methods are safe for concurrent use, by several replicas too.
type Sessions struct {
	db    *DB
	keys  *vault.Keyring
	audit *Audit
}

// NewSessions keeps sessions sealed under keys.
func NewSessions(db *DB, keys *vault.Keyring) *Sessions {
	return &Sessions{db: db, keys: keys, audit: NewAudit(db, keys)}
}

// SessionID says which session is meant.
type SessionID struct {
	Line string
	Mark []byte // of the room's name, which it does not tell
}

// ID is the session of a room, by its name at the carrier.
func (s *Sessions) ID(line, room string) SessionID {
	return SessionID{Line: line, Mark: s.keys.Mark("session", line, room)}
}

// SessionChange is what becomes of a session.
type SessionChange struct {
	// State is the session from now on; nil leaves everything as it is, and writes
	// none of the rest.
	State []byte
	// Wake is when it has something to do next, zero for never. It is kept rounded
	// up to 100 ms, so that who comes then finds it to do.
	Wake time.Time
	// Gone is when nothing is kept of it any more, to the minute before.
	Gone time.Time
	// Attended, if set, counts it: it has just ended.
	Attended *Attended
	// Audit is what staff did with it.
	Audit []AuditEntry
}

// Change gives change the state of a session, nil if there is none, and keeps what
// it returns, while nobody else changes the same session. change may be called more
// than once, from the state that is kept each time: it changes nothing itself, and
// asks the database for nothing. When the error comes from the commit, whether the
// change took effect is unknown.
func (s *Sessions) Change(ctx context.Context, id SessionID, change func(state []byte) (SessionChange, error)) error {
	err := s.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		for {
			kept, err := s.lock(ctx, tx, id)
			if err != nil {
				return err
			}
			next, err := change(kept)
			if err != nil || next.State == nil {
				return err
			}
			put, err := s.put(ctx, tx, id, kept != nil, next)
			if err != nil {
				return err
			}
			if put {
				if next.Attended != nil {
					if err := addAttended(ctx, tx, *next.Attended); err != nil {
						return err
					}
				}
				return s.enter(ctx, tx, next.Audit)
			}
			// Somebody else has begun the session meanwhile.
		}
	})
	if err != nil {
		return fmt.Errorf("change session: %w", err)
	}
	return nil
}

// lock returns a session's state, which stays locked; nil if there is none.
func (s *Sessions) lock(ctx context.Context, tx *sqlx.Tx, id SessionID) ([]byte, error) {
	var sealed []byte
	err := tx.GetContext(ctx, &sealed, `
		SELECT state
		FROM keys.session
		WHERE line_id = $1 AND mark = $2
		FOR UPDATE`, id.Line, id.Mark)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.open(id, sealed)
}

// put writes a state over the one that is there, or as the first; false says that
// there is one by now.
func (s *Sessions) put(ctx context.Context, tx *sqlx.Tx, id SessionID, there bool, next SessionChange) (bool, error) {
	if next.Gone.IsZero() {
		return false, errNeverGone
	}
	sealed, err := s.keys.Seal(sessionCell(id), fillState(next.State))
	if err != nil {
		return false, err
	}
	statement := `
		INSERT INTO keys.session (line_id, mark, state, wake_at, gone_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`
	if there {
		statement = `
		UPDATE keys.session
		SET state = $3, wake_at = $4, gone_at = $5
		WHERE line_id = $1 AND mark = $2`
	}
	return changed(tx.ExecContext(ctx, statement, id.Line, id.Mark, sealed, wakeAt(next.Wake), next.Gone.UTC().Truncate(goneGrain)))
}

// enter adds to the audit log, of which there is one for all rooms: last of all, so
// that the others wait for a commit and no more.
func (s *Sessions) enter(ctx context.Context, tx *sqlx.Tx, acts []AuditEntry) error {
	for _, e := range acts {
		if err := s.audit.add(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func wakeAt(wake time.Time) *time.Time {
	if wake.IsZero() {
		return nil
	}
	at := wake.UTC().Add(wakeGrain - 1).Truncate(wakeGrain)
	return &at
}

// Read returns a session's state, nil if there is none.
func (s *Sessions) Read(ctx context.Context, id SessionID) ([]byte, error) {
	var sealed []byte
	err := s.db.pool.GetContext(ctx, &sealed, `
		SELECT state
		FROM keys.session
		WHERE line_id = $1 AND mark = $2`, id.Line, id.Mark)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var state []byte
	if err == nil {
		state, err = s.open(id, sealed)
	}
	if err != nil {
		return nil, fmt.Errorf("read session: %w", dbError(ctx, err))
	}
	return state, nil
}

func (s *Sessions) open(id SessionID, sealed []byte) ([]byte, error) {
	full, err := s.keys.Open(sessionCell(id), sealed)
	if err != nil {
		return nil, err
	}
	return unfillState(full)
}

// sessionCell is where a session's state is sealed.
func sessionCell(id SessionID) vault.Cell {
	return vault.Cell{Table: "keys.session", Column: "state", Row: id.Line + "/" + hex.EncodeToString(id.Mark)}
}

// fillState makes a state as long as others, with a one bit and zeros after it
// (ISO/IEC 7816-4, clause 5): one byte less than [stateLeast] or a double of it, to
// which sealing adds that byte.
func fillState(state []byte) []byte {
	length := stateLeast
	for length < len(state)+2 {
		length *= 2
	}
	full := make([]byte, length-1)
	copy(full, state)
	full[len(state)] = 0x80
	return full
}

// unfillState undoes fillState, in place.
func unfillState(full []byte) ([]byte, error) {
	end := len(full) - 1
	for end >= 0 && full[end] == 0 {
		end--
	}
	if end < 0 || full[end] != 0x80 {
		return nil, vault.ErrNotOpened
	}
	return full[:end], nil
}
