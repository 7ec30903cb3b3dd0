package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Confirm writes down that a number is its member's, and that it is safe to reach
// them so; and then makes the memberships that have waited for it, each in a
// transaction of its own. Who is sent nothing though they never said so is written
// to again. It may be interrupted at any point: the next Confirm or login finishes.
// For a number that is nobody's it does nothing.
func (m *Members) Confirm(ctx context.Context, e Event, n vault.Number, groups []string) error {
	w, _, err := m.alter(ctx, e, "confirm", m.byNumber(e.Line, n), func(tx *sqlx.Tx, w *member) ([]byte, error) {
		was := w.state
		w.confirm(e.At)
		if w.profile.Why != flows.TheyAsked {
			w.profile.stop(false, flows.TheyAsked)
		}
		if err := dropQuestion(ctx, tx, w, e.At); err != nil {
			return nil, err
		}
		return nil, countIf(ctx, tx, was == stateAsked, e, MemberConfirmed)
	})
	if err == nil {
		err = m.grant(ctx, e, w)
	}
	if err == nil {
		err = m.follow(ctx, e, w, groups)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("confirm: %w", err)
	}
	return nil
}

// Stop writes down that a member wants nothing sent any more, or does again. For a
// number that is nobody's it does nothing: absence is the opt-out.
func (m *Members) Stop(ctx context.Context, e Event, n vault.Number, stop bool, groups []string) error {
	if err := m.stop(ctx, e, m.byNumber(e.Line, n), stop, groups); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// StopMember is Stop for a member who has signed in, whatever phone they call from.
func (m *Members) StopMember(ctx context.Context, a Act, stop bool, groups []string) error {
	if err := m.stop(ctx, a.Event, byID(a.Member), stop, groups); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

func (m *Members) stop(ctx context.Context, e Event, who whom, stop bool, groups []string) error {
	w, _, err := m.alter(ctx, e, "stop", who, func(tx *sqlx.Tx, w *member) ([]byte, error) {
		w.profile.stop(stop, flows.TheyAsked)
		if !stop {
			return nil, nil
		}
		return nil, dropQuestion(ctx, tx, w, e.At)
	})
	if err == nil {
		err = m.follow(ctx, e, w, groups)
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Unreachable writes down that the carrier can never reach a number: nothing more
// is sent to it. Its member learns why from what we hold of them, and takes it back
// as they would a stop of their own. For a number that is nobody's it does nothing.
func (m *Members) Unreachable(ctx context.Context, e Event, n vault.Number, groups []string) error {
	w, _, err := m.change(ctx, e, "unreachable", m.byNumber(e.Line, n), func(tx *sqlx.Tx, w *member) ([]byte, error) {
		if !w.profile.Stopped {
			w.profile.stop(true, flows.Unreachable)
		}
		return nil, dropQuestion(ctx, tx, w, e.At)
	})
	if err == nil {
		err = m.follow(ctx, e, w, groups)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("unreachable: %w", err)
	}
	return nil
}

// stop has nothing sent any more, or has it sent again. That coordinators may call ends
// with it, and does not come back.
func (p *profile) stop(stop bool, why flows.Reason) {
	p.Stopped, p.Why, p.MayCall = stop, why, p.MayCall && !stop
}

// follow stops those of a member's memberships in these groups that are active
// though their member wants nothing, or the other way round.
func (m *Members) follow(ctx context.Context, e Event, w *member, groups []string) error {
	from, to := membershipStopped, membershipActive
	if w.profile.Stopped {
		from, to = to, from
	}
	places, err := m.places(ctx, w, groups)
	if err != nil {
		return err
	}
	var behind []string
	for _, p := range places {
		if p.state == from || !p.admits() {
			behind = append(behind, p.group)
		}
	}
	return m.each(ctx, e, "stop in", w, behind, func(tx *sqlx.Tx, p *membership) error {
		p.profile.Stopped, p.profile.MayCall = w.profile.Stopped, p.profile.MayCall && !w.profile.Stopped
		if p.state != from { // they wait, are blocked, or it was done meanwhile
			return nil
		}
		if p.state = to; to == membershipActive {
			return nil
		}
		return dropDue(ctx, tx, p.line, p.pseudonym, e.At)
	})
}
