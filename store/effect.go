package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

const (
	// effectLife is how long an outcome is kept for the carrier's repetition, at
	// least; an hour more at most, since its end is told to the hour.
	effectLife = 24 * time.Hour
	// outcomeSize is that of every outcome, so that its length does not tell what
	// was done.
	outcomeSize = 191
)

var errTooLong = errors.New("it is too long to be stored")

// Event names what the carrier tells us of, and the turn in it. What is done
// because of it is done once, and told the same again, for a day. An Event
// without an SID is nobody's repetition: it is done each time.
type Event struct {
	Line string
	SID  string // CallSid or MessageSid; it is not stored
	Turn int
	At   time.Time
}

// effect is one thing that an event does.
type effect struct {
	Event
	kind string
	of   string // the group's id, where it is done in several
}

// mark is the effect's id. The ids of two effects of one event do not tell that
// they are.
func (m *Members) mark(x effect) []byte {
	return m.keys.Mark("effect "+x.kind, x.SID, strconv.Itoa(x.Turn), x.of)
}

// once runs do if the effect was not done before, and keeps the outcome that it
// returns; otherwise it returns the one that was kept, perhaps with spaces after
// it. Of several at once, all but one wait.
func (m *Members) once(ctx context.Context, tx *sqlx.Tx, x effect, do func() (outcome []byte, err error)) ([]byte, error) {
	outcome, fresh, err := m.claim(ctx, tx, x)
	if err != nil || !fresh {
		return outcome, err
	}
	if outcome, err = do(); err != nil {
		return nil, err
	}
	return outcome, m.conclude(ctx, tx, x, outcome)
}

// claim reports whether the effect was not done before, and else its outcome.
// Who claims the same meanwhile waits for the transaction's end.
func (m *Members) claim(ctx context.Context, tx *sqlx.Tx, x effect) (outcome []byte, fresh bool, err error) {
	if x.SID == "" {
		return nil, true, nil
	}
	fresh, err = changed(tx.ExecContext(ctx, `
		INSERT INTO effect (line_id, effect_id, expires_at)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, x.Line, m.mark(x), effectEnd(x.At)))
	if err != nil || fresh {
		return nil, fresh, err
	}
	outcome, err = m.outcome(ctx, tx, x)
	return outcome, false, err
}

// effectEnd is when an effect of at is forgotten.
func effectEnd(at time.Time) time.Time {
	return at.UTC().Truncate(time.Hour).Add(effectLife + time.Hour)
}

// outcome returns what was kept of an effect, which stays locked.
func (m *Members) outcome(ctx context.Context, tx *sqlx.Tx, x effect) ([]byte, error) {
	id := m.mark(x)
	var sealed []byte
	if err := tx.GetContext(ctx, &sealed, `
		SELECT outcome
		FROM effect
		WHERE line_id = $1 AND effect_id = $2
		FOR UPDATE`, x.Line, id); err != nil {
		return nil, err
	}
	return m.keys.Open(effectCell(x.Line, id), sealed)
}

func (m *Members) conclude(ctx context.Context, tx *sqlx.Tx, x effect, outcome []byte) error {
	if x.SID == "" {
		return nil
	}
	id := m.mark(x)
	full, err := fill(outcome, outcomeSize)
	if err != nil {
		return err
	}
	sealed, err := m.keys.Seal(effectCell(x.Line, id), full)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE effect
		SET outcome = $3
		WHERE line_id = $1 AND effect_id = $2`, x.Line, id, sealed)
	return err
}

func effectCell(line string, id []byte) vault.Cell {
	return vault.Cell{Table: "effect", Column: "outcome", Row: line + "/" + hex.EncodeToString(id)}
}

// fill makes a JSON text as long as all of its kind, with spaces at its end. A
// size of one less than a multiple of 64 is sealed without waste.
func fill(text []byte, size int) ([]byte, error) {
	if len(text) > size {
		return nil, errTooLong
	}
	return append(bytes.Clone(text), bytes.Repeat([]byte(" "), size-len(text))...), nil
}

func filledJSON(v any, size int) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return fill(text, size)
}

// changed reports whether a statement changed a row.
func changed(r sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}
