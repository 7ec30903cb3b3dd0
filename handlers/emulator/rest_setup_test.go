package emulator

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// ask asks the REST API, at one of Twilio's hosts, and returns status and body.
func (b *bench) ask(method, host, path string, form url.Values) (int, string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.rest.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.SetBasicAuth(account, token)
	r.Header.Set("X-Original-Host", host)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var body strings.Builder
	if err := answer.Write(&body); err != nil {
		b.t.Fatal(err)
	}
	return answer.StatusCode, body.String()
}

// What is entered for a number is what its next call goes by; what Twilio would not
// take is refused, and so is what is asked at another host of Twilio's.
func TestNumbersAreSetUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Say>Old.</Say>`, "/new": `<Say>New.</Say>`})
	number := "/2010-04-01/Accounts/" + account + "/IncomingPhoneNumbers/" + b.numbers[0].sid + ".json"
	const api, messaging = "api.twilio.com", "messaging.twilio.com"
	tests := []struct {
		method, host, path, form string
		status                   int
		want                     string
	}{
		{"POST", api, number, "VoiceUrl=" + url.QueryEscape(b.web.URL+"/new#rc=2"), 200, `"voice_url":"` + b.web.URL + `/new#rc=2"`},
		{"POST", api, number, "VoiceUrl=nowhere", 400, "21402"},
		{"POST", api, number, "VoiceMethod=PUT", 400, "21403"},
		{"POST", api, number, "VoiceUrl=&VoiceFallbackUrl=https%3A%2F%2Fexample.org", 400, "21405"},
		{"POST", api, number, "VoiceUri=x", 400, "Unknown parameter VoiceUri"},
		{"POST", messaging, number, "VoiceMethod=GET", 404, "20404"},
		{"POST", api, "/v1/Services", "FriendlyName=x", 404, "20404"},
		{"POST", messaging, "/v1/Services", "UseInboundWebhookOnNumber=true", 400, "FriendlyName"},
		{"POST", messaging, "/v1/Services", "FriendlyName=x&UseInboundWebhookOnNumber=true", 201, `"use_inbound_webhook_on_number":true`},
		{"GET", messaging, "/v1/Services", "", 200, `"next_page_url":null`},
		{"GET", api, "/2010-04-01/Accounts/" + account + "/Balance.json", "", 200, `"balance":"100.00"`},
		{"GET", api, "/2010-04-01/Accounts/" + account + ".json", "", 200, `"type":"Full"`},
	}
	for _, tt := range tests {
		form, err := url.ParseQuery(tt.form)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := b.ask(tt.method, tt.host, tt.path, form); status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s %s %s: %d %s", tt.method, tt.path, tt.form, status, body)
		}
	}
	service := b.services[0]
	numbers := "/v1/Services/" + service.SID + "/PhoneNumbers"
	for _, want := range []int{201, 400} { // it is in a service then
		if status, body := b.ask("POST", messaging, numbers, url.Values{"PhoneNumberSid": {b.numbers[0].sid}}); status != want {
			t.Errorf("adding: %d %s", status, body)
		}
	}
	b.Phone(anna).Call(line)
	if got := b.Phone(anna).Heard(); !strings.Contains(strings.Join(saidOf(got), " "), "New.") {
		t.Errorf("heard %v", got)
	}
}

// A number that belongs to something else at Twilio does not reach the line.
func TestNumbersOfSomethingElse(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Say>Ours.</Say>`})
	n := b.numbers[0].Number
	for _, taken := range []Number{{VoiceApplicationSID: "AP1"}, {TrunkSID: "TK1"}, {NoVoice: true}} {
		taken.E164, taken.VoiceURL = n.E164, n.VoiceURL
		b.AddNumber(taken)
		if c := b.Phone(anna).Call(line); c.State() != statusFailed {
			t.Errorf("%+v: the call is %s", taken, c.State())
		}
	}
	b.AddNumber(n)
	b.AddService(MessagingService{SID: "MG00000000000000000000000000000001", Numbers: []string{line}, Keeps: true})
	b.Phone(anna).Text(line, "hello")
	if got := b.asked("/sms"); len(got) > 0 {
		t.Error("a text that a service keeps came to the number's address")
	}
}

// A line that is down is heard from Twilio, and led back once it is up.
func TestFallbackFromTwilio(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Say>Welcome.</Say>`})
	n := b.numbers[0].Number
	n.VoiceFallbackURL = "https://twimlets.com/echo?Twiml=" + url.QueryEscape(`<Response><Say>Dial 988.</Say><Pause length="5"/><Redirect>`+b.web.URL+`/voice</Redirect></Response>`)
	b.AddNumber(n)
	b.Inject(Fault{On: OnWebhook, Match: "/voice", Times: 2, Refuse: true})
	b.Phone(anna).Call(line)
	b.Advance(time.Minute)
	if got := strings.Join(saidOf(b.Phone(anna).Heard()), " "); !strings.HasPrefix(got, "Dial 988.") || !strings.HasSuffix(got, "Welcome.") {
		t.Errorf("heard %q", got)
	}
	status, body := b.ask("GET", "monitor.twilio.com", "/v1/Alerts?StartDate="+noon.Add(-time.Hour).Format("2006-01-02T15:04:05Z"), nil)
	if status != 200 || !strings.Contains(body, `"error_code":"11205"`) {
		t.Errorf("alerts: %d %s", status, body)
	}
}

func saidOf(heard []Utterance) []string {
	var all []string
	for _, u := range heard {
		if u.Kind == KindSay {
			all = append(all, u.Text)
		}
	}
	return all
}
