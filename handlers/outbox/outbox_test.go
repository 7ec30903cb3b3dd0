package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

func TestATextLeavesOnceAndTellsNothing(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"en": "reply OK", "es": "responda OK", "": "reply OK"} {
		r := newRig(t)
		who := asked(t, ida)
		who.Preferences.Language = lang
		id := r.put(1, flows.ByText, who)
		o := outbox.New(r.o)
		for range 3 {
			r.pass(o)
			r.clock.add(time.Hour)
		}
		if len(r.carrier.texts) != 1 || len(r.carrier.rings) != 0 {
			t.Fatalf("%d texts and %d calls leave", len(r.carrier.texts), len(r.carrier.rings))
		}
		m := r.carrier.texts[0]
		if !m.To.Equal(number(t, ida)) || !m.From.Equal(number(t, lineFrom)) || m.ValidFor != 4*time.Hour {
			t.Errorf("%+v", m)
		}
		if s := flows.CountSegments(m.Body); s.Count != 1 || s.Encoding != flows.GSM7 || !strings.Contains(m.Body, want) {
			t.Errorf("%s: %+v: %s", lang, s, m.Body)
		}
		for _, telling := range []string{"support", "group", "grief", "apoyo", "grupo", "duelo", "http"} {
			if strings.Contains(strings.ToLower(m.Body), telling) {
				t.Errorf("it tells of %q: %s", telling, m.Body)
			}
		}
		if state, _, _ := r.row(id); state != "accepted" {
			t.Errorf("the row is %s", state)
		}
		if strings.Contains(r.log.String(), "2125550143") || !strings.Contains(r.log.String(), id) {
			t.Errorf("the log says %s", r.log)
		}
	}
}

func TestACallIsPlacedWithASealedAddress(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	who := asked(t, ida)
	who.Preferences.Language = "es"
	id := r.put(1, flows.ByCall, who)
	r.pass(outbox.New(r.o))
	if len(r.carrier.rings) != 1 {
		t.Fatalf("%d calls are placed", len(r.carrier.rings))
	}
	ring := r.carrier.rings[0]
	if !ring.To.Equal(number(t, ida)) || !ring.From.Equal(number(t, lineFrom)) || !ring.DetectMachine || ring.Timeout != 25*time.Second || ring.TimeLimit != 2*time.Minute {
		t.Errorf("%+v", ring)
	}
	u, err := url.Parse(ring.URL)
	if err != nil || !strings.HasPrefix(ring.URL, publicURL+"/twilio/voice?c=") || len(u.Query()) != 1 {
		t.Fatalf("%s: %v", ring.URL, err)
	}
	plain, err := r.keys.OpenToken("placed", u.Query().Get("c"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got carrier.Placed
	if err := json.Unmarshal(plain, &got); err != nil || got != (carrier.Placed{Line: r.line, Row: id, Lang: "es", Kind: "confirm"}) || !strings.HasPrefix(ring.StatusCallback, publicURL+"/twilio/sent?r=") {
		t.Errorf("%+v, %v", got, err)
	}
}

func fault(status, code int, class carrier.Class) error {
	return &carrier.Error{Op: "send text", Status: status, Code: code, Class: class}
}

func TestWhatTheCarrierSaysDecides(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		err    error
		state  string
		reason string
	}{
		{"taken", nil, "accepted", ""},
		{"too fast", fault(429, 20429, carrier.Throttled), "due", "throttled 429/20429"},
		{"a queue is full", fault(400, 21611, carrier.Temporary), "due", "temporary 400/21611"},
		{"no connection", fault(0, 0, carrier.Temporary), "due", "temporary 0/0"},
		{"a failed server", fault(500, 0, carrier.Unknown), "unknown", "unknown 500/0"},
		{"a failed server with a code that proves nothing", fault(503, 30001, carrier.Temporary), "unknown", "temporary 503/30001"},
		{"no answer", fault(0, 0, carrier.Unknown), "unknown", "unknown 0/0"},
		{"an error of somebody else's", errors.New("what"), "unknown", "unknown"},
		{"no such number", fault(400, 21211, carrier.Permanent), "failed", "permanent 400/21211"},
		{"opted out", fault(400, 21610, carrier.OptedOut), "failed", "opted out 400/21610"},
		{"filtered", fault(400, 21408, carrier.Filtered), "failed", "filtered 400/21408"},
		{"no such phone, for now", fault(400, 30005, carrier.Permanent), "failed", "permanent 400/30005"},
		{"a proxy had no time", fault(408, 0, carrier.Ours), "unknown", "ours 408/0"},
		{"a proxy wants to be asked less", fault(429, 0, carrier.Throttled), "due", "throttled 429/0"},
		{"our own fault", fault(400, 21606, carrier.Ours), "failed", "ours 400/21606"},
		{"no credentials", fault(401, 20003, carrier.Ours), "due", "ours 401/20003"},
	}
	r := newRig(t)
	var stopped, gone []vault.Number
	r.o.Unreachable = func(_ context.Context, _ string, n vault.Number) error { gone = append(gone, n); return nil }
	r.o.OptedOut = func(_ context.Context, line string, n vault.Number) error {
		if line != r.line {
			t.Errorf("line %s", line)
		}
		stopped = append(stopped, n)
		return nil
	}
	o := outbox.New(r.o)
	for i, tt := range tests {
		r.carrier.answer = func(int) error { return tt.err }
		id := r.put(i, flows.ByText, asked(t, ida))
		r.pass(o)
		state, reason, due := r.row(id)
		if state != tt.state || reason != tt.reason {
			t.Errorf("%s: %s, %q", tt.name, state, reason)
		}
		if wait := due.Sub(r.clock.now()); state == "due" && (wait < 30*time.Second || wait > time.Minute) {
			t.Errorf("%s: it is due again after %s", tt.name, wait)
		}
		if _, err := r.sql.Exec(`DELETE FROM outbox`); err != nil {
			t.Fatal(err)
		}
	}
	if len(gone) != 1 || len(stopped) != 1 || !stopped[0].Equal(number(t, ida)) {
		t.Errorf("%d are known to have opted out, and %d to have no number", len(stopped), len(gone))
	}
}

func TestAnUnknownTextIsNotSentAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.carrier.answer = func(int) error { return fault(500, 0, carrier.Unknown) }
	id := r.put(1, flows.ByText, asked(t, ida))
	o := outbox.New(r.o)
	for range 24 * 8 {
		r.pass(o)
		r.clock.add(time.Hour)
	}
	if n := r.carrier.requests(); n != 1 {
		t.Errorf("it is sent %d times", n)
	}
	if state, _, _ := r.row(id); state != "lapsed" {
		t.Errorf("after a week it is %s", state)
	}
}

func TestAThrottledTextIsSentInTheEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.o.Limits.PerNumber = 1
	r.carrier.answer = func(nth int) error {
		if nth <= 5 {
			return fault(429, 20429, carrier.Throttled)
		}
		return nil
	}
	id := r.put(1, flows.ByText, asked(t, ida))
	o := outbox.New(r.o)
	for range 100 {
		r.pass(o)
		r.clock.add(time.Minute)
	}
	if state, _, _ := r.row(id); state != "accepted" || r.carrier.requests() != 6 {
		t.Errorf("after %d requests it is %s", r.carrier.requests(), state)
	}
}

func TestWhoMayNotBeReachedIsNot(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	confirmed := asked(t, ida)
	confirmed.Asked = false
	ids := map[string]string{
		r.put(1, flows.ByText, asked(t, "+18765550143")):  "country", // Jamaica, in the same plan
		r.put(2, flows.ByCall, asked(t, "+442079460143")): "country",
		r.put(3, flows.ByText, asked(t, "+19005550143")):  "country", // premium
		r.put(4, flows.ByText, confirmed):                 "not wanted any more",
		r.put(5, flows.ByText, store.Recipient{}):         "nobody is there",
	}
	delete(r.people.known, "00000000-0000-4000-8000-000000000005")
	r.pass(outbox.New(r.o))
	for id, want := range ids {
		if state, reason, _ := r.row(id); state != "lapsed" || reason != want {
			t.Errorf("%s: %s, %q, want %q", id, state, reason, want)
		}
	}
	if n := r.carrier.requests(); n != 0 {
		t.Errorf("%d leave", n)
	}
}

func TestWhenMembersCannotBeOpenedNothingIsLost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.put(1, flows.ByText, asked(t, ida))
	o := outbox.New(r.o)
	r.people.err = store.ErrUnreachable
	if _, err := o.Pass(t.Context()); !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("%v", err)
	}
	r.people.err = nil
	if n := r.pass(o); n != 0 {
		t.Errorf("it is tried again at once")
	}
	r.clock.add(31 * time.Second)
	r.pass(o)
	if state, _, _ := r.row(id); state != "accepted" {
		t.Errorf("it is %s", state)
	}
}

// frozen is a program that is stopped for a while just before it asks the carrier.
type frozen struct {
	outbox.Queue
	clock *clock
	times int
}

func (f *frozen) Intend(ctx context.Context, now time.Time, x *store.Outgoing, to vault.Number, l store.Limits) (store.Permit, error) {
	p, err := f.Queue.Intend(ctx, now, x, to, l)
	if f.times--; f.times >= 0 {
		f.clock.add(10 * time.Second)
	}
	return p, err
}

func TestWhoWasStoppedForTooLongAsksAgainLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.o.Queue = &frozen{Queue: r.o.Queue, clock: r.clock, times: 1}
	r.put(1, flows.ByText, asked(t, ida))
	o := outbox.New(r.o)
	r.pass(o)
	if n := r.carrier.requests(); n != 0 {
		t.Errorf("%d leave late", n)
	}
	r.clock.add(time.Minute)
	r.pass(o)
	if n := r.carrier.requests(); n != 1 {
		t.Errorf("%d leave", n)
	}
}
