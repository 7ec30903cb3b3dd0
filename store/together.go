package store

import (
	"errors"
	"sync"
)

// together has those who come while others are at work share the next piece of it:
// many transactions of one row each become few of many rows. The zero value is ready
// for use.
type together[T any] struct {
	mu      sync.Mutex
	busy    bool
	waiting []*waiter[T]
}

type waiter[T any] struct {
	what T
	err  error
	// done is told whether it is, or its owner is to do it, with whatever else waits
	// by then.
	done chan bool
}

var errUndone = errors.New("whoever did it for others too has not come back")

// mostTogether bounds how much is done at once.
const mostTogether = 64

// do returns when work was called with what, and perhaps with others', and what it
// returned. At each time one caller is at work.
func (g *together[T]) do(what T, work func([]T) error) error {
	w := &waiter[T]{what: what, done: make(chan bool, 2)}
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	if g.busy {
		g.mu.Unlock()
		if <-w.done {
			return w.err
		}
		g.mu.Lock()
	}
	g.busy = true
	all := g.waiting[:min(len(g.waiting), mostTogether)]
	g.waiting = g.waiting[len(all):]
	g.mu.Unlock()

	err := errUndone
	defer func() { // also when work panics
		for _, x := range all {
			x.err = err
			x.done <- true
		}
		g.next()
	}()
	whats := make([]T, len(all))
	for i, x := range all {
		whats[i] = x.what
	}
	err = work(whats)
	return err
}

// next hands the work on, to whoever waits longest.
func (g *together[T]) next() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy = len(g.waiting) > 0; g.busy {
		g.waiting[0].done <- false
	}
}
