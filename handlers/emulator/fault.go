package emulator

import (
	"net/http"
	"strings"
	"time"
)

// Fault is something that goes wrong on purpose. Which requests it befalls is
// said by On and Match; what happens to them by exactly one of the others.
type Fault struct {
	On    FaultPoint
	Match string // part of the URL or REST path, or of a callback's event or status; "" matches all
	Skip  int    // how many matching requests pass first
	Times int    // how many it befalls; 0 means every one

	Status    int           // the answer is this HTTP status: the program is not reached (webhooks), or the request is not done (REST; 409, 429 and 500 with Twilio's error: 409 is "not finished")
	Refuse    bool          // the connection is refused
	Timeout   bool          // no answer comes within Twilio's patience; nothing is sent
	LoseReply bool          // the request is done, and its answer lost
	Drop      bool          // a callback never arrives, and nobody notices
	Duplicate int           // a callback arrives this many times more
	Delay     time.Duration // a callback arrives this much later, of clock time
	Reorder   bool          // a callback arrives after the next one of its call, room or message
}

// FaultPoint says what kind of request a fault befalls.
type FaultPoint string

// The points where a fault can strike.
const (
	OnWebhook  FaultPoint = "webhook"  // requests for TwiML, for the answer to a text, and for media
	OnCallback FaultPoint = "callback" // status callbacks of calls, conferences and messages
	OnREST     FaultPoint = "rest"     // requests of the program to the REST API
)

// Inject arms a fault. Faults are tried in the order of injection and the
// first that matches strikes.
func (e *Emulator) Inject(f Fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = append(e.faults, &armed{Fault: f})
}

// ClearFaults disarms every fault.
func (e *Emulator) ClearFaults() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = nil
}

type armed struct {
	Fault
	seen, struck int
}

// strike returns the fault that befalls a request; none is the zero Fault. It
// must be called with mu held.
func (e *Emulator) strike(on FaultPoint, about ...string) Fault {
	for _, f := range e.faults {
		if f.On != on || !contains(about, f.Match) || f.Times > 0 && f.struck >= f.Times {
			continue
		}
		f.seen++
		if f.seen <= f.Skip {
			continue
		}
		f.struck++
		return f.Fault
	}
	return Fault{}
}

func contains(about []string, part string) bool {
	for _, s := range about {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// rest is the error that Twilio gives with the fault's status.
func (f Fault) rest() *restError {
	switch f.Status {
	case http.StatusTooManyRequests:
		return &restError{status: f.Status, code: 20429, text: "Too Many Requests"}
	case http.StatusConflict:
		return &restError{status: f.Status, code: 20009, text: notComplete}
	}
	return &restError{status: f.Status, code: 20500, text: "Internal server error"}
}
