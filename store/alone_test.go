package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

func TestWorkIsDoneAlone(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	one, two := openURL(t, url), openURL(t, url)
	nothing := func(context.Context) error { return nil }
	for range 2 { // the lock is let go of
		ran, err := one.Alone(t.Context(), "work", func(context.Context) error {
			if again, err := two.Alone(t.Context(), "work", nothing); again || err != nil {
				t.Errorf("two do it at once: %t, %v", again, err)
			}
			if other, err := two.Alone(t.Context(), "other work", nothing); !other || err != nil {
				t.Errorf("other work waits: %t, %v", other, err)
			}
			return context.Canceled
		})
		if !ran || err != context.Canceled {
			t.Errorf("%t, %v", ran, err)
		}
	}
	if ran, err := two.Alone(t.Context(), "work", nothing); !ran || err != nil {
		t.Errorf("after another replica did it: %t, %v", ran, err)
	}
}

func TestTrafficAddsUp(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	hour := store.TrafficHour{Hour: midday.Add(59 * time.Minute), Kind: store.TextIn}
	for range 2 {
		if err := b.db.AddTraffic(t.Context(), map[store.TrafficHour]int{hour: 3, {Hour: midday, Kind: store.CallOut}: 1}); err != nil {
			t.Fatal(err)
		}
	}
	for kind, want := range map[string]int{"text_in": 6, "call_out": 2} {
		if n := count(t, b.sql, `SELECT count FROM traffic WHERE kind = '`+kind+`' AND hour = '2026-11-24T17:00Z'`); n != want {
			t.Errorf("%s: %d", kind, n)
		}
	}
}
