package store

import (
	"context"
	"errors"

	"github.com/lib/pq"
)

// catchUp stops the memberships that are active still though their member, one of
// these, wants nothing: whatever ended a stop between the identity and them would have
// them reminded for good. Who is behind is found by one query for all of these.
func (m *Members) catchUp(ctx context.Context, e Event, opened []*member, groups []string) error {
	behind, err := m.behind(ctx, e.Line, opened, groups)
	if err != nil {
		return err
	}
	for _, id := range behind {
		w, err := m.find(ctx, m.db.pool, e.Line, byID(id))
		if err == nil && w.profile.Stopped { // they may have taken it back meanwhile
			err = m.follow(ctx, e, w, groups)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// behind are the ids of those members who are stopped and have an active membership in
// one of these groups; more than once if they have more.
func (m *Members) behind(ctx context.Context, line string, opened []*member, groups []string) ([]string, error) {
	of := map[string]string{} // ids by pseudonym
	var pseudonyms pq.ByteaArray
	for _, w := range opened {
		if !w.profile.Stopped {
			continue
		}
		for _, p := range w.pseudonyms(groups) {
			of[string(p)] = w.id
			pseudonyms = append(pseudonyms, p)
		}
	}
	if len(pseudonyms) == 0 {
		return nil, nil
	}
	var active [][]byte
	if err := m.db.pool.SelectContext(ctx, &active, `
		SELECT pseudonym
		FROM membership
		WHERE line_id = $1 AND pseudonym = ANY($2) AND state = 'active'`, line, pseudonyms); err != nil {
		return nil, dbError(ctx, err)
	}
	ids := make([]string, len(active))
	for i, p := range active {
		ids[i] = of[string(p)]
	}
	return ids, nil
}
