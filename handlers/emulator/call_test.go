package emulator

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestInboundCall(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/voice": `<Gather numDigits="1" action="/menu?x=1"><Say>Press one for the circle. Press two for the privacy promise.</Say></Gather><Say>Goodbye.</Say>`,
		"/menu":  `<Say language="es-MX" voice="Polly.Mia">Bienvenidos</Say><Hangup/>`,
	})
	c := b.Phone(anna).Call(line)
	first := b.last("/voice")
	for k, want := range map[string]string{
		"CallStatus": "ringing", "Direction": "inbound", "From": anna, "Caller": anna, "To": line, "Called": line,
		"AccountSid": account, "ApiVersion": "2010-04-01", "CallSid": c.SID(), "FromCountry": "US", "FromCity": "",
	} {
		same(t, k, first.Get(k), want)
	}
	same(t, "state", c.State(), "in-progress")
	b.Advance(2 * time.Second)
	c.Press("9")
	menu := b.last("/menu")
	for k, want := range map[string]string{"Digits": "9", "FinishedOnKey": "", "msg": "Gather End", "CallStatus": "in-progress", "x": "1"} {
		same(t, k, menu.Get(k), want)
	}
	b.Advance(time.Second)
	same(t, "state", c.State(), "completed")
	end := b.last("/ended")
	for k, want := range map[string]string{
		"CallStatus": "completed", "CallDuration": "3", "Duration": "1", "SequenceNumber": "0",
		"CallbackSource": "call-progress-events", "Timestamp": "Tue, 24 Nov 2026 12:00:02 +0000",
	} {
		same(t, k, end.Get(k), want)
	}
	heard := b.Phone(anna).Heard()
	if u := heard[1]; !u.Cut || u.Duration != 2*time.Second {
		t.Errorf("the key did not cut the prompt: %+v", u)
	}
	b.clean()
	golden(t, "inbound", c.Transcript())
}

func TestAnswerRules(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		doc      string
		at       time.Duration // when to look
		state    string
		answered bool
	}{
		"a first Pause rings on":     {`<Pause length="4"/><Say>hello</Say>`, 3 * time.Second, "ringing", false},
		"and then answers":           {`<Pause length="4"/><Say>hello</Say>`, 4 * time.Second, "in-progress", true},
		"Reject is not answered":     {`<Reject/>`, 0, "failed", false},
		"Reject as busy":             {`<Reject reason="busy"/>`, 0, "busy", false},
		"a later Reject is a Hangup": {`<Say>no</Say><Reject reason="busy"/>`, time.Second, "completed", true},
		"an empty document":          {``, 0, "completed", false},
		"Hangup answers":             {`<Hangup/>`, 0, "completed", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]string{"/voice": tt.doc})
			c := b.Phone(anna).Call(line)
			b.Advance(tt.at)
			same(t, "state", c.State(), tt.state)
			same(t, "answered", strings.Contains(c.Transcript(), "in-progress"), tt.answered)
			b.clean()
		})
	}
}

func TestCallerIDs(t *testing.T) {
	t.Parallel()
	for _, shown := range []string{"anonymous", "+8656696", "+17378742833", ""} {
		b := newBench(t, map[string]string{"/voice": `<Hangup/>`})
		b.Phone(anna).Call(line, CallerID(shown))
		v := b.last("/voice")
		same(t, "From", v["From"], []string{shown})
		same(t, "Caller", v["Caller"], []string{shown})
	}
}

func TestKeysWithoutGatherAreLost(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/voice": `<Say>Please wait.</Say><Gather numDigits="2" action="/got"/>`,
		"/got":   `<Hangup/>`,
	})
	c := b.Phone(anna).Call(line)
	c.Press("12")
	b.Advance(time.Second)
	c.Press("34")
	same(t, "Digits", b.last("/got").Get("Digits"), "34")
	golden(t, "lost-keys", c.Transcript())
	b.clean()
}

func TestGather(t *testing.T) {
	t.Parallel()
	type step struct {
		wait time.Duration
		keys string
		say  string
		as   *Hearing
	}
	tests := map[string]struct {
		attrs string
		steps []step
		want  url.Values // nil: the action was not asked
	}{
		"finish key":              {``, []step{{keys: "12#"}}, url.Values{"Digits": {"12"}, "FinishedOnKey": {"#"}, "msg": {"Gather End"}}},
		"numDigits":               {`numDigits="3"`, []step{{keys: "12345"}}, url.Values{"Digits": {"123"}, "FinishedOnKey": {""}, "msg": {"Gather End"}}},
		"timeout after keys":      {`timeout="3"`, []step{{keys: "12"}, {wait: 3 * time.Second}}, url.Values{"Digits": {"12"}, "FinishedOnKey": {""}, "msg": {"Gather End"}}},
		"not before the timeout":  {`timeout="3"`, []step{{keys: "12"}, {wait: 2999 * time.Millisecond}}, nil},
		"each key starts it anew": {`timeout="3"`, []step{{keys: "1"}, {wait: 2 * time.Second}, {keys: "2"}, {wait: 2 * time.Second}}, nil},
		"silence falls through":   {``, []step{{wait: time.Minute}}, nil},
		"actionOnEmptyResult":     {`actionOnEmptyResult="true"`, []step{{wait: 7 * time.Second}}, url.Values{"Digits": {""}, "FinishedOnKey": {""}, "msg": {"Gather End"}}},
		"a bare finish key":       {``, []step{{keys: "#"}}, nil},
		"finishOnKey empty":       {`finishOnKey="" timeout="3"`, []step{{keys: "*"}, {wait: 3 * time.Second}}, url.Values{"Digits": {"*"}, "FinishedOnKey": {""}, "msg": {"Gather End"}}},
		"finishOnKey star":        {`finishOnKey="*"`, []step{{keys: "4#2*"}}, url.Values{"Digits": {"4#2"}, "FinishedOnKey": {"*"}, "msg": {"Gather End"}}},
		"speech": {`input="speech" speechTimeout="2"`, []step{{say: "grief circle"}, {wait: 2800 * time.Millisecond}},
			url.Values{"SpeechResult": {"grief circle"}, "Confidence": {"0.9128386"}}},
		"other words in doubt": {`input="speech" speechTimeout="2"`, []step{{say: "grief", as: &Hearing{"leaf", "0.21"}}, {wait: 3 * time.Second}},
			url.Values{"SpeechResult": {"leaf"}, "Confidence": {"0.21"}}},
		"an engine that tells no doubt": {`input="speech" speechTimeout="2"`, []step{{say: "grief", as: &Hearing{Text: "grief"}}, {wait: 3 * time.Second}},
			url.Values{"SpeechResult": {"grief"}}},
		"noise falls through": {`input="speech" speechTimeout="2"`, []step{{say: "hm", as: &Hearing{}}, {wait: time.Minute}}, nil},
		"noise is told where that is asked": {`input="speech" speechTimeout="2" actionOnEmptyResult="true"`, []step{{say: "hm", as: &Hearing{Confidence: "0.0"}}, {wait: 3 * time.Second}},
			url.Values{"SpeechResult": {""}, "Confidence": {"0.0"}}},
		"keys are lost on speech":  {`input="speech"`, []step{{keys: "1"}, {wait: time.Minute}}, nil},
		"speech goes before keys":  {`input="dtmf speech" speechTimeout="1"`, []step{{say: "yes"}, {keys: "5#"}, {wait: 3 * time.Second}}, url.Values{"SpeechResult": {"yes"}, "Confidence": {"0.9128386"}}},
		"speech is lost on keys":   {``, []step{{say: "yes"}, {wait: time.Minute}}, nil},
		"no barge-in loses keys":   {`bargeIn="false"`, []step{{keys: "1#"}, {wait: time.Minute}}, nil},
		"either, and the keys win": {`input="dtmf speech"`, []step{{keys: "5#"}}, url.Values{"Digits": {"5"}, "FinishedOnKey": {"#"}, "msg": {"Gather End"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]string{
				"/voice": `<Gather action="/got" ` + tt.attrs + `><Say>one two three four five</Say></Gather><Say>nothing</Say><Pause length="600"/>`,
				"/got":   `<Pause length="600"/>`,
			})
			c := b.Phone(anna).Call(line)
			for _, s := range tt.steps {
				b.Advance(s.wait)
				c.Press(s.keys)
				switch {
				case s.as != nil:
					c.SayHeard(s.say, *s.as)
				case s.say != "":
					c.Say(s.say)
				}
			}
			asked := b.asked("/got")
			if tt.want == nil {
				same(t, "requests", len(asked), 0)
				return
			}
			same(t, "requests", len(asked), 1)
			got := url.Values{}
			for _, k := range []string{"Digits", "FinishedOnKey", "msg", "SpeechResult", "Confidence"} {
				if v, ok := asked[0][k]; ok {
					got[k] = v
				}
			}
			same(t, "result", got, tt.want)
			b.clean()
		})
	}
}

func TestGatherTimeoutBeginsAfterItsPrompt(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/voice": `<Gather timeout="3"><Say>one two three four five</Say><Pause length="1"/></Gather><Say>nothing</Say>`,
	})
	b.Phone(anna).Call(line)
	b.Advance(5999 * time.Millisecond)
	same(t, "heard", len(texts(b.Phone(anna))), 1)
	b.Advance(time.Millisecond)
	same(t, "heard", texts(b.Phone(anna)), []string{"one two three four five", "nothing"})
}

func TestGatherWithoutActionAsksItsOwnDocument(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Gather numDigits="1"/>`})
	b.Phone(anna).Call(line).Press("7")
	same(t, "requests", len(b.asked("/voice")), 2)
	same(t, "Digits", b.last("/voice").Get("Digits"), "7")
}

func TestRedirectLoopEndsTheCall(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Redirect/>`})
	b.Phone(anna).Call(line)
	b.Advance(10 * time.Second)
	same(t, "codes", b.codes(), []int{11200})
	same(t, "heard", texts(b.Phone(anna)), []string{apology})
}

func TestRelativeURLs(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/voice":      `<Redirect>flow/start?s=a%2Fb</Redirect>`,
		"/flow/start": `<Redirect method="GET">../end</Redirect>`,
		"/end":        `<Hangup/>`,
	})
	b.Phone(anna).Call(line)
	same(t, "query", b.last("/flow/start").Get("s"), "a/b")
	same(t, "method", b.last("/end").Get("method"), "GET")
	b.clean()
}

func TestNotInService(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	c := b.Phone(anna).Call("+12025550199")
	same(t, "state", c.State(), "failed")
	same(t, "heard", texts(b.Phone(anna)), []string{"not in service"})
}

func TestHangupAtEveryMoment(t *testing.T) {
	t.Parallel()
	docs := map[string]string{
		"say":        `<Say>one two three</Say>`,
		"gather":     `<Gather><Say>one two three</Say></Gather>`,
		"expecting":  `<Gather/>`,
		"pause":      `<Pause length="60"/>`,
		"conference": `<Dial><Conference>a</Conference></Dial>`,
		"dial":       `<Dial>+12025550150</Dial>`,
		"queue":      `<Enqueue>q</Enqueue>`,
	}
	for name, doc := range docs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]string{"/voice": doc})
			c := b.Phone(anna).Call(line)
			b.Advance(300 * time.Millisecond)
			c.Hangup()
			want := "completed"
			if name == "pause" {
				want = "no-answer"
			}
			same(t, "state", c.State(), want)
			same(t, "callbacks", len(b.asked("/ended")), 1)
			same(t, "phone", b.Phone(anna).Current() == nil, true)
			same(t, "timers left", b.clock.due.Len(), 0)
			c.Press("1")
			c.Say("anybody?")
			c.Hangup()
			same(t, "callbacks", len(b.asked("/ended")), 1)
			b.clean()
		})
	}
}

// Where Twilio's signature check is told, and that it is not of a number that a
// phone only shows.
func TestStirVerstat(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Gather numDigits="1" action="/got"/>`, "/got": `<Hangup/>`})
	told := func(options ...CallOption) []string {
		b.Phone(anna).Call(line, options...).Hangup()
		return b.last("/voice")["StirVerstat"]
	}
	same(t, "at first", told(), []string(nil))
	b.Phone(anna).Attest(PassedA)
	same(t, "verified", told(), []string{PassedA})
	same(t, "another number shown", told(CallerID(ben)), []string(nil))
	same(t, "that the carrier vouches for", told(CallerID(ben), Verstat(PassedC)), []string{PassedC})
	same(t, "a forgery", told(Verstat(FailedA)), []string{FailedA})
	b.Phone(anna).Call(line).Press("1")
	same(t, "not told again", b.last("/got")["StirVerstat"], []string(nil))
	b.clean()
}
