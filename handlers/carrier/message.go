package carrier

import (
	"strconv"
	"strings"
)

// Reply is the document that answers a text; an empty text is no answer.
// Source: https://www.twilio.com/docs/messaging/twiml
func Reply(text string) []byte {
	if text == "" {
		return []byte(`<?xml version="1.0" encoding="UTF-8"?><Response/>`)
	}
	var e encoder
	e.raw(`<?xml version="1.0" encoding="UTF-8"?><Response><Message>`)
	e.escape(text)
	e.raw(`</Message></Response>`)
	return e.b
}

// MessageSID names a text. Like [Webhook.CallSID] it is a key into Twilio's own
// log.
func (w Webhook) MessageSID() string { return w.Param("MessageSid") }

// Body is what a text says: up to 1,600 characters of anything.
func (w Webhook) Body() string { return w.Param("Body") }

// Media is how many files came with a text.
func (w Webhook) Media() int {
	n, err := strconv.Atoi(w.Param("NumMedia"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Fault is what the error means that a status callback tells of; "" when it
// tells of none, Unknown for one that is in no table of ours.
func (w Webhook) Fault() Class {
	given := w.Param("ErrorCode")
	if given == "" {
		return ""
	}
	code, err := strconv.Atoi(given)
	if class := classOfCode(code); err == nil && class != "" {
		return class
	}
	return Unknown
}

// OptOut is what Twilio takes a text for.
type OptOut string

// What a text asks of the carrier. Only the whole text counts, whatever its
// case and the space around it.
// Source: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
const (
	OptNothing OptOut = ""
	OptStop    OptOut = "STOP"
	OptStart   OptOut = "START"
	OptHelp    OptOut = "HELP"
)

var optWords = map[string]OptOut{
	"STOP": OptStop, "STOPALL": OptStop, "UNSUBSCRIBE": OptStop, "CANCEL": OptStop, "END": OptStop, "QUIT": OptStop, "REVOKE": OptStop, "OPTOUT": OptStop,
	"START": OptStart, "YES": OptStart, "UNSTOP": OptStart,
	"HELP": OptHelp, "INFO": OptHelp,
}

// OptOut tells what a text asks of the carrier, and whether the carrier has
// answered it: it always answers STOP and START, and HELP where Advanced
// Opt-Out is on, which then says so.
func (w Webhook) OptOut() (what OptOut, answered bool) {
	if t := OptOut(w.Param("OptOutType")); t != OptNothing {
		return t, true
	}
	what = optWords[strings.ToUpper(strings.TrimSpace(w.Body()))]
	return what, what == OptStop || what == OptStart
}
