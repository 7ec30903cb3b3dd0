package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// answerDays is how long who is asked whether it is still safe to reach them so
	// may take at most; a week less at least.
	answerDays = 14
	// askDays is over how many days those who are asked on one day are spread, at
	// hours that are quiet for nobody: they would use up in an hour what their line
	// may send in it.
	askDays = 5
)

// Recheck asks those who have not shown for 90 days that they are there whether it
// is still safe to reach them so, and sends nothing more to who was asked and has
// said nothing until their day. Who could not be asked is asked again. It returns
// how many of each. Whose own stop was interrupted is stopped in all groups by it.
// groups are all of the line's. Profiles that do not open are told of by the error,
// when it is done with all others. It may be interrupted at any point, and done again;
// before the tables are written anew ([DB.Rewrite]), since until then a stop of
// somebody's lies beside those of their memberships.
func (m *Members) Recheck(ctx context.Context, line string, now time.Time, groups []string) (asked, stopped int, err error) {
	e := Event{Line: line, At: now}
	closed, err := m.everybody(ctx, line, func(opened []*member) error {
		for _, w := range opened {
			if !w.overdue(now) && !w.undated() {
				continue
			}
			did, err := m.recheck(ctx, e, w.id, groups)
			if err != nil && !errors.Is(err, ErrNotFound) { // they were erased meanwhile
				return err
			}
			switch did {
			case didAsk:
				asked++
			case didStop:
				stopped++
			}
		}
		return m.catchUp(ctx, e, opened, groups)
	})
	if err == nil && closed > 0 {
		err = fmt.Errorf("%d profiles: %w", closed, vault.ErrNotOpened)
	}
	if err != nil {
		return asked, stopped, fmt.Errorf("recheck: %w", err)
	}
	return asked, stopped, nil
}

// rechecked is what a recheck of somebody came to.
type rechecked int

const (
	didNothing rechecked = iota
	didAsk
	didStop
)

func (m *Members) recheck(ctx context.Context, e Event, id string, groups []string) (rechecked, error) {
	var did rechecked
	w, _, err := m.change(ctx, e, "recheck", byID(id), func(tx *sqlx.Tx, w *member) ([]byte, error) {
		did = didNothing
		if w.undated() {
			w.spread(e.At)
			return nil, nil
		}
		if !w.overdue(e.At) || w.profile.Stopped {
			return nil, nil
		}
		silent, err := w.keptSilent(ctx, tx)
		if err != nil {
			return nil, err
		}
		if err := dropQuestion(ctx, tx, w, e.At); err != nil {
			return nil, err
		}
		if !silent {
			did = didAsk
			return nil, askIfSafe(ctx, tx, w, e.At)
		}
		did = didStop
		w.profile.stop(true, flows.Unanswered)
		return nil, nil
	})
	if err != nil || !w.profile.Stopped {
		return did, err
	}
	// Of who is stopped the day moves on last of all, so that whatever was
	// interrupted is done in the next night. It moves as everybody's does: the row
	// must not show who is stopped.
	if err := m.follow(ctx, e, w, groups); err != nil {
		return did, err
	}
	_, _, err = m.change(ctx, e, "recheck later", byID(id), func(_ *sqlx.Tx, w *member) ([]byte, error) {
		if w.overdue(e.At) {
			w.profile.Safe, w.profile.Asked = dayOf(monday(e.At, safeDays)), false
		}
		return nil, nil
	})
	return did, err
}

// keptSilent reports whether an overdue member was asked, by something that went
// out, and has shown nothing since.
func (w *member) keptSilent(ctx context.Context, tx *sqlx.Tx) (bool, error) {
	if !w.profile.Asked {
		return false, nil
	}
	var unsent bool
	err := tx.GetContext(ctx, &unsent, `
		SELECT EXISTS (
			SELECT FROM outbox
			WHERE line_id = $1 AND member_id = $2 AND kind = 'recheck' AND expires_at = $3 AND state IN ('due', 'failed', 'lapsed'))`,
		w.line, w.id, w.safeUntil())
	return !unsent, err
}

// askIfSafe puts the question into the outbox, and gives its member until a Monday
// to answer, when it expires. It is kept for a day from then, which tells whether
// it went out.
func askIfSafe(ctx context.Context, tx *sqlx.Tx, w *member, at time.Time) error {
	until := monday(at, answerDays)
	w.profile.Safe, w.profile.Asked = dayOf(until), true
	due, err := askAt(ctx, tx, w, at)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
		VALUES ($1, $2, 'recheck', $3, $4, 'due', $5, $6, 0)
		ON CONFLICT DO NOTHING`,
		w.line, newID(), string(w.profile.Channel), w.id, due, until); err != nil {
		return err
	}
	return notifyOutbox(ctx, tx, w.line)
}

// askAt is when a member is asked: on one of the next days and at one of the hours
// of their line, by their random id.
func askAt(ctx context.Context, tx *sqlx.Tx, w *member, at time.Time) (time.Time, error) {
	var name string
	if err := tx.GetContext(ctx, &name, `SELECT zone FROM line WHERE line_id = $1`, w.line); err != nil {
		return time.Time{}, err
	}
	zone, err := time.LoadLocation(name)
	if err != nil { // as good as any, and the program that sends looks at the hour again
		zone = time.UTC
	}
	first := schedule.DateOf(at.In(zone))
	if at.In(zone).Hour() >= flows.DayBegins {
		first = first.Add(1)
	}
	const perDay = (flows.DayEnds - flows.DayBegins) * 60
	nth := int(uint64(memberLock(w)) % (askDays * perDay))
	minute := nth % perDay
	return schedule.Wall{Date: first.Add(nth / perDay), Hour: flows.DayBegins + minute/60, Minute: minute % 60}.In(zone), nil
}
