package emulator

import "time"

// task is a timer whose work runs with the emulator's mu held, and never
// after stop.
type task struct {
	e    *Emulator
	t    *timer
	do   func()
	over bool
}

// after must be called with mu held.
func (e *Emulator) after(d time.Duration, do func()) *task {
	k := &task{e: e, do: do}
	k.t = e.clock.schedule(d, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if !k.over {
			k.over = true
			do()
		}
	})
	return k
}

// hurry does at once what was to be done later. It must be called with mu held; a
// nil or finished task may be hurried.
func (k *task) hurry() {
	if k != nil && !k.over {
		k.stop()
		k.do()
	}
}

// stop must be called with mu held; a nil or finished task may be stopped.
func (k *task) stop() {
	if k != nil && !k.over {
		k.over = true
		k.e.clock.cancel(k.t)
	}
}
