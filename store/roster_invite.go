package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ErrNotAsked says that a number is the line's own, or a bridge's: nobody answers there.
var ErrNotAsked = errors.New("the number is the line's own or a bridge's: it is not asked")

// Invite asks a number whether it wants to be in a group, as [Members.Invite] does, and
// enters it in the audit log before: what cannot be written down is not done. A copy of
// the act is of the same number, who is asked once.
func (r *Roster) Invite(ctx context.Context, by By, i Invitation) error {
	ours, err := r.db.IsOurs(ctx, r.keys, i.Line, i.Number)
	if err == nil && ours {
		err = ErrNotAsked
	}
	if err == nil {
		i.At = r.at(by)
		err = r.enterInvite(ctx, by, i)
	}
	if err == nil {
		err = r.members.Invite(everyGroup(ctx), i) // whatever else there is of the number
	}
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return nil
}

// enterInvite enters that a number is asked, unless a copy of the act has.
func (r *Roster) enterInvite(ctx context.Context, by By, i Invitation) error {
	const act = "member.invite"
	by = by.on(i.Group).on(hex.EncodeToString(r.keys.Index(i.Line, i.Number)))
	return r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if done, err := by.done(ctx, tx, i.Line, act); err != nil || done {
			return err
		}
		entry := by.entry(i.Line, act, "")
		entry.Subject, entry.At = i.Number, i.At
		return r.audit.add(ctx, tx, entry)
	})
}
