package emulator

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"time"
)

func TestCallbackFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault Fault
		want  []string
	}{
		"none":      {Fault{}, []string{"0 initiated", "1 ringing", "2 in-progress", "3 completed"}},
		"dropped":   {Fault{Match: "ringing", Drop: true}, []string{"0 initiated", "2 in-progress", "3 completed"}},
		"doubled":   {Fault{Match: "answered", Duplicate: 2}, []string{"0 initiated", "1 ringing", "2 in-progress", "2 in-progress", "2 in-progress", "3 completed"}},
		"reordered": {Fault{Match: "ringing", Reorder: true}, []string{"0 initiated", "2 in-progress", "1 ringing", "3 completed"}},
		"delayed":   {Fault{Match: "initiated", Delay: time.Minute}, []string{"1 ringing", "2 in-progress", "3 completed", "0 initiated"}},
		"some":      {Fault{Skip: 1, Times: 2, Drop: true}, []string{"0 initiated", "3 completed"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			tt.fault.On = OnCallback
			if name != "none" {
				b.Inject(tt.fault)
			}
			b.api("POST", "Calls.json", url.Values{
				"To": {anna}, "From": {line}, "Twiml": {`<Response><Pause length="2"/></Response>`}, "StatusCallback": {b.web.URL + "/progress"},
				"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"},
			})
			b.Phone(anna).Answer()
			b.Advance(2 * time.Minute)
			var got []string
			for _, v := range b.asked("/progress") {
				got = append(got, v.Get("SequenceNumber")+" "+v.Get("CallStatus"))
			}
			same(t, "callbacks", got, tt.want)
			b.clean()
		})
	}
}

func TestRESTFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault  Fault
		status int // 0: no answer
		code   float64
		called bool
	}{
		"too many requests":    {Fault{Status: 429}, 429, 20429, false},
		"failed":               {Fault{Status: 500}, 500, 20500, false},
		"done but unheard":     {Fault{LoseReply: true}, 0, 0, true},
		"the connection drops": {Fault{Refuse: true}, 0, 0, false},
		"of another path":      {Fault{Match: "Conferences", Status: 500}, 201, 0, true},
		"done but failed":      {Fault{LoseReply: true, Status: 500}, 500, 20500, true},
		"no credentials":       {Fault{Status: 401}, 401, 20003, false},
		"with another code":    {Fault{Status: 400, Code: 21610}, 400, 21610, false},
		"no answer":            {Fault{Timeout: true, Hang: time.Millisecond}, 0, 0, false},
		"done, and no answer":  {Fault{Timeout: true, LoseReply: true, Hang: time.Millisecond}, 0, 0, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			tt.fault.On = OnREST
			b.Inject(tt.fault)
			status, body := b.api("POST", "Calls.json", url.Values{"To": {anna}, "From": {line}, "Twiml": {`<Response/>`}})
			same(t, "status", status, tt.status)
			if tt.code != 0 {
				same(t, "code", body["code"], any(tt.code))
			}
			same(t, "called", b.Phone(anna).Current() != nil, tt.called)
			b.ClearFaults()
			same(t, "afterwards", first(b.api("GET", "Calls.json", nil)), 200)
		})
	}
}

// What a program is told of a text before it knows that there is one.
func TestCallbackBeforeTheReply(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		early int
		clock func() *Clock
		want  []string
	}{
		"none":       {0, virtual, nil},
		"the first":  {1, virtual, []string{"sent"}},
		"the last":   {2, virtual, []string{"sent", "delivered"}},
		"no more":    {9, virtual, []string{"sent", "delivered"}},
		"in a hurry": {2, NewClock, []string{"sent", "delivered"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBenchAt(t, tt.clock(), nil)
			b.Inject(Fault{On: OnREST, Match: "POST ", Early: tt.early})
			var before []string
			b.rest.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b.Emulator.ServeHTTP(w, r)
				before = statuses(b, "/fared")
			})
			status, body := b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {line}, "Body": {"x"}, "StatusCallback": {b.web.URL + "/fared"}})
			same(t, "answer", []any{status, body["status"]}, []any{201, "queued"})
			same(t, "told before it", before, tt.want)
			b.Advance(time.Minute)
			b.clean()
		})
	}
}

func virtual() *Clock { return NewVirtualClock(noon) }

// The busy tone comes back before the answer to the request that dialled.
func TestCallEndsBeforeTheReply(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.Phone(anna).Behave(Behaviour{Kind: Busy})
	b.Inject(Fault{On: OnREST, Early: 1})
	var before []url.Values
	b.rest.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.Emulator.ServeHTTP(w, r)
		before = b.asked("/progress")
	})
	b.api("POST", "Calls.json", url.Values{"To": {anna}, "From": {line}, "Twiml": {`<Response/>`}, "StatusCallback": {b.web.URL + "/progress"}})
	if len(before) != 1 || before[0].Get("CallStatus") != "busy" {
		t.Errorf("told before the reply: %v", before)
	}
}

// A callback that waits to be overtaken, and is not, comes late.
func TestReorderOfTheLast(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.Inject(Fault{On: OnCallback, Reorder: true, Times: 2})
	b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {line}, "Body": {"x"}, "StatusCallback": {b.web.URL + "/fared"}})
	b.Advance(2 * time.Second)
	same(t, "two that would both wait", statuses(b, "/fared"), []string{"delivered", "sent"})
	b.Inject(Fault{On: OnCallback, Match: "delivered", Reorder: true})
	b.api("POST", "Messages.json", url.Values{"To": {ben}, "From": {line}, "Body": {"x"}, "StatusCallback": {b.web.URL + "/fared"}})
	b.Advance(2 * time.Second)
	same(t, "not yet", statuses(b, "/fared")[2:], []string{"sent"})
	b.Advance(time.Minute)
	same(t, "in the end", statuses(b, "/fared")[2:], []string{"sent", "delivered"})
}

// Shares are kept, and the same seed strikes the same requests in any order.
func TestShares(t *testing.T) {
	t.Parallel()
	const phones = 2000
	run := func(seed uint64, backwards bool) map[string]bool {
		e := New(Options{AccountSID: account, AuthToken: token, Clock: NewVirtualClock(noon), Seed: seed})
		e.Inject(Fault{On: OnREST, Match: "Messages", Share: 0.05, Status: 500})
		e.Inject(Fault{On: OnREST, Match: "Messages", Share: 0.1, Refuse: true})
		struck := map[string]bool{}
		counts := map[string]int{}
		for i := range phones {
			if backwards {
				i = phones - 1 - i
			}
			to := fmt.Sprintf("+1202555%04d", i)
			e.mu.Lock()
			f := e.strike(OnREST, to, "POST /Messages.json")
			e.mu.Unlock()
			struck[to] = f != Fault{}
			counts[fmt.Sprint(f.Status, f.Refuse)]++
		}
		for what, want := range map[string]float64{"500 false": 0.05, "0 true": 0.095} {
			if share := float64(counts[what]) / phones; share < want-0.02 || share > want+0.02 {
				t.Errorf("seed %d: %q befell %.3f of them, want %.3f", seed, what, share, want)
			}
		}
		return struck
	}
	forwards := run(1, false)
	same(t, "backwards", run(1, true), forwards)
	if reflect.DeepEqual(run(2, false), forwards) {
		t.Error("another seed strikes the same ones")
	}
}
