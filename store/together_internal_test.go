package store

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestTogether(t *testing.T) {
	t.Parallel()
	var g together[*int]
	var atWork, batches atomic.Int32
	odd := errors.New("odd")
	var all sync.WaitGroup
	for i := range 1000 {
		all.Go(func() {
			mine := i
			err := g.do(&mine, func(them []*int) error {
				if atWork.Add(1) != 1 || len(them) > mostTogether {
					t.Errorf("%d at work with %d", atWork.Load(), len(them))
				}
				defer atWork.Add(-1)
				for _, x := range them {
					*x = -*x - 1
				}
				if batches.Add(1)%2 == 1 {
					return odd
				}
				return nil
			})
			if mine != -i-1 || err != nil && !errors.Is(err, odd) {
				t.Errorf("%d was done as %d, %v", i, mine, err)
			}
		})
	}
	all.Wait()
	if n := batches.Load(); n == 1000 {
		t.Log("nobody came while others were at work")
	}
}

// Whoever panics keeps nobody waiting.
func TestTogetherGoesOnAfterAPanic(t *testing.T) {
	t.Parallel()
	var g together[int]
	begun, second := make(chan struct{}), make(chan error)
	go func() {
		<-begun
		second <- g.do(2, func([]int) error { return nil })
	}()
	func() {
		defer func() { _ = recover() }()
		_ = g.do(1, func([]int) error {
			close(begun)
			panic("at work")
		})
	}()
	if err := <-second; err != nil {
		t.Error(err)
	}
}
