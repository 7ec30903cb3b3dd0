package carrier

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hearthline/hearthline/store/vault"
)

// Twilio's limits on a document. Sources: error pages 11750 (64 kB), 13521,
// 13230 and 16023 to 16025.
const (
	maxDocument     = 64_000 // bytes: the smaller reading of "64 kB"
	maxSpoken       = 4096   // characters of one Say
	maxName         = 128    // characters of a conference's name or a label
	minParticipants = 2
	maxParticipants = 250
)

// ErrTooLarge says that a document is over Twilio's 64 kB.
var ErrTooLarge = errors.New("twiml: the document is over 64 kB: say less in one turn")

// Encode returns the document as UTF-8 XML. The same Response always gives the
// same bytes.
//
// It refuses what Twilio would refuse in the middle of a call: a document over
// 64 kB, a Say over 4,096 characters, a conference outside its limits, a Dial
// to nobody.
func (r Response) Encode() ([]byte, error) {
	return r.Append(make([]byte, 0, 1024))
}

// Append is [Response.Encode] into a buffer: it returns dst with the document
// behind it.
func (r Response) Append(dst []byte) ([]byte, error) {
	e := encoder{b: dst}
	e.raw(`<?xml version="1.0" encoding="UTF-8"?><Response>`)
	for _, v := range r {
		v.verb(&e)
	}
	e.raw(`</Response>`)
	if e.err == nil && len(e.b)-len(dst) > maxDocument {
		e.err = ErrTooLarge
	}
	if e.err != nil {
		return dst, e.err
	}
	return e.b, nil
}

// encoder writes XML by hand, in the order of the calls: encoding/xml costs
// reflection per turn, and twilio-go's builder shuffles attributes and drops
// empty ones that mean something.
type encoder struct {
	b      []byte
	spoken int   // characters of the Say in hand
	err    error // the first fault
}

func (e *encoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf("twiml: "+format, args...)
	}
}

func (e *encoder) raw(s string) { e.b = append(e.b, s...) }

// attr writes an attribute, empty or not.
func (e *encoder) attr(name, value string) {
	e.b = append(e.b, ' ')
	e.b = append(e.b, name...)
	e.b = append(e.b, '=', '"')
	e.escape(value)
	e.b = append(e.b, '"')
}

// some writes an attribute unless it is empty.
func (e *encoder) some(name, value string) {
	if value != "" {
		e.attr(name, value)
	}
}

func (e *encoder) opt(name string, o Opt) {
	if o.set {
		e.attr(name, o.value)
	}
}

func (e *encoder) bool(name string, v bool) { e.attr(name, strconv.FormatBool(v)) }

// whether writes an attribute whose default is false.
func (e *encoder) whether(name string, v bool) {
	if v {
		e.attr(name, "true")
	}
}

func (e *encoder) int(name string, n int) {
	switch {
	case n < 0:
		e.fail("%s: %d is negative", name, n)
	case n > 0:
		e.b = append(e.b, ' ')
		e.b = append(e.b, name...)
		e.b = append(e.b, '=', '"')
		e.b = strconv.AppendInt(e.b, int64(n), 10)
		e.b = append(e.b, '"')
	}
}

// seconds writes d in whole seconds, rounded up so that a short wait does not
// become Twilio's default.
func (e *encoder) seconds(name string, d time.Duration) {
	e.int(name, wholeSeconds(d))
}

// wholeSeconds rounds up.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// number writes n as the text of an element.
func (e *encoder) number(n vault.Number) {
	if n.IsZero() {
		e.fail("dial: there is no number to dial")
	}
	e.escape(n.Reveal(vault.ForDial))
}

// escape writes s as character data or as an attribute's value. White space
// other than a space is written as a reference, since a parser would otherwise
// turn it into a space or a line feed. What XML 1.0 cannot hold is replaced.
// Source: https://www.w3.org/TR/xml/#charsets
func (e *encoder) escape(s string) {
	from := 0
	for i := 0; i < len(s); {
		ref, width := reference(s[i:])
		if ref == "" {
			i += width
			continue
		}
		e.raw(s[from:i])
		e.raw(ref)
		i += width
		from = i
	}
	e.raw(s[from:])
}

// reference returns what the first character of s is written as, "" for itself,
// and its width in bytes.
func reference(s string) (ref string, width int) {
	switch c := s[0]; {
	case c == '&':
		return "&amp;", 1
	case c == '<':
		return "&lt;", 1
	case c == '>':
		return "&gt;", 1
	case c == '"':
		return "&#34;", 1
	case c == '\t':
		return "&#9;", 1
	case c == '\n':
		return "&#10;", 1
	case c == '\r':
		return "&#13;", 1
	case c < ' ':
		return "\uFFFD", 1
	case c < utf8.RuneSelf:
		return "", 1
	}
	r, width := utf8.DecodeRuneInString(s)
	if r == '\uFFFE' || r == '\uFFFF' || r == utf8.RuneError && width == 1 {
		return "\uFFFD", width
	}
	return "", width
}

func (v Say) verb(e *encoder) {
	e.raw("<Say")
	e.some("voice", v.Voice)
	e.some("language", v.Language)
	e.int("loop", v.Loop)
	e.raw(">")
	e.spoken = 0
	e.parts(v.Parts)
	if e.spoken > maxSpoken {
		e.fail("say: %d characters are more than Twilio reads in one piece (%d): split it", e.spoken, maxSpoken)
	}
	e.raw("</Say>")
}

func (e *encoder) parts(parts []Part) {
	for _, p := range parts {
		p.part(e)
	}
}

func (e *encoder) speak(s string) {
	e.spoken += utf8.RuneCountInString(s)
	e.escape(s)
}

func (p Text) part(e *encoder) { e.speak(string(p)) }

func (p Break) part(e *encoder) {
	e.raw(`<break time="`)
	e.b = strconv.AppendInt(e.b, max(0, p.Time.Milliseconds()), 10)
	e.raw(`ms"/>`)
}

func (p Prosody) part(e *encoder) {
	e.raw("<prosody")
	e.some("rate", p.Rate)
	e.some("pitch", p.Pitch)
	e.some("volume", p.Volume)
	e.raw(">")
	e.parts(p.Parts)
	e.raw("</prosody>")
}

func (p Lang) part(e *encoder) {
	e.raw("<lang")
	e.attr("xml:lang", p.Language)
	e.raw(">")
	e.parts(p.Parts)
	e.raw("</lang>")
}

func (p Sub) part(e *encoder) {
	e.raw("<sub")
	e.attr("alias", p.Alias)
	e.raw(">")
	e.speak(p.Text)
	e.raw("</sub>")
}

func (v Play) verb(e *encoder) {
	e.raw("<Play")
	e.int("loop", v.Loop)
	e.raw(">")
	e.escape(v.URL)
	e.raw("</Play>")
}

func (v Pause) verb(e *encoder) {
	e.raw("<Pause")
	e.seconds("length", v.Length)
	e.raw("/>")
}

func (v Gather) verb(e *encoder) {
	e.raw("<Gather")
	e.some("input", string(v.Input))
	e.some("action", v.Action)
	e.some("method", string(v.Method))
	e.seconds("timeout", v.Timeout)
	e.int("numDigits", v.NumDigits)
	e.opt("finishOnKey", v.FinishOnKey)
	e.whether("actionOnEmptyResult", v.ActionOnEmptyResult)
	e.some("language", v.Language)
	e.some("hints", v.Hints)
	e.seconds("speechTimeout", v.SpeechTimeout)
	e.raw(">")
	for _, p := range v.Prompts {
		p.verb(e)
	}
	e.raw("</Gather>")
}

func (v Redirect) verb(e *encoder) {
	e.raw("<Redirect")
	e.some("method", string(v.Method))
	e.raw(">")
	e.escape(v.URL)
	e.raw("</Redirect>")
}

func (Hangup) verb(e *encoder) { e.raw("<Hangup/>") }

func (v Reject) verb(e *encoder) {
	e.raw("<Reject")
	e.some("reason", string(v.Reason))
	e.raw("/>")
}

func (v Dial) verb(e *encoder) {
	e.raw("<Dial")
	e.some("action", v.Action)
	e.some("method", string(v.Method))
	e.seconds("timeout", v.Timeout)
	e.seconds("timeLimit", v.TimeLimit)
	e.whether("hangupOnStar", v.HangupOnStar)
	e.whether("answerOnBridge", v.AnswerOnBridge)
	e.some("callerId", v.CallerID.Reveal(vault.ForDial))
	e.attr("record", "do-not-record")
	e.raw(">")
	if v.To == nil {
		e.fail("dial: there is nobody to dial")
	} else {
		v.To.target(e)
	}
	e.raw("</Dial>")
}

func (t Plain) target(e *encoder) { e.number(t.Number) }

func (t Number) target(e *encoder) {
	e.raw("<Number")
	e.some("sendDigits", t.SendDigits)
	e.some("url", t.URL)
	if t.Detected != "" {
		e.attr("machineDetection", "Enable")
		e.attr("machineDetectionTimeout", strconv.Itoa(int(DetectsWithin/time.Second)))
		e.attr("amdStatusCallback", t.Detected)
	}
	e.raw(">")
	e.number(t.Number)
	e.raw("</Number>")
}

func (t Conference) target(e *encoder) {
	t.check(e)
	e.raw("<Conference")
	e.bool("muted", t.Muted)
	e.attr("beep", "false")
	e.bool("startConferenceOnEnter", t.StartOnEnter)
	e.bool("endConferenceOnExit", t.EndOnExit)
	e.opt("waitUrl", t.WaitURL)
	e.some("waitMethod", string(t.WaitMethod))
	e.int("maxParticipants", t.MaxParticipants)
	e.attr("record", "do-not-record")
	e.some("participantLabel", t.Label)
	e.some("statusCallback", t.StatusCallback)
	if len(t.StatusCallbackEvents) > 0 {
		e.events(t.StatusCallbackEvents)
	}
	e.raw(">")
	e.escape(t.Name)
	e.raw("</Conference>")
}

// check refuses what would keep the leg out of the room, without naming it.
func (t Conference) check(e *encoder) {
	if n := utf8.RuneCountInString(t.Name); n == 0 || n > maxName {
		e.fail("conference: a name of %d characters is not 1 to %d", n, maxName)
	}
	if n := utf8.RuneCountInString(t.Label); n > maxName {
		e.fail("conference: a label of %d characters is over %d", n, maxName)
	}
	if strings.Contains(t.Label, "/") {
		e.fail("conference: the label holds a slash")
	}
	if n := t.MaxParticipants; n != 0 && (n < minParticipants || n > maxParticipants) {
		e.fail("conference: %d participants is not %d to %d", n, minParticipants, maxParticipants)
	}
}

func (e *encoder) events(events []ConferenceEvent) {
	e.raw(` statusCallbackEvent="`)
	for i, ev := range events {
		if i > 0 {
			e.raw(" ")
		}
		e.escape(string(ev))
	}
	e.raw(`"`)
}
