package emulator

import (
	"net/url"
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
