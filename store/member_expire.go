package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// idleMonths is how long who was not seen stays a member.
const idleMonths = 12

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
	var ids []string
	if _, err := m.everybody(ctx, line, func(opened []*member) error { // [Members.Recheck] tells of those that do not open
		for _, w := range opened {
			if w.lapsed(now) {
				ids = append(ids, w.id)
			}
		}
		return nil
	}); err != nil {
		return 0, err
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

// lapsed reports whether an identity goes that was asked, or that was not seen.
func (w *member) lapsed(now time.Time) bool {
	since := month(now).AddDate(0, -idleMonths, 0).Format(yearMonth)
	return w.expiresOn != nil && !w.expiresOn.After(startOfDay(now)) || w.profile.Seen != "" && w.profile.Seen < since
}
