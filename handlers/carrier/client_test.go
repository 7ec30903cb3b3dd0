package carrier

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testCall       = "CA00000000000000000000000000000002"
	testConference = "CF00000000000000000000000000000003"
)

func newClient(t testing.TB, o ClientOptions) *Client {
	t.Helper()
	o.AccountSID, o.AuthToken = testAccount, testToken
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// twilio is a server in Twilio's place.
func twilio(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return newClient(t, ClientOptions{APIURL: s.URL})
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestParticipants(t *testing.T) {
	t.Parallel()
	c := twilio(t, answer(http.StatusOK, `{"participants": [
		{"call_sid": "`+testCall+`", "label": "l1", "muted": true, "hold": false, "status": "connected"},
		{"call_sid": "CA00000000000000000000000000000004", "label": null, "muted": false, "hold": true}
	], "next_page_uri": null}`))
	got, err := c.Participants(t.Context(), testConference)
	if err != nil {
		t.Fatal(err)
	}
	want := []Participant{
		{CallSID: testCall, Label: "l1", Status: "connected", Muted: true},
		{CallSID: "CA00000000000000000000000000000004", Hold: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("participants (-want +got):\n%s", diff)
	}
}

// An act that Twilio says is done is done, whatever else it says.
func TestActsNeedNoBody(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, ``, `{"sid": `, `<html>`} {
		c := twilio(t, answer(http.StatusOK, body))
		if err := c.Redirect(t.Context(), testCall, testPublic+"/a"); err != nil {
			t.Errorf("body %q: %v", body, err)
		}
	}
}

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	list := func(ctx context.Context, c *Client) error {
		_, err := c.Participants(ctx, testConference)
		return err
	}
	act := func(ctx context.Context, c *Client) error { return c.Redirect(ctx, testCall, testPublic+"/a") }
	refuse := func(code int) string {
		return `{"code": ` + strconv.Itoa(code) + `, "message": "The number +12025550143 of ` + testCall + `", "more_info": "https://example.org", "status": 400}`
	}
	tests := []struct {
		name   string
		op     func(context.Context, *Client) error
		status int
		body   string
		want   Error
	}{
		{"opted out", act, 400, refuse(21610), Error{Op: "redirect call", Code: 21610, Class: OptedOut}},
		{"an invalid number", act, 400, refuse(21211), Error{Op: "redirect call", Code: 21211, Class: Permanent}},
		{"a country not allowed", act, 400, refuse(13227), Error{Op: "redirect call", Code: 13227, Class: Filtered}},
		{"a wrong token", list, 401, refuse(20003), Error{Op: "list participants", Code: 20003, Class: Ours}},
		{"a call that is over", act, 400, refuse(21220), Error{Op: "redirect call", Code: 21220, Class: Gone}},
		{"a room that is over", list, 404, refuse(20404), Error{Op: "list participants", Code: 20404, Class: Gone}},
		{"another service's 404", list, 404, `<html>not here</html>`, Error{Op: "list participants", Class: Ours}},
		{"too fast", act, 429, refuse(20429), Error{Op: "redirect call", Code: 20429, Class: Throttled}},
		{"too fast, says a proxy", act, 429, `slow down`, Error{Op: "redirect call", Class: Throttled}},
		{"an unknown number", act, 400, refuse(99999), Error{Op: "redirect call", Code: 99999, Class: Ours}},
		{"a failure while acting", act, 503, refuse(20503), Error{Op: "redirect call", Code: 20503, Class: Unknown}},
		{"a proxy's failure while acting", act, 502, `<html>`, Error{Op: "redirect call", Class: Unknown}},
		{"a failure while reading", list, 503, ``, Error{Op: "list participants", Class: Temporary}},
		{"a garbled list", list, 200, `{"participants": [`, Error{Op: "list participants", Class: Temporary}},
		{"a redirect, not followed", list, 307, `{}`, Error{Op: "list participants", Class: Ours}},
		{"a redirect of an act", act, 307, `{}`, Error{Op: "redirect call", Class: Ours}},
		{"an endless answer", list, 200, strings.Repeat(" ", maxAnswer+1), Error{Op: "list participants", Class: Temporary}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			c := twilio(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				w.Header().Set("Location", "/elsewhere")
				answer(tt.status, tt.body)(w, r)
			})
			tt.want.Status = tt.status
			err := tt.op(t.Context(), c)
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("error = %v, want an *Error", err)
			}
			if *got != tt.want {
				t.Errorf("error = %+v, want %+v", *got, tt.want)
			}
			if ClassOf(err) != tt.want.Class {
				t.Errorf("ClassOf = %q", ClassOf(err))
			}
			for _, secret := range []string{"555", "CA000", "AC000", "example", "127.0.0.1"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("error holds %q: %v", secret, err)
				}
			}
			if asked != 1 {
				t.Errorf("asked %d times, want once", asked)
			}
		})
	}
}

// Only proof that nothing was sent makes an act safe to repeat.
func TestOutcomeOfBrokenConnections(t *testing.T) {
	t.Parallel()
	cut := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := newClient(t, ClientOptions{APIURL: "http://" + listener.Addr().String()})
	_ = listener.Close()
	opaque := newClient(t, ClientOptions{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("lost +12025550143")
	})})
	canceled, cancel := context.WithCancel(t.Context())
	cancel()

	tests := []struct {
		name      string
		ctx       context.Context
		client    *Client
		act, read Class
	}{
		{"cut after the request", t.Context(), twilio(t, cut), Unknown, Temporary},
		{"nobody listens", t.Context(), nobody, Temporary, Temporary},
		{"a transport that proves nothing", t.Context(), opaque, Unknown, Temporary},
		{"canceled before", canceled, twilio(t, answer(http.StatusOK, `{}`)), Temporary, Temporary},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			act := tt.client.Redirect(tt.ctx, testCall, testPublic+"/a")
			_, read := tt.client.Participants(tt.ctx, testConference)
			if ClassOf(act) != tt.act || ClassOf(read) != tt.read {
				t.Errorf("acting: %v, reading: %v; want %q, %q", act, read, tt.act, tt.read)
			}
			if tt.ctx.Err() != nil && !errors.Is(act, context.Canceled) {
				t.Errorf("error = %v, want it to wrap context.Canceled", act)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestContextEndsARequest(t *testing.T) {
	t.Parallel()
	arrived, released := make(chan struct{}), make(chan struct{})
	c := twilio(t, func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-released
	})
	defer close(released)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	err := c.Redirect(ctx, testCall, testPublic+"/a")
	if ClassOf(err) != Unknown || !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want an unknown outcome that wraps context.Canceled", err)
	}

	ctx, cancel = context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if err := c.Redirect(ctx, testCall, testPublic+"/a"); ClassOf(err) != Temporary || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want a temporary one that wraps context.DeadlineExceeded", err)
	}
}

func TestRequestsGoWhereTheyShould(t *testing.T) {
	t.Setenv("TWILIO_EDGE", "sydney")
	t.Setenv("TWILIO_REGION", "au1")
	tests := []struct{ api, want string }{
		{"", "https://api.twilio.com/2010-04-01/"},
		{"http://127.0.0.1:4010", "http://127.0.0.1:4010/2010-04-01/"},
		{"https://carrier.example.org/cxml/", "https://carrier.example.org/cxml/2010-04-01/"},
	}
	for _, tt := range tests {
		var got *http.Request
		c := newClient(t, ClientOptions{APIURL: tt.api, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			got = r
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{}`))}, nil
		})})
		if err := c.Redirect(t.Context(), testCall, testPublic+"/a"); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got.URL.String(), tt.want) {
			t.Errorf("API URL %q: asked %s, want %s…", tt.api, got.URL, tt.want)
		}
		if got.Host != "" && got.Host != got.URL.Host {
			t.Errorf("API URL %q: Host = %q", tt.api, got.Host)
		}
		if user, password, ok := got.BasicAuth(); !ok || user != testAccount || password != testToken {
			t.Errorf("API URL %q: wrong credentials", tt.api)
		}
	}
}

func TestMalformedSIDsAreNotSent(t *testing.T) {
	t.Parallel()
	c := newClient(t, ClientOptions{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, errors.New("no")
	})})
	for _, sid := range []string{"", "CA1", testAccount, testCall + "/../x", "{AccountSid}", "+12025550143", "CA0000000000000000000000000000000g", "SM0000000000000000000000000000000g"} {
		_, list := c.Participants(t.Context(), sid)
		for _, err := range []error{
			list, c.Redirect(t.Context(), sid, testPublic),
			c.DeleteCall(t.Context(), sid), c.DeleteMessage(t.Context(), sid), c.DeleteMedia(t.Context(), sid),
		} {
			if ClassOf(err) != Ours || sid != "" && strings.Contains(err.Error(), sid) {
				t.Errorf("SID %q: error = %v", sid, err)
			}
		}
	}
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]ClientOptions{
		"account SID": {AccountSID: "x", AuthToken: testToken},
		"auth token":  {AccountSID: testAccount, AuthToken: "with,comma"},
		"API URL":     {AccountSID: testAccount, AuthToken: testToken, APIURL: "twilio"},
	} {
		if _, err := NewClient(o); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "comma") {
			t.Errorf("%s: error = %v", name, err)
		}
	}
}

func TestClassOfCode(t *testing.T) {
	t.Parallel()
	for class, codes := range map[Class][]int{
		Permanent: {21211, 21214, 21217, 21612, 21614, 21635, 30005, 30006, 63016, 63024},
		OptedOut:  {21610},
		Temporary: {20009, 21611, 30001, 30003, 30008},
		Throttled: {20429},
		Filtered:  {13225, 13227, 21408, 30007, 30032, 30034, 30450},
		Blocked:   {30004},
		Gone:      {16022, 20404, 21220},
		Ours: {
			20003, 21201, 21212, 21602, 21606, 21609, 21617, 21619, 21626, 21659, 21660, 21661,
			21703, 21704, 30029, 35111, 35114, 35115, 35117,
		},
		"": {0, 1, 11200, 64000},
	} {
		for _, code := range codes {
			if got := classOfCode(code); got != class {
				t.Errorf("classOfCode(%d) = %q, want %q", code, got, class)
			}
		}
	}
	if got := ClassOf(errors.New("other")); got != Unknown {
		t.Errorf("ClassOf(another error) = %q", got)
	}
}
