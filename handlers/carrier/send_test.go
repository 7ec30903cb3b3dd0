package carrier

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store/vault"
)

const (
	testMessage = "SM00000000000000000000000000000005"
	testLine    = "+12025550100"
	testPerson  = "+12025550143"
)

func number(t *testing.T, e164 string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(e164)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func testText(t *testing.T) Message {
	return Message{
		From: number(t, testLine), To: number(t, testPerson), Body: "Tuesday call, today 7 pm",
		StatusCallback: testPublic + "/twilio/text?t=x", ValidFor: 599*time.Second + time.Millisecond,
	}
}

func testRing(t *testing.T) Ring {
	return Ring{
		From: number(t, testLine), To: number(t, testPerson), URL: testPublic + "/twilio/placed?t=x",
		Timeout: 25 * time.Second, TimeLimit: time.Hour, DetectMachine: true, StatusCallback: testPublic + "/twilio/rung?t=x", TellAnswer: true,
	}
}

// sent answers every request with a SID, and keeps the form of the last one.
func sent(t *testing.T, status int, body string) (*Client, *url.Values) {
	form := &url.Values{}
	return newClient(t, ClientOptions{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		*form = readForm(t, r)
		return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body))}, nil
	})}), form
}

func TestSend(t *testing.T) {
	t.Parallel()
	c, form := sent(t, http.StatusCreated, `{"sid": "`+testMessage+`", "status": "queued"}`)
	sid, err := c.Send(t.Context(), testText(t))
	if err != nil || sid != testMessage {
		t.Errorf("Send = %q, %v", sid, err)
	}
	want := url.Values{
		"From": {testLine}, "To": {testPerson}, "Body": {"Tuesday call, today 7 pm"},
		"StatusCallback": {testPublic + "/twilio/text?t=x"}, "ValidityPeriod": {"600"},
	}
	if diff := cmp.Diff(want, *form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}

	m := testText(t)
	m.Service, m.StatusCallback, m.ValidFor = "MG00000000000000000000000000000006", "", 0
	if _, err := c.Send(t.Context(), m); err != nil {
		t.Error(err)
	}
	want = url.Values{"MessagingServiceSid": {m.Service}, "To": {testPerson}, "Body": {m.Body}}
	if diff := cmp.Diff(want, *form); diff != "" {
		t.Errorf("form through a service (-want +got):\n%s", diff)
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	c, form := sent(t, http.StatusCreated, `{"sid": "`+testCall+`"}`)
	sid, err := c.Place(t.Context(), testRing(t))
	if err != nil || sid != testCall {
		t.Errorf("Place = %q, %v", sid, err)
	}
	want := url.Values{
		"From": {testLine}, "To": {testPerson}, "Url": {testPublic + "/twilio/placed?t=x"}, "Method": {"POST"},
		"Timeout": {"25"}, "TimeLimit": {"3600"}, "MachineDetection": {"Enable"}, "MachineDetectionTimeout": {"6"},
		"StatusCallback": {testPublic + "/twilio/rung?t=x"}, "StatusCallbackEvent": {"answered", "completed"},
	}
	if diff := cmp.Diff(want, *form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}

	if _, err := c.Place(t.Context(), Ring{From: number(t, testLine), To: number(t, testPerson), URL: testPublic}); err != nil {
		t.Error(err)
	}
	want = url.Values{"From": {testLine}, "To": {testPerson}, "Url": {testPublic}, "Method": {"POST"}}
	if diff := cmp.Diff(want, *form); diff != "" {
		t.Errorf("form of the least (-want +got):\n%s", diff)
	}
}

// What Twilio took is sent, whatever its answer reads like: an error would have it
// sent again.
func TestSentWithoutASID(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, ``, `{"sid": `, `<html>`, `{"sid": "../Accounts"}`, `{"sid": null}`} {
		c, _ := sent(t, http.StatusCreated, body)
		if sid, err := c.Send(t.Context(), testText(t)); sid != "" || err != nil {
			t.Errorf("body %q: Send = %q, %v", body, sid, err)
		}
		if sid, err := c.Place(t.Context(), testRing(t)); sid != "" || err != nil {
			t.Errorf("body %q: Place = %q, %v", body, sid, err)
		}
	}
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	send := func(ctx context.Context, c *Client) (string, error) { return c.Send(ctx, testText(t)) }
	place := func(ctx context.Context, c *Client) (string, error) { return c.Place(ctx, testRing(t)) }
	tests := []struct {
		name   string
		do     func(context.Context, *Client) (string, error)
		status int
		body   string
		want   Class
	}{
		{"opted out", send, 400, `{"code": 21610, "status": 400}`, OptedOut},
		{"a landline", send, 400, `{"code": 21614, "status": 400}`, Permanent},
		{"too fast", send, 429, `{"code": 20429, "status": 429}`, Throttled},
		{"a text that may have been sent", send, 500, `{"code": 20500, "status": 500}`, Unknown},
		{"a country not allowed", place, 400, `{"code": 13227, "status": 400}`, Filtered},
		{"a call that may have been placed", place, 503, ``, Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := sent(t, tt.status, tt.body)
			sid, err := tt.do(t.Context(), c)
			if sid != "" || ClassOf(err) != tt.want {
				t.Errorf("got %q, %v, want an error of class %q", sid, err, tt.want)
			}
			if strings.Contains(err.Error(), "555") {
				t.Errorf("the error holds a number: %v", err)
			}
		})
	}
}

func TestWhatIsNeverSent(t *testing.T) {
	t.Parallel()
	c := newClient(t, ClientOptions{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, io.EOF
	})})
	for name, change := range map[string]func(*Message){
		"to nobody":    func(m *Message) { m.To = vault.Number{} },
		"from nobody":  func(m *Message) { m.From = vault.Number{} },
		"nothing":      func(m *Message) { m.Body = "" },
		"long valid":   func(m *Message) { m.ValidFor = 10*time.Hour + 1 },
		"never valid":  func(m *Message) { m.ValidFor = -1 },
		"zero message": func(m *Message) { *m = Message{} },
	} {
		m := testText(t)
		change(&m)
		if _, err := c.Send(t.Context(), m); ClassOf(err) != Ours {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*Ring){
		"to nobody":   func(r *Ring) { r.To = vault.Number{} },
		"from nobody": func(r *Ring) { r.From = vault.Number{} },
		"nothing":     func(r *Ring) { r.URL = "" },
		"long ring":   func(r *Ring) { r.Timeout = 10*time.Minute + 1 },
		"long call":   func(r *Ring) { r.TimeLimit = 4*time.Hour + 1 },
		"no ring":     func(r *Ring) { r.Timeout = -1 },
	} {
		r := testRing(t)
		change(&r)
		if _, err := c.Place(t.Context(), r); ClassOf(err) != Ours {
			t.Errorf("%s: %v", name, err)
		}
	}
}
