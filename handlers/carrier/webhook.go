package carrier

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store/vault"
)

// Webhook is one request of Twilio's that a [Guard] has let through. Its
// parameters lie behind a function, of which a formatter or logger prints the
// address at most: numbers, SIDs and the keys pressed (a PIN may be among them)
// stay where they are.
//
// Twilio may send the same request more than once; equal requests are equal
// Webhooks.
// Source: https://www.twilio.com/docs/voice/twiml#request-parameters
type Webhook struct {
	lookup func(name string) (value string, ok bool)
}

func newWebhook(params map[string]string) Webhook {
	return Webhook{lookup: func(name string) (string, bool) {
		value, ok := params[name]
		return value, ok
	}}
}

// contextKey is where a guard leaves the Webhook of a request.
const contextKey = "carrier.webhook"

// WebhookOf returns the request that a guard let through; false means that no
// guard stands before the handler, or that this is not a request of Twilio's.
func WebhookOf(c echo.Context) (Webhook, bool) {
	w, ok := c.Get(contextKey).(Webhook)
	return w, ok
}

// Param returns the parameter of that name, "" when there is none. What it
// returns may be a number: use [Webhook.From] and [Webhook.To] for those.
func (w Webhook) Param(name string) string {
	value, _ := w.find(name)
	return value
}

// Has reports whether there is a parameter of that name, empty or not.
func (w Webhook) Has(name string) bool {
	_, ok := w.find(name)
	return ok
}

func (w Webhook) find(name string) (string, bool) {
	if w.lookup == nil {
		return "", false
	}
	return w.lookup(name)
}

// CallSID names the leg. It is a key into Twilio's own log of numbers: keep it
// sealed, and never log it.
func (w Webhook) CallSID() string { return w.Param("CallSid") }

// CallStatus is where a call is in its life.
type CallStatus string

// The states of a call. Those after InProgress are final.
const (
	Queued     CallStatus = "queued"
	Initiated  CallStatus = "initiated"
	Ringing    CallStatus = "ringing" // also the first webhook of an inbound call
	InProgress CallStatus = "in-progress"
	Completed  CallStatus = "completed"
	CallBusy   CallStatus = "busy"
	Failed     CallStatus = "failed"
	NoAnswer   CallStatus = "no-answer"
	Canceled   CallStatus = "canceled"
	// Answered is a [Webhook.DialCallStatus] only: the leg was in a conference.
	Answered CallStatus = "answered"
)

// Over reports whether the call has ended: a document sent to it runs no more.
func (s CallStatus) Over() bool {
	switch s {
	case Completed, CallBusy, Failed, NoAnswer, Canceled:
		return true
	}
	return false
}

// CallStatus is the state of this call.
func (w Webhook) CallStatus() CallStatus { return CallStatus(w.Param("CallStatus")) }

// DialCallStatus is how the [Dial] before this request ended, "" when none did.
func (w Webhook) DialCallStatus() CallStatus { return CallStatus(w.Param("DialCallStatus")) }

// Direction is who placed a call.
type Direction string

// The directions of a call.
const (
	Inbound      Direction = "inbound"
	OutboundAPI  Direction = "outbound-api"  // placed by us through REST
	OutboundDial Direction = "outbound-dial" // placed by a Dial
)

// Direction is who placed this call.
func (w Webhook) Direction() Direction { return Direction(w.Param("Direction")) }

// Ours reports whether we placed this call: whoever answered it may know nothing of us.
func (w Webhook) Ours() bool {
	return w.Direction() == OutboundAPI || w.Direction() == OutboundDial
}

// From is the calling side.
func (w Webhook) From() Caller { return ParseCaller(w.Param("From")) }

// To is the called side; zero when it is no telephone number.
func (w Webhook) To() vault.Number { return ParseCaller(w.Param("To")).Number }

// Line is the number of ours that this call or text is on: the called side, or
// the calling side of a call that we placed.
func (w Webhook) Line() vault.Number {
	if w.Direction() == OutboundAPI {
		return w.From().Number
	}
	return w.To()
}

// Caller is the person at the other end of [Webhook.Line].
func (w Webhook) Caller() Caller {
	if w.Direction() == OutboundAPI {
		return Caller{Number: w.To()}
	}
	return w.From()
}

// Digits is what was pressed in a [Gather]; false when the request is not the
// end of one. A Gather that ended in silence has empty digits.
func (w Webhook) Digits() (string, bool) { return w.find("Digits") }

// Speech is what was said in a [Gather] that listens for it.
func (w Webhook) Speech() string { return w.Param("SpeechResult") }

// leastSure is the confidence under which what was heard may have been anything: some
// of Twilio's engines give none, and none is as sure as it says.
const leastSure = 0.4

// SpeechUnsure says whether the carrier is in doubt about [Webhook.Speech].
func (w Webhook) SpeechUnsure() bool {
	text := w.Param("Confidence")
	if text == "" {
		return false
	}
	sure, err := strconv.ParseFloat(text, 64)
	return err != nil || !(sure >= leastSure)
}

// AnsweredByHuman reports whether a person picked up a call that was placed with
// [Ring.DetectMachine]: false for machines, faxes, and when Twilio could not tell.
// Source: https://www.twilio.com/docs/voice/answering-machine-detection
func (w Webhook) AnsweredByHuman() bool { return w.Param("AnsweredBy") == "human" }

// Verified reports whether the caller's own carrier vouches, by a signature that
// Twilio has checked, that the call comes from the number it shows (STIR/SHAKEN
// attestation A, not diverted). Only then is the number of a call some evidence.
// Source: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir
func (w Webhook) Verified() bool { return w.Param("StirVerstat") == "TN-Validation-Passed-A" }

// ConferenceSID names the conference that the request is about, "" when it is
// about none.
func (w Webhook) ConferenceSID() string { return w.Param("ConferenceSid") }

// Room is the name that the conference was given.
func (w Webhook) Room() string { return w.Param("FriendlyName") }

// Label is the label of the participant that a conference event is about.
func (w Webhook) Label() string { return w.Param("ParticipantLabel") }

// Event is what happened, as Twilio names it when it tells: "participant-join".
func (w Webhook) Event() string { return w.Param("StatusCallbackEvent") }

// Sequence orders the events of one call or conference, since they may arrive in
// any order; false when the request has none.
func (w Webhook) Sequence() (int, bool) {
	n, err := strconv.Atoi(w.Param("SequenceNumber"))
	return n, err == nil
}
