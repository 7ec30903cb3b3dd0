package emulator

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// TextOption changes a text that a phone sends.
type TextOption func(*Message)

// Picture adds a picture to a text: its content type, and the address that the
// program is told, "" for the one at Twilio. To fetch it there is a [Problem]: this
// emulator keeps no pictures.
func Picture(address, contentType string) TextOption {
	return func(m *Message) { m.illustrate(media{url: address, kind: contentType}) }
}

// Sender shows the line another sender than the phone's number: a short code,
// say. What the line answers still comes to the phone.
func Sender(shown string) TextOption {
	return func(m *Message) { m.from = shown }
}

// Text sends a text to a number of the account, at most 1,600 characters of
// it. On a virtual clock it returns when the program has answered; the
// answers then are on their way. To any other number, and from a landline, it
// fails.
func (p *Phone) Text(to, body string, options ...TextOption) *Message {
	m := p.write(to, body, options)
	p.e.settle()
	return m
}

func (p *Phone) write(to, body string, options []TextOption) *Message {
	e := p.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if tooLong(body) {
		body = string([]rune(body)[:maxBody])
	}
	m := e.newMessage(p.number, to, body, inbound)
	m.holder = p
	for _, o := range options {
		o(m)
	}
	n := e.number(to)
	if n == nil || n.NoTexts || p.delivery.Kind == Landline {
		m.enter(statusFailed)
		return m
	}
	m.sent = m.created
	m.enter(statusReceived)
	m.heed()
	target, method := n.SMSURL, orPost(n.SMSMethod)
	if s := e.serviceOf(to); s != nil && s.Keeps {
		target, method = s.InboundURL, http.MethodPost
	} else if n.SMSApplicationSID != "" {
		target = ""
	}
	if target != "" {
		a := &answering{e: e, m: m, n: n}
		a.fetch(target, method, nil)
	}
	return m
}

// params are what a webhook is told of an inbound message.
func (m *Message) params() url.Values {
	_, _, segments := CountSegments(m.body)
	v := url.Values{
		"MessageSid": {m.sid}, "SmsSid": {m.sid}, "SmsMessageSid": {m.sid}, "AccountSid": {m.e.account},
		"From": {m.from}, "To": {m.to}, "Body": {m.body}, "NumMedia": {strconv.Itoa(len(m.media))},
		"NumSegments": {strconv.Itoa(segments)}, "SmsStatus": {statusReceived}, "ApiVersion": {apiVersion},
	}
	place(v, "From", m.from)
	place(v, "To", m.to)
	for i, x := range m.media {
		v.Set("MediaUrl"+strconv.Itoa(i), x.url)
		v.Set("MediaContentType"+strconv.Itoa(i), x.kind)
	}
	if s := m.e.serviceOf(m.to); s != nil {
		v.Set("MessagingServiceSid", s.SID)
	}
	if m.optOut != "" {
		v.Set("OptOutType", m.optOut)
	}
	return v
}

// cookieLife is how long Twilio keeps the cookies of two numbers that no
// longer write.
const cookieLife = 4 * time.Hour

type pairJar struct {
	http.CookieJar
	used time.Time
}

func (e *Emulator) jarOf(from, to string) http.CookieJar {
	p, now := pair{to, from}, e.clock.Now()
	j := e.jars[p]
	if j == nil || now.Sub(j.used) >= cookieLife {
		jar, _ := cookiejar.New(nil) // fails only for options that are not given
		j = &pairJar{CookieJar: jar}
		e.jars[p] = j
	}
	j.used = now
	return j
}

// Twilio's limits for what answers one text.
const (
	maxReplies   = 10
	maxDocuments = 50
)

// answering has a program answer one inbound text. All of it runs with mu
// held.
type answering struct {
	e        *Emulator
	m        *Message
	n        *number
	at       *url.URL // where the document came from
	fallback bool
	asked    int // documents
	sent     int // replies
}

func (a *answering) fetch(ref, method string, more url.Values) {
	target := ref
	if a.at != nil {
		target = relative(a.at, ref)
	}
	if a.asked++; a.asked > maxDocuments {
		a.problem(14106, fmt.Sprintf("the answer took more than %d documents", maxDocuments), target)
		return
	}
	params := a.m.params()
	for k, v := range more {
		params[k] = v
	}
	answered := false // by the first of a request that a fault doubles
	a.e.send(&webhook{
		kind: KindSMS, message: a.m.sid, about: statusReceived, url: target, method: method, params: params, jar: a.e.jarOf(a.m.from, a.m.to),
		done: func(x answer) {
			if !answered {
				answered = true
				a.got(x, target)
			}
		},
	})
}

// got sends what a request brought, by its content type.
func (a *answering) got(x answer, target string) {
	if x.code != 0 {
		a.fail(x, target)
		return
	}
	a.at = x.at
	switch body := strings.TrimSpace(string(x.body)); {
	case x.media == "text/xml" || x.media == "application/xml" || x.media == "text/html":
		a.load(x.body, target)
	case body == "" && (x.media == "" || x.media == "text/plain"):
	case x.media == "text/plain":
		a.reply(&draft{from: a.m.to, to: a.m.from, body: body}, "text/plain")
	default:
		a.fail(answer{code: 12300, what: fmt.Sprintf("content type %q is neither XML nor text", x.media)}, target)
	}
}

// load does what a document says. What Twilio would only warn of is passed
// over.
func (a *answering) load(body []byte, target string) {
	verbs, bad := parseTwiML(body)
	if bad != nil {
		a.fail(answer{code: bad.code, what: bad.what}, target)
		return
	}
	for _, d := range checkReply(verbs) {
		a.e.complain(Problem{Message: a.m.sid, Code: d.code, What: d.what, Where: a.where(d.where), Recording: d.recording})
	}
	for _, n := range verbs {
		switch n.name {
		case "Message":
			a.message(n)
		case "Redirect":
			a.fetch(n.text(), n.method("method"), nil)
			return
		}
	}
}

func (a *answering) message(n *node) {
	d := &draft{from: n.str("from", a.m.to), to: n.str("to", a.m.from), body: n.text()}
	for _, c := range n.children() {
		switch c.name {
		case "Body":
			d.body = c.text()
		case "Media":
			d.media = append(d.media, media{url: relative(a.at, c.text())})
		}
	}
	if ref := n.str("statusCallback", ""); ref != "" {
		d.callback = relative(a.at, ref)
	}
	if d.body != "" || len(d.media) > 0 { // else the check has complained
		a.reply(d, n.path())
	}
}

// draft is an answer to be sent.
type draft struct {
	from, to, body string
	media          []media
	callback       string
	canned         bool
}

// reply sends an answer, unless Twilio would refuse to.
func (a *answering) reply(d *draft, where string) {
	switch {
	case a.e.number(d.from) == nil:
		a.problem(14102, "an answer comes from a number of the account", a.where(where))
		return
	case d.to != a.m.from && !isE164(d.to):
		a.problem(14101, "an answer goes to an E.164 number", a.where(where))
		return
	case tooLong(d.body):
		a.problem(21617, fmt.Sprintf("an answer has more than %d characters", maxBody), a.where(where))
		return
	case a.sent == maxReplies:
		a.problem(14109, fmt.Sprintf("more than %d answers to one text", maxReplies), a.where(where))
		return
	}
	a.sent++
	if a.e.blocked(d.from, d.to) {
		a.problem(21610, "an answer to somebody who has opted out: give none to the carrier's own words", a.where(where))
	}
	a.m.answer(d)
}

// answer sends one message in answer to another.
func (m *Message) answer(d *draft) {
	r := m.e.newMessage(d.from, d.to, d.body, outboundReply)
	r.callback, r.canned = d.callback, d.canned
	if len(d.media) > 0 {
		r.illustrate(d.media...)
	}
	if d.to == m.from {
		r.holder = m.holder
	}
	m.answers = append(m.answers, r)
	r.enter(statusQueued)
	r.dispatch()
}

func (a *answering) problem(code int, what, where string) {
	a.e.complain(Problem{Message: a.m.sid, Code: code, What: what, Where: where})
}

func (a *answering) where(path string) string { return a.at.Redacted() + " " + path }

// fail goes on after a failure: to the fallback once, then silence.
func (a *answering) fail(x answer, where string) {
	a.problem(x.code, x.what, where)
	if a.n.SMSFallbackURL == "" || a.fallback {
		return
	}
	a.fallback, a.at = true, nil
	a.fetch(a.n.SMSFallbackURL, http.MethodPost, url.Values{"ErrorCode": {strconv.Itoa(x.code)}, "ErrorUrl": {where}})
}
