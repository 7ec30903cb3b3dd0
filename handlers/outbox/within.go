package outbox

import (
	"context"
	"fmt"
	"time"
)

// How long the queue and the members have to answer. A healthy database takes
// milliseconds, and a plan of 100,000 rows a few seconds.
const (
	answerWithin  = 10 * time.Second
	settleWithin  = 5 * time.Second
	planWithin    = 30 * time.Second
	resolveWithin = 2 * time.Minute
)

// patience is all of these; tests have less.
type patience struct{ answer, settle, plan, resolve time.Duration }

// abandonAfter is how long something has to end by itself once its context has.
const abandonAfter = time.Second

// within does something that ends in so long, or is given up. It does not wait for a
// database behind a connection that has gone silent: the driver reads on, whatever
// its context says, until the machine's own timeouts end the connection. What is
// given up may take effect later, so that only what is safe to be late is done so.
func within[T any](ctx context.Context, long time.Duration, do func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	type outcome struct {
		value    T
		err      error
		panicked any
	}
	done := make(chan outcome, 1)
	go func() {
		var came outcome
		defer func() { done <- came }()
		defer func() {
			if v := recover(); v != nil {
				came.panicked = panicked{whereOf(v)}
			}
		}()
		came.value, came.err = do(ctx)
	}()
	var came outcome
	select {
	case came = <-done:
	case <-ctx.Done():
		select {
		case came = <-done:
		case <-time.After(abandonAfter):
			came.err = fmt.Errorf("no answer: %w", ctx.Err())
		}
	}
	if came.panicked != nil {
		panic(came.panicked)
	}
	return came.value, came.err
}

// panicked is what a panic of another goroutine is told as in ours.
type panicked struct{ at string }
