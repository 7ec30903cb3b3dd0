package emulator

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// bodies returns the bodies of texts to a phone, with what became of those
// that did not arrive.
func bodies(all []Text) []string {
	var out []string
	for _, t := range all {
		line := t.Body
		if t.Error != 0 {
			line += fmt.Sprintf(" (%s %d)", t.Status, t.Error)
		}
		out = append(out, line)
	}
	return out
}

// answeredBy is a bench whose texts are answered by a handler of its own.
func answeredBy(t *testing.T, clock *Clock, h http.HandlerFunc) *bench {
	t.Helper()
	b := newBenchAt(t, clock, nil)
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	b.AddNumber(Number{E164: line, SMSURL: s.URL + "/sms", SMSFallbackURL: b.web.URL + "/fallback"})
	return b
}

func TestText(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": `<Message statusCallback="/fared">Nothing is open now. Next: tomorrow 7 pm ET.</Message>`})
	m := b.Phone(anna).Text(line, "NOW")
	v := b.last("/sms")
	same(t, "params", v, url.Values{
		"path": {"/sms"}, "method": {"POST"}, "MessageSid": {m.SID()}, "SmsSid": {m.SID()}, "SmsMessageSid": {m.SID()}, "AccountSid": {account},
		"From": {anna}, "To": {line}, "Body": {"NOW"}, "NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
		"FromCity": {""}, "FromState": {""}, "FromZip": {""}, "FromCountry": {"US"}, "ToCity": {""}, "ToState": {""}, "ToZip": {""}, "ToCountry": {"US"},
	})
	b.Advance(2 * time.Second)
	got := m.Replies()[0]
	want := Text{
		SID: got.SID, At: noon, From: line, To: anna, Body: "Nothing is open now. Next: tomorrow 7 pm ET.", Direction: "outbound-reply",
		Encoding: "GSM-7", Units: 44, Segments: 1, Status: "delivered",
	}
	same(t, "reply", got, want)
	same(t, "at the phone", b.Phone(anna).Texts(), []Text{m.Text(), want})
	same(t, "callbacks", statuses(b, "/fared"), []string{"sent", "delivered"})
	x := b.Exchanges()
	same(t, "kinds", []string{x[0].Kind, x[1].Kind, x[2].Kind}, []string{"sms", "message-status", "message-status"})
	same(t, "about", []string{x[0].Message, x[1].Message}, []string{m.SID(), got.SID})
	b.clean()
}

func statuses(b *bench, path string) []string {
	var all []string
	for _, v := range b.asked(path) {
		all = append(all, strings.TrimSpace(v.Get("MessageStatus")+" "+v.Get("ErrorCode")))
	}
	return all
}

func TestTextOptions(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": `<Message>Words only.</Message>`})
	m := b.Phone(anna).Text(line, strings.Repeat("x", 1601), Picture("https://media.example/1", "image/jpeg"), Sender("26266"))
	v := b.last("/sms")
	same(t, "params", []string{v.Get("From"), v.Get("FromCountry"), v.Get("NumMedia"), v.Get("MediaUrl0"), v.Get("MediaContentType0"), v.Get("NumSegments"), v.Get("MessageSid")[:2]},
		[]string{"26266", "", "1", "https://media.example/1", "image/jpeg", "11", "MM"})
	same(t, "cut", len(v.Get("Body")), 1600)
	same(t, "the answer comes to the phone", bodies(b.Phone(anna).Texts()[1:]), bodies(m.Replies()))
	b.clean()
}

func TestTextThatNobodyTakes(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": `<Message>Hello.</Message>`})
	b.AddNumber(Number{E164: "+12025550109"})
	b.Phone(ben).Deliver(DeliveryBehaviour{Kind: Landline})
	same(t, "not of the account", b.Phone(anna).Text("+12025550199", "hi").Text().Status, "failed")
	same(t, "no webhook", b.Phone(anna).Text("+12025550109", "hi").Text().Status, "received")
	same(t, "a landline", b.Phone(ben).Text(line, "hi").Text().Status, "failed")
	same(t, "asked", len(b.asked("/sms")), 0)
	status, body := b.api("GET", "Messages.json", nil)
	same(t, "status", status, 200)
	same(t, "what Twilio saw", len(body["messages"].([]any)), 1)
}

// TestThread holds the transcript of everything that can become of a text.
func TestThread(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": `<Message><Body>Tonight:
1. Evening grief circle
2. Café — quiet hour</Body></Message><Message><Body>A map</Body><Media>/map.png</Media></Message>`})
	p := b.Phone(anna)
	p.Text(line, "FIND grief\nplease")
	b.Advance(90 * time.Second)
	p.Deliver(DeliveryBehaviour{Kind: Undelivered, Code: 30007})
	p.Text(line, "NOW")
	b.Advance(10 * time.Second)
	p.Deliver(DeliveryBehaviour{})
	b.docs["/sms"] = nil
	p.Text(line, "Stop ")
	b.Advance(10 * time.Second)
	golden(t, "thread", p.Thread())
	p.Text("+12025550199", "hi")
	if got := p.Thread(); !strings.Contains(got, "could not text (+12025550199): hi") || !strings.Contains(got, "texted ("+line+"): NOW") {
		t.Errorf("with a second number the thread does not say with whom:\n%s", got)
	}
	b.clean()
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1601)
	tests := map[string]struct {
		media, body string
		status      int
		want        []string
		codes       []int
	}{
		"a message":         {"text/xml", `<Response><Message>a</Message></Response>`, 200, []string{"a"}, nil},
		"a body":            {"application/xml; charset=utf-8", `<Response><Message><Body> a&amp;b </Body></Message></Response>`, 200, []string{"a&b"}, nil},
		"none":              {"text/xml", `<Response/>`, 200, nil, nil},
		"no content":        {"", ``, 204, nil, nil},
		"words":             {"text/plain; charset=utf-8", "hello <there>\n", 200, []string{"hello <there>"}, nil},
		"no words":          {"text/plain", " ", 200, nil, nil},
		"two":               {"text/xml", `<Response><Message>a</Message><Message>b</Message></Response>`, 200, []string{"a", "b"}, nil},
		"eleven":            {"text/xml", `<Response>` + strings.Repeat(`<Message>a</Message>`, 11) + `</Response>`, 200, strings.Split(strings.Repeat("a", 10), ""), []int{14109}},
		"voice verbs":       {"text/xml", `<Response><Say>a</Say><Record/><Hangup/><Message>b</Message></Response>`, 200, []string{"b"}, []int{14110, 14110, 14110}},
		"no verb at all":    {"text/xml", `<Response><message>a</message></Response>`, 200, nil, []int{12200}},
		"not in Response":   {"text/xml", `<Response><Body>a</Body></Response>`, 200, nil, []int{12200}},
		"empty":             {"text/xml", `<Response><Message/></Response>`, 200, nil, []int{14103}},
		"two bodies":        {"text/xml", `<Response><Message>a<Body>b</Body></Message></Response>`, 200, []string{"b"}, []int{12200}},
		"an attribute":      {"text/xml", `<Response><Message colour="red">a</Message></Response>`, 200, []string{"a"}, []int{12200}},
		"an action":         {"text/xml", `<Response><Message action="/x">a</Message></Response>`, 200, []string{"a"}, []int{12200}},
		"nested Say":        {"text/xml", `<Response><Message>a<Say>b</Say></Message></Response>`, 200, []string{"a"}, []int{12200}},
		"a bad callback":    {"text/xml", `<Response><Message statusCallback="ftp://x">a</Message></Response>`, 200, []string{"a"}, []int{11100, 11200, 11200}},
		"a bad picture":     {"text/xml", `<Response><Message>a<Media>ftp://x</Media></Message></Response>`, 200, []string{"a"}, []int{11100}},
		"too long":          {"text/xml", `<Response><Message>` + long + `</Message></Response>`, 200, nil, []int{21617}},
		"to nobody":         {"text/xml", `<Response><Message to="5550123">a</Message></Response>`, 200, nil, []int{14101}},
		"from a stranger":   {"text/xml", `<Response><Message from="+12025550177">a</Message></Response>`, 200, nil, []int{14102}},
		"not XML":           {"text/xml", `<Response>`, 200, []string{"sorry"}, []int{12100}},
		"another root":      {"text/xml", `<html/>`, 200, []string{"sorry"}, []int{12102}},
		"empty XML":         {"text/xml", ``, 200, []string{"sorry"}, []int{11770}},
		"JSON":              {"application/json", `{}`, 200, []string{"sorry"}, []int{12300}},
		"failing":           {"text/xml", `<Response/>`, 500, []string{"sorry"}, []int{11200}},
		"a bad redirection": {"text/xml", `<Response><Redirect>ftp://x</Redirect></Response>`, 200, []string{"sorry"}, []int{11100, 11100}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := answeredBy(t, NewVirtualClock(noon), func(w http.ResponseWriter, r *http.Request) {
				if tt.media != "" {
					w.Header().Set("Content-Type", tt.media)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			b.docs["/fallback"] = func(v url.Values) string {
				if v.Get("ErrorCode") != fmt.Sprint(tt.codes[len(tt.codes)-1]) || !strings.HasPrefix(v.Get("ErrorUrl"), "http") && !strings.HasPrefix(v.Get("ErrorUrl"), "ftp") {
					t.Errorf("the fallback is told %q of %q", v.Get("ErrorCode"), v.Get("ErrorUrl"))
				}
				return `<Response><Message>sorry</Message></Response>`
			}
			m := b.Phone(anna).Text(line, "NOW")
			b.Advance(2 * time.Second)
			same(t, "answers", bodies(m.Replies()), tt.want)
			same(t, "problems", b.codes(), tt.codes)
			for _, p := range b.Problems() {
				if p.Where == "" || p.What == "" {
					t.Errorf("a problem without a place: %+v", p)
				}
			}
		})
	}
}

func TestAnswerElsewhere(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/sms":  `<Redirect method="GET">more?x=1</Redirect><Message>never</Message>`,
		"/more": `<Message to="` + ben + `">for Ben</Message><Message>for Anna</Message>`,
	})
	m := b.Phone(anna).Text(line, "NOW")
	v := b.last("/more")
	same(t, "the second request", []string{v.Get("method"), v.Get("x"), v.Get("MessageSid"), v.Get("Body")}, []string{"GET", "1", m.SID(), "NOW"})
	same(t, "answers", bodies(m.Replies()), []string{"for Ben", "for Anna"})
	same(t, "Ben", bodies(b.Phone(ben).Texts()), []string{"for Ben"})
	b.docs["/sms"] = func(url.Values) string { return `<Response><Redirect/></Response>` }
	b.Phone(anna).Text(line, "NOW")
	same(t, "in a circle", b.codes(), []int{14106})
}

func TestCookiesOfAPair(t *testing.T) {
	t.Parallel()
	b := answeredBy(t, NewVirtualClock(noon), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		n := 0
		if c, err := r.Cookie("n"); err == nil {
			fmt.Sscan(c.Value, &n)
		}
		http.SetCookie(w, &http.Cookie{Name: "n", Value: fmt.Sprint(n + 1)})
		fmt.Fprint(w, n)
	})
	text := func(phone string) string { return b.Phone(phone).Text(line, "x").Replies()[0].Body }
	same(t, "first", text(anna), "0")
	same(t, "somebody else", text(ben), "0")
	b.Advance(4*time.Hour - time.Second)
	same(t, "within four hours", text(anna), "1")
	b.Advance(4*time.Hour - time.Second)
	same(t, "of the last text", text(anna), "2")
	b.Advance(4 * time.Hour)
	same(t, "after four hours", text(anna), "0")
}

func TestTextFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault     Fault
		overrides string
		asked     int
		answers   []string
		codes     []int
	}{
		"none":              {Fault{Match: "elsewhere"}, "", 1, []string{"ok"}, nil},
		"lost, once":        {Fault{LoseReply: true}, "", 1, nil, []int{11200}},
		"lost, tried again": {Fault{LoseReply: true, Times: 1}, "#rc=1&rp=all", 2, []string{"ok"}, nil},
		"refused":           {Fault{Refuse: true, Times: 1}, "", 1, []string{"ok"}, nil},
		"too slow":          {Fault{Timeout: true}, "", 0, nil, []int{11200}},
		"doubled":           {Fault{Duplicate: 2}, "", 3, []string{"ok"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]string{"/sms": `<Message>ok</Message>`})
			b.AddNumber(Number{E164: line, SMSURL: b.web.URL + "/sms" + tt.overrides})
			tt.fault.On = OnWebhook
			b.Inject(tt.fault)
			m := b.Phone(anna).Text(line, "NOW")
			b.Advance(20 * time.Second)
			same(t, "asked", len(b.asked("/sms")), tt.asked)
			for _, v := range b.asked("/sms") {
				same(t, "of the same message", v.Get("MessageSid"), m.SID())
			}
			same(t, "answers", bodies(m.Replies()), tt.answers)
			same(t, "problems", b.codes(), tt.codes)
		})
	}
}

// TestTextsOnARealClock sends from several phones at once and waits for the
// reports.
func TestTextsOnARealClock(t *testing.T) {
	t.Parallel()
	b := newBenchAt(t, NewClock(), map[string]string{"/sms": `<Message>ok</Message>`})
	b.Phone(anna).Deliver(DeliveryBehaviour{After: time.Hour})
	events := b.Subscribe(t.Context())
	for _, number := range []string{anna, ben, cleo} {
		go b.Phone(number).Text(line, "NOW")
	}
	delivered := map[string]bool{}
	for ev := range events {
		if ev.Kind == EventText && ev.SMS.Direction == "outbound-reply" && ev.Phone == anna {
			b.Advance(2 * time.Hour)
		}
		if ev.Kind == EventTextStatus && ev.Text == "delivered" {
			delivered[ev.Phone] = true
			if len(delivered) == 3 {
				break
			}
		} else if ev.Kind == EventTextStatus && ev.Phone == anna {
			b.Advance(2 * time.Hour)
		}
	}
	b.clean()
}

// FuzzReply holds that no answer to a text harms the emulator, and that what
// is sent could be sent.
func FuzzReply(f *testing.F) {
	for _, seed := range []string{
		``, `<Response/>`, `<Response><Message to="x" from="y">a<Body/><Media>:</Media></Message></Response>`,
		`<Response><Redirect>%zz</Redirect></Response>`, `<Response><Redirect/></Response>`, `<Response><Message>` + strings.Repeat("€", 1600) + `</Message></Response>`,
	} {
		f.Add([]byte(seed), "text/xml")
	}
	f.Add([]byte("\xff\x00"), "text/plain")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		e := New(Options{AccountSID: account, AuthToken: token, Clock: NewVirtualClock(noon), Transport: answerer{body, kind}})
		e.AddNumber(Number{E164: line, SMSURL: "http://line.example/sms", SMSFallbackURL: "http://line.example/fallback"})
		m := e.Phone(anna).Text(line, "x")
		for _, r := range m.Replies() {
			if tooLong(r.Body) || r.Body == "" && len(r.Media) == 0 || r.Segments < 1 {
				t.Fatalf("sent %+v", r)
			}
		}
		for _, p := range e.Problems() {
			if p.Code < 11000 || p.Where == "" {
				t.Fatalf("no code or place: %+v", p)
			}
		}
	})
}

// answerer answers every request the same, without a network.
type answerer struct {
	body []byte
	kind string
}

func (a answerer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {a.kind}}, Body: io.NopCloser(strings.NewReader(string(a.body))), Request: r,
	}, nil
}
