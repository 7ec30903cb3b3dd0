package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// safeDays is how long it is taken to be safe to reach somebody as they chose, since
// they last showed that they are there.
const safeDays = 90

// monday is the Monday, in UTC, on or before some days after at: more of a time is
// not kept of anybody.
func monday(at time.Time, days int) time.Time {
	from, _ := week(at.UTC().AddDate(0, 0, days))
	return from
}

// seen marks that a member showed at at that they are there, and reports whether
// that is news.
func (w *member) seen(at time.Time) bool {
	p := &w.profile
	seen, safe := p.Seen, p.Safe
	p.Seen = max(p.Seen, month(at).Format(yearMonth))
	if until := dayOf(monday(at, safeDays)); w.state == stateConfirmed && until > p.Safe {
		p.Safe, p.Asked = until, false
	}
	return p.Seen != seen || p.Safe != safe
}

// dayOf is the one of t in UTC, in days since 1970.
func dayOf(t time.Time) int64 { return t.Unix() / secondsInDay }

// safeUntil is when it ends that it is taken to be safe to reach a member of whom a
// day is kept.
func (w *member) safeUntil() time.Time { return time.Unix(w.profile.Safe*secondsInDay, 0).UTC() }

// overdue reports whether that day has come.
func (w *member) overdue(at time.Time) bool {
	return w.profile.Safe != 0 && w.profile.Safe <= dayOf(at)
}

// undated reports whether no day is kept of a member who should have one: they have
// shown nothing since before it was kept sealed.
func (w *member) undated() bool { return w.state == stateConfirmed && w.profile.Safe == 0 }

// spreadWeeks is over how many weeks those are spread who have no day yet, since they
// are not to be asked all in one.
const spreadWeeks = 13

// spread gives an undated member one of the next weeks, by their random id.
func (w *member) spread(at time.Time) {
	w.profile.Seen = month(at).Format(yearMonth)
	w.profile.Safe = dayOf(monday(at, 7*(1+int(uint64(memberLock(w))%spreadWeeks))))
}

// Seen writes down that the member of a number showed that it is theirs: by a text
// from it, or by a key in a call that we placed to it. It writes only what is new,
// once in a week at most, so that its transaction is hardly ever beside another of
// theirs; and it locks nothing to find out, since a lock leaves its transaction on
// the row. Who was to be asked whether it is still safe to reach them has answered
// by that. For a number that is nobody's it does nothing.
func (m *Members) Seen(ctx context.Context, e Event, n vault.Number) error {
	w, err := m.find(ctx, m.db.pool, e.Line, m.byNumber(e.Line, n))
	if err == nil && w.state == stateConfirmed && w.seen(e.At) {
		err = m.db.inTx(ctx, func(tx *sqlx.Tx) error { return m.noteSeen(ctx, tx, e, w.id) })
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("seen: %w", err)
	}
	return nil
}

func (m *Members) noteSeen(ctx context.Context, tx *sqlx.Tx, e Event, id string) error {
	w, err := m.find(ctx, tx, e.Line, byID(id))
	if err != nil || !w.seen(e.At) { // somebody else wrote it meanwhile
		return err
	}
	if err := m.save(ctx, tx, w); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE outbox
		SET state = $4, reason = 'not wanted', lease_until = NULL, ended_at = $3
		WHERE line_id = $1 AND member_id = $2 AND kind = 'recheck' AND state = $5 AND state = ANY($6)`,
		e.Line, w.id, endedOn(e.At), string(SendLapsed), string(SendDue), SendLapsed.before())
	return err
}
