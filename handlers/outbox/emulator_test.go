package outbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
)

// Whatever becomes of a request, the carrier has what it asks for once, and the row
// ends as it did.
func TestTheCarrierHasEachOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults []emulator.Fault
		state  string
	}{
		"nothing goes wrong":            {nil, "done"},
		"throttled":                     {[]emulator.Fault{{On: emulator.OnREST, Times: 5, Status: 429}}, "done"},
		"no connection":                 {[]emulator.Fault{{On: emulator.OnREST, Times: 1, Refuse: true}}, "done"}, // once the request was read
		"failed, and not done":          {[]emulator.Fault{{On: emulator.OnREST, Times: 1, Status: 500}}, "done"},
		"done, and its reply lost":      {[]emulator.Fault{{On: emulator.OnREST, Times: 1, LoseReply: true}}, "done"},
		"told before the answer":        {[]emulator.Fault{{On: emulator.OnREST, Times: 1, Early: 3}}, "done"},
		"told twice":                    {[]emulator.Fault{{On: emulator.OnCallback, Duplicate: 2}}, "done"},
		"told out of order":             {[]emulator.Fault{{On: emulator.OnCallback, Times: 1, Reorder: true}}, "done"},
		"never told":                    {[]emulator.Fault{{On: emulator.OnCallback, Drop: true}}, "accepted"},
		"its reply lost and never told": {[]emulator.Fault{{On: emulator.OnREST, Times: 1, LoseReply: true}, {On: emulator.OnCallback, Drop: true}}, "accepted"},
		"not done and the list is down": {[]emulator.Fault{{On: emulator.OnREST, Times: 1, Status: 500}, {On: emulator.OnREST, Match: "GET", Times: 6, Status: 503}}, "done"},
	} {
		for channel, path := range map[flows.Channel]string{flows.ByText: "Messages", flows.ByCall: "Calls"} {
			l := newLine(t, 1)
			l.twilio.Phone(ida).Behave(emulator.Behaviour{Kind: emulator.Answer})
			for _, f := range tt.faults {
				l.twilio.Inject(f)
			}
			id := l.put(1, channel, asked(t, ida))
			l.live(20*time.Minute, 30*time.Second)
			kept := l.twilio.Kept()
			if state, reason, _ := l.row(id); state != tt.state || len(kept.Texts)+len(kept.Calls) != 1 {
				t.Errorf("%s, %s: the row is %s, %q, and the carrier has %d texts and %d calls", name, path, state, reason, len(kept.Texts), len(kept.Calls))
			}
			if n := l.calls.Load(); channel == flows.ByCall && n != 1 {
				t.Errorf("%s: %d calls ask what to say", name, n)
			}
			l.objections(name + ", " + path)
			if strings.Contains(l.log.String(), "2125550143") {
				t.Errorf("%s: the log holds a number", name)
			}
		}
	}
}

// What nobody can tell is not sent again.
func TestWhatNobodyKnowsIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]emulator.Fault{
		"done":     {On: emulator.OnREST, Times: 1, LoseReply: true},
		"not done": {On: emulator.OnREST, Times: 1, Status: 500},
	} {
		l := newLine(t, 1)
		l.twilio.Inject(f)
		l.twilio.Inject(emulator.Fault{On: emulator.OnREST, Match: "GET", Status: 503})
		l.twilio.Inject(emulator.Fault{On: emulator.OnCallback, Drop: true})
		id := l.put(1, flows.ByText, asked(t, ida))
		l.live(20*time.Minute, 30*time.Second)
		if state, reason, _ := l.row(id); state != "lapsed" || reason != "nobody knows" || len(l.twilio.Kept().Texts) > 1 {
			t.Errorf("%s: %s, %q", name, state, reason)
		}
	}
}

// Two rows to one number, of which one was sent: nobody can tell which, and neither
// is sent again. When both were, or none, all is well.
func TestRowsToOneNumberAreCounted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults []emulator.Fault
		states string
		texts  int
	}{
		"both were sent": {[]emulator.Fault{{On: emulator.OnREST, Times: 2, LoseReply: true}}, "accepted accepted", 2},
		"none was":       {[]emulator.Fault{{On: emulator.OnREST, Times: 2, Status: 500}}, "accepted accepted", 2},
		"one was":        {[]emulator.Fault{{On: emulator.OnREST, Times: 1, Status: 500}, {On: emulator.OnREST, Times: 1, LoseReply: true}}, "lapsed lapsed", 1},
	} {
		l := newLine(t, 1)
		for _, f := range append(tt.faults, emulator.Fault{On: emulator.OnCallback, Drop: true}) {
			l.twilio.Inject(f)
		}
		one, two := l.put(1, flows.ByText, asked(t, ida)), l.put(2, flows.ByText, asked(t, ida))
		l.live(20*time.Minute, 30*time.Second)
		a, _, _ := l.row(one)
		b, _, _ := l.row(two)
		if got := a + " " + b; got != tt.states || len(l.twilio.Kept().Texts) != tt.texts {
			t.Errorf("%s: %s, and %d texts", name, got, len(l.twilio.Kept().Texts))
		}
	}
}

// Another line of the account texts the same phone meanwhile. What is from its number
// is its own; where a service may have chosen that for us, nobody can tell, and
// nothing is sent twice.
func TestAnotherLinesTextsAreNotOurs(t *testing.T) {
	t.Parallel()
	const theirs, service = "+12025550111", "MG00000000000000000000000000000001"
	for name, tt := range map[string]struct {
		service string
		fault   emulator.Fault
		state   string
		ours    int
	}{
		"not done":             {"", emulator.Fault{Status: 500}, "accepted", 1},
		"done":                 {"", emulator.Fault{LoseReply: true}, "accepted", 1},
		"a service, not done":  {service, emulator.Fault{Status: 500}, "accepted", 0}, // theirs is taken for it
		"a service, both done": {service, emulator.Fault{LoseReply: true}, "lapsed", 1},
	} {
		l := newLine(t, 1)
		l.twilio.AddNumber(emulator.Number{E164: theirs})
		if tt.service != "" {
			l.twilio.AddService(emulator.MessagingService{SID: service, Numbers: []string{lineFrom}})
			l.o.Service = tt.service
			l.box = outbox.New(l.o)
		}
		fault := tt.fault
		fault.On, fault.Times = emulator.OnREST, 1
		l.twilio.Inject(fault)
		l.twilio.Inject(emulator.Fault{On: emulator.OnCallback, Drop: true})
		id := l.put(1, flows.ByText, asked(t, ida))
		l.pass(l.box)
		if _, err := l.o.Carrier.Send(t.Context(), carrier.Message{From: number(t, theirs), To: number(t, ida), Body: "Theirs."}); err != nil {
			t.Fatal(err)
		}
		l.live(20*time.Minute, 30*time.Second)
		ours := 0
		for _, text := range l.twilio.Kept().Texts {
			if text.Body != "Theirs." {
				ours++
			}
		}
		if state, reason, _ := l.row(id); state != tt.state || ours != tt.ours {
			t.Errorf("%s: %s, %q, and %d texts of ours", name, state, reason, ours)
		}
	}
}

// A row that this program cannot open waits, and keeps nobody from finding out about
// the others.
func TestARowThatCannotBeOpenedHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	l := newLine(t, 1)
	l.twilio.Inject(emulator.Fault{On: emulator.OnREST, Times: 2, Status: 500})
	one, two := l.put(1, flows.ByText, asked(t, ida)), l.put(2, flows.ByText, asked(t, numberOf(2)))
	l.live(30*time.Second, 30*time.Second)
	l.people.add(two, store.Recipient{Err: errNoKeys})
	for range 12 {
		l.pass(l.box)
		if err := l.box.Resolve(t.Context()); err != nil && !errors.Is(err, errNoKeys) {
			t.Error(err)
		}
		l.twilio.Advance(30 * time.Second)
	}
	if state, _, _ := l.row(two); state != "unknown" {
		t.Errorf("the one that cannot be opened is %s", state)
	}
	if state, reason, _ := l.row(one); state != "done" {
		t.Errorf("the other is %s, %q", state, reason)
	}
}

var errNoKeys = errors.New("no such key")

func TestWhoCannotBeReachedIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		channel flows.Channel
		phone   emulator.Behaviour
		text    emulator.DeliveryBehaviour
		times   int
		state   string
		outcome string
		fault   emulator.Fault
	}{
		"busy": {flows.ByCall, emulator.Behaviour{Kind: emulator.Busy}, emulator.DeliveryBehaviour{}, 2, "done", "busy", emulator.Fault{}},
		"busy, after a request was refused": {
			flows.ByCall, emulator.Behaviour{Kind: emulator.Busy}, emulator.DeliveryBehaviour{}, 2, "done", "busy", emulator.Fault{On: emulator.OnREST, Times: 3, Status: 429},
		},
		"busy, told twice each time": {
			flows.ByCall, emulator.Behaviour{Kind: emulator.Busy}, emulator.DeliveryBehaviour{}, 2, "done", "busy", emulator.Fault{On: emulator.OnCallback, Duplicate: 2},
		},
		"nobody comes":  {flows.ByCall, emulator.Behaviour{Kind: emulator.NoAnswer}, emulator.DeliveryBehaviour{}, 2, "done", "no answer", emulator.Fault{}},
		"a machine":     {flows.ByCall, emulator.Behaviour{Kind: emulator.Machine}, emulator.DeliveryBehaviour{}, 1, "done", "machine", emulator.Fault{}},
		"a person":      {flows.ByCall, emulator.Behaviour{Kind: emulator.Answer}, emulator.DeliveryBehaviour{}, 1, "done", "answered", emulator.Fault{}},
		"switched off":  {flows.ByText, emulator.Behaviour{}, emulator.DeliveryBehaviour{Kind: emulator.Undelivered, Code: 30003}, 3, "done", "not delivered", emulator.Fault{}},
		"nobody says":   {flows.ByText, emulator.Behaviour{}, emulator.DeliveryBehaviour{Kind: emulator.Undelivered, Code: 30008}, 1, "done", "not delivered", emulator.Fault{}},
		"a number lost": {flows.ByText, emulator.Behaviour{}, emulator.DeliveryBehaviour{Kind: emulator.Undelivered, Code: 30005}, 1, "failed", "not delivered", emulator.Fault{}},
		"delivered":     {flows.ByText, emulator.Behaviour{}, emulator.DeliveryBehaviour{}, 1, "done", "delivered", emulator.Fault{}},
	} {
		l := newLine(t, 1)
		if tt.fault != (emulator.Fault{}) {
			l.twilio.Inject(tt.fault)
		}
		phone := l.twilio.Phone(ida)
		phone.Behave(tt.phone)
		phone.Deliver(tt.text)
		id := l.put(1, tt.channel, asked(t, ida))
		l.live(20*time.Minute, 30*time.Second)
		kept := l.twilio.Kept()
		var outcome string
		if err := l.sql.QueryRow(`SELECT coalesce(outcome, '') FROM outbox`).Scan(&outcome); err != nil {
			t.Fatal(err)
		}
		if state, _, _ := l.row(id); state != tt.state || outcome != tt.outcome || len(kept.Texts)+len(kept.Calls) != tt.times {
			t.Errorf("%s: %s, %q, after %d times", name, state, outcome, len(kept.Texts)+len(kept.Calls))
		}
		l.box.KeepCounts(t.Context())
		var n int
		if err := l.sql.QueryRow(`SELECT sum(count) FROM daily_count WHERE name NOT IN ('sent', 'not_sent')`).Scan(&n); err != nil || n != tt.times {
			t.Errorf("%s: %d outcomes are counted, %v", name, n, err)
		}
	}
}

// Reminders are planned, worded and sent; nobody gets one twice, however many
// programs there are.
func TestRemindersOfFourProgramsComeOnce(t *testing.T) {
	t.Parallel()
	l := newLine(t, 1)
	const members = 40
	for i := range members {
		l.belong(i, flows.ByText, asked(t, numberOf(i)))
	}
	boxes := []*outbox.Outbox{l.box, outbox.New(l.o), outbox.New(l.o), outbox.New(l.o)}
	for range 10 {
		together(boxes, func(o *outbox.Outbox) { l.pass(o) })
		l.twilio.Advance(15 * time.Second)
	}
	to := map[string]int{}
	for _, text := range l.twilio.Kept().Texts {
		to[text.To]++
		if !strings.Contains(text.Body, "Tuesday call") || strings.Contains(text.Body, "grief") || text.Segments != 1 {
			t.Errorf("it says %q", text.Body)
		}
	}
	if len(to) != members || len(l.twilio.Kept().Texts) != members {
		t.Errorf("%d texts come to %d members", len(l.twilio.Kept().Texts), len(to))
	}
}
