package emulator

import (
	"net/url"
	"slices"
	"strconv"
	"time"
)

// waitingLine is a queue.
type waitingLine struct {
	sid, name string
	tickets   []*ticket
}

// ticket is a call's place in a queue.
type ticket struct {
	line  *waitingLine
	r     *runner // of the Enqueue
	c     *Call
	n     *node
	wait  *runner
	music *heard
	since time.Time
}

func (r *runner) enqueue(n *node) {
	e := r.e
	r.hops = 0
	line := e.queues[n.text()]
	if line == nil {
		line = &waitingLine{sid: e.sid("QU"), name: n.text()}
		e.queues[n.text()] = line
		e.lines = append(e.lines, line.name)
	}
	t := &ticket{line: line, r: r, c: r.c, n: n, since: e.clock.Now()}
	if len(line.tickets) >= n.int("maxQueueSize", 1000) {
		t.end("queue-full")
		return
	}
	line.tickets = append(line.tickets, t)
	r.c.ticket = t
	r.c.note("waits in queue")
	target, ok := n.lookup("waitUrl")
	switch {
	case !ok:
		t.music = r.c.hearOpen(Utterance{Kind: KindPlay, Text: "hold music"})
	case target != "":
		target, _ = r.resolve(target)
		t.entertain(target)
	}
}

// entertain plays the waitUrl, again and again.
func (t *ticket) entertain(target string) {
	w := &runner{e: t.r.e, c: t.c, role: queueRole, to: t.r.to}
	again := func() { w.fetch(target, t.n.method("waitUrlMethod"), t.figures()) }
	w.at, _ = url.Parse(target)
	w.ended = func(w *runner, ok bool) {
		if !ok {
			t.end("system-error")
			return
		}
		again()
	}
	t.wait = w
	again()
}

func (t *ticket) figures() url.Values {
	now := t.c.e.clock.Now()
	var total time.Duration
	for _, o := range t.line.tickets {
		total += now.Sub(o.since)
	}
	seconds := func(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }
	return url.Values{
		"QueueSid":         {t.line.sid},
		"QueuePosition":    {strconv.Itoa(1 + slices.Index(t.line.tickets, t))},
		"QueueTime":        {seconds(now.Sub(t.since))},
		"AvgQueueTime":     {seconds(total / time.Duration(max(len(t.line.tickets), 1)))},
		"CurrentQueueSize": {strconv.Itoa(len(t.line.tickets))},
		"MaxQueueSize":     {strconv.Itoa(t.n.int("maxQueueSize", 1000))},
	}
}

// leave is the verb Leave: the call goes on after its Enqueue.
func (r *runner) leave() {
	if t := r.c.ticket; t != nil && r == t.wait {
		t.end("leave")
		return
	}
	r.next()
}

func (t *ticket) out(result string) url.Values {
	t.line.tickets = slices.DeleteFunc(t.line.tickets, func(o *ticket) bool { return o == t })
	t.c.ticket = nil
	t.wait.halt()
	t.music.close()
	return url.Values{
		"QueueResult": {result}, "QueueSid": {t.line.sid},
		"QueueTime": {strconv.Itoa(int(t.c.e.clock.Now().Sub(t.since).Seconds()))},
	}
}

// end goes on to the action, or to the next verb.
func (t *ticket) end(result string) {
	v := t.out(result)
	action, ok := t.n.lookup("action")
	if !ok {
		t.r.next()
		return
	}
	t.r.fetch(action, t.n.method("method"), v)
}

// abandon tells the action of a call that goes elsewhere or is over; what it
// answers is not played.
func (t *ticket) abandon(result string) {
	v := t.out(result)
	if action, ok := t.n.lookup("action"); ok {
		t.c.tell(t.r, action, t.n.method("method"), v)
	}
}
