package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// MessageUndo is how long a message can be taken back.
	MessageUndo = time.Minute
	// MessageLife is how long it goes on to those who can be reached at some hours
	// only, in hours of theirs.
	MessageLife = 48 * time.Hour
	// SpokenLife is how long what was spoken for a group can be heard by its members.
	SpokenLife = 7 * 24 * time.Hour
)

// MessageState is how far a message is.
type MessageState string

// The states of a message.
const (
	MessageWaits     MessageState = "waiting" // and can be taken back
	MessageTakenBack MessageState = "taken back"
	MessageSent      MessageState = "sent" // to the outbox, which sees to the rest
)

// Said is what a message says: words by language, or what was spoken in one. "" is
// never a language of it.
type Said struct {
	Words flows.Words `json:"words,omitempty"`
	// Spoken is the id of a [Voicemail] that the staff have left, "" for none.
	Spoken string `json:"spoken,omitempty"`
}

// Message is what staff say to everybody in a group.
type Message struct {
	ID, Group  string
	Said       Said
	State      MessageState
	GoesAt     time.Time
	Recipients int // once it is sent
}

// Messages are those of a line. Its methods are safe for concurrent use.
type Messages struct {
	db    *DB
	keys  *vault.Keyring
	audit *Audit
}

// NewMessages keeps messages in db, under keys.
func NewMessages(db *DB, keys *vault.Keyring) *Messages {
	return &Messages{db: db, keys: keys, audit: NewAudit(db, keys)}
}

var errNothingSaid = errors.New("a message says something")

// Write has a message go to everybody in a group a minute after by.At. A form that
// is sent twice is one message. code is the group's, for the audit log.
func (m *Messages) Write(ctx context.Context, line string, by By, group, code string, said Said) (Message, error) {
	if len(said.Words) == 0 && said.Spoken == "" {
		return Message{}, errNothingSaid
	}
	by = by.on(group)
	one := Message{ID: by.id(line, messageSend), Group: group, Said: said, State: MessageWaits, GoesAt: by.At.Add(MessageUndo).UTC()}
	if one.ID == "" {
		one.ID = newID()
	}
	text, err := json.Marshal(said)
	if err != nil {
		return Message{}, err
	}
	sealed, err := m.keys.Seal(messageCell(line, one.ID), text)
	if err != nil {
		return Message{}, err
	}
	err = m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO message (line_id, message_id, group_id, words, state, goes_at, recipients)
			VALUES ($1, $2, $3, $4, $5, $6, 0)
			ON CONFLICT DO NOTHING`, line, one.ID, group, sealed, string(one.State), one.GoesAt); err != nil {
			return err
		}
		return m.audit.add(ctx, tx, by.entry(line, messageSend, "group "+code))
	})
	if err != nil {
		return Message{}, fmt.Errorf("write to a group: %w", err)
	}
	return one, nil
}

// The acts of messages in the audit log.
const (
	messageSend     = "message.send"
	messageTakeBack = "message.take_back"
)

// TakeBack keeps a message from going, and reports whether it was in time.
func (m *Messages) TakeBack(ctx context.Context, line string, by By, id, code string) (intime bool, err error) {
	by = by.on(id)
	err = m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		intime = false
		var is MessageState
		if err := tx.GetContext(ctx, &is, `
			SELECT state
			FROM message
			WHERE line_id = $1 AND message_id::text = $2
			FOR UPDATE`, line, id); err != nil {
			return dbError(ctx, err)
		}
		if intime = is != MessageSent; is != MessageWaits {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE message
			SET state = $3
			WHERE line_id = $1 AND message_id = $2`, line, id, string(MessageTakenBack)); err != nil {
			return err
		}
		return m.audit.add(ctx, tx, by.entry(line, messageTakeBack, "group "+code))
	})
	if err != nil {
		return false, fmt.Errorf("take a message back: %w", err)
	}
	return intime, nil
}

type messageRow struct {
	MessageID, GroupID string
	Words              []byte
	State              MessageState
	GoesAt             time.Time
	Recipients         int
}

const messageColumns = `message_id, group_id, words, state, goes_at, recipients`

func (m *Messages) open(line string, r messageRow) (Message, error) {
	one := Message{ID: r.MessageID, Group: r.GroupID, State: r.State, GoesAt: r.GoesAt, Recipients: r.Recipients}
	var err error
	one.Said, err = openSaid(m.keys, line, r.MessageID, r.Words)
	return one, err
}

func openSaid(k *vault.Keyring, line, id string, sealed []byte) (said Said, err error) {
	text, err := k.Open(messageCell(line, id), sealed)
	if err != nil {
		return Said{}, err
	}
	return said, json.Unmarshal(text, &said)
}

func messageCell(line, id string) vault.Cell {
	return vault.Cell{Table: "message", Column: "words", Row: line + "/" + id}
}

// Message returns one of a line's messages, or ErrNotFound.
func (m *Messages) Message(ctx context.Context, line, id string) (Message, error) {
	var r messageRow
	if err := m.db.pool.GetContext(ctx, &r, `
		SELECT `+messageColumns+`
		FROM message
		WHERE line_id = $1 AND message_id::text = $2`, line, id); err != nil {
		return Message{}, fmt.Errorf("a message: %w", dbError(ctx, err))
	}
	return m.open(line, r)
}

// mostMessages is how many messages are listed, the newest.
const mostMessages = 100

// List returns the newest messages to some groups, by id, the newest first.
func (m *Messages) List(ctx context.Context, line string, groups []string) ([]Message, error) {
	var rows []messageRow
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT `+messageColumns+`
		FROM message
		WHERE line_id = $1 AND group_id::text = ANY($2)
		ORDER BY goes_at DESC, message_id
		LIMIT $3`, line, pq.StringArray(groups), mostMessages); err != nil {
		return nil, fmt.Errorf("messages: %w", dbError(ctx, err))
	}
	all := make([]Message, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = m.open(line, r); err != nil {
			return nil, fmt.Errorf("messages: %w", err)
		}
	}
	return all, nil
}
