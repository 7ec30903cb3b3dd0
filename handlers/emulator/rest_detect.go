package emulator

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// listening is how long answering machine detection usually takes.
	listening = 4 * time.Second
	// listensAtMost is how long it may take unless MachineDetectionTimeout says.
	listensAtMost = 30 * time.Second
)

// detect runs answering machine detection, if it is asked for: before the
// document, or beside it when AsyncAmd is true.
func (e *Emulator) detect(q *restCall, c *Call, then func()) {
	mode := q.str("MachineDetection")
	if mode == "" {
		then()
		return
	}
	found, wait := c.fate().detected(mode)
	most := listensAtMost
	if seconds := 0; number10(q.str("MachineDetectionTimeout"), 3, 59, &seconds) {
		most = time.Duration(seconds) * time.Second
	}
	if wait > most {
		found, wait = "unknown", most
	}
	if q.str("AsyncAmd") != "true" {
		e.after(wait, func() {
			if !c.isOver() {
				c.answeredBy, c.listened = found, wait
				then()
			}
		})
		return
	}
	c.detectBeside(found, wait, q.str("AsyncAmdStatusCallback"), q.verb("AsyncAmdStatusCallbackMethod", http.MethodPost))
	then()
}

// detectBeside tells who picked up once it is known, while the call goes on.
func (c *Call) detectBeside(found string, wait time.Duration, target, method string) {
	c.e.after(wait, func() {
		if c.isOver() {
			return
		}
		c.answeredBy, c.listened = found, wait
		c.e.callback(&webhook{
			kind: KindCallStatus, call: c.sid, about: "amd", series: c.sid, jar: c.jar, url: target, method: method,
			params: url.Values{
				"CallSid": {c.sid}, "AccountSid": {c.e.account}, "AnsweredBy": {found},
				"MachineDetectionDuration": {strconv.FormatInt(wait.Milliseconds(), 10)},
			},
		}, 15003)
	})
}

// detect runs answering machine detection of a Number, which nothing waits for.
func (d *dial) detect(leg *Call, n *node) {
	mode := n.str("machineDetection", "")
	if mode == "" {
		return
	}
	found, wait := leg.fate().detected(mode)
	if most := n.seconds("machineDetectionTimeout", int(listensAtMost/time.Second)); wait > most {
		found, wait = "unknown", most
	}
	target, ok := d.r.resolve(n.str("amdStatusCallback", ""))
	if !ok || n.str("amdStatusCallback", "") == "" {
		d.c.e.problem(leg.sid, 21262, "nobody is told who answered: give an amdStatusCallback", d.r.where(n.path()))
		target = ""
	}
	leg.detectBeside(found, wait, target, n.method("amdStatusCallbackMethod"))
}

// detected returns Twilio's AnsweredBy for who picks up, and how long it takes to
// tell: a machine's message has to end first, if its end is asked for.
func (b Behaviour) detected(mode string) (string, time.Duration) {
	switch {
	case b.Kind != Machine:
		return cmp.Or(b.Taken, "human"), listening
	case mode == "DetectMessageEnd":
		return cmp.Or(b.Taken, "machine_end_beep"), max(listening, lengthOf(strings.Fields(b.Says)))
	}
	return cmp.Or(b.Taken, "machine_start"), listening
}
