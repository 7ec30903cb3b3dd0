package emulator

import (
	"strings"
	"time"
)

const (
	keyGap  = 250 * time.Millisecond // between two keys
	keyWait = 500 * time.Millisecond // a w
)

// keysLast is how long keys take to send.
func keysLast(keys string) time.Duration {
	var d time.Duration
	for _, k := range keys {
		switch k {
		case 'w':
			d += keyWait
		case 'W':
			d += 2 * keyWait
		default:
			d += keyGap
		}
	}
	return d
}

// Press presses keys 250 ms apart; w waits half a second. On a virtual clock
// it returns when the last key has had its effect, on a real one at once. Any
// other character is no key and is passed over.
func (c *Call) Press(keys string) {
	var wait time.Duration
	for _, k := range keys {
		switch {
		case k == 'w':
			wait += keyWait
			continue
		case !strings.ContainsRune("0123456789*#", k):
			continue
		case c.e.clock.virtual:
			c.e.Advance(wait)
			c.e.mu.Lock()
			c.key(string(k))
			c.e.mu.Unlock()
			wait = keyGap
		default:
			c.e.mu.Lock()
			c.e.after(wait, func() { c.key(string(k)) })
			c.e.mu.Unlock()
			wait += keyGap
		}
	}
	c.e.settle()
}

// key takes a key to whatever listens. Where nothing does it is lost.
func (c *Call) key(k string) {
	if c.isOver() {
		return
	}
	at := len(c.log)
	c.note("pressed " + k)
	text := k
	d := c.dialing
	switch {
	case c.gather != nil && c.gather.key(k):
	case c.recorder != nil && c.recorder.key(k):
	case c.gather == nil && d != nil && d.star && k == "*" && c.state == statusInProgress:
		d.leaveByStar()
	case c.tone(k) > 0:
	default:
		text += " (lost)"
		c.log[at].text += " (lost)"
	}
	c.e.emit(Event{Kind: EventPressed, Phone: c.phone.number, Call: c.sid, Text: text})
}

// tone lets those who hear this phone hear a key, and returns how many.
func (c *Call) tone(k string) int {
	listeners := c.listeners()
	for _, l := range listeners {
		l.hear(Utterance{Kind: KindTone, From: c.phone.number, Text: k, Duration: keyGap})
	}
	return len(listeners)
}

// Say is what the person at the phone says: heard by whoever hears them, or
// taken by a Gather that listens for speech.
func (c *Call) Say(text string) { c.SayHeard(text, clearly(text)) }

// Hearing is what a Gather that listens makes of something said: perhaps other words,
// "" for what is no words to it, and how sure it is of them, from 0 to 1; "" where the
// carrier's engine does not tell.
type Hearing struct{ Text, Confidence string }

// wellHeard is how sure a Gather is of what was said clearly.
const wellHeard = "0.9128386"

func clearly(text string) Hearing { return Hearing{Text: text, Confidence: wellHeard} }

// SayHeard is Say where a Gather takes what is said for something else.
func (c *Call) SayHeard(text string, as Hearing) {
	c.e.mu.Lock()
	c.utter(text, as)
	c.e.mu.Unlock()
	c.e.settle()
}

func (c *Call) utter(text string, as Hearing) {
	if c.state != statusInProgress {
		return
	}
	last := lengthOf(strings.Fields(text))
	at := len(c.log)
	c.note("said: " + text)
	c.e.emit(Event{Kind: EventSaid, Phone: c.phone.number, Call: c.sid, Text: text})
	if c.gather != nil && c.gather.hear(as, last) {
		return
	}
	if c.recorder != nil {
		c.recorder.hear(text, last)
		return
	}
	listeners := c.listeners()
	for _, l := range listeners {
		l.hear(Utterance{Kind: KindRoom, From: c.phone.number, Text: text, Duration: last})
	}
	if len(listeners) == 0 {
		c.log[at].text += " (nobody heard)"
	}
	if c.dialing != nil && c.dialing.seat != nil && len(listeners) > 0 {
		c.dialing.seat.spoke(last)
	}
}

// listeners returns who hears this phone.
func (c *Call) listeners() []*Call {
	switch {
	case c.peer != nil:
		return []*Call{c.peer}
	case c.dialing != nil && c.dialing.seat != nil:
		s := c.dialing.seat
		var all []*Call
		for _, other := range s.m.seats {
			if other.hears(s) {
				all = append(all, other.c)
			}
		}
		return all
	}
	return nil
}
