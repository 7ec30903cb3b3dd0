package phone_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// texts sends a text to an edge whose Postgres is out of reach.
func (c *calls) texts(body string, params ...string) string {
	c.t.Helper()
	return c.post(publicURL+phone.TextPath, append([]string{"CallSid", "", "MessageSid", "SM" + body, "Body", body, "Direction", ""}, params...)...)
}

func TestATextIsAnsweredWithoutPostgres(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	if got := c.texts("JOIN 482105"); !strings.Contains(got, "Evening grief circle is open now. Call (202) 555-0100") {
		t.Errorf("a text is answered by %s", got)
	}
	if got := c.texts("1"); !strings.Contains(got, "Find a group") {
		t.Errorf("an answer without its question is answered by %s", got)
	}
}

// The carrier answers these itself; an answer of ours would not arrive.
func TestTheCarriersWordsGetNoAnswerOfOurs(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	for _, body := range []string{"STOP", "stop", " Stop ", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "START", "YES", "UNSTOP"} {
		if got := c.texts(body); strings.Contains(got, "<Message") {
			t.Errorf("%s is answered by %s", body, got)
		}
	}
	for _, body := range []string{"please stop", "yes!", "the end"} {
		if got := c.texts(body); !strings.Contains(got, "<Message") {
			t.Errorf("%q is not answered", body)
		}
	}
	for _, body := range []string{"HELP", "info"} {
		if got := c.texts(body); !strings.Contains(got, "The crisis line is free") || !strings.Contains(got, "988") {
			t.Errorf("%s is answered by %s", body, got)
		}
		if got := c.texts(body, "OptOutType", "HELP"); strings.Contains(got, "<Message") {
			t.Errorf("%s, answered by the carrier, is answered again", body)
		}
	}
}

// heeding are members that write down what the carrier's words come to.
type heeding struct {
	phone.Away
	did *[]string
}

func (m heeding) Stop(_ context.Context, _ store.Event, _ vault.Number, stop bool, _ []string) error {
	*m.did = append(*m.did, fmt.Sprintf("stop %t", stop))
	return nil
}

func (m heeding) Coming(_ context.Context, _ store.Event, _ vault.Number, coming bool, _ []string) error {
	*m.did = append(*m.did, fmt.Sprintf("coming %t", coming))
	return nil
}

// The carrier takes YES for START. Who was asked a moment ago whether they come
// means that, and is counted without a word.
func TestAYesThatTheCarrierTakesIsAnAnswerToo(t *testing.T) {
	t.Parallel()
	var did []string
	c := newCalls(t, func(c *calls) { c.members = heeding{did: &did} })
	for body, want := range map[string]string{"YES": "stop false, coming true", " yes ": "stop false, coming true", "START": "stop false", "UNSTOP": "stop false", "STOP": "stop true"} {
		for _, params := range [][]string{nil, {"OptOutType", map[bool]string{true: "STOP", false: "START"}[body == "STOP"]}} {
			did = nil
			if got := c.texts(body, params...); strings.Contains(got, "<Message") || strings.Join(did, ", ") != want {
				t.Errorf("%q, %v comes to %q, not %q: %s", body, params, did, want, got)
			}
		}
	}
}

func TestEveryTextHasOneAnswerOfAtMostTwoSegments(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	bodies := []string{"", " ", "💙", "\x00", "a\xffb", strings.Repeat("x", 1600), strings.Repeat("💙", 800), "<b>&\"'", "NOW NOW NOW", "join join", "9999999999", "#", "*", "0", "'; DROP TABLE line; --", "ＮＯＷ"}
	for _, w := range []string{"now", "find", "find grief", "find tuesday", "find spanish", "join", "join 482105", "join 836254", "next", "next 482105", "mine", "remind", "call", "leave", "in", "out", "forget me", "lang es", "lang", "privacy", "menu",
		"ahora", "buscar duelo", "entrar 482105", "próximo 836254", "mis grupos", "recordar", "llamar", "dejar", "voy", "no voy", "olvídame", "idioma inglés", "privacidad", "menú", "ayuda", "quiero morir", "i want to die"} {
		bodies = append(bodies, w, strings.ToUpper(w)+"!")
	}
	for i, body := range bodies {
		got := c.texts(body, "From", "client:"+strconv.Itoa(i)) // each somebody else's
		if strings.Count(got, "<Message>") != 1 {
			t.Errorf("%q is answered by %s", body, got)
			continue
		}
		_, text, _ := strings.Cut(got, "<Message>")
		text, _, _ = strings.Cut(text, "</Message>")
		text = strings.NewReplacer("&#10;", "\n", "&#34;", "\"", "&amp;", "&").Replace(text)
		if s := flows.CountSegments(text); s.Count > 2 || s.Encoding != flows.GSM7 {
			t.Errorf("%q is answered in %+v: %s", body, s, text)
		}
	}
}

func TestALoopOfTextsIsBroken(t *testing.T) {
	t.Parallel()
	now := evening
	e := phone.NewEchoes(func() time.Time { return now })
	says := func(message, reply string) bool {
		return e.Silences(phone.Sent{Line: "l", To: "ida", Message: message, Reply: reply})
	}
	if says("m1", "hello") || says("m2", "hello") {
		t.Error("two answers are not a loop")
	}
	for _, message := range []string{"m3", "m3", "m4"} { // m3 comes twice
		if !says(message, "hello") {
			t.Error("a loop goes on")
		}
	}
	if says("m5", "something else") || e.Silences(phone.Sent{Line: "l", To: "sam", Message: "m6", Reply: "hello"}) {
		t.Error("another answer, or another person, is no loop")
	}
	now = now.Add(11 * time.Minute)
	if says("m7", "hello") {
		t.Error("a silence lasts for ever")
	}
}

func TestALoopOfAlternatingTextsIsBroken(t *testing.T) {
	t.Parallel()
	e := phone.NewEchoes(func() time.Time { return evening })
	sent := 0
	for i := range 1000 {
		if !e.Silences(phone.Sent{Line: "l", To: "machine", Message: strconv.Itoa(i), Reply: strconv.Itoa(i % 2)}) {
			sent++
		}
	}
	if sent > 30 {
		t.Errorf("a machine that alternates gets %d answers", sent)
	}
}

// Somebody in danger is told again and again where help is.
func TestHelpIsToldMoreThanTwice(t *testing.T) {
	t.Parallel()
	c := newCalls(t)
	for _, body := range []string{"i want to die", "suicide", "kill myself", "please help", "HELP", "help me", "i want to die!"} {
		if got := c.texts(body); !strings.Contains(got, "988") {
			t.Errorf("%q, not the first, is answered by %s", body, got)
		}
	}
}

// Whatever a carrier's form holds, it is answered: a call with TwiML that has a
// verb, a text with exactly one document.
func FuzzForms(f *testing.F) {
	for _, body := range []string{"NOW", "join 482105", "💙", "", "FIND grief", "quiero morir", "STOP", "#", "482105", "in-progress"} {
		f.Add(body, "+12125550143", "completed", lineTo)
	}
	f.Add("1", "anonymous", "answered", "")
	c := newCalls(f)
	first := next(f, c.post(publicURL+phone.VoicePath))
	f.Fuzz(func(t *testing.T, said, from, status, to string) {
		c := *c
		c.t = t
		for _, path := range []string{phone.VoicePath, phone.TextPath, "/twilio/wait", "/twilio/queue", "/twilio/rejoin", strings.TrimPrefix(first, publicURL)} {
			got := c.post(publicURL+path, "Body", said, "Digits", said, "SpeechResult", said, "From", from, "To", to,
				"DialCallStatus", status, "CallStatus", status, "MessageSid", said, "OptOutType", "", "FriendlyName", said)
			if !strings.HasPrefix(got, "<?xml") || xml.Unmarshal([]byte(got), new(struct{})) != nil {
				t.Errorf("%s is answered by %q", path, got)
			}
			over := carrier.CallStatus(status).Over() && strings.HasPrefix(path, phone.VoicePath) // nobody hears it
			if path != phone.TextPath && !over && !strings.Contains(got, "<Leave/>") && !strings.Contains(got, "<Say") {
				t.Errorf("%s is answered with silence: %s", path, got)
			}
		}
	})
}
