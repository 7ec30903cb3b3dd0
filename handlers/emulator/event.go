package emulator

import (
	"context"
	"net/url"
	"slices"
	"time"
)

// The kinds of utterance.
const (
	KindSay  = "say"  // a machine's voice: Text is what it says
	KindPlay = "play" // a recording: Text is its URL, or "hold music"
	KindRoom = "room" // another person, in a conference or on a dialled call
	KindTone = "tone" // a beep, busy tone, or somebody's key
	KindRing = "ring" // the ringing heard while a call is not answered
)

// Utterance is something heard at a phone.
type Utterance struct {
	At       time.Time     `json:"at"`
	Kind     string        `json:"kind"`
	From     string        `json:"from,omitempty"` // the number of who is heard, if a phone
	Text     string        `json:"text"`
	Voice    string        `json:"voice,omitempty"`
	Language string        `json:"language,omitempty"` // BCP 47
	Duration time.Duration `json:"duration"`           // as far as it was heard
	Cut      bool          `json:"cut,omitempty"`      // ended before its end
}

// Exchange is one HTTP request of the emulator's and its answer. A retry and
// each hop of a redirect is an exchange of its own.
type Exchange struct {
	Seq       int           `json:"seq"` // from 1
	At        time.Time     `json:"at"`  // when it was sent
	Kind      string        `json:"kind"`
	Call      string        `json:"call,omitempty"`    // CallSid, if it is about a call
	Message   string        `json:"message,omitempty"` // MessageSid, if it is about a text
	Method    string        `json:"method"`
	URL       string        `json:"url"` // as requested: without the fragment
	Params    url.Values    `json:"params,omitempty"`
	Signature string        `json:"signature,omitempty"`
	Status    int           `json:"status"` // 0 when there was no answer
	Body      string        `json:"body,omitempty"`
	Latency   time.Duration `json:"latency"` // of the machine's time
	Err       string        `json:"err,omitempty"`
}

// The kinds of exchange.
const (
	KindVoice            = "voice"             // asks for the TwiML of a call
	KindWait             = "wait"              // asks for what a waiting, held or addressed participant hears
	KindMedia            = "media"             // fetches a recording
	KindRecording        = "recording"         // tells that a recording can be fetched
	KindCallStatus       = "call-status"       // tells about a call
	KindConferenceStatus = "conference-status" // tells about a conference
	KindSpeech           = "speech"            // tells partial results of a Gather
	KindSMS              = "sms"               // asks for the answer to a text
	KindMessageStatus    = "message-status"    // tells about a message
)

// Problem is a fault that Twilio's debugger would show, with Twilio's code.
type Problem struct {
	At      time.Time `json:"at"`
	Call    string    `json:"call,omitempty"`    // CallSid
	Message string    `json:"message,omitempty"` // MessageSid
	Code    int       `json:"code"`
	What    string    `json:"what"`
	Where   string    `json:"where"` // the document's URL and the element, or the REST path

	// Recording says that what was asked would have recorded, transcribed or
	// streamed what is said.
	Recording bool `json:"recording,omitempty"`
}

// Room is a conference.
type Room struct {
	SID          string        `json:"sid"`
	Name         string        `json:"name"`   // its FriendlyName
	Status       string        `json:"status"` // init, in-progress, completed
	Participants []Participant `json:"participants"`
}

// Participant is a leg in a conference.
type Participant struct {
	CallSID string   `json:"call"`
	Phone   string   `json:"phone"`
	Label   string   `json:"label,omitempty"`
	Muted   bool     `json:"muted"`
	Hold    bool     `json:"hold"`
	Hears   []string `json:"hears"` // the CallSids of whom it would hear speak
}

// The kinds of event. Kinds of utterance are kinds of event too.
const (
	EventState      = "state"       // a call's state changed: Text is the state
	EventPressed    = "pressed"     // Text is the key, or "1 (lost)"
	EventSaid       = "said"        // a person spoke: Text
	EventJoined     = "joined"      // a call joined Room
	EventLeft       = "left"        // a call left Room: Text is why
	EventRoom       = "room-update" // Room started, ended, or somebody's Muted or Hold changed
	EventCut        = "cut"         // the utterance heard last was cut
	EventExchange   = "exchange"    // Exchange is set
	EventProblem    = "problem"     // Problem is set
	EventText       = "text"        // a text was written, by a phone or to one: SMS is set, Text is its body
	EventTextStatus = "text-status" // a text to a phone has fared: SMS is set, Text is its status
)

// Event is one thing that happened.
type Event struct {
	Seq       uint64     `json:"seq"` // from 1
	At        time.Time  `json:"at"`
	Kind      string     `json:"kind"`
	Phone     string     `json:"phone,omitempty"`
	Call      string     `json:"call,omitempty"`    // CallSid
	Room      string     `json:"room,omitempty"`    // ConferenceSid
	Message   string     `json:"message,omitempty"` // MessageSid
	Text      string     `json:"text,omitempty"`
	Utterance *Utterance `json:"utterance,omitempty"`
	Exchange  *Exchange  `json:"exchange,omitempty"`
	Problem   *Problem   `json:"problem,omitempty"`
	SMS       *Text      `json:"sms,omitempty"`
}

// kept is how many events a late subscriber is told of.
const kept = 5000

// emit must be called with mu held.
func (e *Emulator) emit(ev Event) {
	e.eventSeq++
	ev.Seq, ev.At = e.eventSeq, e.clock.Now()
	e.events = append(e.events, ev)
	if len(e.events) >= 2*kept {
		e.events = slices.Clone(e.events[len(e.events)-kept:])
	}
	close(e.news)
	e.news = make(chan struct{})
}

// Subscribe returns every event from here on, after those of the recent past
// (the last 5000). The channel closes when ctx ends. A subscriber that reads
// slowly holds up nobody; one that falls behind by more than that misses
// events, which shows in Seq.
func (e *Emulator) Subscribe(ctx context.Context) <-chan Event {
	out := make(chan Event)
	go func() {
		defer close(out)
		var seen uint64
		for {
			e.mu.Lock()
			at, _ := slices.BinarySearchFunc(e.events, seen+1, func(ev Event, seq uint64) int {
				return int(ev.Seq) - int(seq)
			})
			batch, news := slices.Clone(e.events[at:]), e.news
			e.mu.Unlock()
			for _, ev := range batch {
				select {
				case out <- ev:
					seen = ev.Seq
				case <-ctx.Done():
					return
				}
			}
			if len(batch) > 0 {
				continue
			}
			select {
			case <-news:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// Exchanges returns every HTTP exchange in the order of their answers.
func (e *Emulator) Exchanges() []Exchange {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.exchanges)
}

// Problems returns every problem so far.
func (e *Emulator) Problems() []Problem {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.problems)
}

func (e *Emulator) problem(call string, code int, what, where string) {
	e.complain(Problem{Call: call, Code: code, What: what, Where: where})
}

func (e *Emulator) complain(p Problem) {
	p.At = e.clock.Now()
	e.problems = append(e.problems, p)
	e.emit(Event{Kind: EventProblem, Call: p.Call, Message: p.Message, Text: p.What, Problem: &p})
}
