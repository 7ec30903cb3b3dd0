package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

const (
	// dialogueLife is how long a question stays open.
	dialogueLife = 24 * time.Hour
	// repeatLife is how long the answer to a closed one is kept for the
	// carrier's repetition, which comes within seconds.
	repeatLife = 2 * time.Minute
)

// Text is a text that came in. Caller is the index of its sender's number,
// Message an HMAC of the carrier's id for it: neither is of use without keys.
type Text struct {
	Line    string
	Caller  []byte
	Older   [][]byte // indexes of the same number under keys that are being replaced
	Message []byte
	At      time.Time
}

// Answer is what a text is answered with. State is nil when no question is
// open after it.
type Answer struct {
	Reply string
	State []byte
	// Forget says that nothing about the sender may stay: the reply is kept for
	// the carrier's repetition by the message alone.
	Forget bool
}

// Dialogues keep the open questions of those who text.
type Dialogues struct {
	db   *DB
	keys *vault.Keyring
	// answering holds a value for each text that is being answered. An answer
	// may need a connection beside its own, so not every one may be an answer's.
	answering chan struct{}
}

// NewDialogues keeps them sealed under keys.
func NewDialogues(db *DB, keys *vault.Keyring) *Dialogues {
	return &Dialogues{db: db, keys: keys, answering: make(chan struct{}, maxOpenConnections/2)}
}

type dialogueRow struct {
	Caller                     []byte
	Message, Reply             []byte
	BeforeMessage, BeforeReply []byte
	State                      []byte
}

// reply is the sealed reply that a message got, nil for one that is new.
func (r dialogueRow) reply(message []byte) []byte {
	switch {
	case subtle.ConstantTimeCompare(r.Message, message) == 1:
		return r.Reply
	case subtle.ConstantTimeCompare(r.BeforeMessage, message) == 1:
		return r.BeforeReply
	}
	return nil
}

// Answer answers a text once. answer gets the state of the question that is
// open, nil if there is none, and may be called more than once; a text that
// comes again, also at the same moment, gets the reply that it got before. A
// text that finds no question open and opens none leaves no row.
func (d *Dialogues) Answer(ctx context.Context, t Text, answer func(state []byte) Answer) (string, error) {
	select {
	case d.answering <- struct{}{}:
		defer func() { <-d.answering }()
	case <-ctx.Done():
		return "", fmt.Errorf("answer text: %w", ctx.Err())
	}
	var reply string
	err := d.db.inTx(ctx, func(tx *sqlx.Tx) error {
		row, found, err := d.find(ctx, tx, t)
		if err != nil {
			return err
		}
		if sealed := row.reply(t.Message); found && sealed != nil {
			text, err := d.keys.Open(dialogueCell(t.Line, row.Caller, "reply"), sealed)
			reply = string(text)
			return err
		}
		if !found {
			var again bool
			if reply, again, err = d.forgotten(ctx, tx, t); again || err != nil {
				return err
			}
		}
		var open []byte
		if found && row.State != nil {
			if open, err = d.keys.Open(dialogueCell(t.Line, row.Caller, "state"), row.State); err != nil {
				return err
			}
		}
		a := answer(open)
		reply = a.Reply
		if a.Forget {
			return d.forget(ctx, tx, t, a)
		}
		if !found && a.State == nil {
			return nil
		}
		return d.keep(ctx, tx, t, a)
	})
	if err != nil {
		return "", fmt.Errorf("answer text: %w", err)
	}
	return reply, nil
}

func (d *Dialogues) find(ctx context.Context, tx *sqlx.Tx, t Text) (dialogueRow, bool, error) {
	var row dialogueRow
	err := tx.GetContext(ctx, &row, `
		SELECT caller, message, reply, before_message, before_reply, state
		FROM dialogue
		WHERE line_id = $1 AND caller = ANY($2) AND expires_at > $3
		ORDER BY expires_at DESC
		LIMIT 1
		FOR UPDATE`, t.Line, t.indexes(), t.At)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	return row, err == nil, err
}

func (d *Dialogues) keep(ctx context.Context, tx *sqlx.Tx, t Text, a Answer) error {
	if len(t.Older) > 0 {
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM dialogue
			WHERE line_id = $1 AND caller = ANY($2)`, t.Line, pq.ByteaArray(t.Older)); err != nil {
			return err
		}
	}
	reply, err := d.keys.Seal(dialogueCell(t.Line, t.Caller, "reply"), []byte(a.Reply))
	if err != nil {
		return err
	}
	var state []byte
	life := repeatLife
	if a.State != nil {
		life = dialogueLife
		if state, err = d.keys.Seal(dialogueCell(t.Line, t.Caller, "state"), a.State); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO dialogue (line_id, caller, message, reply, state, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (line_id, caller) DO UPDATE
		SET message = excluded.message, reply = excluded.reply,
			before_message = dialogue.message, before_reply = dialogue.reply, state = excluded.state, expires_at = excluded.expires_at`,
		t.Line, t.Caller, t.Message, reply, state, t.At.Add(life))
	return err
}

// forget leaves no row of the sender's, and the reply under an id that is made
// of the message alone.
func (d *Dialogues) forget(ctx context.Context, tx *sqlx.Tx, t Text, a Answer) error {
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM dialogue
		WHERE line_id = $1
		  AND caller = ANY($2)`, t.Line, t.indexes()); err != nil {
		return err
	}
	id := d.forgottenID(t)
	sealed, err := d.keys.Seal(effectCell(t.Line, id), []byte(a.Reply))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO effect (line_id, effect_id, outcome, expires_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, t.Line, id, sealed, effectEnd(t.At))
	return err
}

// forgotten is the reply to a message whose sender was forgotten for it.
func (d *Dialogues) forgotten(ctx context.Context, tx *sqlx.Tx, t Text) (reply string, again bool, err error) {
	var sealed []byte
	id := d.forgottenID(t)
	err = tx.GetContext(ctx, &sealed, `
		SELECT outcome
		FROM effect
		WHERE line_id = $1
		  AND effect_id = $2`, t.Line, id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	text, err := d.keys.Open(effectCell(t.Line, id), sealed)
	return string(text), true, err
}

func (d *Dialogues) forgottenID(t Text) []byte { return d.keys.Mark("effect text", string(t.Message)) }

// indexes are all of the sender's.
func (t Text) indexes() pq.ByteaArray { return append(pq.ByteaArray{t.Caller}, t.Older...) }

// dialogueCell binds what is sealed to its row and column.
func dialogueCell(line string, caller []byte, column string) vault.Cell {
	return vault.Cell{Table: "dialogue", Column: column, Row: line + "/" + hex.EncodeToString(caller)}
}
