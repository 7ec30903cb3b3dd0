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
		// tells is how much too much it tells, to the time that it takes to ask.
		tells := func() (least, most time.Duration) {
			before := time.Now()
			told := c.Now()
			return time.Until(told), told.Sub(before)
		}
		if least, most := tells(); least > wrong || most < wrong {
			t.Errorf("before it is set, a clock that is %s off tells %s to %s too much", wrong, least, most)
		}
		asked := time.Now()
		ahead, err := c.Set(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		trip := time.Since(asked) + time.Millisecond // as Postgres tells it, a time is cut short
		if (ahead - wrong).Abs() > trip {
			t.Errorf("a clock that is %s off is said to be %s ahead, after a round trip of %s", wrong, ahead, trip)
		}
		if least, most := tells(); least > trip || most < -trip {
			t.Errorf("a clock that is %s off tells %s to %s too much, after a round trip of %s", wrong, least, most, trip)
		}
	}
}
