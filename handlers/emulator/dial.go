package emulator

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// dial is a Dial that is running: it rings numbers, or sits in a conference.
type dial struct {
	r      *runner
	c      *Call
	n      *node
	star   bool // a star leaves
	expiry *task

	seat *seat

	legs    []*Call
	ring    *heard // what the caller hears until somebody answers
	bridged *Call
	since   time.Time // when they were connected
	last    string    // how the last leg ended that was never connected
}

func (r *runner) dial(n *node) {
	d := &dial{r: r, c: r.c, n: n, star: n.bool("hangupOnStar", false), last: statusFailed}
	r.c.dialing = d
	r.hops = 0
	for _, m := range n.children() {
		if m.name == "Conference" {
			d.conference(m)
			return
		}
	}
	d.numbers()
}

// close ends what the Dial does with time and legs, not its room.
func (d *dial) close() {
	d.expiry.stop()
	d.ring.close()
	d.c.dialing = nil
	d.c.peer = nil
	legs := d.legs
	d.legs = nil
	for _, leg := range legs {
		leg.peer = nil
		leg.onEnd = nil
		status := statusCompleted
		if leg.state == statusRinging {
			status = statusCanceled
		}
		leg.finish(status, leftByHangup)
	}
}

// end goes on after the Dial: to its action, or to the next verb.
func (d *dial) end(status string) {
	result := d.result(status)
	d.close()
	d.r.stop = nil
	action, ok := d.n.lookup("action")
	if !ok {
		d.r.next()
		return
	}
	d.r.fetch(action, d.n.method("method"), result)
}

func (d *dial) result(status string) url.Values {
	v := url.Values{"DialCallStatus": {status}}
	if leg := d.bridged; leg != nil {
		v.Set("DialCallSid", leg.sid)
		v.Set("DialCallDuration", strconv.Itoa(int(math.Ceil(d.c.e.clock.Now().Sub(d.since).Seconds()))))
	}
	if d.seat == nil {
		v.Set("DialBridged", strconv.FormatBool(d.bridged != nil))
	}
	return v
}

// dissolve ends the Dial for a call that is taken elsewhere: no action.
func (d *dial) dissolve(why leaving) {
	if d.seat != nil {
		d.seat.leave(why)
	}
	d.close()
}

// abandon ends the Dial of a call that is over. The action is told, and what
// it answers is not played.
func (d *dial) abandon(why leaving) {
	status := d.last
	switch {
	case d.seat != nil:
		status = "answered"
	case d.bridged != nil:
		status = statusCompleted
	case len(d.legs) > 0:
		status = statusCanceled
	}
	result := d.result(status)
	d.dissolve(why)
	action, ok := d.n.lookup("action")
	if !ok {
		return
	}
	d.c.tell(d.r, action, d.n.method("method"), result)
}

// tell makes a request of a call that is over.
func (c *Call) tell(r *runner, ref, method string, result url.Values) {
	target, ok := r.resolve(ref)
	if !ok {
		return
	}
	params := c.params()
	for k, v := range result {
		params[k] = v
	}
	c.e.send(&webhook{kind: KindVoice, call: c.sid, url: target, method: method, params: params, jar: c.jar, done: func(answer) {}})
}

// leaveByStar is hangupOnStar: the other side is let go, the caller goes on.
func (d *dial) leaveByStar() {
	if d.seat != nil {
		d.seat.leave(leftByHangup)
		d.end("answered")
		return
	}
	if d.bridged != nil {
		d.end(statusCompleted)
		return
	}
	d.end(statusCanceled)
}

// numbers rings every number at once; the first to answer is connected.
func (d *dial) numbers() {
	e, c := d.c.e, d.c
	nouns := d.n.children()
	if len(nouns) == 0 {
		nouns = []*node{{name: "Number", parts: []part{{text: d.n.text()}}, origin: d.n.path()}}
	}
	from := d.n.str("callerId", c.from)
	if c.state == statusInProgress {
		d.ring = c.hearOpen(Utterance{Kind: KindRing, Text: "ringing"})
	}
	for _, n := range nouns {
		if !isE164(n.text()) {
			e.problem(c.sid, 13224, "the number cannot be dialled: give E.164", d.r.where(n.path()))
			continue
		}
		leg := e.newCall(e.phone(n.text()), from, n.text(), outboundDial)
		leg.parent = c
		if target, ok := d.r.resolve(n.str("statusCallback", "")); ok && n.str("statusCallback", "") != "" {
			events := strings.Fields(n.str("statusCallbackEvent", "completed"))
			leg.callback = callbackTarget{target, n.method("statusCallbackMethod"), events}
		}
		leg.onUp = func() { d.answered(leg, n) }
		leg.onEnd = func() { d.lost(leg) }
		d.legs = append(d.legs, leg)
	}
	for _, leg := range append([]*Call(nil), d.legs...) {
		if c.dialing != d {
			return
		}
		leg.ringFor(d.n.seconds("timeout", 30))
	}
	if c.dialing == d && len(d.legs) == 0 {
		d.end(d.last)
	}
}

// answered lets a leg hear its whisper, sends its digits, and connects it.
func (d *dial) answered(leg *Call, n *node) {
	legs := d.legs
	d.legs = []*Call{leg}
	for _, other := range legs {
		if other != leg {
			other.onEnd = nil
			other.finish(statusCanceled, leftByHangup)
		}
	}
	d.detect(leg, n)
	send := func() {
		digits := n.str("sendDigits", "")
		if digits == "" {
			d.connect(leg)
			return
		}
		leg.hear(Utterance{Kind: KindTone, From: leg.from, Text: digits, Duration: keysLast(digits)})
		d.expiry = d.c.e.after(keysLast(digits), func() { d.connect(leg) })
	}
	ref := n.str("url", "")
	if ref == "" {
		send()
		return
	}
	target, _ := d.r.resolve(ref)
	leg.main = &runner{e: d.c.e, c: leg, role: whisperRole, to: func() []*Call { return []*Call{leg} }}
	leg.main.ended = func(r *runner, ok bool) {
		r.over = true
		if !ok {
			leg.finish(statusCompleted, leftByHangup)
			return
		}
		send()
	}
	leg.main.fetch(target, n.method("method"), nil)
}

func (d *dial) connect(leg *Call) {
	if d.c.dialing != d || leg.isOver() {
		return
	}
	c := d.c
	d.bridged, d.since = leg, c.e.clock.Now()
	d.ring.close()
	c.connect()
	c.peer, leg.peer = leg, c
	c.note("connected to " + leg.to)
	if greeting := leg.fate().Greets; greeting != "" {
		leg.utter(greeting, clearly(greeting))
	}
	d.expiry = c.e.after(d.n.seconds("timeLimit", 14400), func() { d.end(statusCompleted) })
}

// lost is told that a leg has ended.
func (d *dial) lost(leg *Call) {
	if d.c.dialing != d {
		return
	}
	var rest []*Call
	for _, l := range d.legs {
		if l != leg {
			rest = append(rest, l)
		}
	}
	d.legs = rest
	switch {
	case d.bridged == leg:
		d.end(statusCompleted)
	case len(rest) == 0:
		d.last = leg.state
		d.end(leg.state)
	}
}
