package emulator

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Fault is something that goes wrong on purpose. Which requests it befalls is
// said by On, Match, Skip, Times and Share; what happens to them by the others, of
// which one is given unless it says that it goes with another.
type Fault struct {
	On    FaultPoint
	Match string  // part of the URL or REST path, or of a callback's event or status; "" matches all
	Skip  int     // how many matching requests pass first
	Times int     // how many it befalls; 0 means every one
	Share float64 // of those that come to it, which share it befalls at random; 0 means all

	Status    int           // the answer is this HTTP status: the program is not reached (webhooks), or the request is not done (REST, with Twilio's error of 401, 409, 429 and 500: 409 is "not finished")
	Code      int           // with Status, on REST: Twilio's error, if it is another
	Refuse    bool          // the connection is refused
	Timeout   bool          // no answer comes within Twilio's patience; nothing is sent or done
	Hang      time.Duration // with Timeout, on REST: how long, of the machine's time, until the connection is cut; 0: when the program gives up
	LoseReply bool          // the request is done, and its answer lost; on REST also with Timeout, or with Status, which is then the answer
	Early     int           // on REST: so many callbacks of the text that is made come before the answer, and of a call all that are due at once
	Drop      bool          // a callback never arrives, and nobody notices
	Duplicate int           // a callback arrives this many times more
	Delay     time.Duration // a callback arrives this much later, of clock time
	Reorder   bool          // a callback arrives after the next one of its call, room or message, or a minute later
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
	e.faults = append(e.faults, &armed{Fault: f, number: len(e.faults)})
}

// ClearFaults disarms every fault.
func (e *Emulator) ClearFaults() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = nil
}

type armed struct {
	Fault
	number       int
	seen, struck int
}

// strike returns the fault that befalls a request; none is the zero Fault. Whose
// is the number at the far end, by which chance is drawn: what befalls the nth
// request about one number does not hang on those about others. It must be called
// with mu held.
func (e *Emulator) strike(on FaultPoint, whose string, about ...string) Fault {
	for _, f := range e.faults {
		if f.On != on || !contains(about, f.Match) || f.Times > 0 && f.struck >= f.Times {
			continue
		}
		f.seen++
		if f.seen <= f.Skip || f.Share > 0 && e.chance(fmt.Sprintf("fault %d %s", f.number, whose)) >= f.Share {
			continue
		}
		f.struck++
		return f.Fault
	}
	return Fault{}
}

// chance draws from 0 to 1, by the emulator's seed, what is drawn for, and how
// often it was drawn for that before.
func (e *Emulator) chance(what string) float64 {
	e.drawn[what]++
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", what, e.drawn[what])
	return rand.New(rand.NewPCG(e.seed, h.Sum64())).Float64()
}

// patienceToReorder is how long a callback waits for another to overtake it.
const patienceToReorder = time.Minute

// hold keeps a callback back until the next one of its series is under way, or for
// a while if none is.
func (e *Emulator) hold(series string, tell func()) {
	e.held[series] = e.after(patienceToReorder, func() {
		delete(e.held, series)
		tell()
	})
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
	bad := &restError{status: f.Status, code: 20500, text: "Internal server error"}
	switch f.Status {
	case http.StatusUnauthorized:
		bad.code, bad.text = 20003, "Authenticate"
	case http.StatusTooManyRequests:
		bad.code, bad.text = 20429, "Too Many Requests"
	case http.StatusConflict:
		bad.code, bad.text = 20009, notComplete
	}
	if f.Code != 0 {
		bad.code, bad.text = f.Code, errorMessages[f.Code]
	}
	return bad
}
