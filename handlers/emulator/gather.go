package emulator

import (
	"net/url"
	"strings"
	"time"
)

// gather is a Gather that is running.
type gather struct {
	r        *runner
	n        *node
	keys     bool // takes keys
	speech   bool // takes speech
	digits   string
	said     []string
	sure     string // how sure it is of what was said last
	finish   string // the keys that finish
	limit    int    // digits, 0 for none
	silence  *task  // runs out when nothing more comes
	sounding bool   // what is nested is being played
}

func (r *runner) gather(n *node) {
	input := n.str("input", "dtmf")
	g := &gather{
		r: r, n: n,
		keys:     strings.Contains(input, "dtmf"),
		speech:   strings.Contains(input, "speech"),
		finish:   n.str("finishOnKey", "#"),
		limit:    n.int("numDigits", 0),
		sounding: true,
	}
	r.c.gather = g
	g.nested(n.children())
}

// nested plays what stands in the Gather; the timeout begins after it.
func (g *gather) nested(rest []*node) {
	if len(rest) == 0 {
		g.sounding = false
		g.expect(g.timeout())
		return
	}
	g.r.sound(rest[0], func() { g.nested(rest[1:]) })
}

// hush cuts what is nested.
func (g *gather) hush() {
	if !g.sounding {
		return
	}
	g.sounding = false
	stop := g.r.stop
	g.r.stop = nil
	if stop != nil {
		stop()
	}
}

// expect ends the Gather unless something more comes within d.
func (g *gather) expect(d time.Duration) {
	g.silence.stop()
	g.silence = g.r.e.after(d, func() { g.end("") })
	g.r.hops = 0
	g.r.stop = g.drop
}

func (g *gather) drop() {
	g.silence.stop()
	g.r.c.gather = nil
}

func (g *gather) timeout() time.Duration { return g.n.seconds("timeout", 5) }

// key takes a key, and reports false if it is lost on this Gather. Once
// speech has begun, keys are lost.
func (g *gather) key(k string) bool {
	if !g.keys || len(g.said) > 0 {
		return false
	}
	if g.n.bool("bargeIn", true) {
		g.hush()
	} else if g.sounding {
		return false
	}
	if strings.Contains(g.finish, k) {
		g.end(k)
		return true
	}
	g.digits += k
	if g.limit > 0 && len(g.digits) >= g.limit {
		g.end("")
		return true
	}
	g.expect(g.timeout())
	return true
}

// hear takes what the person says for what it is heard as, and reports false if it is
// lost. The Gather ends speechTimeout after the last word.
func (g *gather) hear(as Hearing, last time.Duration) bool {
	if !g.speech || g.digits != "" {
		return false
	}
	g.hush()
	g.said, g.sure = append(g.said, as.Text), as.Confidence
	quiet := g.n.seconds("speechTimeout", g.n.int("timeout", 5))
	if g.n.str("speechTimeout", "") == "auto" {
		quiet = time.Second // as long a pause as ends a sentence; Twilio gives no figure
	}
	g.partial()
	g.expect(min(last, time.Minute) + quiet)
	return true
}

func (g *gather) partial() {
	ref := g.n.str("partialResultCallback", "")
	if ref == "" {
		return
	}
	target, _ := g.r.resolve(ref)
	params := g.r.c.params()
	params.Set("UnstableSpeechResult", g.said[len(g.said)-1])
	params.Set("StableSpeechResult", strings.Join(g.said, " "))
	params.Set("Stability", "0.9")
	g.r.e.send(&webhook{
		kind: KindSpeech, call: g.r.c.sid, url: target, jar: g.r.c.jar,
		method: g.n.method("partialResultCallbackMethod"), params: params, done: func(answer) {},
	})
}

// end goes to the action with what was gathered, or past the Gather when that
// is nothing and the action is not wanted all the same.
func (g *gather) end(finisher string) {
	r := g.r
	g.hush()
	g.drop()
	r.stop = nil
	result := url.Values{}
	switch {
	case strings.Join(g.said, "") != "" || len(g.said) > 0 && g.n.bool("actionOnEmptyResult", false):
		result.Set("SpeechResult", strings.Join(g.said, " "))
		if g.sure != "" {
			result.Set("Confidence", g.sure)
		}
	case g.digits != "" || g.n.bool("actionOnEmptyResult", false):
		result.Set("Digits", g.digits)
		result.Set("FinishedOnKey", finisher)
		result.Set("msg", "Gather End")
	default:
		r.next()
		return
	}
	r.fetch(g.n.str("action", ""), g.n.method("method"), result)
}
