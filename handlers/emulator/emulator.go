package emulator

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are what an emulator is made of.
type Options struct {
	AccountSID string            // "AC" and 32 hex digits
	AuthToken  string            // signs webhooks and opens the REST API
	Clock      *Clock            // nil: a real clock
	Transport  http.RoundTripper // carries webhooks; nil: a copy of http.DefaultTransport
	Seed       uint64            // of SIDs and tokens, and of chance: the same seed gives the same ones
	// CallsPerSecond is how many calls placed through REST are dialled in a second;
	// others wait. 0 is 1, an account's at first; math.Inf(1) is no limit.
	CallsPerSecond float64
}

// Number is a telephone number of the account. URLs may carry Twilio's
// connection overrides in their fragment ("#rc=2&rp=all").
type Number struct {
	E164              string
	VoiceURL          string
	VoiceFallbackURL  string
	StatusCallbackURL string
	SMSURL            string
	SMSFallbackURL    string

	// How those are asked for: "" is POST.
	VoiceMethod, VoiceFallbackMethod, StatusCallbackMethod, SMSMethod, SMSFallbackMethod string

	VoiceApplicationSID string // set, it takes calls in the place of VoiceURL
	TrunkSID            string // the same
	SMSApplicationSID   string // set, it takes texts in the place of SMSURL

	NoVoice, NoTexts bool   // what the number cannot do
	Verification     string // of a toll-free number: Twilio's state, "" for none asked for
}

// Emulator is one Twilio account and the telephones of the world around it.
// It is safe for concurrent use. As an http.Handler it is Twilio's REST API.
type Emulator struct {
	account, token string
	clock          *Clock
	transport      http.RoundTripper
	routes         http.Handler

	advancing sync.Mutex // held by Advance, so that time moves in one place

	mu       sync.Mutex
	idle     *sync.Cond // told when inFlight sinks
	inFlight int        // exchanges under way or queued, and REST requests
	queue    []func()   // on a virtual clock: exchanges still to be made, one by one
	working  bool       // somebody is making them

	rand       *rand.Rand
	numbers    []*number
	phones     map[string]*Phone
	made       uint64              // calls and messages
	calls      []*Call             // oldest first
	callBySID  map[string]*Call    // the same
	nextCall   time.Time           // when the next call may be dialled
	callGap    time.Duration       // from one call to the next
	rooms      []*room             // oldest first
	recordings []*recorded         // oldest first
	messages   []*Message          // of the account's log, oldest first
	bySID      map[string]*Message // the same
	services   []*MessagingService
	blocks     map[pair]bool     // who has opted out of whom
	jars       map[pair]*pairJar // the cookies of a number of the account and a phone
	queues     map[string]*waitingLine
	audio      map[string]time.Duration // length of recordings already fetched, by URL
	faults     []*armed
	linger     time.Duration // how long what is over cannot be deleted
	lag        time.Duration // until what is made is listed
	hides      bool          // numbers of people, in texts
	textFates  []TextFate
	callFates  []CallFate
	deleted    map[string]bool  // SIDs of calls and messages
	lines      []string         // names of queues, in the order they were made
	asked      []Request        // of the REST API
	held       map[string]*task // callbacks that a fault holds back, by what they are about
	telling    map[string]int   // exchanges under way or queued, by what they are about
	drawn      map[string]int   // how often chance was drawn, by what for
	seed       uint64

	exchanges []Exchange
	problems  []Problem
	events    []Event
	eventSeq  uint64
	news      chan struct{} // closed at the next event
	standing  Standing
}

type number struct {
	Number
	sid     string
	created time.Time
}

// New returns an emulator with no numbers.
func New(o Options) *Emulator {
	if o.Clock == nil {
		o.Clock = NewClock()
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	e := &Emulator{
		account:   o.AccountSID,
		token:     o.AuthToken,
		clock:     o.Clock,
		transport: o.Transport,
		rand:      rand.New(rand.NewPCG(o.Seed, 0)),
		phones:    map[string]*Phone{},
		queues:    map[string]*waitingLine{},
		audio:     map[string]time.Duration{},
		held:      map[string]*task{},
		telling:   map[string]int{},
		drawn:     map[string]int{},
		seed:      o.Seed,
		bySID:     map[string]*Message{},
		callBySID: map[string]*Call{},
		callGap:   time.Duration(float64(time.Second) / cmp.Or(o.CallsPerSecond, 1)),
		deleted:   map[string]bool{},
		blocks:    map[pair]bool{},
		jars:      map[pair]*pairJar{},
		news:      make(chan struct{}),
		standing:  Standing{Status: "active", Balance: "100.00"},
	}
	e.idle = sync.NewCond(&e.mu)
	e.routes = e.mux()
	return e
}

// AddNumber gives the account a number, or changes the URLs of one it has.
func (e *Emulator) AddNumber(n Number) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if old := e.number(n.E164); old != nil {
		old.Number = n
		return
	}
	e.numbers = append(e.numbers, &number{Number: n, sid: e.sid("PN"), created: e.clock.Now()})
}

func (e *Emulator) number(e164 string) *number {
	for _, n := range e.numbers {
		if n.E164 == e164 {
			return n
		}
	}
	return nil
}

// Phone returns the telephone with that number, made at first use. A new
// phone rings until it is answered.
func (e *Emulator) Phone(number string) *Phone {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.phone(number)
}

func (e *Emulator) phone(number string) *Phone {
	p := e.phones[number]
	if p == nil {
		p = &Phone{e: e, number: number}
		e.phones[number] = p
	}
	return p
}

// Advance moves the clock by d. On a virtual clock whatever is due on the way
// happens in order, and before the next thing happens, and before Advance
// returns, every webhook is answered. A real clock jumps.
func (e *Emulator) Advance(d time.Duration) {
	e.advancing.Lock()
	defer e.advancing.Unlock()
	if !e.clock.virtual {
		e.clock.Jump(d)
		d = 0
	}
	target := e.clock.Now().Add(d)
	e.quiet()
	for e.step(target) {
		e.quiet()
	}
	if e.clock.virtual {
		e.clock.reach(target)
	}
}

func (e *Emulator) step(limit time.Time) bool {
	e.clock.firing.Lock()
	defer e.clock.firing.Unlock()
	return e.clock.step(limit)
}

// Settle returns when nothing is in flight and nothing more is due at this
// time of the clock.
func (e *Emulator) Settle() { e.Advance(0) }

// settle ends what a person did at a phone.
func (e *Emulator) settle() {
	if e.clock.virtual {
		e.Settle()
	}
}

func (e *Emulator) quiet() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.inFlight > 0 {
		e.idle.Wait()
	}
}

// landed must be called with mu held, once for each addition to inFlight.
func (e *Emulator) landed() {
	e.inFlight--
	e.idle.Broadcast()
}

// Rooms returns every conference that has not ended, oldest first.
func (e *Emulator) Rooms() []Room {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Room
	for _, m := range e.rooms {
		if m.status != statusCompleted {
			all = append(all, m.view())
		}
	}
	return all
}

func (e *Emulator) sid(prefix string) string {
	return fmt.Sprintf("%s%016x%016x", prefix, e.rand.Uint64(), e.rand.Uint64())
}

// uuid returns a random (version 4) UUID.
func (e *Emulator) uuid() string {
	a, b := e.rand.Uint64(), e.rand.Uint64()
	a = a&^0xf000 | 0x4000
	b = b&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}

// isE164 reports whether a number could be dialled.
func isE164(number string) bool {
	digits, plus := strings.CutPrefix(number, "+")
	return plus && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// goodURL reports whether Twilio would request a URL: absolute http or https,
// with a host that has no underscore in it.
func goodURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && slices.Contains([]string{"http", "https"}, u.Scheme) && u.Hostname() != "" && !strings.Contains(u.Hostname(), "_")
}
