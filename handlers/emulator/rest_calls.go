package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	createCallParams = "To From Url Method Twiml FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod " +
		"SendDigits Timeout TimeLimit MachineDetection MachineDetectionTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod"
	updateCallParams = "Url Method Twiml Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod TimeLimit"
)

// maxInline is the longest Twiml parameter, in characters.
const maxInline = 4000

func (e *Emulator) show(c *Call) map[string]any {
	parent := ""
	if c.parent != nil {
		parent = c.parent.sid
	}
	sid := ""
	if n := e.number(c.to); n != nil && c.direction == inbound {
		sid = n.sid
	}
	m := map[string]any{
		"sid": c.sid, "account_sid": e.account, "api_version": apiVersion, "parent_call_sid": orNull(parent), "phone_number_sid": orNull(sid),
		"from": c.from, "from_formatted": c.from, "to": c.to, "to_formatted": c.to, "direction": c.direction, "status": c.state,
		"answered_by": orNull(c.answeredBy), "caller_name": nil, "forwarded_from": nil, "group_sid": nil, "trunk_sid": nil, "queue_time": strconv.FormatInt(c.queued().Milliseconds(), 10),
		"date_created": date(c.created), "date_updated": date(c.created), "start_time": date(c.started), "end_time": date(c.over),
		"duration": nil, "price": nil, "price_unit": "USD", "uri": e.uri("Calls/" + c.sid), "subresource_uris": map[string]string{},
	}
	if c.isOver() {
		m["duration"], m["date_updated"] = strconv.Itoa(c.duration()), date(c.over)
	}
	return m
}

func (e *Emulator) pathCall(q *restCall) (*Call, *restError) {
	if c := e.call(q.r.PathValue("call")); c != nil {
		return c, nil
	}
	return nil, notFound(q.r.URL.Path)
}

func (e *Emulator) fetchCall(q *restCall) (any, *restError) {
	c, bad := e.pathCall(q)
	if bad != nil {
		return nil, bad
	}
	return e.show(c), nil
}

func (e *Emulator) listCalls(q *restCall) (any, *restError) {
	started, bad := during(q, "StartTime")
	if bad != nil {
		return nil, bad
	}
	is := func(name, value string) bool { return !q.given(name) || q.str(name) == value }
	return newest(q, "calls", e.calls, func(c *Call) bool {
		parent := ""
		if c.parent != nil {
			parent = c.parent.sid
		}
		return is("To", c.to) && is("From", c.from) && is("Status", c.state) && is("ParentCallSid", parent) && started(c.started) && e.listed(c.created)
	}, e.show)
}

// deleteCall forgets a call that is over.
func (e *Emulator) deleteCall(q *restCall) (any, *restError) {
	c, bad := e.pathCall(q)
	if bad != nil {
		return nil, bad
	}
	if bad := e.undeletable(c.isOver(), c.over); bad != nil {
		return nil, bad
	}
	e.deleted[c.sid] = true
	at := indexOf(e.calls, c.seq)
	e.calls = slices.Delete(e.calls, at, at+1)
	delete(e.callBySID, c.sid)
	return nil, nil
}

// place makes an outbound call as both Calls and Participants create do.
func (e *Emulator) place(q *restCall) (*Call, time.Duration, *restError) {
	to, from := q.str("To"), q.str("From")
	timeout := 60
	switch {
	case to == "":
		return nil, 0, badParameter(21201, "No 'To' number is specified")
	case from == "":
		return nil, 0, badParameter(21213, "'From' phone number is required")
	case !isE164(to):
		return nil, 0, badParameter(21211, "The phone number you are attempting to call is not valid")
	case e.number(from) == nil:
		return nil, 0, badParameter(21210, "The source phone number is not yet verified for your account")
	case q.given("Timeout") && !number10(q.str("Timeout"), 1, 600, &timeout):
		return nil, 0, badParameter(21208, "Timeout must be from 1 to 600")
	case q.given("StatusCallback") && !goodURL(q.str("StatusCallback")):
		return nil, 0, badParameter(21609, "Invalid StatusCallback URL")
	}
	events := q.form["StatusCallbackEvent"]
	for _, ev := range events {
		if !slices.Contains([]string{"initiated", "ringing", "answered", "completed"}, ev) {
			return nil, 0, badParameter(21626, "Invalid StatusCallbackEvent: give each event in a parameter of its own")
		}
	}
	if len(events) == 0 {
		events = []string{"completed"}
	}
	c := e.newCall(e.phone(to), from, to, outboundAPI)
	c.callback = callbackTarget{q.str("StatusCallback"), q.verb("StatusCallbackMethod", http.MethodPost), events}
	// Twilio adds five seconds to every ring timeout.
	return c, time.Duration(timeout)*time.Second + 5*time.Second, nil
}

func (e *Emulator) createCall(q *restCall) (any, *restError) {
	start, bad := e.document(q)
	if bad != nil {
		return nil, bad
	}
	if start == nil {
		return nil, badParameter(21205, "Url or Twiml is required")
	}
	if mode := q.str("MachineDetection"); mode != "" && mode != "Enable" && mode != "DetectMessageEnd" {
		return nil, badParameter(20001, "MachineDetection is Enable or DetectMessageEnd")
	}
	if q.given("MachineDetectionTimeout") && !number10(q.str("MachineDetectionTimeout"), 3, 59, new(int)) {
		return nil, badParameter(20001, "MachineDetectionTimeout is from 3 to 59")
	}
	if strings.Trim(q.str("SendDigits"), "0123456789*#wW") != "" {
		return nil, badParameter(21206, "Invalid SendDigits")
	}
	c, timeout, bad := e.place(q)
	if bad != nil {
		return nil, bad
	}
	c.fallbackURL, c.fallbackMethod = q.str("FallbackUrl"), q.verb("FallbackMethod", http.MethodPost)
	c.onUp = func() {
		if seconds := 0; number10(q.str("TimeLimit"), 1, 86400, &seconds) {
			c.limit(time.Duration(seconds) * time.Second)
		}
		e.detect(q, c, func() { c.sendDigits(q.str("SendDigits"), func() { start(c.newMain()) }) })
	}
	body := e.show(c)
	c.dialOut(timeout)
	return body, nil
}

func (c *Call) sendDigits(digits string, then func()) {
	if digits == "" {
		then()
		return
	}
	c.hear(Utterance{Kind: KindTone, From: c.from, Text: digits, Duration: keysLast(digits)})
	c.e.after(keysLast(digits), func() {
		if !c.isOver() {
			then()
		}
	})
}

// document returns what starts the call's TwiML, nil when none is given.
func (e *Emulator) document(q *restCall) (func(*runner), *restError) {
	target, twiml := q.str("Url"), q.str("Twiml")
	switch {
	case len([]rune(twiml)) > maxInline:
		return nil, badParameter(21605, "Twiml has more than %d characters", maxInline)
	case twiml != "":
		return func(r *runner) { r.inline(twiml) }, nil
	case target == "":
		return nil, nil
	case !goodURL(strings.SplitN(target, "#", 2)[0]):
		return nil, badParameter(21205, "Url is not a valid URL")
	}
	method := q.verb("Method", http.MethodPost)
	return func(r *runner) { r.start(target, method) }, nil
}

func (e *Emulator) updateCall(q *restCall) (any, *restError) {
	c, bad := e.pathCall(q)
	if bad != nil {
		return nil, bad
	}
	start, bad := e.document(q)
	if bad != nil {
		return nil, bad
	}
	status := q.str("Status")
	switch {
	case status != "" && status != statusCompleted && status != statusCanceled:
		return nil, badParameter(21218, "Status is completed or canceled")
	case c.isOver():
		return nil, badParameter(21220, "Call is not in-progress. Cannot redirect.")
	case start != nil && c.state != statusInProgress:
		return nil, badParameter(21220, "Call is not in-progress. Cannot redirect.")
	case status == statusCanceled && c.state == statusInProgress:
		return nil, badParameter(21220, "Call is in-progress. Cannot cancel.")
	}
	if q.given("FallbackUrl") {
		c.fallbackURL, c.fallbackMethod = q.str("FallbackUrl"), q.verb("FallbackMethod", http.MethodPost)
	}
	if q.given("StatusCallback") {
		c.callback.url, c.callback.method = q.str("StatusCallback"), q.verb("StatusCallbackMethod", http.MethodPost)
		c.callback.events = []string{"completed"}
	}
	if seconds := 0; number10(q.str("TimeLimit"), 1, 86400, &seconds) {
		c.limit(time.Duration(seconds) * time.Second)
	}
	switch {
	case status != "" && c.state == statusInProgress:
		c.finish(statusCompleted, leftByAPI)
	case status != "":
		c.finish(statusCanceled, leftByAPI)
	case start != nil:
		c.redirect(start)
	}
	return e.show(c), nil
}
