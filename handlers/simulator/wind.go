package simulator

import "time"

const (
	// stride is how far the clock is wound at a time, at most: less than the
	// quarter of an hour in which the shortest reminder is of use.
	stride = 5 * time.Minute
	// breath is how long the program then gets to do what has fallen due.
	breath = 120 * time.Millisecond
)

// Wind changes the clock. It goes forward in strides, so that what falls due on the
// way is done in its time, and stops where the line rings a phone or texts it:
// somebody who looks for that would else be carried past it. While a phone rings,
// it cannot go forward.
func (b *exchangeBoard) Wind(w wind) error {
	b.winding.Lock()
	defer b.winding.Unlock()
	if w.Speed >= 0 {
		b.clock.SetSpeed(w.Speed)
		b.tell()
	}
	before, ringing := b.reaches()
	if w.Forward > 0 && ringing != "" {
		return &refusal{ringing + "’s phone is ringing: answer or decline it before you wind the clock."}
	}
	for left := w.Forward; left > 0; left -= stride {
		b.clock.Jump(min(left, stride))
		b.passed()
		b.tell()
		time.Sleep(breath)
		if now, _ := b.reaches(); now != before {
			break
		}
	}
	return nil
}

// reaches returns how often the line has reached one of our phones so far, and who
// of them is being rung, "" for nobody.
func (b *exchangeBoard) reaches() (times int, ringing string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range people {
		if stateOf(b.handset(p.number)) == incoming {
			ringing = p.name
		}
	}
	return b.reached, ringing
}
