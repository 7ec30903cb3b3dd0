package outbox_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
)

const (
	account = "AC00000000000000000000000000000001"
	token   = "00000000000000000000000000000001"
)

// webhooks are the program's, as far as the outbox needs any: what is told of what
// was sent reaches an outbox, and a call is hung up.
func webhooks(t testing.TB, heard func() *outbox.Outbox, calls *atomic.Int64) http.Handler {
	t.Helper()
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: publicURL, AccountSID: account, AuthTokens: []string{token}})
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	e.POST("/twilio/sent", func(c echo.Context) error {
		w, _ := carrier.WebhookOf(c)
		if err := heard().Heard(c.Request().Context(), w, c.QueryParams()); err != nil && !errors.Is(err, store.ErrNotFound) {
			return c.NoContent(http.StatusServiceUnavailable)
		}
		return c.NoContent(http.StatusNoContent)
	}, guard.Middleware)
	e.POST("/twilio/voice", func(c echo.Context) error {
		calls.Add(1)
		return c.Blob(http.StatusOK, "text/xml", []byte(`<?xml version="1.0"?><Response><Hangup/></Response>`))
	}, guard.Middleware)
	return e
}

// told has an outbox hear a status callback about a row's first attempt, and returns
// what came of it.
func (r *rig) told(o *outbox.Outbox, id string, words url.Values) (failed error) {
	r.t.Helper()
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: publicURL, AccountSID: account, AuthTokens: []string{token}})
	if err != nil {
		r.t.Fatal(err)
	}
	address, _, _ := strings.Cut(carrier.SentToken{Line: r.line, Row: id}.Address(r.keys, publicURL+"/twilio/sent"), "#")
	words.Set("AccountSid", account)
	words.Set("MessageSid", "SM00000000000000000000000000000001")
	words.Set("To", ida)
	signed := address
	for _, name := range slices.Sorted(maps.Keys(words)) {
		signed += name + words.Get(name)
	}
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = mac.Write([]byte(signed))
	request := httptest.NewRequest(http.MethodPost, strings.TrimPrefix(address, publicURL), strings.NewReader(words.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	e, heard := echo.New(), false
	e.POST("/twilio/sent", func(c echo.Context) error {
		w, _ := carrier.WebhookOf(c)
		heard, failed = true, o.Heard(c.Request().Context(), w, c.QueryParams())
		return nil
	}, guard.Middleware)
	e.ServeHTTP(httptest.NewRecorder(), request)
	if !heard {
		r.t.Fatal("the guard holds it back")
	}
	return failed
}

// local carries requests to a handler in this program.
type local struct{ http.Handler }

func (l local) RoundTrip(r *http.Request) (*http.Response, error) {
	got := r.Clone(r.Context())
	got.RequestURI = r.URL.RequestURI()
	answer := httptest.NewRecorder()
	l.ServeHTTP(answer, got)
	return answer.Result(), nil
}

// line is a rig at the emulator, whose clock is the emulator's.
type line struct {
	*rig
	twilio *emulator.Emulator
	box    *outbox.Outbox
	calls  atomic.Int64 // that were answered
}

func newLine(t testing.TB, seed uint64) *line {
	t.Helper()
	l := &line{rig: newRig(t)}
	virtual := emulator.NewVirtualClock(afternoon)
	hooks := local{webhooks(t, func() *outbox.Outbox { return l.box }, &l.calls)}
	l.twilio = emulator.New(emulator.Options{AccountSID: account, AuthToken: token, Clock: virtual, Transport: hooks, Seed: seed, CallsPerSecond: math.Inf(1)})
	l.twilio.AddNumber(emulator.Number{E164: lineFrom})
	l.o.Now = virtual.Now
	l.o.Carrier = client(t, l.twilio)
	l.box = outbox.New(l.o)
	return l
}

func client(t testing.TB, twilio http.Handler) *carrier.Client {
	t.Helper()
	server := httptest.NewServer(twilio)
	t.Cleanup(server.Close)
	return clientAt(t, server.URL)
}

func clientAt(t testing.TB, address string) *carrier.Client {
	t.Helper()
	c, err := carrier.NewClient(carrier.ClientOptions{AccountSID: account, AuthToken: token, APIURL: address})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// objections fails the test if the carrier did not understand something.
func (l *line) objections(what string) {
	l.t.Helper()
	if all := l.twilio.Problems(); len(all) > 0 {
		l.t.Errorf("%s: the carrier objects %d times: %+v", what, len(all), all[0])
	}
}

// live lets time pass, and has the outbox do what it does all the time.
func (l *line) live(span, step time.Duration) {
	l.t.Helper()
	for ; span > 0; span -= step {
		l.pass(l.box)
		l.resolve(l.box)
		l.twilio.Advance(step)
	}
}
