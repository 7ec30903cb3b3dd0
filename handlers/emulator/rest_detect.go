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
	e.after(wait, func() {
		c.answeredBy, c.listened = found, wait
		e.callback(&webhook{
			kind: KindCallStatus, call: c.sid, about: "amd", series: c.sid, jar: c.jar,
			url: q.str("AsyncAmdStatusCallback"), method: q.verb("AsyncAmdStatusCallbackMethod", http.MethodPost),
			params: url.Values{
				"CallSid": {c.sid}, "AccountSid": {e.account}, "AnsweredBy": {found},
				"MachineDetectionDuration": {strconv.FormatInt(wait.Milliseconds(), 10)},
			},
		}, 15003)
	})
	then()
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
