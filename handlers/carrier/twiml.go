package carrier

import (
	"time"

	"github.com/hearthline/hearthline/store/vault"
)

// ContentType is the media type of an encoded [Response].
const ContentType = "text/xml; charset=utf-8"

// Response is one TwiML document: what a call does next, in order. A call whose
// document runs out is hung up.
// Source: https://www.twilio.com/docs/voice/twiml
type Response []Verb

// Verb is an instruction of a [Response].
type Verb interface{ verb(*encoder) }

// Prompt is a verb that is heard: the only kind that may stand inside a [Gather].
type Prompt interface {
	Verb
	prompt()
}

// Part is a piece of what a [Say] speaks.
type Part interface{ part(*encoder) }

// Target is whom a [Dial] connects to.
type Target interface{ target(*encoder) }

// Opt is an attribute whose empty value means something. The zero Opt leaves the
// attribute out, and so leaves the choice to Twilio.
type Opt struct {
	value string
	set   bool
}

// Some is an attribute with that value, which may be empty.
func Some(value string) Opt { return Opt{value: value, set: true} }

// Method is how Twilio asks for a URL. The empty Method leaves it to Twilio,
// which mostly means POST.
type Method string

// The methods that Twilio knows.
const (
	GET  Method = "GET"
	POST Method = "POST"
)

// Say speaks. Twilio reads at most 4,096 characters.
// Source: https://www.twilio.com/docs/voice/twiml/say
type Say struct {
	Voice    string // "Polly.Joanna-Neural"; "" is the account's default
	Language string // BCP 47; must fit the voice, or the Say may fail
	Loop     int    // times; 0 is once
	Parts    []Part
}

// Text is plain words. Any string is safe: what XML cannot hold is replaced by
// U+FFFD.
type Text string

// Break is a silence inside a [Say], in whole milliseconds.
type Break struct{ Time time.Duration }

// Prosody speaks its parts at another speed, pitch or loudness. Empty fields
// leave the voice as it is.
type Prosody struct {
	Rate   string // "slow", "85%"
	Pitch  string // "low", "-10%"
	Volume string // "soft", "+2dB"
	Parts  []Part
}

// Lang speaks its parts as words of another language (BCP 47) in the same voice.
type Lang struct {
	Language string
	Parts    []Part
}

// Sub is written one way and spoken another.
type Sub struct{ Alias, Text string }

// Play plays a recording: MP3, WAV or µ-law.
// Source: https://www.twilio.com/docs/voice/twiml/play
type Play struct {
	URL  string
	Loop int // times; 0 is once
}

// Pause is silence, in whole seconds. As the first verb of the first document it
// delays the answer instead, so that the caller hears ringing.
// Source: https://www.twilio.com/docs/voice/twiml/pause
type Pause struct{ Length time.Duration }

// Input is what a [Gather] listens for.
type Input string

// What a Gather can listen for; the first that is detected wins.
const (
	DTMF         Input = "dtmf"
	Speech       Input = "speech"
	DTMFOrSpeech Input = "dtmf speech"
)

// Gather collects keys or speech and posts them to Action. A key stops the
// prompts at once.
// Source: https://www.twilio.com/docs/voice/twiml/gather
type Gather struct {
	Input  Input // "" is DTMF
	Action string
	Method Method
	// Timeout, in whole seconds, runs from the end of the prompts and again
	// after each key; 0 is Twilio's 5 s.
	Timeout   time.Duration
	NumDigits int // 0 is no limit
	// FinishOnKey ends the input and is not part of it. Unset it is #, so that a
	// caller who presses # alone looks silent; Some("") makes every key count.
	FinishOnKey Opt
	// ActionOnEmptyResult asks Action on silence too, instead of going on with
	// the next verb.
	ActionOnEmptyResult bool
	Language            string // of the speech, BCP 47
	Hints               string // words that the speech may hold, comma separated
	// SpeechTimeout, in whole seconds, is the silence that ends speech; 0 is Timeout.
	SpeechTimeout time.Duration
	Prompts       []Prompt
}

// Redirect goes on with the document at URL; nothing after it runs. An empty URL
// is the current document.
// Source: https://www.twilio.com/docs/voice/twiml/redirect
type Redirect struct {
	URL    string
	Method Method
}

// Hangup ends the call.
type Hangup struct{}

// Reason is what a rejected caller hears.
type Reason string

// The reasons of a [Reject].
const (
	Rejected Reason = "rejected" // "not in service"
	Busy     Reason = "busy"     // the busy tone
)

// Reject declines a call that has not been answered, at no charge. It works only
// as the first verb of the first document.
// Source: https://www.twilio.com/docs/voice/twiml/reject
type Reject struct{ Reason Reason }

// Dial connects the call to somebody. It never records: there is no way to ask
// for it. With an Action, that document follows and later verbs never run;
// without one they run when the connection ends.
// Source: https://www.twilio.com/docs/voice/twiml/dial
type Dial struct {
	Action       string
	Method       Method
	Timeout      time.Duration // of ringing, whole seconds; 0 is 30 s; no effect in a conference
	TimeLimit    time.Duration // of the connection, whole seconds; 0 is 4 h
	HangupOnStar bool          // * leaves, also a conference, and goes to Action
	// AnswerOnBridge leaves the caller ringing until the other side answers.
	AnswerOnBridge bool
	// CallerID is shown to who is dialled; the zero Number shows the caller's own.
	CallerID vault.Number
	To       Target
}

// Plain dials a number and nothing more.
type Plain struct{ Number vault.Number }

// DetectsWithin is how long it may take to tell a person from a machine beside a [Dial].
const DetectsWithin = 6 * time.Second

// Number dials a number and presses keys once it answers.
// Source: https://www.twilio.com/docs/voice/twiml/number
type Number struct {
	Number     vault.Number
	SendDigits string // 0-9 * # and w, which waits half a second
	// URL is what who is dialled hears, alone, before they are connected: not at all if
	// it hangs up.
	URL string
	// Detected is told within [DetectsWithin] of the answer whether a person answered,
	// which [Webhook.AnsweredByHuman] then tells. What URL says does not wait for it.
	Detected string
}

// ConferenceEvent is a kind of news about a conference.
type ConferenceEvent string

// The events that a [Conference] can report. Speaker events are missing because
// who speaks, and how long, is nobody's business at the carrier.
const (
	EventStart ConferenceEvent = "start"
	EventEnd   ConferenceEvent = "end"
	EventJoin  ConferenceEvent = "join"
	EventLeave ConferenceEvent = "leave"
	EventMute  ConferenceEvent = "mute"
	EventHold  ConferenceEvent = "hold"
)

// Conference puts the call into the room of that name, made by who comes first.
// It never beeps and never records. Muted, StartOnEnter and EndOnExit are always
// sent, so that a leg that comes back does not depend on what it was before.
// Source: https://www.twilio.com/docs/voice/twiml/conference
type Conference struct {
	Name  string // opaque, at most 128 characters; the room is shared by all who name it
	Muted bool
	// StartOnEnter starts the conference. Until one who has it is in, everybody
	// hears the wait document and nobody is heard.
	StartOnEnter bool
	EndOnExit    bool // ends the conference for all when this leg leaves
	// WaitURL is heard by who waits for the start or is alone. Unset it is
	// music, Some("") silence. It is not repeated: end it with a Redirect.
	WaitURL         Opt
	WaitMethod      Method
	MaxParticipants int // 2 to 250; 0 is 250
	// Label names this leg to the REST API: at most 128 characters, no slash,
	// unique among those present, or the leg is not let in.
	Label string
	// StatusCallback and StatusCallbackEvents are taken from the first leg only:
	// send the same on all.
	StatusCallback       string
	StatusCallbackEvents []ConferenceEvent
}

func (Say) prompt()   {}
func (Play) prompt()  {}
func (Pause) prompt() {}
