package emulator

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// role is what a document is played for.
type role int

const (
	mainRole    role = iota // the call itself
	whisperRole             // heard by who answered a Dial, before they are connected
	waitRole                // heard before a conference starts, or on hold
	queueRole               // heard in a queue: begins again when it ends
	speakRole               // an announcement
)

// maxHops is how many documents may follow each other without a sound. Twilio
// documents no limit; a program that does this is broken.
const maxHops = 200

// runner plays TwiML to one leg, or an announcement to several. All of it
// runs with the emulator's mu held: each verb calls next when it is over.
type runner struct {
	e    *Emulator
	c    *Call // whose document this is; nil for an announcement to a room
	role role
	to   func() []*Call // who hears it

	at       *url.URL // where the document came from; nil before the first, and for one given inline
	inlined  bool     // the document was given without a URL
	verbs    []*node
	pc       int
	stop     func() // ends what is going on; nil when nothing is
	over     bool
	hops     int
	fallback bool // the document is the fallback's

	extra url.Values               // parameters of each request beyond the call's
	ended func(r *runner, ok bool) // the document ran out, or (false) could not be had or played
}

// halt ends the runner for good, and what it plays.
func (r *runner) halt() {
	if r == nil || r.over {
		return
	}
	r.over = true
	r.cease()
}

func (r *runner) cease() {
	if stop := r.stop; stop != nil {
		r.stop = nil
		stop()
	}
	if r.c != nil && r.c.gather != nil && r.c.gather.r == r {
		r.c.gather.drop()
	}
}

// fetch asks for the document at a reference and plays it.
func (r *runner) fetch(ref, method string, more url.Values) {
	target, ok := r.resolve(ref)
	if !ok {
		r.fail(answer{code: 15004, what: "TwiML that was given inline needs absolute URLs"}, ref)
		return
	}
	params := r.e.roomParams()
	if r.c != nil {
		params = r.c.params()
	}
	for _, set := range []url.Values{r.extra, more} {
		for k, v := range set {
			params[k] = v
		}
	}
	kind := KindVoice
	if r.role == waitRole || r.role == speakRole {
		kind = KindWait
	}
	w := &webhook{kind: kind, url: target, method: method, params: params}
	if r.c != nil {
		w.call, w.jar = r.c.sid, r.c.jar
	}
	w.done = func(a answer) {
		if !r.over {
			r.got(a, target)
		}
	}
	r.e.send(w)
}

// resolve makes a reference absolute. An empty one is the document itself.
func (r *runner) resolve(ref string) (string, bool) {
	if r.at == nil {
		return ref, !r.inlined || goodURL(strings.SplitN(ref, "#", 2)[0])
	}
	return relative(r.at, ref), true
}

// relative makes a reference absolute that stands in the document at a URL.
func relative(at *url.URL, ref string) string {
	if ref == "" {
		return at.String()
	}
	u, err := at.Parse(ref)
	if err != nil {
		return ref
	}
	if u.Scheme == at.Scheme && u.Host == at.Host && u.User == nil {
		u.User = at.User
	}
	return u.String()
}

// got plays what a request brought, by its content type.
func (r *runner) got(a answer, target string) {
	if a.code != 0 {
		r.fail(a, target)
		return
	}
	if a.at != nil {
		r.at = a.at
	} else if u, err := url.Parse(target); err == nil {
		r.at = u
	}
	switch {
	case a.media == "text/xml" || a.media == "application/xml" || a.media == "text/html":
	case a.media == "text/plain":
		if _, bad := parseTwiML(a.body); bad != nil && bad.code != 11770 {
			r.play([]*node{{name: "Say", parts: []part{{text: string(a.body)}}, origin: "text/plain"}})
			return
		}
	case strings.HasPrefix(a.media, "audio/"):
		r.play([]*node{{name: "Play", parts: []part{{text: target}}, origin: a.media}, {name: "Hangup"}})
		return
	default:
		r.fail(answer{code: 12300, what: fmt.Sprintf("content type %q is neither XML, text nor audio", a.media)}, target)
		return
	}
	r.load(a.body)
}

// load plays a document.
func (r *runner) load(body []byte) {
	verbs, bad := parseTwiML(body)
	if bad != nil {
		r.fail(answer{code: bad.code, what: bad.what}, r.where(""))
		return
	}
	found := checkTwiML(verbs)
	switch r.role {
	case waitRole, speakRole:
		found = append(found, only(verbs, 13238, "Play", "Say", "Pause", "Redirect")...)
	case queueRole:
		found = append(found, only(verbs, schema, "Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather")...)
	case whisperRole:
		found = append(found, only(verbs, 13201, "Play", "Say", "Pause", "Hangup", "Redirect", "Gather")...)
	}
	fatal := false
	for _, d := range found {
		r.e.complain(Problem{Call: r.call(), Code: d.code, What: d.what, Where: r.where(d.where), Recording: d.recording})
		fatal = fatal || d.fatal
	}
	if fatal {
		r.broken(answer{code: schema})
		return
	}
	r.play(verbs)
}

func (r *runner) play(verbs []*node) {
	r.hops++
	if r.hops > maxHops {
		r.hops = 0
		r.fallback = true
		r.fail(answer{code: 11200, what: fmt.Sprintf("%d documents in a row made no sound", maxHops)}, r.where(""))
		return
	}
	r.verbs, r.pc = verbs, 0
	r.next()
}

// next plays the verb that comes next.
func (r *runner) next() {
	if r.over {
		return
	}
	r.stop = nil
	if r.pc >= len(r.verbs) {
		r.ended(r, true)
		return
	}
	n := r.verbs[r.pc]
	r.pc++
	if r.role == mainRole && !r.c.delaysAnswer(n) {
		r.c.connect()
		if r.over {
			return
		}
	}
	r.verb(n)
}

func (r *runner) verb(n *node) {
	switch n.name {
	case "Say", "Play", "Pause":
		r.sound(n, r.next)
	case "Gather":
		r.gather(n)
	case "Redirect":
		r.fetch(n.text(), n.method("method"), nil)
	case "Hangup":
		r.hangup(statusCompleted)
	case "Reject":
		r.reject(n)
	case "Dial":
		r.dial(n)
	case "Enqueue":
		r.enqueue(n)
	case "Leave":
		r.leave()
	case "Record":
		r.record(n)
	default: // the check has complained
		r.next()
	}
}

func (r *runner) hangup(status string) {
	r.over = true
	r.c.finish(status, leftByHangup)
}

// reject refuses a call that is not answered; later it is a Hangup. The
// status of a call refused as "rejected" is not documented: failed here.
func (r *runner) reject(n *node) {
	switch {
	case r.c.state != statusRinging:
		r.hangup(statusCompleted)
	case n.str("reason", "rejected") == "busy":
		r.c.hear(Utterance{Kind: KindTone, Text: "busy"})
		r.hangup(statusBusy)
	default:
		r.c.hear(Utterance{Kind: KindTone, Text: "not in service"})
		r.hangup(statusFailed)
	}
}

func (r *runner) call() string {
	if r.c == nil {
		return ""
	}
	return r.c.sid
}

func (r *runner) where(path string) string {
	at := "inline"
	if r.at != nil {
		at = r.at.Redacted()
	}
	return strings.TrimSpace(at + " " + path)
}

// fail is for what could not be had or read.
func (r *runner) fail(a answer, where string) {
	r.e.problem(r.call(), a.code, a.what, where)
	r.broken(answer{code: a.code, what: where})
}

// broken goes on after a failure: the fallback once, then the apology. A
// Play that cannot be fetched ends the same way; Twilio does not say so.
func (r *runner) broken(a answer) {
	if r.over {
		return
	}
	r.cease()
	if r.role != mainRole {
		r.ended(r, false)
		return
	}
	if r.c.fallbackURL != "" && !r.fallback {
		r.fallback = true
		if a.what == "" {
			a.what = r.where("")
		}
		at := r.at
		r.at = nil
		r.fetch(r.c.fallbackURL, r.c.fallbackMethod, url.Values{"ErrorCode": {strconv.Itoa(a.code)}, "ErrorUrl": {a.what}})
		if r.at == nil {
			r.at = at
		}
		return
	}
	r.c.connect()
	r.verbs, r.pc = nil, 0
	r.speak(Utterance{Kind: KindSay, Text: apology, Language: "en-US"}, lengthOf(strings.Fields(apology)), func() { r.hangup(statusCompleted) })
}

const apology = "An application error has occurred. Goodbye."

// start plays the document at a URL that is not relative to another.
func (r *runner) start(target, method string) { r.fetch(target, method, nil) }

// inline plays TwiML that came without a URL.
func (r *runner) inline(twiml string) {
	r.inlined = true
	r.load([]byte(twiml))
}
