package emulator

import (
	"strings"
	"testing"
	"time"
)

func TestCheckTwiML(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		doc  string
		want []int
	}{
		"all there is": {`<Say voice="Polly.Joanna-Neural" language="en-US" loop="2">Hi <break time="400ms"/><prosody rate="90%" pitch="+5%" volume="-3dB">there</prosody>
			<say-as interpret-as="digits">482105</say-as><p><s>One</s></p><lang xml:lang="es-MX">dos</lang><sub alias="and so on">etc.</sub>
			<phoneme alphabet="ipa" ph="x">y</phoneme><emphasis level="strong">z</emphasis><w role="amazon:VB">read</w></Say>
			<Gather input="dtmf speech" action="/x?s=1" method="POST" timeout="5" numDigits="1" finishOnKey="" actionOnEmptyResult="true" hints="a,b"><Play>a.wav</Play><Pause length="2"/></Gather>
			<Dial action="/y" timeout="20" timeLimit="60" hangupOnStar="true" answerOnBridge="true" callerId="+12025550100" record="do-not-record"><Number sendDigits="ww4821#" url="/w" statusCallback="/s" statusCallbackEvent="initiated completed">+12025550150</Number></Dial>
			<Dial><Conference muted="true" beep="onEnter" startConferenceOnEnter="false" endConferenceOnExit="true" waitUrl="" maxParticipants="12" participantLabel="x" record="do-not-record" region="us1" jitterBufferSize="off">r</Conference></Dial>
			<Enqueue waitUrl="/w" action="/a" maxQueueSize="5">q</Enqueue><!-- a comment --><Reject reason="busy"/><Redirect method="GET"/><Leave/><Hangup/>`, nil},
		"unknown verb":            {`<Shout>hi</Shout>`, []int{12200}},
		"wrong case":              {`<say>hi</say>`, []int{12200}},
		"a verb not emulated":     {`<Refer/>`, []int{12200}},
		"unknown attribute":       {`<Say lang="en">hi</Say>`, []int{12200}},
		"bad voice":               {`<Say voice="Joanna">hi</Say>`, []int{13511}},
		"voice of another tongue": {`<Say voice="Google.es-US-Neural2-A" language="en-US">hi</Say>`, []int{13511}},
		"tongues of a Say":        {`<Say language="cmn-CN">hi <lang xml:lang="fr-CA">x</lang></Say><Say language="ht-HT">hi</Say><Say language="en">x <lang xml:lang="en">y</lang></Say><Say language="cmn-Hans-CN">z</Say>`, []int{13511, 13511, 13520, 13511}},
		"tongues of a Gather":     {`<Gather input="speech" language="cmn-Hans-CN"/><Gather input="speech" language="cmn-CN"/><Gather input="speech" language="ht-HT"/><Gather input="speech" language="pt"/>`, []int{13512, 13512, 13512}},
		"bad loop":                {`<Say loop="x">hi</Say><Play loop="-1">a</Play>`, []int{13510, 13410}},
		"empty Say":               {`<Say> </Say>`, []int{13520}},
		"bad SSML":                {`<Say><break time="20s"/><speak/><prosody rate="quick">x</prosody></Say>`, []int{13520, 13520, 13520}},
		"Gather in Gather":        {`<Gather><Gather/></Gather>`, []int{13320}},
		"Redirect in Gather":      {`<Gather><Redirect/></Gather>`, []int{13320}},
		"bad Gather values":       {`<Gather numDigits="0" timeout="none" finishOnKey="a" method="PUT" input="voice"/>`, []int{13314, 13313, 13310, 13312, 12200}},
		"auto is for speech":      {`<Gather timeout="auto"/>`, []int{13313}},
		"auto and a model":        {`<Gather input="speech" speechModel="phone_call" speechTimeout="auto"/>`, []int{13335}},
		"text in Gather":          {`<Gather>hi</Gather>`, []int{12200}},
		"bad Dial values":         {`<Dial timeout="x" hangupOnStar="yes" timeLimit="0" callerId="anna" method="x" record="true">+12025550150</Dial>`, []int{13212, 13213, 13216, 13214, 13210, 13217}},
		"Conference with Number":  {`<Dial><Number>+12025550150</Number><Conference>r</Conference></Dial>`, []int{13000}},
		"nobody to dial":          {`<Dial/>`, []int{13223}},
		"Client":                  {`<Dial><Client>x</Client></Dial>`, []int{13215}},
		"bad Conference values": {`<Dial><Conference muted="x" endConferenceOnExit="x" startConferenceOnEnter="x" waitUrl="://" waitMethod="x" beep="x" participantLabel="a/b" maxParticipants="300">r</Conference></Dial>`,
			[]int{13230, 13231, 13232, 13233, 13234, 13235, 16023, 12200}},
		"recording":         {`<Dial><Conference record="record-from-start">r</Conference></Dial>`, []int{12200}},
		"unnamed room":      {`<Dial><Conference/></Dial>`, []int{13237}},
		"bad sendDigits":    {`<Dial><Number sendDigits="1,2">+12025550150</Number></Dial>`, []int{13222}},
		"bad event":         {`<Dial><Conference statusCallbackEvent="start,end">r</Conference></Dial>`, []int{12200}},
		"bad Pause":         {`<Pause length="0"/>`, []int{13910}},
		"bad Redirect":      {`<Redirect method="x">ftp://x</Redirect>`, []int{13710, 11100}},
		"bad Reject":        {`<Reject reason="later"/>`, []int{13810}},
		"empty Play":        {`<Play/>`, []int{13430}},
		"underscore host":   {`<Gather action="https://my_host.example/x"/>`, []int{11100}},
		"Number on its own": {`<Number>+12025550150</Number>`, []int{12200}},
		"nameless queue":    {`<Enqueue/>`, []int{14204}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verbs, bad := parseTwiML([]byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>" + tt.doc + "</Response>"))
			if bad != nil {
				t.Fatal(bad)
			}
			var got []int
			for _, d := range checkTwiML(verbs) {
				got = append(got, d.code)
				if d.where == "" || d.what == "" {
					t.Errorf("a defect without a place: %+v", d)
				}
			}
			same(t, "codes", got, tt.want)
		})
	}
}

func TestSpeech(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		say  string
		text string
		last time.Duration
	}{
		"words":       {`one two  three`, "one two three", 1200 * time.Millisecond},
		"breaks":      {`one<break time="400ms"/>two<break/><break strength="x-strong"/>`, "one two", 2700 * time.Millisecond},
		"rate":        {`<prosody rate="50%">one two</prosody>`, "one two", 1600 * time.Millisecond},
		"nested rate": {`<prosody rate="slow"><prosody rate="x-fast">one</prosody></prosody>`, "one", 356 * time.Millisecond},
		"digits":      {`code <say-as interpret-as="digits">482 105</say-as>`, "code 4 8 2 1 0 5", 2800 * time.Millisecond},
		"a date":      {`<say-as interpret-as="date">May 5</say-as>`, "May 5", 800 * time.Millisecond},
		"sub":         {`<sub alias="eastern time">ET</sub>`, "eastern time", 800 * time.Millisecond},
		"a mark":      {`your <sub alias="pin">PIN</sub>, then<break/>. So`, "your pin, then. So", 2100 * time.Millisecond},
		"paragraph":   {`<p>one</p>`, "one", 1150 * time.Millisecond},
		"chinese":     {`欢迎您`, "欢迎您", 750 * time.Millisecond},
		"punctuation": {`one — two`, "one — two", 800 * time.Millisecond},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verbs, bad := parseTwiML([]byte("<Response><Say>" + tt.say + "</Say></Response>"))
			if bad != nil {
				t.Fatal(bad)
			}
			s := speechOf(verbs[0])
			same(t, "text", s.text, tt.text)
			same(t, "length", s.last, tt.last)
		})
	}
}

// FuzzTwiML holds that no document harms the emulator: whatever is parsed can
// be checked and spoken, every complaint has a code, and speech never lasts a
// negative time.
func FuzzTwiML(f *testing.F) {
	for _, seed := range []string{
		``, `<Response/>`, `<Response><Say voice="man">a<break time="9999999999999s"/></Say></Response>`,
		`<Response><Gather numDigits="99999999999999999999"><Play loop="0"/></Gather></Response>`, `<Response><Dial><Conference>x</Conference></Dial></Response>`,
		`<Response xmlns:a="b" a:c="d"><Enqueue/></Response>`, `<a><Response/></a>`, `<Response>&x;</Response>`, `<Response><Say><prosody rate="0%">x</prosody></Say></Response>`,
	} {
		f.Add([]byte(seed))
	}
	f.Add([]byte("<Response><Say>" + strings.Repeat("<p>", 9000) + strings.Repeat("</p>", 9000) + "</Say></Response>"))
	f.Add([]byte("<Response>" + strings.Repeat("<A/>", 16000) + "</Response>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		verbs, bad := parseTwiML(doc)
		if bad != nil {
			if bad.code == 0 || !bad.fatal {
				t.Fatalf("no code: %+v", bad)
			}
			return
		}
		for _, d := range checkTwiML(verbs) {
			if d.code < 11000 || d.code > 17000 || d.where == "" {
				t.Fatalf("no code or place: %+v", d)
			}
		}
		for _, n := range verbs {
			if s := speechOf(n); s.last < 0 {
				t.Fatalf("%s lasts %s", n.path(), s.last)
			}
		}
	})
}

func FuzzWAV(f *testing.F) {
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x02\x00\x00\x00ab"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d := audioLength("audio/wav", b); d < 0 {
			t.Fatalf("lasts %s", d)
		}
	})
}
