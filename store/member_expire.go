package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// idleMonths is how long who was not seen stays a member.
const idleMonths = 12

// lapses are the days from which on identities go that were asked, and that were
// not seen.
func lapses(now time.Time) (asked, seen time.Time) {
	return startOfDay(now), month(now).AddDate(0, -idleMonths, 0)
}

// Expire erases who was asked to confirm and has not within 7 days, and who was not
// seen for 12 months. It returns how many. groups are all of the line's. Whoever
// calls it has [Members.Vacuum] run after it.
func (m *Members) Expire(ctx context.Context, line string, now time.Time, groups []string) (int, error) {
	erased, err := m.expire(ctx, line, now, groups)
	if err != nil {
		return erased, fmt.Errorf("expire members: %w", err)
	}
	return erased, nil
}

func (m *Members) expire(ctx context.Context, line string, now time.Time, groups []string) (int, error) {
	asked, seen := lapses(now)
	var ids []string
	if err := m.db.pool.SelectContext(ctx, &ids, `
		SELECT member_id
		FROM member
		WHERE line_id = $1 AND (expires_on <= $2 OR seen_month < $3)`, line, asked, seen); err != nil {
		return 0, dbError(ctx, err)
	}
	erased := 0
	for _, id := range ids {
		w, err := m.find(ctx, m.db.pool, line, byID(id))
		if errors.Is(err, ErrNotFound) || err == nil && !w.lapsed(now) { // they erased it, or answered, meanwhile
			continue
		}
		if err == nil {
			err = m.erase(ctx, Event{Line: line, At: now}, w, groups)
		}
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return erased, err
		}
		erased++
	}
	return erased, nil
}

func (w *member) lapsed(now time.Time) bool {
	asked, seen := lapses(now)
	return w.expiresOn != nil && !w.expiresOn.After(asked) || w.seenMonth.Before(seen)
}
