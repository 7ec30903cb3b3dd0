package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// raw is a line that is answered by a handler as it stands.
func raw(t *testing.T, fragment string, h http.HandlerFunc) (*Emulator, *httptest.Server) {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	e := New(Options{AccountSID: account, AuthToken: token, Clock: NewVirtualClock(noon)})
	e.AddNumber(Number{E164: line, VoiceURL: web.URL + "/voice" + fragment, VoiceFallbackURL: web.URL + "/fallback"})
	return e, web
}

func reply(w http.ResponseWriter, doc string) {
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprint(w, "<Response>"+doc+"</Response>")
}

func TestWebhookHeaders(t *testing.T) {
	t.Parallel()
	var got http.Header
	var uri string
	e, _ := raw(t, "#rc=2&rp=all", func(w http.ResponseWriter, r *http.Request) {
		got, uri = r.Header, r.RequestURI
		reply(w, "<Hangup/>")
	})
	e.Phone(anna).Call(line)
	same(t, "fragment is not sent", uri, "/voice")
	same(t, "User-Agent", got.Get("User-Agent"), "TwilioProxy/1.1")
	same(t, "Accept", got.Get("Accept"), "*/*")
	same(t, "Accept-Encoding", got.Get("Accept-Encoding"), "gzip")
	if len(got.Get("I-Twilio-Idempotency-Token")) != 36 {
		t.Errorf("idempotency token %q", got.Get("I-Twilio-Idempotency-Token"))
	}
	same(t, "problems", len(e.Problems()), 0)
}

func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		media, body string
		heard       []string
		code        int
	}{
		"text/xml":            {"text/xml", "<Response><Say>hi</Say></Response>", []string{"hi"}, 0},
		"application/xml":     {"application/xml; charset=utf-8", "<Response><Say>hi</Say></Response>", []string{"hi"}, 0},
		"text/html":           {"text/html", "<Response><Say>hi</Say></Response>", []string{"hi"}, 0},
		"text/plain TwiML":    {"text/plain", "<Response><Say>hi</Say></Response>", []string{"hi"}, 0},
		"text/plain is said":  {"text/plain", "hello there", []string{"hello there"}, 0},
		"audio is played":     {"audio/wav", "x", []string{"/voice"}, 0},
		"json":                {"application/json", "{}", []string{"fallback"}, 12300},
		"empty":               {"text/xml", "", []string{"fallback"}, 11770},
		"too long":            {"text/xml", "<Response>" + strings.Repeat(" ", maxTwiML) + "</Response>", []string{"fallback"}, 11750},
		"another root":        {"text/xml", "<Reply/>", []string{"fallback"}, 12102},
		"no XML":              {"text/xml", "<Response><Say></Response>", []string{"fallback"}, 12100},
		"a verb not emulated": {"text/xml", "<Response><Refer/></Response>", []string{"fallback"}, 12200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var fallback url.Values
			e, _ := raw(t, "", func(w http.ResponseWriter, r *http.Request) {
				r.ParseForm()
				if r.URL.Path == "/fallback" {
					fallback = r.PostForm
					reply(w, "<Say>fallback</Say>")
					return
				}
				w.Header().Set("Content-Type", tt.media)
				fmt.Fprint(w, tt.body)
			})
			e.Phone(anna).Call(line)
			e.Advance(10 * time.Second)
			var heard []string
			for _, s := range texts(e.Phone(anna)) {
				heard = append(heard, s[max(strings.Index(s, "/voice"), 0):])
			}
			same(t, "heard", heard, tt.heard)
			if tt.code == 0 {
				same(t, "problems", len(e.Problems()), 0)
				return
			}
			same(t, "code", e.Problems()[0].Code, tt.code)
			same(t, "ErrorCode", fallback.Get("ErrorCode"), fmt.Sprint(tt.code))
			same(t, "ErrorUrl", strings.HasSuffix(fallback.Get("ErrorUrl"), "/voice"), true)
		})
	}
}

func TestApologyWithoutFallback(t *testing.T) {
	t.Parallel()
	e, web := raw(t, "", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	e.AddNumber(Number{E164: line, VoiceURL: web.URL})
	c := e.Phone(anna).Call(line)
	same(t, "state", c.State(), "in-progress")
	e.Advance(10 * time.Second)
	same(t, "heard", texts(e.Phone(anna)), []string{"An application error has occurred. Goodbye."})
	same(t, "state", c.State(), "completed")
	same(t, "asked once", len(e.Exchanges()), 1)
	same(t, "code", e.Problems()[0].Code, 11200)
}

func TestWebhookRedirects(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{301: "GET", 302: "GET", 303: "GET", 307: "POST", 308: "POST"} {
		var method, from, cookie, path string
		e, _ := raw(t, "", func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/voice":
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
				w.Header().Set("Location", "/deep/next")
				w.WriteHeader(status)
			case "/deep/next":
				method, from = r.Method, r.PostFormValue("From")
				reply(w, "<Redirect>then</Redirect>")
			default:
				path = r.URL.Path
				if c, err := r.Cookie("seen"); err == nil {
					cookie = c.Value
				}
				reply(w, "<Hangup/>")
			}
		})
		e.Phone(anna).Call(line)
		same(t, fmt.Sprint(status, " method"), method, want)
		same(t, fmt.Sprint(status, " body kept"), from != "", want == "POST")
		same(t, "cookie kept for the call", cookie, "yes")
		same(t, "relative to where the document was", path, "/deep/then")
		same(t, "exchanges", len(e.Exchanges()), 3)
		same(t, "problems", len(e.Problems()), 0)
	}
}

func TestTooManyRedirects(t *testing.T) {
	t.Parallel()
	e, _ := raw(t, "", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fallback" {
			reply(w, "<Hangup/>")
			return
		}
		http.Redirect(w, r, "/voice", http.StatusFound)
	})
	e.Phone(anna).Call(line)
	same(t, "exchanges", len(e.Exchanges()), 12)
	same(t, "code", e.Problems()[0].Code, 11215)
}

func TestRetries(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fragment string
		fault    Fault
		tries    int // beyond the fallback
		code     int // of the first problem, 0 for none
	}{
		"one retry when not connected":  {"", Fault{Refuse: true, Times: 1}, 2, 0},
		"only one":                      {"", Fault{Refuse: true, Times: 2}, 2, 11205},
		"no retry for 500":              {"", Fault{Status: 500, Times: 1}, 1, 11200},
		"but on demand":                 {"#rc=3&rp=5xx", Fault{Status: 500, Times: 3}, 4, 0},
		"a 4xx is not a 5xx":            {"#rc=3&rp=5xx", Fault{Status: 404, Times: 1}, 1, 11200},
		"a timeout is rt":               {"#rc=1&rp=rt&tt=3000", Fault{Timeout: true, Times: 1}, 2, 0},
		"a lost answer":                 {"#rc=1&rp=all", Fault{LoseReply: true, Times: 1}, 2, 0},
		"rc=0":                          {"#rc=0", Fault{Refuse: true, Times: 1}, 1, 11205},
		"a bad override keeps the rest": {"#rc=9&rp=5xx", Fault{Status: 500, Times: 1}, 2, 11243},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tokens := map[string]bool{}
			e, _ := raw(t, tt.fragment, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/voice" {
					tokens[r.Header.Get("I-Twilio-Idempotency-Token")] = true
				}
				reply(w, "<Hangup/>")
			})
			tt.fault.On, tt.fault.Match = OnWebhook, "/voice"
			e.Inject(tt.fault)
			e.Phone(anna).Call(line)
			e.Advance(20 * time.Second)
			tries := 0
			for _, x := range e.Exchanges() {
				if strings.HasSuffix(x.URL, "/voice") {
					tries++
				}
			}
			same(t, "tries", tries, tt.tries)
			code := 0
			if p := e.Problems(); len(p) > 0 {
				code = p[0].Code
			}
			same(t, "code", code, tt.code)
			if len(tokens) > 1 {
				t.Errorf("a retry has another idempotency token: %d of them", len(tokens))
			}
		})
	}
}

func TestRealFailures(t *testing.T) {
	t.Parallel()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := gone.Addr().String()
	gone.Close()
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer slow.Close()
	defer close(release)
	tests := map[string]struct {
		url  string
		code int
	}{
		"nobody listens":       {"http://" + dead + "/voice", 11205},
		"no answer in time":    {slow.URL + "#rt=150&rc=0", 11200},
		"too long in all":      {slow.URL + "#tt=3000&rc=0", 11203}, // to connect is part of it,
		"underscore in a host": {"http://my_app.example/voice", 11100},
		"no scheme":            {"voice", 11100},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := New(Options{AccountSID: account, AuthToken: token, Clock: NewVirtualClock(noon)})
			e.AddNumber(Number{E164: line, VoiceURL: tt.url})
			e.Phone(anna).Call(line)
			same(t, "code", e.Problems()[0].Code, tt.code)
		})
	}
}

type broken struct{ err error }

func (b broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, b.err }

func TestUnreached(t *testing.T) {
	t.Parallel()
	e := New(Options{AccountSID: account, AuthToken: token, Clock: NewVirtualClock(noon), Transport: broken{&net.DNSError{Err: "no such host"}}})
	e.AddNumber(Number{E164: line, VoiceURL: "http://nowhere.example/"})
	e.Phone(anna).Call(line)
	same(t, "code", e.Problems()[0].Code, 11210)
	if a := unreached(context.DeadlineExceeded, true); a.code != 11203 || a.cause != "rt" {
		t.Errorf("a deadline is %+v", a)
	}
	if a := unreached(errors.New("x"), false); a.code != 11205 || a.cause != "ct" {
		t.Errorf("no connection is %+v", a)
	}
}

func TestCallbackAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		media  string
		bad    bool
	}{
		"204":           {204, "", false},
		"200 with XML":  {200, "text/xml", false},
		"200 with JSON": {200, "application/json", true},
		"500":           {500, "text/xml", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, web := raw(t, "", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/voice" {
					reply(w, "<Hangup/>")
					return
				}
				w.Header().Set("Content-Type", tt.media)
				w.WriteHeader(tt.status)
			})
			e.AddNumber(Number{E164: line, VoiceURL: web.URL + "/voice", StatusCallbackURL: web.URL + "/ended"})
			e.Phone(anna).Call(line)
			same(t, "bad", len(e.Problems()) == 1 && e.Problems()[0].Code == 15003, tt.bad)
		})
	}
}

func TestPlay(t *testing.T) {
	t.Parallel()
	wavFile := "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00" + strings.Repeat("\x80", 8000)
	var signed bool
	e, _ := raw(t, "", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a.wav":
			signed = r.Header.Get("X-Twilio-Signature") != ""
			w.Header().Set("Content-Type", "audio/wav")
			fmt.Fprint(w, wavFile)
		case "/page":
			w.Header().Set("Content-Type", "text/html")
		case "/fallback":
			reply(w, "<Play>/page</Play>")
		default:
			reply(w, `<Play loop="2">/a.wav</Play><Play digits="1w2"/><Play>/page</Play>`)
		}
	})
	c := e.Phone(anna).Call(line)
	e.Advance(time.Minute)
	same(t, "signed", signed, false)
	golden(t, "play", c.Transcript())
	var codes []int
	for _, p := range e.Problems() {
		codes = append(codes, p.Code)
	}
	same(t, "codes", codes, []int{13420, 13420})
}
