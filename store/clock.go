package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Clock tells the time as Postgres has it, so that replicas whose own clocks
// differ agree on what is due. Between two looks at Postgres it goes by the
// clock of this machine. It is safe for concurrent use.
type Clock struct {
	db    *DB
	local func() time.Time
	ahead atomic.Int64 // how many nanoseconds this machine's clock is ahead
}

// NewClock returns a clock that goes by local until the first [Clock.Set].
func NewClock(db *DB, local func() time.Time) *Clock { return &Clock{db: db, local: local} }

// Now is the time as Postgres has it, to about the duration of a round trip.
func (c *Clock) Now() time.Time { return c.local().Add(-time.Duration(c.ahead.Load())) }

// Set looks at Postgres, and returns how far this machine's clock is ahead of
// it. What the round trip took cannot be told from a difference, and is taken for
// none.
func (c *Clock) Set(ctx context.Context) (ahead time.Duration, err error) {
	asked := c.local()
	var theirs time.Time
	if err := c.db.pool.GetContext(ctx, &theirs, `SELECT clock_timestamp()`); err != nil {
		return 0, fmt.Errorf("the time of Postgres: %w", dbError(ctx, err))
	}
	answered := c.local()
	switch {
	case asked.After(theirs):
		ahead = asked.Sub(theirs)
	case answered.Before(theirs):
		ahead = answered.Sub(theirs)
	}
	c.ahead.Store(int64(ahead))
	return ahead, nil
}
