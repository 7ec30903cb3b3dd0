package emulator

import (
	"math"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The states of a call, as Twilio's CallStatus.
const (
	statusQueued     = "queued"
	statusRinging    = "ringing"
	statusInProgress = "in-progress"
	statusCompleted  = "completed"
	statusBusy       = "busy"
	statusFailed     = "failed"
	statusNoAnswer   = "no-answer"
	statusCanceled   = "canceled"
)

// The directions of a call.
const (
	inbound      = "inbound"
	outboundAPI  = "outbound-api"
	outboundDial = "outbound-dial"
)

// Call is one leg between Twilio and a phone. Its methods are what the person
// at the phone does; on a virtual clock they return when all that follows at
// that moment has happened.
type Call struct {
	logged
	e         *Emulator
	phone     *Phone
	sid       string
	from, to  string
	direction string
	fated     *Behaviour // by chance, once it is known
	parent    *Call      // of a leg made by Dial
	state     string

	created, started, answered, over time.Time // started: dialled

	answeredBy string        // found by answering machine detection
	listened   time.Duration // how long that took
	verstat    string        // what was found of an inbound call's signature
	sip        int           // response code of a call that failed

	jar            http.CookieJar
	fallbackURL    string
	fallbackMethod string
	callback       callbackTarget
	events         int // callbacks sent

	main     *runner
	gather   *gather
	recorder *recorder
	dialing  *dial
	ticket   *ticket // its place in a queue
	peer     *Call   // who is at the other end of a dialled call
	ring     *heard  // the ringing that is heard
	picking  *task   // the phone's behaviour
	expiry   *task   // ring timeout, or the call's time limit
	onUp     func()  // answered
	onEnd    func()
	log      []entry
}

type callbackTarget struct {
	url, method string
	events      []string
}

// newCall must be called with mu held.
func (e *Emulator) newCall(p *Phone, from, to, direction string) *Call {
	jar, _ := cookiejar.New(nil) // fails only for options that are not given
	e.made++
	c := &Call{logged: logged{e.made}, e: e, phone: p, sid: e.sid("CA"), from: from, to: to, direction: direction, state: statusQueued, created: e.clock.Now(), jar: jar}
	e.calls = append(e.calls, c)
	e.callBySID[c.sid] = c
	return c
}

func (e *Emulator) call(sid string) *Call {
	return e.callBySID[sid]
}

// SID returns the call's CallSid.
func (c *Call) SID() string { return c.sid }

// From returns the number that is shown as calling.
func (c *Call) From() string { return c.from }

// State returns Twilio's CallStatus.
func (c *Call) State() string {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	return c.state
}

func (c *Call) isOver() bool { return !c.over.IsZero() }

func (c *Call) become(state string) {
	c.state = state
	c.note(state)
	c.e.emit(Event{Kind: EventState, Phone: c.phone.number, Call: c.sid, Text: state})
}

// newMain gives the call a document to be played from its first verb.
func (c *Call) newMain() *runner {
	c.main.halt()
	c.main = &runner{e: c.e, c: c, role: mainRole, to: func() []*Call { return []*Call{c} }}
	c.main.ended = func(r *runner, _ bool) { r.hangup(statusCompleted) }
	return c.main
}

// delaysAnswer reports whether a verb leaves an inbound call ringing.
func (c *Call) delaysAnswer(n *node) bool {
	if c.state != statusRinging {
		return true
	}
	return n.name == "Pause" || n.name == "Reject" || n.name == "Dial" && n.bool("answerOnBridge", false)
}

// connect answers a call that is not answered.
func (c *Call) connect() {
	if c.state != statusRinging {
		return
	}
	c.ring.close()
	c.picking.stop()
	c.expiry.stop()
	c.answered = c.e.clock.Now()
	c.become(statusInProgress)
	c.progress("answered")
	c.limit(maxCall)
	if c.onUp != nil {
		c.onUp()
	}
}

// maxCall is how long Twilio lets a call last that sets no limit itself.
const maxCall = 4 * time.Hour

func (c *Call) limit(d time.Duration) {
	c.expiry.stop()
	c.expiry = c.e.after(d, func() { c.finish(statusCompleted, leftByAPI) })
}

// finish ends the call. A room is told why.
func (c *Call) finish(status string, why leaving) {
	if c.isOver() {
		return
	}
	c.over = c.e.clock.Now()
	c.become(status)
	c.ring.close()
	c.picking.stop()
	c.expiry.stop()
	if c.recorder != nil {
		c.recorder.end("hangup")
	}
	c.main.halt()
	if c.gather != nil {
		c.gather.drop()
	}
	if d := c.dialing; d != nil {
		d.abandon(why)
	}
	if t := c.ticket; t != nil {
		t.abandon("hangup")
	}
	c.phone.release(c)
	if !c.started.IsZero() { // of one taken back before it was dialled nothing is told
		c.progress("completed")
	}
	if c.onEnd != nil {
		c.onEnd()
	}
}

// redirect takes the call out of whatever it is in and starts over.
func (c *Call) redirect(start func(*runner)) {
	if d := c.dialing; d != nil {
		d.dissolve(leftByAPI)
	}
	if t := c.ticket; t != nil {
		t.abandon("redirected")
	}
	start(c.newMain())
}

// params returns what every request about the call carries.
func (c *Call) params() url.Values {
	v := url.Values{
		"CallSid": {c.sid}, "AccountSid": {c.e.account}, "ApiVersion": {apiVersion},
		"From": {c.from}, "To": {c.to}, "Caller": {c.from}, "Called": {c.to},
		"CallStatus": {c.state}, "Direction": {c.direction},
	}
	for _, side := range []struct{ number, name, legacy string }{{c.from, "From", "Caller"}, {c.to, "To", "Called"}} {
		place(v, side.name, side.number)
		place(v, side.legacy, side.number)
	}
	if c.parent != nil {
		v.Set("ParentCallSid", c.parent.sid)
	}
	if c.answeredBy != "" {
		v.Set("AnsweredBy", c.answeredBy)
		v.Set("MachineDetectionDuration", strconv.FormatInt(c.listened.Milliseconds(), 10))
	}
	return v
}

// place says where a number is, as far as anybody could tell.
func place(v url.Values, name, number string) {
	country := ""
	if strings.HasPrefix(number, "+1") && isE164(number) {
		country = "US"
	}
	v.Set(name+"City", "")
	v.Set(name+"State", "")
	v.Set(name+"Zip", "")
	v.Set(name+"Country", country)
}

// queued is how long the call waited for its turn.
func (c *Call) queued() time.Duration {
	if c.started.IsZero() {
		return 0
	}
	return c.started.Sub(c.created)
}

// progress tells the status callback, if it wants to hear of the event.
func (c *Call) progress(event string) {
	if c.callback.url == "" || !slices.Contains(c.callback.events, event) {
		return
	}
	v := c.params()
	if event == "initiated" {
		v.Set("CallStatus", "initiated")
	}
	v.Set("CallbackSource", "call-progress-events")
	v.Set("SequenceNumber", strconv.Itoa(c.events))
	v.Set("Timestamp", c.e.clock.Now().UTC().Format(time.RFC1123Z))
	c.events++
	if event == "completed" {
		seconds := c.duration()
		v.Set("CallDuration", strconv.Itoa(seconds))
		v.Set("Duration", strconv.Itoa(int(math.Ceil(float64(seconds)/60))))
		if c.sip != 0 {
			v.Set("SipResponseCode", strconv.Itoa(c.sip))
		}
	}
	c.e.callback(&webhook{
		kind: KindCallStatus, call: c.sid, about: event, series: c.sid, jar: c.jar,
		url: c.callback.url, method: c.callback.method, params: v,
	}, 15003)
}

// duration returns the whole seconds since the answer.
func (c *Call) duration() int {
	if c.answered.IsZero() {
		return 0
	}
	end := c.over
	if end.IsZero() {
		end = c.e.clock.Now()
	}
	return int(math.Ceil(end.Sub(c.answered).Seconds()))
}
