package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// sound plays a Say, Play or Pause and then calls done.
func (r *runner) sound(n *node, done func()) {
	switch n.name {
	case "Say":
		s := speechOf(n)
		r.repeat(n, Utterance{Kind: KindSay, Text: s.text, Voice: n.str("voice", "man"), Language: n.str("language", "en-US")}, s.last, done)
	case "Pause":
		r.wait(n.seconds("length", 1), done)
	default:
		if digits, ok := n.lookup("digits"); ok {
			r.speak(Utterance{Kind: KindTone, Text: digits}, keysLast(digits), done)
			return
		}
		r.recording(n, done)
	}
}

func (r *runner) recording(n *node, done func()) {
	target, ok := r.resolve(n.text())
	if !ok {
		r.fail(answer{code: 11100, what: "Play needs an absolute URL here"}, n.text())
		return
	}
	u := Utterance{Kind: KindPlay, Text: target}
	if d, ok := r.e.audio[target]; ok {
		r.repeat(n, u, d, done)
		return
	}
	gone := false
	r.stop = func() { gone = true }
	r.e.send(&webhook{kind: KindMedia, call: r.call(), url: target, method: http.MethodGet, plain: true, done: func(a answer) {
		if gone || r.over {
			return
		}
		r.stop = nil
		if a.code == 0 && !strings.HasPrefix(a.media, "audio/") {
			a.code, a.what = 13420, fmt.Sprintf("content type %q is not audio", a.media)
		}
		if a.code != 0 {
			r.fail(a, target)
			return
		}
		d := audioLength(a.media, a.body)
		if !strings.Contains(a.cache, "no-store") && !strings.Contains(a.cache, "no-cache") {
			r.e.audio[target] = d
		}
		r.repeat(n, u, d, done)
	}})
}

// repeat plays a sound as often as its loop says; 0 is a thousand times.
func (r *runner) repeat(n *node, u Utterance, d time.Duration, done func()) {
	times := n.int("loop", 1)
	if times == 0 {
		times = 1000
	}
	if d == 0 {
		times = 1
	}
	var again func()
	again = func() {
		times--
		if times > 0 {
			r.speak(u, d, again)
			return
		}
		r.speak(u, d, done)
	}
	again()
}

// speak is heard for d by all the runner speaks to.
func (r *runner) speak(u Utterance, d time.Duration, done func()) {
	u.Duration = d
	var heard []*heard
	for _, c := range r.to() {
		heard = append(heard, c.hear(u))
	}
	r.wait(d, done)
	timed := r.stop
	r.stop = func() {
		timed()
		for _, h := range heard {
			h.cut()
		}
	}
}

func (r *runner) wait(d time.Duration, done func()) {
	if d > 0 {
		r.hops = 0
	}
	t := r.e.after(d, func() {
		r.stop = nil
		done()
	})
	r.stop = t.stop
}
