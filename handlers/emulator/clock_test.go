package emulator

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestVirtualClockFiresInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := New(Options{Clock: NewVirtualClock(noon)})
		type fired struct {
			At   time.Duration
			Born int
		}
		var got, want []fired
		delays := rapid.SliceOfN(rapid.IntRange(0, 20), 0, 30).Draw(t, "delays")
		e.mu.Lock()
		for i, d := range delays {
			at := time.Duration(d) * time.Second
			task := e.after(at, func() { got = append(got, fired{e.clock.Now().Sub(noon), i}) })
			if rapid.Bool().Draw(t, "stopped") {
				task.stop()
				task.stop()
			} else if d <= 15 {
				want = append(want, fired{at, i})
			}
		}
		e.mu.Unlock()
		e.Advance(10 * time.Second)
		e.Advance(5 * time.Second)
		slices.SortStableFunc(want, func(a, b fired) int { return int(a.At - b.At) })
		if !slices.Equal(got, want) {
			t.Fatalf("fired %v, want %v", got, want)
		}
		if now := e.clock.Now().Sub(noon); now != 15*time.Second {
			t.Fatalf("the clock stands at %s", now)
		}
	})
}

func TestRealClock(t *testing.T) {
	t.Parallel()
	c := NewClock()
	c.Pause()
	same(t, "speed", c.Speed(), 0.0)
	stood := c.Now()
	fired := make(chan string, 3)
	c.schedule(2*time.Hour, func() { fired <- "late" })
	c.schedule(time.Hour, func() { fired <- "early" })
	c.Jump(-30 * time.Minute)
	same(t, "set back", stood.Sub(c.Now()), 30*time.Minute)
	c.Jump(time.Hour)
	same(t, "what waits keeps its time", <-fired, "early")
	same(t, "it stands", c.Now().Sub(stood), 30*time.Minute)
	c.SetSpeed(1e6)
	same(t, "fast", <-fired, "late")
	c.SetSpeed(-1)
	same(t, "no speed", c.Speed(), 1e6)
	v := NewVirtualClock(noon)
	v.SetSpeed(10)
	same(t, "a virtual clock stands", v.Speed(), 0.0)
}
