package carrier

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store/vault"
)

func mustNumber(t testing.TB, s string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEncode(t *testing.T) {
	t.Parallel()
	bridge, ours := mustNumber(t, "+12025550123"), mustNumber(t, "+12025550100")
	tests := []struct {
		name string
		give Response
		want string
	}{
		{"nothing", nil, ``},
		{"words", Response{Say{Parts: []Part{Text("Welcome.")}}}, `<Say>Welcome.</Say>`},
		{
			"a voice, twice",
			Response{Say{Voice: "Polly.Lupe-Neural", Language: "es-US", Loop: 2, Parts: []Part{Text("Hola.")}}},
			`<Say voice="Polly.Lupe-Neural" language="es-US" loop="2">Hola.</Say>`,
		},
		{
			"speech marks",
			Response{Say{Parts: []Part{
				Text("Code "),
				Prosody{Rate: "85%", Pitch: "low", Volume: "soft", Parts: []Part{Text("4 8"), Break{300 * time.Millisecond}, Text("2")}},
				Lang{"es-US", []Part{Text("oprima nueve"), Break{}}},
				Sub{"nine eighty-eight", "988"},
			}}},
			`<Say>Code <prosody rate="85%" pitch="low" volume="soft">4 8<break time="300ms"/>2</prosody>` +
				`<lang xml:lang="es-US">oprima nueve<break time="0ms"/></lang>` +
				`<sub alias="nine eighty-eight">988</sub></Say>`,
		},
		{
			"hostile words",
			Response{Say{Voice: "\"\r<", Parts: []Part{Text("a<b>&\"'\t\r\n\x00\x1f\xff\uFFFEé😀]]>")}}},
			`<Say voice="&#34;&#13;&lt;">a&lt;b&gt;&amp;&#34;'&#9;&#13;&#10;` + "\uFFFD\uFFFD\uFFFD\uFFFDé😀" + `]]&gt;</Say>`,
		},
		{"a recording", Response{Play{URL: "/a?b=1&c=2", Loop: 3}}, `<Play loop="3">/a?b=1&amp;c=2</Play>`},
		{
			"silences", Response{Pause{}, Pause{time.Second}, Pause{1100 * time.Millisecond}},
			`<Pause/><Pause length="1"/><Pause length="2"/>`,
		},
		{
			"a menu in which every key counts",
			Response{
				Gather{
					Action: "/twilio/voice?s=x", Method: POST, Timeout: 7 * time.Second, NumDigits: 1,
					FinishOnKey: Some(""), ActionOnEmptyResult: true,
					Prompts: []Prompt{Say{Parts: []Part{Text("For help, 0.")}}, Pause{}, Play{URL: "/tone.wav"}},
				},
				Redirect{URL: "/again", Method: GET},
			},
			`<Gather action="/twilio/voice?s=x" method="POST" timeout="7" numDigits="1" finishOnKey="" actionOnEmptyResult="true">` +
				`<Say>For help, 0.</Say><Pause/><Play>/tone.wav</Play></Gather><Redirect method="GET">/again</Redirect>`,
		},
		{
			"speech, and Twilio's own defaults",
			Response{Gather{Input: DTMFOrSpeech, Language: "en-US", Hints: "grief,loss", SpeechTimeout: 2 * time.Second}, Gather{FinishOnKey: Some("#")}},
			`<Gather input="dtmf speech" language="en-US" hints="grief,loss" speechTimeout="2"></Gather><Gather finishOnKey="#"></Gather>`,
		},
		{
			"ends", Response{Redirect{}, Hangup{}, Reject{}, Reject{Reason: Busy}},
			`<Redirect></Redirect><Hangup/><Reject/><Reject reason="busy"/>`,
		},
		{
			"the crisis line",
			Response{Dial{Timeout: 20 * time.Second, AnswerOnBridge: true, To: Plain{bridge}}},
			`<Dial timeout="20" answerOnBridge="true" record="do-not-record">+12025550123</Dial>`,
		},
		{
			"who hears something before they are connected",
			Response{Dial{CallerID: ours, To: Number{Number: bridge, URL: "/them?a=1&b=2", Detected: "/who?a=1"}}},
			`<Dial callerId="+12025550100" record="do-not-record"><Number url="/them?a=1&amp;b=2" machineDetection="Enable" machineDetectionTimeout="6" amdStatusCallback="/who?a=1">+12025550123</Number></Dial>`,
		},
		{
			"a bridge held elsewhere",
			Response{Dial{Action: "/back", Method: POST, TimeLimit: 90 * time.Minute, CallerID: ours, To: Number{Number: bridge, SendDigits: "wwww4821#"}}},
			`<Dial action="/back" method="POST" timeLimit="5400" callerId="+12025550100" record="do-not-record">` +
				`<Number sendDigits="wwww4821#">+12025550123</Number></Dial>`,
		},
		{
			"a room",
			Response{Dial{Action: "/left?s=x", HangupOnStar: true, To: Conference{
				Name: "abcdefgh", Muted: true, StartOnEnter: true, WaitURL: Some("/wait?r=y"), WaitMethod: POST,
				MaxParticipants: 12, Label: "l1", StatusCallback: "/room?r=y",
				StatusCallbackEvents: []ConferenceEvent{EventStart, EventEnd, EventJoin, EventLeave, EventMute, EventHold},
			}}},
			`<Dial action="/left?s=x" hangupOnStar="true" record="do-not-record">` +
				`<Conference muted="true" beep="false" startConferenceOnEnter="true" endConferenceOnExit="false" waitUrl="/wait?r=y" waitMethod="POST" ` +
				`maxParticipants="12" record="do-not-record" participantLabel="l1" statusCallback="/room?r=y" ` +
				`statusCallbackEvent="start end join leave mute hold">abcdefgh</Conference></Dial>`,
		},
		{
			"a queue", Response{Enqueue{Name: "abc", Action: "/left?s=x", Method: POST, WaitURL: "/door?s=y&z"}, Enqueue{Name: "b"}},
			`<Enqueue action="/left?s=x" method="POST" waitUrl="/door?s=y&amp;z">abc</Enqueue><Enqueue>b</Enqueue>`,
		},
		{
			"a silent room, and one with music",
			Response{Dial{To: Conference{Name: "a", EndOnExit: true, WaitURL: Some("")}}, Dial{To: Conference{Name: "b"}}},
			`<Dial record="do-not-record"><Conference muted="false" beep="false" startConferenceOnEnter="false" endConferenceOnExit="true" waitUrl="" record="do-not-record">a</Conference></Dial>` +
				`<Dial record="do-not-record"><Conference muted="false" beep="false" startConferenceOnEnter="false" endConferenceOnExit="false" record="do-not-record">b</Conference></Dial>`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.give.Encode()
			if err != nil {
				t.Fatal(err)
			}
			want := `<?xml version="1.0" encoding="UTF-8"?><Response>` + tt.want + `</Response>`
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
			if _, err := texts(got); err != nil {
				t.Errorf("encoding/xml: %v", err)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	room := func(c Conference) Response { return Response{Dial{To: c}} }
	tests := []struct {
		name string
		give Response
		want string
	}{
		{"a document over 64 kB", Response{Play{URL: strings.Repeat("x", 64_000)}}, "over 64 kB"},
		{"escapes over 64 kB", Response{Play{URL: strings.Repeat("&", 13_000)}}, "over 64 kB"},
		{"a long say", Response{Say{Parts: []Part{Text(strings.Repeat("é", 4096)), Sub{"y", "x"}}}}, "4097 characters"},
		{"nobody", Response{Dial{}}, "nobody to dial"},
		{"no number", Response{Dial{To: Plain{}}}, "no number to dial"},
		{"no number in a noun", Response{Dial{To: Number{SendDigits: "1"}}}, "no number to dial"},
		{"a room without a name", room(Conference{}), "name of 0 characters"},
		{"a long name", room(Conference{Name: strings.Repeat("n", 129)}), "name of 129 characters"},
		{"a long label", room(Conference{Name: "n", Label: strings.Repeat("l", 129)}), "label of 129 characters"},
		{"a slash in a label", room(Conference{Name: "n", Label: "a/b"}), "slash"},
		{"a room for one", room(Conference{Name: "n", MaxParticipants: 1}), "1 participants"},
		{"a crowd", room(Conference{Name: "n", MaxParticipants: 251}), "251 participants"},
		{"a queue without a name", Response{Enqueue{}}, "name of 0 characters"},
		{"a long name of a queue", Response{Enqueue{Name: strings.Repeat("n", 65)}}, "name of 65 characters"},
		{"a negative time", Response{Gather{Timeout: -2 * time.Second}}, "timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := []byte("before")
			got, err := tt.give.Append(before)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error = %v, want one about %q", err, tt.want)
			}
			if string(got) != "before" {
				t.Errorf("a refused document left %d bytes behind", len(got)-len(before))
			}
		})
	}
	_, err := Response{Play{URL: strings.Repeat("x", 64_000)}}.Encode()
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("error = %v, want ErrTooLarge", err)
	}
}

func TestEncodeAtTheLimits(t *testing.T) {
	t.Parallel()
	frame, err := Response{Play{}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]Response{
		"64 kB":          {Play{URL: strings.Repeat("x", 64_000-len(frame))}},
		"4096 spoken":    {Say{Parts: []Part{Text(strings.Repeat("é", 4096))}}, Say{Parts: []Part{Text("more")}}},
		"250 in a room":  {Dial{To: Conference{Name: strings.Repeat("é", 128), Label: strings.Repeat("l", 128), MaxParticipants: 250}}},
		"two in a room":  {Dial{To: Conference{Name: "n", MaxParticipants: 2}}},
		"no limit given": {Gather{}},
	} {
		if _, err := r.Encode(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// texts reads a document back: every attribute's value and every piece of
// character data, in order.
func texts(document []byte) ([]string, error) {
	var all []string
	d := xml.NewDecoder(strings.NewReader(string(document)))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			for _, a := range token.Attr {
				all = append(all, a.Value)
			}
		case xml.CharData:
			all = append(all, string(token))
		}
	}
}

// representable is s as XML 1.0 can hold it.
func representable(s string) string {
	var b strings.Builder
	for _, r := range s { // invalid UTF-8 ranges as U+FFFD, byte by byte
		switch {
		case r == '\t' || r == '\n' || r == '\r':
		case r < ' ', r == 0xFFFE, r == 0xFFFF:
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}

func FuzzEncode(f *testing.F) {
	for _, s := range []string{"", "plain", "a<b>&\"'", "]]>", "\x00\x0b\x7f", "\xff\xc3", "\uFFFE\uFFFF\uFFFD", "\r\n\t ", "<!--", "&#0;", "\xed\xa0\x80", "é😀"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, attribute, text string) {
		r := Response{Gather{Action: attribute, FinishOnKey: Some(attribute), Prompts: []Prompt{Say{Parts: []Part{Text(text)}}}}}
		document, err := r.Encode()
		if err != nil {
			t.Skip("too long")
		}
		var want []string
		if attribute != "" {
			want = append(want, representable(attribute))
		}
		want = append(want, representable(attribute))
		if text != "" {
			want = append(want, representable(text))
		}
		got, err := texts(document)
		if err != nil {
			t.Fatalf("not XML: %v\n%q", err, document)
		}
		// The declaration comes first and carries no text of ours.
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	r := Response{
		Gather{
			Action: "/twilio/voice?s=" + strings.Repeat("A", 256), Timeout: 7 * time.Second, NumDigits: 1, FinishOnKey: Some(""), ActionOnEmptyResult: true,
			Prompts: []Prompt{
				Say{Voice: "Polly.Lupe-Neural", Language: "es-US", Parts: []Part{Text("Para español, oprima nueve.")}},
				Say{Voice: "Polly.Joanna-Neural", Language: "en-US", Parts: []Part{Text(strings.Repeat("To enter a group code, press 1. ", 8))}},
			},
		},
		Redirect{URL: "/twilio/voice?s=" + strings.Repeat("A", 256)},
	}
	buffer := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Append(buffer); err != nil {
			b.Fatal(err)
		}
	}
}
