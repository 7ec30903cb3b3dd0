package emulator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// checkTwiML returns everything in a document's verbs that Twilio would
// complain of, in the order of the document. It is fatal where what is asked
// for cannot be played at all; the rest Twilio passes over.
func checkTwiML(verbs []*node) []defect {
	c := checker{forms: forms()}
	for _, n := range verbs {
		if !slices.Contains(c.forms["Response"].children, n.name) {
			c.stranger(schema, n, "Response")
			continue
		}
		c.element(n)
	}
	return c.found
}

type checker struct {
	forms map[string]form
	found []defect
}

// enough is how many complaints one document gets.
const enough = 50

func (c *checker) complain(code int, n *node, format string, args ...any) {
	if len(c.found) >= enough {
		return
	}
	c.found = append(c.found, defect{code: code, what: fmt.Sprintf(format, args...), where: n.path()})
}

func (c *checker) fatal(code int, n *node, format string, args ...any) {
	c.complain(code, n, format, args...)
	c.found[len(c.found)-1].fatal = true // if it is one too many, the last of those kept
}

// recording are the words in the names of what records, transcribes or streams:
// of verbs, attributes, REST parameters and paths.
var recording = regexp.MustCompile(`(?i)record|transcri|stream|siprec|^(start|connect|conversationrelay)$`)

// blame marks the complaints from the nth on as about a recording.
func (c *checker) blame(n int) {
	for i := n; i < len(c.found); i++ {
		c.found[i].recording = true
	}
}

func (c *checker) stranger(code int, n *node, parent string) {
	if recording.MatchString(n.name) {
		defer c.blame(len(c.found))
	}
	_, known := c.forms[n.name]
	switch {
	case slices.Contains(foreign, n.name):
		c.fatal(code, n, "%s is refused: this emulator does not play it", n.name)
	case known:
		c.fatal(code, n, "%s may not stand in %s", n.name, parent)
	default:
		c.complain(code, n, "no element %s: names are case sensitive", n.name)
	}
}

func (c *checker) element(n *node) {
	f := c.forms[n.name]
	for _, a := range n.attrs {
		r, ok := f.attrs[a.name]
		before := len(c.found)
		switch {
		case !ok:
			c.complain(schema, n, "%s has no attribute %s", n.name, a.name)
		case !r.ok(a.value):
			c.complain(r.code, n, "%s %s=%q: give %s", n.name, a.name, a.value, r.want)
		}
		if recording.MatchString(a.name) {
			c.blame(before)
		}
	}
	for _, child := range n.children() {
		if !slices.Contains(f.children, child.name) {
			c.stranger(f.nesting, child, n.name)
			continue
		}
		c.element(child)
	}
	switch own := n.text(); {
	case f.text == noText && own != "":
		c.complain(schema, n, "%s holds no text", n.name)
	case f.text == mustText && own == "" && len(n.children()) == 0:
		c.complain(f.textCode, n, "%s is empty", n.name)
	}
	c.particular(n)
}

// particular checks what concerns more than one attribute or child.
func (c *checker) particular(n *node) {
	switch n.name {
	case "Say":
		c.say(n)
	case "Play":
		if _, digits := n.lookup("digits"); n.text() == "" && !digits {
			c.complain(13430, n, "Play needs a URL or digits")
		} else if n.text() != "" && !reference(0).ok(n.text()) {
			c.complain(11100, n, "Play has no good URL")
		}
	case "Redirect":
		if !reference(0).ok(n.text()) {
			c.complain(11100, n, "Redirect has no good URL")
		}
	case "Gather":
		c.gather(n)
	case "Dial":
		c.dial(n)
	case "Message":
		c.message(n)
	case "Enqueue":
		if utf8.RuneCountInString(n.text()) > 64 {
			c.complain(14205, n, "a queue's name has at most 64 characters")
		}
	}
}

const maxSay = 4096 // characters

func (c *checker) say(n *node) {
	if s := speechOf(n); utf8.RuneCountInString(s.text) > maxSay {
		c.complain(13521, n, "Say has more than %d characters", maxSay)
	}
	language, ok := n.lookup("language")
	if voice, google := strings.CutPrefix(n.str("voice", ""), "Google."); google && ok && !strings.HasPrefix(voice, language) {
		c.complain(13511, n, "the voice does not speak %s", language)
	}
}

func (c *checker) gather(n *node) {
	input := n.str("input", "dtmf")
	if n.str("timeout", "") == "auto" && !strings.Contains(input, "speech") {
		c.complain(13313, n, "timeout auto is for speech")
	}
	if _, ok := n.lookup("speechModel"); ok && n.str("speechTimeout", "") == "auto" {
		c.complain(13335, n, "speechTimeout auto does not go with a speechModel")
	}
}

func (c *checker) dial(n *node) {
	numbers, rooms := count(n.children(), "Number"), count(n.children(), "Conference")
	switch {
	case rooms > 0 && (numbers > 0 || n.text() != ""), rooms > 1:
		c.fatal(13000, n, "a Conference stands alone in its Dial")
	case numbers > 10:
		c.complain(13250, n, "a Dial rings at most 10 numbers")
	case numbers == 0 && rooms == 0 && n.text() == "" && len(n.children()) == 0:
		c.complain(13223, n, "Dial has nobody to dial")
	}
	for _, m := range n.children() {
		if m.name == "Conference" && utf8.RuneCountInString(m.text()) > 128 {
			c.complain(13237, m, "a conference's name has at most 128 characters")
		}
	}
}

// only returns a complaint for each verb of a document that is not among
// those allowed where it is played.
func only(verbs []*node, code int, allowed ...string) []defect {
	var found []defect
	for _, n := range verbs {
		if !slices.Contains(allowed, n.name) {
			found = append(found, defect{code: code, what: fmt.Sprintf("%s is not allowed here: only %s", n.name, strings.Join(allowed, ", ")), where: n.path(), fatal: true})
		}
	}
	return found
}
