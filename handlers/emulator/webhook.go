package emulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// webhook is one request to the program under test, with its retries.
type webhook struct {
	kind    string // of the exchange
	call    string // CallSid, "" for a conference
	message string // MessageSid of what is about a text
	about   string // what a fault may match beside the URL: an event or a status
	series  string // callbacks of one series keep their order but for faults
	url     string // absolute, with its fragment
	method  string
	params  url.Values
	jar     http.CookieJar
	plain   bool // fetched like any file: neither signed nor followed by parameters

	token    string // of idempotency: the same for each retry
	patience patience
	done     func(answer) // called once, with mu held
}

// answer is the outcome of a webhook. Code is Twilio's, 0 when there was a
// good answer.
type answer struct {
	code   int
	what   string
	status int
	media  string // content type, without its parameters
	body   []byte
	at     *url.URL // where the answer came from in the end
	cause  string   // for retries: ct, rt, 4xx, 5xx
	cache  string   // Cache-Control
}

func (w *webhook) problem(e *Emulator, code int, what, where string) {
	e.complain(Problem{Call: w.call, Message: w.message, Code: code, What: what, Where: where})
}

// send makes the request. It must be called with mu held.
func (e *Emulator) send(w *webhook) {
	w.token = e.uuid()
	target, fragment, _ := strings.Cut(w.url, "#")
	w.url = target
	p, err := parsePatience(fragment)
	if err != nil {
		w.problem(e, 11243, err.Error(), target)
	}
	w.patience = p
	if !goodURL(target) {
		w.done(answer{code: 11100, what: "the URL is not one that can be requested: give an absolute http or https URL with a host without underscores"})
		return
	}
	if w.method == http.MethodGet && !w.plain && len(w.params) > 0 {
		join := "?"
		if strings.Contains(target, "?") {
			join = "&"
		}
		w.url += join + w.params.Encode()
	}
	e.attempt(w, 0)
}

// attempt makes the request for the nth time, from 0, as the faults let it.
func (e *Emulator) attempt(w *webhook, n int) {
	on := OnWebhook
	switch w.kind {
	case KindCallStatus, KindConferenceStatus, KindMessageStatus:
		on = OnCallback
	}
	f := e.strike(on, w.params.Get("To"), w.url, w.about)
	switch {
	case f.Drop:
	case f.Refuse:
		e.invent(w, Exchange{Err: "connection refused"})
		e.attempted(w, n, answer{code: 11205, what: "the connection was refused", cause: "ct"})
	case f.Timeout:
		e.after(w.patience.total, func() {
			e.invent(w, Exchange{Err: "timed out"})
			e.attempted(w, n, answer{code: 11200, what: "no answer within " + w.patience.total.String(), cause: "rt"})
		})
	case f.Status != 0:
		e.invent(w, Exchange{Status: f.Status})
		e.attempted(w, n, refusedStatus(f.Status))
	case f.Delay > 0:
		e.after(f.Delay, func() { e.exchange(w, n, false) })
	case f.Reorder && w.series != "" && e.held[w.series] == nil:
		e.hold(w.series, func() { e.exchange(w, n, false) })
		return
	default:
		for range 1 + f.Duplicate {
			e.exchange(w, n, f.LoseReply)
		}
	}
	if held := e.held[w.series]; held != nil {
		held.hurry()
	}
}

// attempted tries again if the URL asks for it, else ends the webhook.
func (e *Emulator) attempted(w *webhook, n int, a answer) {
	if a.code != 0 && n < w.patience.retries && w.patience.retry(a.cause) {
		e.attempt(w, n+1)
		return
	}
	w.done(a)
}

// exchange makes the request over the network. On a virtual clock requests go
// one by one in the order they arose, so that a test repeats exactly.
func (e *Emulator) exchange(w *webhook, n int, loseReply bool) {
	e.inFlight++
	e.telling[w.series]++
	job := func() {
		all, a := e.perform(w)
		if loseReply && a.status != 0 {
			a = answer{code: 11200, what: "the answer was lost", cause: "rt"}
			all[len(all)-1].Err = a.what
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, x := range all {
			e.record(x)
		}
		e.attempted(w, n, a)
		if e.telling[w.series]--; e.telling[w.series] == 0 {
			delete(e.telling, w.series)
		}
		e.landed()
	}
	if !e.clock.virtual {
		go job()
		return
	}
	e.queue = append(e.queue, job)
	if !e.working {
		e.working = true
		go e.work()
	}
}

func (e *Emulator) work() {
	for {
		e.mu.Lock()
		if len(e.queue) == 0 {
			e.working = false
			e.mu.Unlock()
			return
		}
		job := e.queue[0]
		e.queue = e.queue[1:]
		e.mu.Unlock()
		job()
	}
}

// invent records an exchange that a fault kept from happening.
func (e *Emulator) invent(w *webhook, x Exchange) {
	x.At, x.Kind, x.Call, x.Message, x.Method, x.URL, x.Params = e.clock.Now(), w.kind, w.call, w.message, w.method, w.url, w.params
	e.record(x)
}

func (e *Emulator) record(x Exchange) {
	x.Seq = len(e.exchanges) + 1
	e.exchanges = append(e.exchanges, x)
	e.emit(Event{Kind: EventExchange, Call: x.Call, Message: x.Message, Text: x.URL, Exchange: &x})
}

// callback sends what is not answered with TwiML, and complains about an
// answer that Twilio would log.
func (e *Emulator) callback(w *webhook, code int) {
	if w.url == "" {
		return
	}
	where := w.url
	w.done = func(a answer) {
		if a.code != 0 {
			w.problem(e, code, fmt.Sprintf("the callback failed (%d): %s", a.code, a.what), where)
			return
		}
		xml := slices.Contains([]string{"text/xml", "application/xml"}, a.media)
		if a.status != http.StatusNoContent && !(a.status == http.StatusOK && xml) {
			w.problem(e, code, fmt.Sprintf("a callback was answered with %d %s: answer 204, or 200 with text/xml", a.status, a.media), where)
		}
	}
	e.send(w)
}

// patience is how long Twilio waits for an answer and how often it asks
// again. See https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
type patience struct {
	connect, read, total time.Duration
	retries              int
	on                   []string
}

func (p patience) retry(cause string) bool {
	return slices.Contains(p.on, cause) || slices.Contains(p.on, "all")
}

// parsePatience reads the overrides of a URL's fragment. Of a fragment with a
// fault the good parts count.
func parsePatience(fragment string) (patience, error) {
	p := patience{connect: 5 * time.Second, read: 15 * time.Second, total: 15 * time.Second, retries: 1, on: []string{"ct"}}
	var fault error
	for _, part := range strings.Split(fragment, "&") {
		key, value, _ := strings.Cut(part, "=")
		ok := true
		switch key {
		case "ct":
			ok = millis(value, 10000, &p.connect)
		case "rt":
			ok = millis(value, 15000, &p.read)
		case "tt":
			ok = millis(value, 15000, &p.total)
		case "rc":
			ok = number10(value, 0, 5, &p.retries)
		case "rp":
			on := strings.Split(value, ",")
			ok = !slices.ContainsFunc(on, func(s string) bool { return !slices.Contains([]string{"4xx", "5xx", "ct", "rt", "all"}, s) })
			if ok {
				p.on = on
			}
		case "e", "":
		default:
			ok = false
		}
		if !ok {
			fault = fmt.Errorf("the URL's fragment has a bad connection override %q", part)
		}
	}
	return p, fault
}

func millis(s string, most int, d *time.Duration) bool {
	var n int
	if !number10(s, 100, most, &n) {
		return false
	}
	*d = time.Duration(n) * time.Millisecond
	return true
}
