package emulator

import "time"

// TextFate is how a share of all texts fares.
type TextFate struct {
	Share float64 // from 0 to 1
	DeliveryBehaviour
}

// CallFate is how a share of all calls fares.
type CallFate struct {
	Share float64 // from 0 to 1
	Behaviour
}

// Fates has texts and calls to phones fare by chance from here on, unless
// [Phone.Deliver] or [Phone.Behave] has said how. What the shares leave fares as
// ever. The nth text to a phone fares alike whatever becomes of others.
func (e *Emulator) Fates(texts []TextFate, calls []CallFate) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.textFates, e.callFates = texts, calls
}

// draw returns the fate in whose share a number from 0 to 1 lies, if it is in any.
func draw[F any](fates []F, drawn float64, share func(F) float64) (fate F, ok bool) {
	for _, f := range fates {
		if drawn -= share(f); drawn < 0 {
			return f, true
		}
	}
	return fate, false
}

// fate says how a text fares.
func (m *Message) fate() DeliveryBehaviour {
	if m.holder.delivery != (DeliveryBehaviour{}) || len(m.e.textFates) == 0 {
		return m.holder.delivery
	}
	if m.fated == nil {
		m.fated = new(DeliveryBehaviour)
		if f, ok := draw(m.e.textFates, m.e.chance("text "+m.holder.number), func(f TextFate) float64 { return f.Share }); ok {
			*m.fated = f.DeliveryBehaviour
		}
	}
	return *m.fated
}

// fate says what is done at the phone that a call rings.
func (c *Call) fate() Behaviour {
	if c.phone.behaviour != (Behaviour{}) || len(c.e.callFates) == 0 {
		return c.phone.behaviour
	}
	if c.fated == nil {
		c.fated = new(Behaviour)
		if f, ok := draw(c.e.callFates, c.e.chance("call "+c.phone.number), func(f CallFate) float64 { return f.Share }); ok {
			*c.fated = f.Behaviour
		}
	}
	return *c.fated
}

// ListLag keeps texts and calls out of their lists until they are so old. How soon
// Twilio lists what it has made is not documented; at first it is at once.
func (e *Emulator) ListLag(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lag = d
}

// listed reports whether lists hold what was made then.
func (e *Emulator) listed(made time.Time) bool {
	return e.lag == 0 || e.clock.Now().Sub(made) >= e.lag
}

// HideNumbers has REST show the numbers of people in texts without their last digits,
// as Twilio's Message Redaction does for an account that asks for it.
func (e *Emulator) HideNumbers() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hides = true
}

// shown is how REST shows a number of a text.
func (e *Emulator) shown(number string) string {
	if e.hides && e.number(number) == nil && number != "" {
		return masked(number)
	}
	return number
}

// dialOut rings the far end of a call that was placed through REST once its turn
// has come. Twilio dials one call a second for an account, unless it is asked to
// do more, and has the others wait.
func (c *Call) dialOut(timeout time.Duration) {
	now := c.e.clock.Now()
	at := c.e.nextCall
	if at.Before(now) {
		at = now
	}
	c.e.nextCall = at.Add(c.e.callGap)
	if at.Equal(now) {
		c.ringFor(timeout)
		return
	}
	c.picking = c.e.after(at.Sub(now), func() { c.ringFor(timeout) })
}
