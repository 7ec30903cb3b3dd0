package emulator

import (
	"net/url"
	"testing"
	"time"
)

const bridge = "+12025550150"

func TestDialNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/voice": `<Dial action="/after" callerId="` + line + `" answerOnBridge="true" hangupOnStar="true">` +
			`<Number sendDigits="ww4821#" url="/whisper" statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">` + bridge + `</Number></Dial>`,
		"/whisper": `<Say>A caller for the circle.</Say>`,
		"/after":   `<Say>Welcome back.</Say>`,
	})
	b.Phone(bridge).Behave(Behaviour{Kind: Answer, After: 3 * time.Second, Says: "Meeting line"})
	c := b.Phone(anna).Call(line)
	leg := b.Phone(bridge).Current()
	same(t, "caller ID", leg.From(), line)
	same(t, "rings on", c.State(), "ringing")
	b.Advance(3 * time.Second)
	same(t, "whisper first", c.State(), "ringing")
	same(t, "parent", b.last("/whisper").Get("ParentCallSid"), c.SID())
	b.Advance(10 * time.Second)
	same(t, "connected", c.State(), "in-progress")
	leg.Say("good evening")
	c.Say("hello")
	c.Press("7")
	b.Advance(7 * time.Second)
	c.Press("*")
	after := b.last("/after")
	for k, want := range map[string]string{"DialCallStatus": "completed", "DialCallSid": leg.SID(), "DialBridged": "true", "DialCallDuration": "13"} {
		same(t, k, after.Get(k), want)
	}
	var seq []string
	for _, v := range b.asked("/leg") {
		seq = append(seq, v.Get("SequenceNumber")+" "+v.Get("CallStatus"))
		same(t, "ParentCallSid", v.Get("ParentCallSid"), c.SID())
		same(t, "Direction", v.Get("Direction"), "outbound-dial")
	}
	same(t, "leg", seq, []string{"0 initiated", "1 ringing", "2 in-progress", "3 completed"})
	b.clean()
	golden(t, "dial", c.Transcript()+"---\n"+leg.Transcript())
}

func TestDialOutcomes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		behaviour Behaviour
		act       func(b *bench, c *Call)
		want      string
	}{
		"busy":           {Behaviour{Kind: Busy}, nil, "busy"},
		"fails":          {Behaviour{Kind: Fail}, nil, "failed"},
		"nobody answers": {Behaviour{Kind: NoAnswer}, func(b *bench, _ *Call) { b.Advance(20 * time.Second) }, "no-answer"},
		"declined":       {Behaviour{}, func(b *bench, _ *Call) { b.Phone(bridge).Current().Hangup() }, "busy"},
		"caller gives up": {Behaviour{}, func(b *bench, c *Call) {
			b.Advance(time.Second)
			c.Hangup()
		}, "canceled"},
		"they hang up": {Behaviour{}, func(b *bench, _ *Call) {
			b.Phone(bridge).Answer()
			b.Advance(time.Second)
			b.Phone(bridge).Current().Hangup()
		}, "completed"},
		"the time is up": {Behaviour{Kind: Answer}, func(b *bench, _ *Call) { b.Advance(60 * time.Second) }, "completed"},
		"a machine":      {Behaviour{Kind: Machine, Says: "leave a message"}, func(b *bench, c *Call) { b.Advance(time.Second); c.Hangup() }, "completed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]string{
				"/voice": `<Dial action="/after" timeout="20" timeLimit="60">` + bridge + `</Dial>`, "/after": `<Pause length="100"/>`,
			})
			b.Phone(bridge).Behave(tt.behaviour)
			c := b.Phone(anna).Call(line)
			b.Settle()
			if tt.act != nil {
				tt.act(b, c)
			}
			same(t, "DialCallStatus", b.last("/after").Get("DialCallStatus"), tt.want)
			same(t, "asked once", len(b.asked("/after")), 1)
			if leg := b.Phone(bridge).Current(); leg != nil {
				t.Errorf("the other phone is still %s", leg.State())
			}
			b.clean()
		})
	}
}

func TestDialSeveral(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Dial><Number>+12025550151</Number><Number>+12025550152</Number><Number>nobody</Number></Dial><Say>next verb</Say>`})
	c := b.Phone(anna).Call(line)
	slow := b.Phone("+12025550151").Current()
	b.Phone("+12025550152").Answer()
	same(t, "the slower one", slow.State(), "canceled")
	b.Phone("+12025550152").Current().Say("I am here")
	b.Phone("+12025550152").Current().Hangup()
	b.Advance(time.Second)
	same(t, "heard", texts(b.Phone(anna)), []string{"I am here", "next verb"})
	same(t, "state", c.State(), "completed")
	same(t, "codes", b.codes(), []int{13224})
}

func TestDialToBusyPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Dial action="/after">` + ben + `</Dial>`, "/after": `<Pause length="60"/>`})
	b.Phone(ben).Call(line)
	same(t, "DialCallStatus", b.last("/after").Get("DialCallStatus"), "busy")
}

func TestQueue(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/voice": `<Enqueue action="/out" waitUrl="/hold">door</Enqueue><Say>after</Say>`,
		"/hold":  `<Gather numDigits="1" timeout="5" action="/key"><Say>Please wait.</Say></Gather>`,
		"/key":   `<Leave/>`,
		"/out":   `<Say>out</Say><Pause length="60"/>`,
		"/admit": `<Say>You are in.</Say><Pause length="60"/>`,
	})
	one, two := b.Phone(anna).Call(line), b.Phone(ben).Call(line)
	same(t, "position", b.last("/hold").Get("QueuePosition"), "2")
	b.Advance(7 * time.Second)
	same(t, "asked again", len(b.asked("/hold")), 4)
	same(t, "time", b.last("/hold").Get("QueueTime"), "5")
	one.Press("1")
	out := b.last("/out")
	same(t, "leave", []string{out.Get("QueueResult"), out.Get("QueueTime")}, []string{"leave", "7"})
	same(t, "admit", first(b.api("POST", "Calls/"+two.SID()+".json", url.Values{"Url": {b.web.URL + "/admit"}})), 200)
	same(t, "redirected", b.last("/out").Get("QueueResult"), "redirected")
	heard := texts(b.Phone(ben))
	same(t, "heard", heard[len(heard)-1], "You are in.")
	three := b.Phone(cleo).Call(line)
	three.Hangup()
	same(t, "hangup", b.last("/out").Get("QueueResult"), "hangup")
	b.clean()
}
