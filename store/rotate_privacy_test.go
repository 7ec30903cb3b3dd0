//go:build privacy

package store_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	rotationMembers = 100_000
	rotationWithin  = 5 * time.Minute
	callsPerSecond  = 20
)

// TestRotationOfAHundredThousand holds a rotation to its time, and the calls that
// come in meanwhile to being recognised. The second program takes each step of the
// file over after the first has used it.
func TestRotationOfAHundredThousand(t *testing.T) {
	e := setUpEnrolled(t)
	for range rotationMembers / 10_000 {
		e.enrol(t, e.keys, 10_000)
	}
	first, second := e.keys, e.load(t)

	stop, ended := make(chan struct{}), make(chan struct{})
	var took []time.Duration
	failed := 0
	go func() {
		defer close(ended)
		calls := time.NewTicker(time.Second / callsPerSecond)
		defer calls.Stop()
		for {
			select {
			case <-stop:
				return
			case <-calls.C:
			}
			began := time.Now()
			for _, k := range []*vault.Keyring{first, second} {
				if err := e.find(t.Context(), t, k, rand.IntN(rotationMembers)); err != nil {
					failed++
					t.Error(err)
				}
			}
			took = append(took, time.Since(began)/2)
		}
	}()

	began := time.Now()
	rotation := store.NewRotation(e.db, first)
	e.step(t, e.file.Add, first)
	if err := rotation.Announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.reload(t, second)
	e.step(t, e.file.Promote, first)
	e.reload(t, second)
	e.move(t, first)
	e.step(t, e.file.Drop, first)
	e.reload(t, second)
	rotated := time.Since(began)
	close(stop)
	<-ended

	slices.Sort(took)
	t.Logf("rotation of %d members: %v; %d look-ups beside it, %d failed, median %v, longest %v",
		rotationMembers, rotated.Round(time.Millisecond), 2*len(took), failed, took[len(took)/2], took[len(took)-1])
	if rotated > rotationWithin {
		t.Errorf("it took %v, more than %v", rotated, rotationWithin)
	}
	if left, err := store.NewRotation(e.db, e.load(t)).Left(t.Context()); err != nil || left != nil {
		t.Errorf("left: %v, %v", left, err)
	}
}
