package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// Whoever changes several rows of a membership locks them in the order of their ids,
// in whatever order they lie: else two wait for each other.
func TestRowsAreLockedInOneOrder(t *testing.T) {
	t.Parallel()
	const low, high = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	for name, act := range map[string]func(ctx context.Context, l planned, e store.Event) error{
		"skipped": func(ctx context.Context, l planned, _ store.Event) error {
			return errOf(l.db.SkipBy(ctx, l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday}))
		},
		"stopped": func(ctx context.Context, l planned, e store.Event) error {
			return l.Stop(ctx, e, number(t, ann), true, l.groups)
		},
		"left": func(ctx context.Context, l planned, e store.Event) error {
			return l.LeaveNumber(ctx, e, number(t, ann), l.groups[0])
		},
		"not coming": func(ctx context.Context, l planned, e store.Event) error {
			return l.ComingRow(ctx, e, high, false)
		},
		"retired": func(ctx context.Context, l planned, _ store.Event) error {
			nobody := func(context.Context, string, time.Time) (int, error) { return 0, nil }
			return errOf(store.NewRetention(l.db, nobody).Sweep(ctx, l.id, noon.AddDate(0, 0, 3)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setUpPlanned(t)
			l.byText(t, ann, l.groups[0])
			l.confirm(t, ann)
			for _, f := range []struct{ id, purpose string }{{high, "24h"}, {low, "15m"}} {
				l.plan(t, l.firing(store.Purpose(f.purpose)))
				do(t, l.look, `UPDATE outbox SET outbox_id = $2 FROM firing f WHERE f.firing_id = outbox.firing_id AND purpose = $1`, f.purpose, f.id)
			}
			do(t, l.look, `CLUSTER outbox USING outbox_pkey`)
			do(t, l.look, `UPDATE outbox SET attempts = 0 WHERE outbox_id = $1`, low) // it lies behind the other
			release := l.hold(t, "BEFORE UPDATE OR DELETE ON outbox FOR EACH ROW WHEN (OLD.outbox_id = '"+high+"')")
			first := l.begin(t, func() error { return act(context.Background(), l, l.event(noon)) })
			second := l.begin(t, func() error { return l.ComingRow(context.Background(), l.event(noon), low, true) })
			release()
			for _, over := range []<-chan error{first, second} {
				if err := <-over; err != nil {
					t.Error(err)
				}
			}
			if n := l.count(t, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); n != 0 {
				t.Errorf("%d times two waited for each other", n)
			}
		})
	}
}
