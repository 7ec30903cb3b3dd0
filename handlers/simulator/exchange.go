package simulator

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// people are who holds the phones: fictional numbers, and names that no
// session gives as an alias.
var people = [phoneCount]struct{ name, number string }{
	{"Ana", "+12025550171"},
	{"Ben", "+12025550172"},
	{"Cora", "+12025550173"},
	{"Dev", "+12025550174"},
	{"Elsie", "+12025550175"},
	{"Frank", "+12025550176"},
}

// exchangeBoard is the board over an emulator. The rooms and the wire are the
// emulator's to remember; what a phone hears and does is kept here, in the
// order of the emulator's events.
type exchangeBoard struct {
	emulator *emulator.Emulator
	clock    *emulator.Clock
	zone     *time.Location
	line     string
	passed   func()

	winding sync.Mutex // held by Wind, so that the clock is wound by one

	mu        sync.Mutex
	handsets  map[string]*handset // by number: ours, and others that the line rings
	owner     map[string]string   // the number by CallSid and MessageSid
	listeners map[chan struct{}]struct{}
	flow      FlowNews
	reached   int // how often the line has rung one of our phones or texted it
}

// handset is what is known of one phone from the events.
type handset struct {
	dialled  bool // the call was begun here
	call     string
	state    string        // of the call, in the carrier's words; "" before the first
	since    time.Time     // when it entered its state
	told     []captionView // of the newest call
	ended    string        // how it ended, in words
	delivery string        // a key of deliveries
	pickup   string        // a key of pickups
}

// newExchangeBoard follows the emulator until ctx ends.
func newExchangeBoard(ctx context.Context, o Options) *exchangeBoard {
	b := &exchangeBoard{
		emulator:  o.Emulator,
		clock:     o.Clock,
		zone:      cmp.Or(o.Zone, time.Local),
		line:      o.Line,
		passed:    o.Passed,
		handsets:  map[string]*handset{},
		owner:     map[string]string{},
		listeners: map[chan struct{}]struct{}{},
		flow:      FlowNews{Problems: []string{}},
	}
	if b.passed == nil {
		b.passed = func() {}
	}
	for _, p := range people {
		phone := b.emulator.Phone(p.number)
		phone.Behave(emulator.Behaviour{Kind: emulator.Ring})
		phone.Attest(emulator.PassedA) // as of most mobiles, the carrier knows whose it is
	}
	go b.follow(b.emulator.Subscribe(ctx))
	go b.follows(ctx, o.Flow)
	return b
}

func (b *exchangeBoard) follow(events <-chan emulator.Event) {
	for e := range events {
		b.mu.Lock()
		b.note(e)
		b.mu.Unlock()
		b.tell()
	}
}

// note must be called with mu held.
func (b *exchangeBoard) note(e emulator.Event) {
	if e.Phone != "" && e.Message != "" {
		b.owner[e.Message] = e.Phone
	}
	if e.Kind == emulator.EventText && e.SMS.Direction != "inbound" {
		b.reached++
	}
	if e.Phone == "" || e.Call == "" {
		return
	}
	h := b.handset(e.Phone)
	if _, known := b.owner[e.Call]; !known {
		b.owner[e.Call] = e.Phone
		if stateOf(h) == idle {
			h.call, h.told = e.Call, nil
		}
	}
	if e.Call != h.call { // a second call finds the phone busy
		return
	}
	switch e.Kind {
	case emulator.EventState:
		h.ended = h.endOf(e.Text)
		h.state, h.since = e.Text, e.At
		if stateOf(h) == incoming && onPage(e.Phone) {
			b.reached++
		}
		h.dialled = h.dialled && stateOf(h) != idle
	case emulator.EventCut:
		h.cut(captionOf(e))
	case emulator.EventPressed, emulator.EventSaid, emulator.KindSay, emulator.KindPlay,
		emulator.KindRoom, emulator.KindTone, emulator.KindRing:
		h.told = last(append(h.told, captionOf(e)), captionsKept)
	}
}

// endOf says how a call ends that enters a state, "" if it goes on.
func (h *handset) endOf(state string) string {
	switch {
	case state == "ringing" || state == "in-progress":
		return ""
	case h.dialled || stateOf(h) == talking:
		return "Call ended"
	case state == "no-answer":
		return "Missed a call"
	case stateOf(h) == incoming:
		return "Declined a call"
	}
	return "Was busy when rung"
}

// cut shortens the caption of an utterance that ended early.
func (h *handset) cut(as captionView) {
	for i, c := range slices.Backward(h.told) {
		if c.At == as.At && c.Text == as.Text {
			h.told = slices.Clone(h.told) // a scene may hold the old one
			h.told[i].Lasts, h.told[i].Cut = as.Lasts, true
			return
		}
	}
}

// handset must be called with mu held.
func (b *exchangeBoard) handset(number string) *handset {
	h := b.handsets[number]
	if h == nil {
		h = &handset{delivery: deliveries[0].Key, pickup: pickups[0].Key}
		b.handsets[number] = h
	}
	return h
}

func stateOf(h *handset) string {
	switch {
	case h.state == "in-progress":
		return talking
	case h.state == "ringing" && h.dialled:
		return calling
	case h.state == "ringing":
		return incoming
	}
	return idle
}

// nameOf returns the name of a phone's holder, or the number of a phone that
// is not on the page.
func nameOf(number string) string {
	for _, p := range people {
		if p.number == number {
			return p.name
		}
	}
	return spaced(number)
}

// onPage says whether a number is of one of the page's phones.
func onPage(number string) bool {
	for _, p := range people {
		if p.number == number {
			return true
		}
	}
	return false
}

func (b *exchangeBoard) Changes(ctx context.Context) <-chan struct{} {
	l := make(chan struct{}, 1)
	b.mu.Lock()
	b.listeners[l] = struct{}{}
	b.mu.Unlock()
	context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.listeners, l)
	})
	return l
}

func (b *exchangeBoard) tell() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.listeners {
		select {
		case l <- struct{}{}:
		default: // it has yet to act on an earlier change
		}
	}
}

func (b *exchangeBoard) Do(c command) error {
	who := people[c.Phone-1]
	phone := b.emulator.Phone(who.number)
	if !b.begin(who.number, c.Act) {
		return &refusal{who.name + refusals[c.Act]}
	}
	switch c.Act {
	case text:
		phone.Text(b.line, c.Text)
		return nil
	case deliver:
		b.deliver(phone, c.Text)
		return nil
	case pickUp:
		b.pickUp(who.name, phone, c.Text)
		return nil
	case call:
		var options []emulator.CallOption
		if c.Withheld {
			options = append(options, emulator.CallerID("anonymous"))
		}
		phone.Call(b.line, options...)
		return nil
	case answer:
		phone.Answer()
		return nil
	}
	current := phone.Current()
	if current == nil { // it has just ended
		return &refusal{who.name + refusals[c.Act]}
	}
	switch c.Act {
	case hangup:
		current.Hangup()
	case press:
		current.Press(c.Text)
	case say:
		current.Say(c.Text)
	}
	return nil
}

// begin reports whether the act is possible in the phone's state, and takes
// the phone for a call that it allows: its first event then is not mistaken
// for somebody ringing.
func (b *exchangeBoard) begin(number string, a act) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.handset(number)
	if !h.possible(a) || a == call && h.dialled {
		return false
	}
	h.dialled = h.dialled || a == call
	return true
}

func (h *handset) possible(a act) bool {
	state := stateOf(h)
	switch a {
	case text:
		return h.delivery != landline
	case deliver, pickUp:
		return true
	case call:
		return state == idle
	case answer:
		return state == incoming
	case hangup:
		return state != idle
	}
	return state == talking
}

// refusals say, after the name of a phone's holder, why an act is impossible.
var refusals = map[act]string{
	call:   " is in a call already: hang up first.",
	answer: "’s phone is not ringing.",
	hangup: " is not in a call.",
	press:  " is not in a call: press Call first.",
	say:    " is not in a call: press Call first.",
	text:   " has a landline, which cannot text.",
}
