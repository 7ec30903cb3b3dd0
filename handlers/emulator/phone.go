package emulator

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// BehaviourKind is what a phone does when it is rung.
type BehaviourKind int

// The behaviours of a phone. Ring, the zero value, waits for [Phone.Answer].
const (
	Ring BehaviourKind = iota
	Answer
	Busy
	NoAnswer
	Fail    // cannot be reached: the carrier answers 404
	Machine // an answering machine picks up
)

// Behaviour is what a phone does by itself when it is rung.
type Behaviour struct {
	Kind  BehaviourKind
	After time.Duration // how long it rings before Answer and Machine pick up
	Says  string        // what is said on picking up
	// Taken is what answering machine detection takes who picks up for, as
	// Twilio's AnsweredBy: "unknown", "fax"; "" is what it is.
	Taken string
	// Greets is what is said once a Dial has connected the caller, which is
	// after the digits that it sends.
	Greets string
}

// Phone is a telephone somewhere in the world. It holds one call at a time.
type Phone struct {
	e         *Emulator
	number    string
	behaviour Behaviour
	call      *Call
	heard     []*heard
	texts     []*Message
	delivery  DeliveryBehaviour
	verstat   string // what Twilio finds of the signature on its calls
}

// Number returns the phone's own number.
func (p *Phone) Number() string { return p.number }

// Behave says what the phone does when it is rung from here on.
func (p *Phone) Behave(b Behaviour) {
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	p.behaviour = b
}

// The verdicts on the signature of a call, as Twilio's StirVerstat. There are
// more, for calls that were diverted or passed through.
const (
	PassedA      = "TN-Validation-Passed-A" // its carrier knows the caller, and that the number is theirs
	PassedB      = "TN-Validation-Passed-B" // it knows the caller only
	PassedC      = "TN-Validation-Passed-C" // it knows where the call came in
	FailedA      = "TN-Validation-Failed-A"
	NoValidation = "No-TN-Validation"
)

// Attest says what Twilio finds of the signature on the phone's calls from here
// on; "", as at first, is that they have none. It does not hold for calls that
// show another number than the phone's own; [Verstat] does.
func (p *Phone) Attest(verdict string) {
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	p.verstat = verdict
}

// Current returns the call that rings at the phone or is held there, or nil.
func (p *Phone) Current() *Call {
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	return p.call
}

// Heard returns everything heard at the phone, in the order it began.
func (p *Phone) Heard() []Utterance {
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	all := make([]Utterance, len(p.heard))
	for i, h := range p.heard {
		all[i] = h.now()
	}
	return all
}

// CallOption changes how a phone calls.
type CallOption func(*Call)

// CallerID shows the line another number than the phone's: "anonymous",
// "+7378742833", or none at all with "".
func CallerID(shown string) CallOption {
	return func(c *Call) { c.from, c.verstat = shown, "" }
}

// Verstat gives one call a verdict on its signature.
func Verstat(verdict string) CallOption {
	return func(c *Call) { c.verstat = verdict }
}

// attestation is told with the first request of a call. Whether Twilio repeats it
// is not documented: it does not here, so that no program relies on luck.
func (c *Call) attestation() url.Values {
	if c.verstat == "" {
		return nil
	}
	return url.Values{"StirVerstat": {c.verstat}}
}

// Call rings a number of the account. A call that the phone still holds is
// hung up first. Any other number is not in service.
func (p *Phone) Call(to string, options ...CallOption) *Call {
	c := p.dial(to, options)
	p.e.settle()
	return c
}

func (p *Phone) dial(to string, options []CallOption) *Call {
	e := p.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if p.call != nil {
		p.call.put()
	}
	c := e.newCall(p, p.number, to, inbound)
	c.verstat = p.verstat
	for _, o := range options {
		o(c)
	}
	p.call, c.started = c, c.created
	n := e.number(to)
	if n == nil || n.VoiceURL == "" || n.NoVoice || n.VoiceApplicationSID != "" || n.TrunkSID != "" || e.standing.Status != "active" {
		c.hear(Utterance{Kind: KindTone, Text: "not in service"})
		c.finish(statusFailed, leftByHangup)
		return c
	}
	c.fallbackURL, c.fallbackMethod = n.VoiceFallbackURL, orPost(n.VoiceFallbackMethod)
	c.callback = callbackTarget{n.StatusCallbackURL, orPost(n.StatusCallbackMethod), []string{"completed"}}
	c.become(statusRinging)
	c.ring = c.hearOpen(Utterance{Kind: KindRing, Text: "ringing"})
	c.newMain().fetch(n.VoiceURL, orPost(n.VoiceMethod), c.attestation())
	return c
}

// Answer picks up if the phone rings.
func (p *Phone) Answer() {
	p.e.mu.Lock()
	if c := p.call; c != nil && c.direction != inbound {
		c.connect()
	}
	p.e.mu.Unlock()
	p.e.settle()
}

func (p *Phone) release(c *Call) {
	if p.call == c {
		p.call = nil
	}
}

// ringFor rings the phone at the far end of an outbound call.
func (c *Call) ringFor(timeout time.Duration) {
	c.started = c.e.clock.Now()
	c.progress("initiated")
	p, b := c.phone, c.fate()
	switch {
	case b.Kind == Fail:
		c.sip = 404
		c.finish(statusFailed, leftByFailure)
		return
	case b.Kind == Busy || p.call != nil:
		c.sip = 486
		c.finish(statusBusy, leftByFailure)
		return
	}
	p.call = c
	c.become(statusRinging)
	c.ring = c.hearOpen(Utterance{Kind: KindRing, Text: "ringing", From: c.from})
	c.progress("ringing")
	c.expiry = c.e.after(timeout, func() {
		c.sip = 487
		c.finish(statusNoAnswer, leftByFailure)
	})
	if b.Kind == Answer || b.Kind == Machine {
		c.picking = c.e.after(b.After, func() {
			c.connect()
			if b.Says != "" {
				c.utter(b.Says, clearly(b.Says))
			}
		})
	}
}

// Hangup ends the call from the phone. An unanswered inbound call that its
// caller gives up is no-answer, an outbound one that is declined is busy.
func (c *Call) Hangup() {
	c.e.mu.Lock()
	c.put()
	c.e.mu.Unlock()
	c.e.settle()
}

// put puts the phone down.
func (c *Call) put() {
	status := statusCompleted
	switch {
	case c.isOver():
		return
	case c.state != statusRinging:
	case c.direction == inbound:
		status = statusNoAnswer
	default:
		status, c.sip = statusBusy, 486
	}
	c.note("hung up")
	c.finish(status, leftByHangup)
}

// Phones returns every phone that was ever used, by number.
func (e *Emulator) Phones() []*Phone {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []*Phone
	for _, p := range e.phones {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *Phone) int { return strings.Compare(a.number, b.number) })
	return all
}
