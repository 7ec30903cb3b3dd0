package store_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

func TestTheClockIsThatOfPostgres(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), store.Options{URL: storetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, wrong := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
		c := store.NewClock(db, func() time.Time { return time.Now().Add(wrong) })
		if d := time.Until(c.Now()) - wrong; d.Abs() > time.Second {
			t.Errorf("before it is set, a clock that is %s off tells %s too much", wrong, d)
		}
		ahead, err := c.Set(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if (ahead - wrong).Abs() > time.Second {
			t.Errorf("a clock that is %s off is said to be %s ahead", wrong, ahead)
		}
		if d := time.Until(c.Now()); d.Abs() > time.Second {
			t.Errorf("a clock that is %s off tells %s too much", wrong, d)
		}
	}
}
