package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// RingBack opens whom a message may be answered by ringing, and the language that they
// spoke with us in. ErrNotFound is of any other message.
func (v *Voicemail) RingBack(ctx context.Context, line, id string) (n vault.Number, lang string, err error) {
	var r struct {
		VoicemailID, Lang string
		Number            []byte
	}
	if err := v.db.pool.GetContext(ctx, &r, `
		SELECT voicemail_id, lang, number
		FROM voicemail
		WHERE line_id = $1 AND voicemail_id::text = $2 AND purpose = 'left' AND number IS NOT NULL`, line, id); err != nil {
		return vault.Number{}, "", fmt.Errorf("whom to ring back: %w", dbError(ctx, err))
	}
	key, err := v.key(ctx, v.db.pool, line, r.VoicemailID)
	if err == nil {
		n, err = key.OpenNumber(voicemailCell("voicemail", "number", line, r.VoicemailID), r.Number)
	}
	if err != nil {
		return vault.Number{}, "", fmt.Errorf("whom to ring back: %w", err)
	}
	return n, r.Lang, nil
}

// RingsBack enters that staff are about to be connected with who left a message. It is
// false when that was entered before, and ErrNotFound of who let nobody ring them back.
func (v *Voicemail) RingsBack(ctx context.Context, line string, by By, id string) (fresh bool, err error) {
	const act = "voicemail.ring_back"
	err = v.db.inTx(ctx, func(tx *sqlx.Tx) error {
		fresh = false
		if done, err := by.done(ctx, tx, line, act); err != nil || done {
			return err
		}
		var there bool
		if err := tx.GetContext(ctx, &there, `
			SELECT EXISTS (
				SELECT FROM voicemail
				WHERE line_id = $1 AND voicemail_id::text = $2 AND purpose = 'left' AND number IS NOT NULL
			)`, line, id); err != nil {
			return err
		}
		if !there {
			return ErrNotFound
		}
		fresh = true
		return v.audit.add(ctx, tx, by.entry(line, act, ""))
	})
	if err != nil {
		return false, fmt.Errorf("ring back: %w", err)
	}
	return fresh, nil
}

// Drop destroys what staff have spoken, for a group or as a prompt, and did not send or
// keep, with its key. What is not there is destroyed.
func (v *Voicemail) Drop(ctx context.Context, line, id string) error {
	err := v.db.inBrief(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			WITH gone AS (
				DELETE FROM voicemail
				WHERE line_id = $1 AND voicemail_id::text = $2 AND purpose IN ('spoken', 'script')
				RETURNING voicemail_id
			)
			DELETE FROM keys.voicemail
			WHERE line_id = $1 AND voicemail_id IN (SELECT voicemail_id FROM gone)`, line, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("destroy what was spoken: %w", err)
	}
	return nil
}
