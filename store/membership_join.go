package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// mostWishes is how many groups may wait for one confirmation.
const mostWishes = 8

var errTooManyWishes = errors.New("too many groups wait for the number to be confirmed")

// Join puts a member who has signed in into a group: at once if the number is
// confirmed and the group needs no approval. Until it is confirmed at most eight
// groups can wait for that.
func (m *Members) Join(ctx context.Context, a Act, group string, access flows.Access) error {
	w, _, err := m.alter(ctx, a.Event, "wish", byID(a.Member), func(tx *sqlx.Tx, w *member) ([]byte, error) {
		if w.state == stateConfirmed || slices.Contains(w.profile.Wishes, group) {
			return nil, nil
		}
		if len(w.profile.Wishes) == mostWishes {
			return nil, errTooManyWishes
		}
		w.profile.Wishes = append(w.profile.Wishes, group)
		w.profile.MayCall = w.profile.MayCall || a.MayCall
		_, err := groupAccess(ctx, tx, w.line, group)
		return nil, err
	})
	if err == nil && w.state == stateConfirmed {
		err = m.join(ctx, joining{Event: a.Event, who: w, group: group, access: access, mayCall: a.MayCall})
	}
	if err != nil {
		return fmt.Errorf("join: %w", err)
	}
	return nil
}

// grant makes the memberships that have waited for the number to be confirmed, and
// only then forgets that they were wished for.
func (m *Members) grant(ctx context.Context, e Event, w *member) error {
	if len(w.profile.Wishes) == 0 || w.state != stateConfirmed {
		return nil
	}
	for _, group := range w.profile.Wishes {
		err := m.join(ctx, joining{Event: e, who: w, group: group, invited: w.profile.Invited, mayCall: w.profile.MayCall})
		if err != nil && !errors.Is(err, ErrNotFound) { // the group was deleted, or they were erased
			return err
		}
	}
	granted := w.profile.Wishes
	_, _, err := m.alter(ctx, e, "granted", byID(w.id), func(_ *sqlx.Tx, w *member) ([]byte, error) {
		w.profile.Wishes = slices.DeleteFunc(w.profile.Wishes, func(group string) bool { return slices.Contains(granted, group) })
		w.profile.Invited, w.profile.MayCall = false, false
		return nil, nil
	})
	return err
}

// Leave takes a member who has signed in out of a group; that they were in it is
// not kept.
func (m *Members) Leave(ctx context.Context, a Act, group string) error {
	if err := m.leave(ctx, a.Event, byID(a.Member), group); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// LeaveNumber takes a number out of a group, if it is in it.
func (m *Members) LeaveNumber(ctx context.Context, e Event, n vault.Number, group string) error {
	if err := m.leave(ctx, e, m.byNumber(e.Line, n), group); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

func (m *Members) leave(ctx context.Context, e Event, who whom, group string) error {
	w, _, err := m.alter(ctx, e, "forget quick", who, func(_ *sqlx.Tx, w *member) ([]byte, error) {
		if w.profile.Quick == group {
			w.profile.Quick = ""
		}
		w.profile.Wishes = slices.DeleteFunc(w.profile.Wishes, func(wish string) bool { return wish == group })
		return nil, nil
	})
	if err != nil {
		return err
	}
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := m.once(ctx, tx, effect{e, "leave", group}, func() ([]byte, error) {
			return nil, deleteMembership(ctx, tx, e.Line, w.secret.Pseudonym(e.Line, group))
		})
		return err
	})
}

// deleteMembership destroys the key first: what is left without it is nobody's. What
// was to be sent goes last, since it may be planned until the membership is gone.
func deleteMembership(ctx context.Context, tx *sqlx.Tx, line string, pseudonym []byte) error {
	if err := lockMembership(ctx, tx, pseudonym); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM keys.membership
		WHERE line_id = $1 AND pseudonym = $2`, line, pseudonym); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM membership
		WHERE line_id = $1 AND pseudonym = $2`, line, pseudonym); err != nil {
		return err
	}
	return deleteSends(ctx, tx, line, pseudonym)
}

// Belongs reports whether a member may enter a group that needs approval.
func (m *Members) Belongs(ctx context.Context, line, member, group string) (bool, error) {
	w, err := m.find(ctx, m.db.pool, line, byID(member))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	var belongs bool
	if err == nil {
		err = m.db.pool.GetContext(ctx, &belongs, `
			SELECT EXISTS (
				SELECT FROM membership
				WHERE line_id = $1 AND pseudonym = $2 AND state IN ('active', 'stopped'))`,
			line, w.secret.Pseudonym(line, group))
		err = dbError(ctx, err)
	}
	if err != nil {
		return false, fmt.Errorf("belongs: %w", err)
	}
	return belongs, nil
}
