package store

import (
	"context"
	"errors"
	"fmt"
)

// ErrNotAsked says that a number is the line's own, or a bridge's: nobody answers there.
var ErrNotAsked = errors.New("the number is the line's own or a bridge's: it is not asked")

// Invite asks a number whether it wants to be in a group, as [Members.Invite] does, and
// enters it in the audit log before: what cannot be written down is not done.
func (r *Roster) Invite(ctx context.Context, by By, i Invitation) error {
	ours, err := r.db.IsOurs(ctx, r.keys, i.Line, i.Number)
	if err == nil && ours {
		err = ErrNotAsked
	}
	if err == nil {
		i.At = r.at(by)
		entry := by.entry(i.Line, "member.invite", "")
		entry.Subject, entry.At = i.Number, i.At
		err = r.audit.Record(ctx, entry)
	}
	if err == nil {
		err = r.members.Invite(ctx, i)
	}
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return nil
}
