package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// voicemailLease is how long a replica may be at one before another one is.
const voicemailLease = time.Minute

// ComingVoice is something that the carrier has, and that one replica is at.
type ComingVoice struct {
	Line, ID string
	SID      string // the carrier's id
	State    VoicemailState
	At       time.Time // when it was left, to the minute
	Tries    int       // that the carrier was asked before
}

// Coming takes what the carrier has in hand, what has waited longest first: to be
// fetched while it is coming, and to be forgotten there. Nobody else is at it for a
// minute. What cannot be opened holds up nothing: it is put off, less and less often
// looked at, and an error beside the others says how much of it there is.
func (v *Voicemail) Coming(ctx context.Context, now time.Time, line string, most int) (all []ComingVoice, err error) {
	var waits bool
	if err := v.db.pool.GetContext(ctx, &waits, `
		SELECT EXISTS (SELECT FROM voicemail WHERE line_id = $1 AND try_at <= $2)`, line, now); err != nil {
		return nil, fmt.Errorf("what the carrier has recorded: %w", dbError(ctx, err))
	}
	if !waits {
		return nil, nil
	}
	shut := 0
	var failed error // of what cannot be opened, the last
	for len(all) < most {
		rows, err := v.take(ctx, now, line, most-len(all))
		if err != nil {
			return all, err
		}
		for _, r := range rows {
			one := ComingVoice{Line: line, ID: r.VoicemailID, State: r.State, At: r.CameAt, Tries: r.Tries}
			sid, err := v.keys.Open(voicemailCell("voicemail", "recording", line, r.VoicemailID), r.Recording)
			if err != nil {
				// Another replica may have the keys.
				shut, failed = shut+1, errors.Join(err, v.Again(ctx, one, now.Add(voicemailLease<<min(r.Tries, 6))))
				continue
			}
			one.SID = string(sid)
			all = append(all, one)
		}
		if len(rows) == 0 {
			break
		}
	}
	if failed != nil {
		failed = fmt.Errorf("what the carrier has recorded: %d cannot be fetched: %w", shut, failed)
	}
	return all, failed
}

// takenVoice is a row that one replica is at.
type takenVoice struct {
	VoicemailID string
	Recording   []byte
	State       VoicemailState
	CameAt      time.Time
	Tries       int
}

// take takes the rows that have waited longest, for the time of a lease.
func (v *Voicemail) take(ctx context.Context, now time.Time, line string, most int) (rows []takenVoice, err error) {
	err = v.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		rows = nil
		return tx.SelectContext(ctx, &rows, `
			WITH next AS MATERIALIZED (
				SELECT voicemail_id, tries
				FROM voicemail
				WHERE line_id = $1 AND try_at <= $2
				ORDER BY try_at, voicemail_id
				LIMIT $3
				FOR UPDATE SKIP LOCKED
			)
			UPDATE voicemail v
			SET try_at = $4, tries = least(v.tries + 1, 1000)
			FROM next
			WHERE v.line_id = $1 AND v.voicemail_id = next.voicemail_id
			RETURNING v.voicemail_id, v.recording, v.state, v.came_at, next.tries`, line, now, most, now.Add(voicemailLease))
	})
	if err != nil {
		return nil, fmt.Errorf("what the carrier has recorded: %w", err)
	}
	return rows, nil
}

// Keep seals what was fetched. One that was deleted meanwhile is not kept.
func (v *Voicemail) Keep(ctx context.Context, c ComingVoice, sound []byte) error {
	err := v.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		key, err := v.key(ctx, tx, c.Line, c.ID)
		if err != nil {
			return err
		}
		sealed, err := key.Seal(voicemailCell("voicemail", "sound", c.Line, c.ID), sound)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE voicemail
			SET sound = $3, state = $4
			WHERE line_id = $1 AND voicemail_id = $2 AND state = $5`, c.Line, c.ID, sealed, string(VoicemailHere), string(VoicemailComing))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep a voice message: %w", err)
	}
	return nil
}

// Lose keeps that something could not be had, so that staff see it.
func (v *Voicemail) Lose(ctx context.Context, c ComingVoice) error {
	return v.note(ctx, `
		UPDATE voicemail
		SET state = 'lost'
		WHERE line_id = $1 AND voicemail_id = $2 AND state = 'coming'`, c.Line, c.ID)
}

// Forgotten keeps that the carrier has nothing of it any more.
func (v *Voicemail) Forgotten(ctx context.Context, c ComingVoice) error {
	return v.note(ctx, `
		UPDATE voicemail
		SET recording = NULL, try_at = NULL
		WHERE line_id = $1 AND voicemail_id = $2`, c.Line, c.ID)
}

// Again has the carrier asked again at a time.
func (v *Voicemail) Again(ctx context.Context, c ComingVoice, at time.Time) error {
	return v.note(ctx, `
		UPDATE voicemail
		SET try_at = $3
		WHERE line_id = $1 AND voicemail_id = $2 AND recording IS NOT NULL`, c.Line, c.ID, at)
}

func (v *Voicemail) note(ctx context.Context, statement string, args ...any) error {
	err := v.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("a voice message: %w", err)
	}
	return nil
}

// VoiceOf is a message that a number has left, as a disclosure lists it.
type VoiceOf struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"` // to the minute
	Seconds int       `json:"seconds"`
}

// Of returns the messages that a number has left and may be rung back for, by opening
// each: there is no index of them. Of one that these keys do not open nobody can tell whose
// it is; it goes when its time is over.
func (v *Voicemail) Of(ctx context.Context, line string, n vault.Number) ([]VoiceOf, error) {
	var rows []struct {
		VoicemailID     string
		CameAt          time.Time
		Seconds         int
		Number, DataKey []byte
	}
	if err := v.db.pool.SelectContext(ctx, &rows, `
		SELECT v.voicemail_id, v.came_at, v.seconds, v.number, k.data_key
		FROM voicemail v JOIN keys.voicemail k USING (line_id, voicemail_id)
		WHERE v.line_id = $1 AND v.number IS NOT NULL
		ORDER BY v.came_at, v.voicemail_id`, line); err != nil {
		return nil, fmt.Errorf("messages of a number: %w", dbError(ctx, err))
	}
	var all []VoiceOf
	for _, r := range rows {
		number, err := v.whose(line, r.VoicemailID, r.Number, r.DataKey)
		if err != nil && !errors.Is(err, vault.ErrNotOpened) {
			return nil, fmt.Errorf("messages of a number: %w", err)
		}
		if err == nil && number.Equal(n) {
			all = append(all, VoiceOf{ID: r.VoicemailID, At: r.CameAt, Seconds: r.Seconds})
		}
	}
	return all, nil
}

// whose opens the number of who has left a message.
func (v *Voicemail) whose(line, id string, sealed, wrapped []byte) (vault.Number, error) {
	key, err := v.keys.UnwrapKey(voicemailCell("keys.voicemail", "data_key", line, id), wrapped)
	if err != nil {
		return vault.Number{}, err
	}
	return key.OpenNumber(voicemailCell("voicemail", "number", line, id), sealed)
}

// Forget destroys the messages that a number has left and may be rung back for, and
// their keys. Those of which nobody knows whose they are stay.
func (v *Voicemail) Forget(ctx context.Context, line string, n vault.Number) error {
	theirs, err := v.Of(ctx, line, n)
	if err != nil || len(theirs) == 0 {
		return err
	}
	var ids pq.StringArray
	for _, one := range theirs {
		ids = append(ids, one.ID)
	}
	return v.note(ctx, erase, line, ids)
}
