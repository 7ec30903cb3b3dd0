package carrier

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

const (
	testAccount = "AC00000000000000000000000000000001"
	testToken   = "0123456789abcdef0123456789abcdef"
	oldToken    = "fedcba9876543210fedcba9876543210"
	testPublic  = "https://line.example.org"
)

// sign is Twilio's algorithm, apart from the library under test.
// Source: https://www.twilio.com/docs/usage/security#validating-requests
func sign(token, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, address)
	for _, k := range slices.Sorted(maps.Keys(form)) {
		_, _ = io.WriteString(mac, k+form.Get(k))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// inbound is the form of a call's first webhook.
func inbound() url.Values {
	return url.Values{
		"AccountSid": {testAccount}, "ApiVersion": {"2010-04-01"}, "CallSid": {"CA00000000000000000000000000000002"},
		"CallStatus": {"ringing"}, "Direction": {"inbound"}, "From": {"+12025550143"}, "To": {"+12025550100"},
		"Caller": {"+12025550143"}, "Called": {"+12025550100"}, "FromCity": {""}, "FromCountry": {"US"}, "ToZip": {""},
		"CallToken": {strings.Repeat("eyJ", 200)}, "StirVerstat": {"TN-Validation-Passed-A"}, "Note": {"a&b=c +é"},
	}
}

// post is a request as it would reach the server.
func post(target string, form url.Values, signature string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", signature)
	return r
}

func signed(target string, form url.Values) *http.Request {
	return post(target, form, sign(testToken, testPublic+target, form))
}

func newGuard(t testing.TB, publicURL string, log io.Writer) *Guard {
	t.Helper()
	g, err := NewGuard(GuardOptions{
		PublicURL: publicURL, AccountSID: testAccount, AuthTokens: []string{testToken, oldToken},
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// serve sends r through g and returns the answer, and the webhook if it got in.
func serve(g *Guard, r *http.Request) (*httptest.ResponseRecorder, *Webhook) {
	var got *Webhook
	e := echo.New()
	e.Any("/*", func(c echo.Context) error {
		if w, ok := WebhookOf(c); ok {
			got = &w
		}
		return c.NoContent(http.StatusNoContent)
	}, g.Middleware)
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, r)
	return rec, got
}

func TestSignVector(t *testing.T) {
	t.Parallel()
	form := url.Values{"a": {"1"}, "B": {"2"}}
	// From the shell: printf 'https://example.org/x?y=1B2a1' | openssl dgst -sha1 -hmac 12345 -binary | base64
	if got, want := sign("12345", "https://example.org/x?y=1", form), "dQpRKnCRrJuVMiqnbiSs0YKSUWo="; got != want {
		t.Errorf("signature = %q, want %q", got, want)
	}
}

func TestGuardAdmits(t *testing.T) {
	t.Parallel()
	const target = "/twilio/voice?s=A%2Fb%7e&t="
	charset := signed(target, inbound())
	charset.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	behindProxy := signed(target, inbound())
	behindProxy.Host = "10.0.0.1:8080"
	behindProxy.Header.Set("X-Forwarded-Host", "elsewhere.example")
	behindProxy.Header.Set("X-Forwarded-Proto", "http")
	tests := []struct {
		name, public string
		give         *http.Request
	}{
		{"the token in force", testPublic, signed(target, inbound())},
		{"the token before", testPublic, post(target, inbound(), sign(oldToken, testPublic+target, inbound()))},
		{"a charset", testPublic, charset},
		{"another host and forwarding headers, which are not believed", testPublic, behindProxy},
		{"a trailing slash in the public URL", testPublic + "/", signed(target, inbound())},
		{"a path that a proxy takes off", testPublic + "/hl", post(target, inbound(), sign(testToken, testPublic+"/hl"+target, inbound()))},
		{"a port that Twilio signs", testPublic + ":8443", post(target, inbound(), sign(testToken, testPublic+":8443"+target, inbound()))},
		{"a port that Twilio leaves out", testPublic + ":8443", signed(target, inbound())},
		{"the default port, signed", testPublic, post(target, inbound(), sign(testToken, testPublic+":443"+target, inbound()))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			rec, w := serve(newGuard(t, tt.public, &log), tt.give)
			if rec.Code != http.StatusNoContent || w == nil {
				t.Fatalf("status = %d, webhook = %v, log: %s", rec.Code, w, &log)
			}
			if got := w.Param("Note"); got != "a&b=c +é" {
				t.Errorf("Note = %q", got)
			}
			if log.Len() != 0 {
				t.Errorf("log: %s", &log)
			}
		})
	}
}

func TestGuardRefuses(t *testing.T) {
	t.Parallel()
	const target = "/twilio/voice?s=abc"
	raw := func(target, body string) *http.Request { // signed as its first values
		form, _ := url.ParseQuery(body)
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Twilio-Signature", sign(testToken, testPublic+target, form))
		return r
	}
	with := func(change func(*http.Request)) *http.Request {
		r := signed(target, inbound())
		change(r)
		return r
	}
	form := func(change func(url.Values)) url.Values {
		f := inbound()
		change(f)
		return f
	}
	valid := inbound().Encode()
	tests := []struct {
		name string
		give *http.Request
		want reason
	}{
		{"no signature", with(func(r *http.Request) { r.Header.Del("X-Twilio-Signature") }), noSignature},
		{"two signatures", with(func(r *http.Request) { r.Header.Add("X-Twilio-Signature", strings.Repeat("A", 28)) }), noSignature},
		{"a short signature", with(func(r *http.Request) { r.Header.Set("X-Twilio-Signature", "AAAA") }), noSignature},
		{"another signature", with(func(r *http.Request) { r.Header.Set("X-Twilio-Signature", strings.Repeat("A", 27)+"=") }), badSignature},
		{"another token", post(target, inbound(), sign("x"+testToken, testPublic+target, inbound())), badSignature},
		{"no token", post(target, inbound(), sign("", testPublic+target, inbound())), badSignature},
		{"another path", post("/twilio/sms?s=abc", inbound(), sign(testToken, testPublic+target, inbound())), badSignature},
		{"another query", post("/twilio/voice?s=abd", inbound(), sign(testToken, testPublic+target, inbound())), badSignature},
		{"the path in another spelling", post("/twilio/%76oice?s=abc", inbound(), sign(testToken, testPublic+target, inbound())), badSignature},
		{"http", post(target, inbound(), sign(testToken, "http://line.example.org"+target, inbound())), badSignature},
		{"another port", post(target, inbound(), sign(testToken, testPublic+":8443"+target, inbound())), badSignature},
		{"the host of the request", with(func(r *http.Request) {
			r.Host = "other.example.org"
			r.Header.Set("X-Forwarded-Host", "other.example.org")
			r.Header.Set("X-Twilio-Signature", sign(testToken, "https://other.example.org"+target, inbound()))
		}), badSignature},
		{"a value changed", post(target, form(func(f url.Values) { f.Set("Digits", "1") }), sign(testToken, testPublic+target, form(func(f url.Values) { f.Set("Digits", "2") }))), badSignature},
		{"a key added", post(target, form(func(f url.Values) { f.Set("Digits", "1") }), sign(testToken, testPublic+target, inbound())), badSignature},
		{"a repeated key", raw(target, valid+"&Digits=1&Digits=2"), repeatedKey},
		{"a repeated key, equal", raw(target, valid+"&CallStatus=ringing"), repeatedKey},
		{"a repeated key in disguise", raw(target, valid+"&%43allStatus=completed"), repeatedKey},
		{"a key in query and body", raw("/twilio/voice?Digits=1", valid+"&Digits=1"), repeatedKey},
		{"a repeated key in the query", raw("/twilio/voice?s=1&s=2", valid), repeatedKey},
		{"a semicolon", raw(target, valid+"&a=1;b=2"), badForm},
		{"a bad escape", raw(target, valid+"&a=%zz"), badForm},
		{"a bad escape in the query", raw("/twilio/voice?a=%zz", valid), badForm},
		{"many keys", raw(target, valid+strings.Repeat("&", 256)), badForm},
		{"a long body", signed(target, form(func(f url.Values) { f.Set("Long", strings.Repeat("x", 64<<10)) })), badBody},
		{"another account", signed(target, form(func(f url.Values) { f.Set("AccountSid", "AC00000000000000000000000000000009") })), foreignAccount},
		{"no account", signed(target, form(func(f url.Values) { f.Del("AccountSid") })), foreignAccount},
		{"a GET", with(func(r *http.Request) { r.Method = http.MethodGet }), badMethod},
		{"a PUT", with(func(r *http.Request) { r.Method = http.MethodPut }), badMethod},
		{"JSON", with(func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }), badType},
		{"a multipart form", with(func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") }), badType},
		{"no type", with(func(r *http.Request) { r.Header.Del("Content-Type") }), badType},
		{"a target with a host", with(func(r *http.Request) { r.RequestURI = testPublic + target }), badTarget},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			rec, w := serve(newGuard(t, testPublic, &log), tt.give)
			if rec.Code != http.StatusForbidden || rec.Body.Len() != 0 || w != nil {
				t.Errorf("status = %d, body %q, webhook %v; want a bare 403", rec.Code, rec.Body, w)
			}
			if !strings.Contains(log.String(), fmt.Sprintf("reason=%q", tt.want)) {
				t.Errorf("log = %q, want the reason %q", &log, tt.want)
			}
			for _, secret := range []string{"5550", "CA000", "AC000", "abc", testToken} { // a time has three digits beside each other
				if strings.Contains(log.String(), secret) {
					t.Errorf("log holds %q: %s", secret, &log)
				}
			}
		})
	}
}

// forge sends a changed request to g and fails if it gets in with anything but
// what was signed. Twilio signs one string: only what runs together to that very
// string can pass.
func forge(t *testing.T, g *Guard, uri, body, given, signature string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.RequestURI = uri
	_, r.URL.RawQuery, _ = strings.Cut(uri, "?")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", given)
	params, why := g.check(r)
	if why != admitted {
		return
	}
	read := url.Values{}
	for k, v := range params {
		read.Set(k, v)
	}
	if given != signature || sign(testToken, testPublic+uri, read) != signature {
		t.Errorf("admitted %q with %q", uri, body)
	}
}

func TestGuardRefusesEveryChangedByte(t *testing.T) {
	t.Parallel()
	const target = "/twilio/voice?s=abc"
	g := newGuard(t, testPublic, io.Discard)
	body, signature := inbound().Encode(), sign(testToken, testPublic+target, inbound())
	changed := func(s string, each func(string)) {
		for i := range len(s) {
			for _, c := range []byte{s[i] ^ 1, s[i] ^ 0x20, '&', '=', '0'} {
				if c != s[i] {
					each(s[:i] + string(c) + s[i+1:])
				}
			}
			each(s[:i] + s[i+1:])
		}
	}
	changed(body, func(s string) { forge(t, g, target, s, signature, signature) })
	changed(target, func(s string) { forge(t, g, s, body, signature, signature) })
	changed(signature, func(s string) { forge(t, g, target, body, s, signature) })
}

func FuzzGuard(f *testing.F) {
	const target = "/twilio/voice?s=abc"
	body, signature := inbound().Encode(), sign(testToken, testPublic+target, inbound())
	f.Add(target, body, signature)
	f.Add(target, body+"&Digits=1", signature)
	f.Add(target+"&x=1", body, signature)
	f.Add(target, body+"&", signature)
	f.Add("/twilio/voice?s=abc#x", body, signature)
	g := newGuard(f, testPublic, io.Discard)
	f.Fuzz(func(t *testing.T, uri, body, given string) { forge(t, g, uri, body, given, signature) })
}

func TestNewGuardRefuses(t *testing.T) {
	t.Parallel()
	good := GuardOptions{PublicURL: testPublic, AccountSID: testAccount, AuthTokens: []string{testToken}}
	tests := []struct {
		name   string
		change func(*GuardOptions)
		want   string
	}{
		{"no public URL", func(o *GuardOptions) { o.PublicURL = "" }, "public URL"},
		{"no scheme", func(o *GuardOptions) { o.PublicURL = "line.example.org" }, "public URL"},
		{"a query", func(o *GuardOptions) { o.PublicURL += "?a=b" }, "a query"},
		{"a user", func(o *GuardOptions) { o.PublicURL = "https://u:p@line.example.org" }, "a user"},
		{"a key's SID", func(o *GuardOptions) { o.AccountSID = "SK00000000000000000000000000000001" }, "account SID"},
		{"no token", func(o *GuardOptions) { o.AuthTokens = nil }, "0 auth tokens"},
		{"three tokens", func(o *GuardOptions) { o.AuthTokens = []string{"a", "b", "c"} }, "3 auth tokens"},
		{"an empty token", func(o *GuardOptions) { o.AuthTokens = []string{testToken, ""} }, "is empty"},
	}
	for _, tt := range tests {
		o := good
		tt.change(&o)
		if _, err := NewGuard(o); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), testToken) {
			t.Errorf("%s: error = %v, want one about %q", tt.name, err, tt.want)
		}
	}
	if _, err := NewGuard(good); err != nil {
		t.Error(err)
	}
}

func BenchmarkGuard(b *testing.B) {
	const target = "/twilio/voice?s=abcdefghijklmnopqrstuvwxyz"
	form := inbound()
	for i := range 20 {
		form.Set(fmt.Sprintf("Param%d", i), "value")
	}
	g := newGuard(b, testPublic, io.Discard)
	body := form.Encode()
	for name, token := range map[string]string{"the token in force": testToken, "the token before": oldToken} {
		b.Run(name, func(b *testing.B) {
			r := post(target, form, sign(token, testPublic+target, form))
			b.ReportAllocs()
			for b.Loop() {
				r.Body = io.NopCloser(strings.NewReader(body))
				if _, why := g.check(r); why != admitted {
					b.Fatal(why)
				}
			}
		})
	}
}
