package emulator

import (
	"container/heap"
	"sync"
	"time"
)

// Clock is the time an emulator, and whatever else is given it, lives by. A
// virtual clock stands still until it is advanced; a real one runs, at a
// speed that can be changed. It is safe for concurrent use.
type Clock struct {
	virtual bool

	mu    sync.Mutex
	read  time.Time // the clock's time when it was last set
	since time.Time // machine time at that moment
	speed float64
	due   timers
	seq   uint64
	alarm *time.Timer

	firing sync.Mutex // held while timers fire, so that they fire one by one
}

// NewVirtualClock returns a clock that stands at start until
// [Emulator.Advance] moves it.
func NewVirtualClock(start time.Time) *Clock {
	return &Clock{virtual: true, read: start}
}

// NewClock returns a clock that starts at the machine's time and runs at its
// speed.
func NewClock() *Clock {
	now := time.Now()
	return &Clock{read: now, since: now, speed: 1}
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.speed == 0 {
		return c.read
	}
	return c.read.Add(time.Duration(float64(time.Since(c.since)) * c.speed))
}

// Speed returns how many seconds pass in one second of machine time: 0 while
// the clock stands still.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// SetSpeed makes a real clock run at speed times the machine's; 0 stops it. A
// virtual clock and a negative speed are left alone.
func (c *Clock) SetSpeed(speed float64) {
	if c.virtual || speed < 0 {
		return
	}
	c.mu.Lock()
	c.set(c.now(), speed)
	c.mu.Unlock()
}

// Pause stops a real clock until SetSpeed.
func (c *Clock) Pause() { c.SetSpeed(0) }

// Jump sets the clock forward by d, and everything due by then happens at
// once. A negative d sets it back, as a machine's clock can be; what waits
// then waits as long as before. On a virtual clock nothing fires before the
// next [Emulator.Advance].
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	if d < 0 {
		for _, t := range c.due {
			t.at = t.at.Add(d)
		}
	}
	c.set(c.now().Add(d), c.speed)
	c.mu.Unlock()
}

// set must be called with mu held.
func (c *Clock) set(now time.Time, speed float64) {
	c.read, c.since, c.speed = now, time.Now(), speed
	c.arm()
}

// timer is something to be done at a time of the clock.
type timer struct {
	at    time.Time
	seq   uint64 // of two timers due together, the one set first fires first
	do    func()
	index int // in the heap, -1 outside
}

// schedule has do called once d has passed, not under any lock of the clock.
func (c *Clock) schedule(d time.Duration, do func()) *timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	t := &timer{at: c.now().Add(max(d, 0)), seq: c.seq, do: do}
	heap.Push(&c.due, t)
	c.arm()
	return t
}

// cancel takes a timer back that has not fired.
func (c *Clock) cancel(t *timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.index >= 0 {
		heap.Remove(&c.due, t.index)
		c.arm()
	}
}

// arm sets the machine's timer for what is due first. It must be called with
// mu held.
func (c *Clock) arm() {
	if c.virtual {
		return
	}
	if c.alarm != nil {
		c.alarm.Stop()
	}
	if len(c.due) == 0 || c.speed == 0 && c.due[0].at.After(c.read) {
		return
	}
	wait := max(c.due[0].at.Sub(c.now()), 0)
	if c.speed > 0 {
		wait = time.Duration(float64(wait) / c.speed)
	}
	c.alarm = time.AfterFunc(wait, c.fire)
}

func (c *Clock) fire() {
	c.firing.Lock()
	defer c.firing.Unlock()
	for c.step(c.Now()) {
	}
	c.mu.Lock()
	c.arm()
	c.mu.Unlock()
}

// step fires the timer due first, if it is due by limit, and reports whether
// it did. A virtual clock moves to the timer's time.
func (c *Clock) step(limit time.Time) bool {
	c.mu.Lock()
	if len(c.due) == 0 || c.due[0].at.After(limit) {
		c.mu.Unlock()
		return false
	}
	t := heap.Pop(&c.due).(*timer)
	if c.virtual && t.at.After(c.read) {
		c.read = t.at
	}
	c.mu.Unlock()
	t.do()
	return true
}

// reach moves a virtual clock to a time that is not before its own.
func (c *Clock) reach(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.read) {
		c.read = t
	}
}

// timers is a heap by time.
type timers []*timer

func (h timers) Len() int { return len(h) }

func (h timers) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}

func (h timers) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *timers) Push(x any) {
	t := x.(*timer)
	t.index = len(*h)
	*h = append(*h, t)
}

func (h *timers) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	*h = (*h)[:last]
	t.index = -1
	return t
}
