package outbox

import (
	"context"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// counts is what came to pass since it was last written down. What is in it when
// a program is killed is let go.
type counts struct {
	mu  sync.Mutex
	all map[countedDay]map[store.Count]int
}

// countedDay is a line's day, in UTC.
type countedDay struct {
	line string
	day  schedule.Date
}

func (c *counts) add(line string, what store.Count, at time.Time, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := countedDay{line, schedule.DateOf(at.UTC())}
	if c.all == nil {
		c.all = map[countedDay]map[store.Count]int{}
	}
	if c.all[of] == nil {
		c.all[of] = map[store.Count]int{}
	}
	c.all[of][what] += n
}

// settled counts what became of a row.
func (c *counts) settled(line string, to store.SendState, at time.Time) {
	switch to {
	case store.SendAccepted:
		c.add(line, store.Sent, at, 1)
	case store.SendFailed:
		c.add(line, store.NotSent, at, 1)
	case store.SendLapsed:
		c.add(line, store.Lapsed, at, 1)
	}
}

// outcomeCounts are what outcomes are counted as.
var outcomeCounts = map[store.Outcome]store.Count{
	store.Delivered: store.Reached, store.NotDelivered: store.NotReached,
	store.Answered: store.PickedUp, store.Machine: store.HeardMachine,
	store.Busy: store.NotPickedUp, store.NoAnswer: store.NotPickedUp, store.CallFailed: store.NotReached,
}

// heard counts what the carrier told later.
func (c *counts) heard(line string, outcome store.Outcome, at time.Time) {
	if what, ok := outcomeCounts[outcome]; ok {
		c.add(line, what, at, 1)
	}
}

func (c *counts) drain() map[countedDay]map[store.Count]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// KeepCounts writes down what was counted since it was last called. What cannot be
// written is let go.
func (o *Outbox) KeepCounts(ctx context.Context) {
	defer o.workPanicked(ctx, "count", new(error))
	for of, n := range o.numbers.drain() {
		_, err := within(ctx, o.patience.answer, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, o.Counts.AddCounts(ctx, of.line, of.day, n)
		})
		if err != nil {
			o.Log.DebugContext(ctx, "counts were let go", "error", err)
		}
	}
}
