package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// RecordingState is whether callers hear a recording.
type RecordingState string

// The states of a recording.
const (
	RecordingDraft RecordingState = "draft" // an owner has not approved it yet
	RecordingKept  RecordingState = "kept"  // callers hear it
)

// Recording is a prompt in somebody's voice.
type Recording struct {
	Lang   string         `json:"language"`
	Prompt string         `json:"prompt"` // as [flows.ScriptLine] names it
	State  RecordingState `json:"state"`
	// TextHash is of the words that were spoken, Hash of the sound: both SHA-256, hex.
	TextHash string        `json:"text_hash"`
	Hash     string        `json:"hash"`
	Account  string        `json:"account,omitempty"` // id of whose voice it is, "" for who has none
	Month    string        `json:"month"`             // in which it was spoken: 2026-11
	Seconds  float64       `json:"seconds"`
	Peak     float64       `json:"peak"`       // in dBFS, as it came
	Silence  time.Duration `json:"silence_ns"` // the longest between words
}

// Recordings are the prompts of lines in people's voices. Its methods are safe for
// concurrent use.
type Recordings struct {
	db    *DB
	audit *Audit
}

// NewRecordings keeps them in db, and what is done with them in the log under keys.
func NewRecordings(db *DB, keys *vault.Keyring) *Recordings {
	return &Recordings{db: db, audit: NewAudit(db, keys)}
}

// SoundHash names a sound: SHA-256, hex.
func SoundHash(sound []byte) string {
	sum := sha256.Sum256(sound)
	return hex.EncodeToString(sum[:])
}

// Draft keeps a recording for an owner to approve, in place of another draft of it. Of r
// it takes what is not in sound, a WAV file, and not of when it comes.
func (r *Recordings) Draft(ctx context.Context, line string, by By, of Recording, sound []byte) error {
	by = by.on(of.Lang + " " + of.Prompt + " " + SoundHash(sound))
	err := r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if done, err := by.done(ctx, tx, line, "recording.draft"); err != nil || done {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO recording (line_id, lang, prompt, state, text_hash, sound, sound_hash, account_id, month, seconds, peak, silence_ms)
			VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, date_trunc('month', $8::date), $9, $10, $11)
			ON CONFLICT (line_id, lang, prompt, state) DO UPDATE
			SET text_hash = excluded.text_hash, sound = excluded.sound, sound_hash = excluded.sound_hash, account_id = excluded.account_id,
				month = excluded.month, seconds = excluded.seconds, peak = excluded.peak, silence_ms = excluded.silence_ms`,
			line, of.Lang, of.Prompt, of.TextHash, sound, SoundHash(sound), sql.NullString{String: of.Account, Valid: of.Account != ""},
			by.At.UTC().Format(time.DateOnly), of.Seconds, of.Peak, of.Silence.Milliseconds()); err != nil {
			return err
		}
		return r.audit.add(ctx, tx, by.entry(line, "recording.draft", of.Lang+" "+of.Prompt))
	})
	if err != nil {
		return fmt.Errorf("keep a recording: %w", err)
	}
	return nil
}

// Approve has callers hear a draft from now on, in place of what they heard; ErrNotFound
// if there is no such draft, or if it is not the one whose Hash that is: somebody has
// recorded it anew since it was listened to.
func (r *Recordings) Approve(ctx context.Context, line string, by By, lang, prompt, hash string) error {
	by = by.on(lang + " " + prompt + " " + hash)
	err := r.change(ctx, line, by, "recording.approve", lang+" "+prompt, func(tx *sqlx.Tx) (sql.Result, error) {
		var is string
		err := tx.GetContext(ctx, &is, `
			SELECT sound_hash
			FROM recording
			WHERE line_id = $1 AND lang = $2 AND prompt = $3 AND state = 'draft'
			FOR UPDATE`, line, lang, prompt)
		if err == nil && is != hash {
			err = ErrNotFound
		}
		if err != nil {
			return nil, dbError(ctx, err)
		}
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM recording
			WHERE line_id = $1 AND lang = $2 AND prompt = $3 AND state = 'kept'`, line, lang, prompt); err != nil {
			return nil, err
		}
		return tx.ExecContext(ctx, `
			UPDATE recording
			SET state = 'kept'
			WHERE line_id = $1 AND lang = $2 AND prompt = $3`, line, lang, prompt)
	})
	if err != nil {
		return fmt.Errorf("approve a recording: %w", err)
	}
	return nil
}

// Remove destroys a recording: the words are spoken by the carrier's voice again.
// ErrNotFound if there is none.
func (r *Recordings) Remove(ctx context.Context, line string, by By, lang, prompt string, state RecordingState) error {
	by = by.on(lang + " " + prompt + " " + string(state))
	err := r.change(ctx, line, by, "recording.remove", lang+" "+prompt, func(tx *sqlx.Tx) (sql.Result, error) {
		return tx.ExecContext(ctx, `
			DELETE FROM recording
			WHERE line_id = $1 AND lang = $2 AND prompt = $3 AND state = $4`, line, lang, prompt, string(state))
	})
	if err != nil {
		return fmt.Errorf("remove a recording: %w", err)
	}
	return nil
}

// Rings enters that staff are about to be called to record a prompt, or with "" all that
// are missing in a language. It is false when that was entered before.
func (r *Recordings) Rings(ctx context.Context, line string, by By, lang, prompt string) (fresh bool, err error) {
	const act = "recording.ring"
	err = r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		fresh = false
		if done, err := by.done(ctx, tx, line, act); err != nil || done {
			return err
		}
		fresh = true
		return r.audit.add(ctx, tx, by.entry(line, act, strings.TrimSpace(lang+" "+prompt)))
	})
	if err != nil {
		return false, fmt.Errorf("ring to record: %w", err)
	}
	return fresh, nil
}

// change does an act once and enters it. ErrNotFound says that there was nothing to do.
func (r *Recordings) change(ctx context.Context, line string, by By, act, detail string, do func(*sqlx.Tx) (sql.Result, error)) error {
	return r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if done, err := by.done(ctx, tx, line, act); err != nil || done {
			return err
		}
		result, err := do(tx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNotFound)
		}
		return r.audit.add(ctx, tx, by.entry(line, act, detail))
	})
}

type recordingRow struct {
	Lang, Prompt, TextHash, SoundHash string
	State                             RecordingState
	AccountID                         sql.NullString
	Month                             time.Time
	Seconds, Peak                     float64
	SilenceMS                         int64 `db:"silence_ms"`
}

func (r recordingRow) recording() Recording {
	return Recording{
		Lang: r.Lang, Prompt: r.Prompt, State: r.State, TextHash: r.TextHash, Hash: r.SoundHash, Account: r.AccountID.String,
		Month: r.Month.Format("2006-01"), Seconds: r.Seconds, Peak: r.Peak, Silence: time.Duration(r.SilenceMS) * time.Millisecond,
	}
}

// List returns the recordings of a line by language and prompt, without their sounds.
func (r *Recordings) List(ctx context.Context, line string) ([]Recording, error) {
	var rows []recordingRow
	if err := r.db.pool.SelectContext(ctx, &rows, `
		SELECT lang, prompt, text_hash, sound_hash, state, account_id, month, seconds, peak, silence_ms
		FROM recording
		WHERE line_id = $1
		ORDER BY lang, prompt, state`, line); err != nil {
		return nil, fmt.Errorf("recordings: %w", dbError(ctx, err))
	}
	all := make([]Recording, len(rows))
	for i, row := range rows {
		all[i] = row.recording()
	}
	return all, nil
}

// Sound is the WAV file of a recording of a line in a state, by its Hash; ErrNotFound if
// there is none.
func (r *Recordings) Sound(ctx context.Context, line, hash string, state RecordingState) (sound []byte, err error) {
	if err := r.db.pool.GetContext(ctx, &sound, `
		SELECT sound
		FROM recording
		WHERE line_id = $1 AND sound_hash = $2 AND state = $3
		LIMIT 1`, line, hash, string(state)); err != nil {
		return nil, fmt.Errorf("a recording: %w", dbError(ctx, err))
	}
	return sound, nil
}
