package store

import (
	"context"
	"errors"

	"github.com/lib/pq"
)

// openedAtOnce is how many members are opened to see who of them is stopped.
const openedAtOnce = 500

// catchUp stops the memberships that are active still though their member wants
// nothing: whatever ended a stop between the identity and them would have them
// reminded for good. Only what is sealed tells who is stopped, so that all members are
// opened, 500 at once; who is behind is found by one query for them together.
func (m *Members) catchUp(ctx context.Context, e Event, groups []string) error {
	after := "00000000-0000-0000-0000-000000000000"
	for {
		var rows []memberRow
		if err := m.db.pool.SelectContext(ctx, &rows, memberRows+`
			WHERE m.line_id = $1 AND m.member_id > $2
			ORDER BY m.member_id
			LIMIT $3`, e.Line, after, openedAtOnce); err != nil {
			return dbError(ctx, err)
		}
		if len(rows) == 0 {
			return nil
		}
		after = rows[len(rows)-1].MemberID
		behind, err := m.behind(ctx, e.Line, rows, groups)
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
	}
}

// behind are the ids of those members who are stopped and have an active membership in
// one of these groups; more than once if they have more.
func (m *Members) behind(ctx context.Context, line string, rows []memberRow, groups []string) ([]string, error) {
	of := map[string]string{} // ids by pseudonym
	var pseudonyms pq.ByteaArray
	for _, r := range rows {
		w, err := m.open(r)
		if err != nil {
			return nil, err
		}
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
