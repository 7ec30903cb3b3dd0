package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Load returns what a member who has signed in may hear of themselves. groups are
// those of the line, in whose order theirs are; one that has yet to approve of them
// is none of theirs, and whose number is not confirmed has none. ErrNotFound says
// that the member was erased, or had not confirmed when somebody better proven
// took the number over.
func (m *Members) Load(ctx context.Context, line, id string, groups []string) (flows.Member, error) {
	w, err := m.find(ctx, m.db.pool, line, byID(id))
	if err != nil {
		return flows.Member{}, fmt.Errorf("load member: %w", err)
	}
	places, err := m.places(ctx, w, groups)
	if err != nil {
		return flows.Member{}, fmt.Errorf("load member: %w", err)
	}
	loaded := flows.Member{
		Preferences: w.profile.Preferences, Consent: w.profile.Consent, Enrolled: w.profile.Enrolled,
		Quick: w.profile.Quick, Stopped: w.profile.Stopped, Reason: w.profile.Why,
	}
	for _, p := range places {
		if p.admits() {
			loaded.Groups = append(loaded.Groups, p.group)
		}
	}
	return loaded, nil
}

// Prefer makes p a member's preferences, first of the identity, then of each
// membership in a transaction of its own. Without a language or a zone those that
// were stay; what else is not set is its default.
func (m *Members) Prefer(ctx context.Context, a Act, p flows.Preferences, groups []string) error {
	w, _, err := m.alter(ctx, a.Event, "prefer", byID(a.Member), func(_ *sqlx.Tx, w *member) ([]byte, error) {
		wanted := p
		wanted.Language = cmp.Or(p.Language, w.profile.Language)
		wanted.Zone = cmp.Or(p.Zone, w.profile.Zone)
		w.profile.Preferences = wanted.Complete()
		return nil, nil
	})
	if err == nil {
		err = m.each(ctx, a.Event, "prefer in", w, groups, func(_ *sqlx.Tx, p *membership) error {
			p.profile.Preferences = w.profile.Preferences
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("prefer: %w", err)
	}
	return nil
}

// Quick returns the group that the unannounced key leads to, "" if it is a wrong
// key. It takes one statement for everybody.
func (m *Members) Quick(ctx context.Context, line string, n vault.Number) (group string, err error) {
	w, err := m.find(ctx, m.db.pool, line, m.byNumber(line, n))
	switch {
	case errors.Is(err, ErrNotFound):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("quick: %w", err)
	}
	return w.profile.Quick, nil
}

// SetQuick chooses the group that the unannounced key leads to, "" for none.
func (m *Members) SetQuick(ctx context.Context, a Act, group string) error {
	_, _, err := m.alter(ctx, a.Event, "quick", byID(a.Member), func(_ *sqlx.Tx, w *member) ([]byte, error) {
		w.profile.Quick = group
		return nil, nil
	})
	if err != nil {
		return fmt.Errorf("set quick: %w", err)
	}
	return nil
}
