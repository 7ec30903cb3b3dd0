package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// VoicemailPurpose is what something was spoken for.
type VoicemailPurpose string

// The purposes of what is spoken for us.
const (
	LeftForStaff   VoicemailPurpose = "left"   // by a caller, for those who run the line
	SpokenForGroup VoicemailPurpose = "spoken" // by staff, for a group
	SpokenPrompt   VoicemailPurpose = "script" // by staff, as a prompt of the line
)

// VoicemailState is where what was spoken is.
type VoicemailState string

// The states of what was spoken.
const (
	VoicemailComing VoicemailState = "coming" // at the carrier alone
	VoicemailHere   VoicemailState = "here"
	VoicemailLost   VoicemailState = "lost" // it could not be had in time
	// VoicemailErased is one of which nothing is left but that it was: the carrier may
	// have it still, or tell of it once more.
	VoicemailErased VoicemailState = "erased"
)

// Voicemail is what was spoken for us: each piece sealed under a key of its own, which
// goes with it. Its methods are safe for concurrent use.
type Voicemail struct {
	db    *DB
	keys  *vault.Keyring
	audit *Audit
}

// NewVoicemail keeps what is spoken in db, under keys.
func NewVoicemail(db *DB, keys *vault.Keyring) *Voicemail {
	return &Voicemail{db: db, keys: keys, audit: NewAudit(db, keys)}
}

// LeftVoice is what the carrier tells of something that it has recorded.
type LeftVoice struct {
	Line    string
	SID     string // the carrier's id of the recording
	Purpose VoicemailPurpose
	Group   string // its id, of one for a group
	Lang    string
	Seconds int
	// Number is who may be rung back, zero for nobody.
	Number vault.Number
	At     time.Time
}

// ID is what one is called by us: the carrier's id alone gives it.
func (v *Voicemail) ID(line, sid string) string {
	b := v.keys.Mark("voicemail", line, sid)
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// Left keeps that something was recorded: it is to be fetched, and the carrier to
// forget it. To be told of one again changes nothing, but for a number that was not
// told before. One that was erased meanwhile does not come back: the carrier is to
// forget it at once.
func (v *Voicemail) Left(ctx context.Context, l LeftVoice) error {
	id := v.ID(l.Line, l.SID)
	err := v.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		if err := v.insert(ctx, tx, id, l); err != nil {
			return err
		}
		if l.Number.IsZero() {
			return nil
		}
		if gone, err := v.erased(ctx, tx, l.Line, id); err != nil || gone {
			return err
		}
		key, err := v.key(ctx, tx, l.Line, id)
		if err != nil {
			return err
		}
		number, err := key.SealNumber(voicemailCell("voicemail", "number", l.Line, id), l.Number)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE voicemail
			SET number = $3
			WHERE line_id = $1 AND voicemail_id = $2 AND number IS NULL`, l.Line, id, number)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep that a message was left: %w", err)
	}
	return nil
}

func (v *Voicemail) insert(ctx context.Context, tx *sqlx.Tx, id string, l LeftVoice) error {
	recording, err := v.keys.Seal(voicemailCell("voicemail", "recording", l.Line, id), []byte(l.SID))
	if err != nil {
		return err
	}
	r, err := tx.ExecContext(ctx, `
		INSERT INTO voicemail (line_id, voicemail_id, purpose, group_id, lang, came_at, seconds, state, recording, try_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (line_id, voicemail_id) DO UPDATE
		SET recording = excluded.recording, try_at = excluded.try_at, tries = 0
		WHERE voicemail.state = 'erased'`,
		l.Line, id, string(l.Purpose), sql.NullString{String: l.Group, Valid: l.Group != ""}, l.Lang, l.At.UTC().Truncate(time.Minute), l.Seconds,
		string(VoicemailComing), recording, l.At.UTC())
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if gone, err := v.erased(ctx, tx, l.Line, id); err != nil || gone {
		return err
	}
	wrapped, err := v.keys.WrapKey(voicemailCell("keys.voicemail", "data_key", l.Line, id), vault.NewDataKey())
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO keys.voicemail (line_id, voicemail_id, data_key)
		VALUES ($1, $2, $3)`, l.Line, id, wrapped)
	return err
}

// erased reports whether one was.
func (v *Voicemail) erased(ctx context.Context, tx *sqlx.Tx, line, id string) (gone bool, err error) {
	err = tx.GetContext(ctx, &gone, `
		SELECT state = 'erased'
		FROM voicemail
		WHERE line_id = $1 AND voicemail_id = $2`, line, id)
	return gone, err
}

// erase is an SQL statement: of the messages of the line $1 whose ids are in the
// array $2, nothing stays but that they were. Their keys are destroyed, and the carrier
// is asked at once to forget what it has.
const erase = `
	WITH gone AS (DELETE FROM keys.voicemail WHERE line_id = $1 AND voicemail_id::text = ANY($2::text[]))
	UPDATE voicemail
	SET state = 'erased', group_id = NULL, lang = '', seconds = 0, number = NULL, sound = NULL, heard_at = NULL, tries = 0,
		try_at = CASE WHEN recording IS NOT NULL THEN came_at END
	WHERE line_id = $1 AND voicemail_id::text = ANY($2::text[]) AND state <> 'erased'`

// key is that of one, or ErrNotFound.
func (v *Voicemail) key(ctx context.Context, q sqlx.QueryerContext, line, id string) (vault.DataKey, error) {
	var wrapped []byte
	if err := sqlx.GetContext(ctx, q, &wrapped, `
		SELECT data_key
		FROM keys.voicemail
		WHERE line_id = $1 AND voicemail_id = $2`, line, id); err != nil {
		return vault.DataKey{}, dbError(ctx, err)
	}
	return v.keys.UnwrapKey(voicemailCell("keys.voicemail", "data_key", line, id), wrapped)
}

func voicemailCell(table, column, line, id string) vault.Cell {
	return vault.Cell{Table: table, Column: column, Row: line + "/" + id}
}

// VoiceMessage is one that is listed.
type VoiceMessage struct {
	ID      string         `json:"id"`
	Group   string         `json:"-"` // its id, of one for a group
	Lang    string         `json:"language"`
	At      time.Time      `json:"at"` // to the minute
	Seconds int            `json:"seconds"`
	State   VoicemailState `json:"state"`
	// RingBack says that who left it may be rung back.
	RingBack bool `json:"ring_back"`
	Heard    bool `json:"heard"`
}

type voicemailRow struct {
	VoicemailID, Lang string
	GroupID           sql.NullString
	CameAt            time.Time
	Seconds           int
	State             VoicemailState
	RingBack, Heard   bool
}

func (r voicemailRow) message() VoiceMessage {
	return VoiceMessage{
		ID: r.VoicemailID, Group: r.GroupID.String, Lang: r.Lang, At: r.CameAt, Seconds: r.Seconds, State: r.State, RingBack: r.RingBack, Heard: r.Heard,
	}
}

const voicemailColumns = `
	voicemail_id, lang, group_id, came_at, seconds, state, number IS NOT NULL AS ring_back, heard_at IS NOT NULL AS heard`

// mostVoicemail is how many messages are listed, the newest.
const mostVoicemail = 200

// List returns the newest messages that callers have left, the newest first.
func (v *Voicemail) List(ctx context.Context, line string) ([]VoiceMessage, error) {
	var rows []voicemailRow
	if err := v.db.pool.SelectContext(ctx, &rows, `
		SELECT `+voicemailColumns+`
		FROM voicemail
		WHERE line_id = $1 AND purpose = $2 AND state <> 'erased'
		ORDER BY came_at DESC, voicemail_id
		LIMIT $3`, line, string(LeftForStaff), mostVoicemail); err != nil {
		return nil, fmt.Errorf("voice messages: %w", dbError(ctx, err))
	}
	all := make([]VoiceMessage, len(rows))
	for i, r := range rows {
		all[i] = r.message()
	}
	return all, nil
}

// Unheard is how many messages wait to be heard.
func (v *Voicemail) Unheard(ctx context.Context, line string) (n int, err error) {
	if err := v.db.pool.GetContext(ctx, &n, `
		SELECT count(*)
		FROM voicemail
		WHERE line_id = $1 AND purpose = $2 AND heard_at IS NULL AND state <> 'erased'`, line, string(LeftForStaff)); err != nil {
		return 0, fmt.Errorf("voice messages: %w", dbError(ctx, err))
	}
	return n, nil
}

// Sound opens what was spoken, as the carrier recorded it (WAV). ErrNotFound says that
// there is no such message, or that it is not here.
func (v *Voicemail) Sound(ctx context.Context, line, id string, purpose VoicemailPurpose) ([]byte, error) {
	var sealed []byte
	err := v.db.pool.GetContext(ctx, &sealed, `
		SELECT sound
		FROM voicemail
		WHERE line_id = $1 AND voicemail_id::text = $2 AND purpose = $3 AND state = $4`, line, id, string(purpose), string(VoicemailHere))
	if err != nil {
		return nil, fmt.Errorf("a voice message: %w", dbError(ctx, err))
	}
	key, err := v.key(ctx, v.db.pool, line, id)
	if err != nil {
		return nil, fmt.Errorf("a voice message: %w", err)
	}
	return key.Open(voicemailCell("voicemail", "sound", line, id), sealed)
}

// Heard keeps that staff have heard a message.
func (v *Voicemail) Heard(ctx context.Context, line string, by By, id string) error {
	err := v.act(ctx, line, by, "voicemail.hear", id, `
		UPDATE voicemail
		SET heard_at = $3
		WHERE line_id = $1 AND voicemail_id::text = $2 AND purpose = 'left' AND heard_at IS NULL AND state <> 'erased'`, startOfDay(by.At))
	if errors.Is(err, ErrNotFound) {
		return nil // it was heard before, or is gone
	}
	return err
}

// Delete destroys a message and its key. What the carrier may still have of it is the
// next to be deleted there.
func (v *Voicemail) Delete(ctx context.Context, line string, by By, id string) error {
	return v.act(ctx, line, by, "voicemail.delete", pq.StringArray{id}, erase+` AND purpose = 'left'`)
}

// act changes one message and enters it. ErrNotFound says that nothing changed.
func (v *Voicemail) act(ctx context.Context, line string, by By, act string, id any, statement string, more ...any) error {
	by = by.on(fmt.Sprint(id))
	err := v.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if done, err := by.done(ctx, tx, line, act); err != nil || done {
			return err
		}
		r, err := tx.ExecContext(ctx, statement, append([]any{line, id}, more...)...)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNotFound)
		}
		return v.audit.add(ctx, tx, by.entry(line, act, ""))
	})
	if err != nil {
		return fmt.Errorf("a voice message: %w", err)
	}
	return nil
}
