package carrier

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // what Twilio signs with
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// ProbePath is where a signed request of our own is answered, which proves that
// Twilio's come through.
const ProbePath = "/twilio/probe"

const nonceKey = "Nonce"

// Echo answers a probe that the guard has let through: with proof that it knows one of
// the account's tokens, so that nobody else can answer in its place.
func (g *Guard) Echo(c echo.Context) error {
	w, _ := WebhookOf(c)
	var proofs []string
	for _, token := range g.tokens {
		proofs = append(proofs, proof(token, w.Param(nonceKey)))
	}
	return c.String(http.StatusOK, strings.Join(proofs, "\n"))
}

// proof is apart from every signature by what it is over.
func proof(token, nonce string) string {
	mac := hmac.New(sha256.New, []byte(token))
	_, _ = io.WriteString(mac, "hearthline probe "+nonce)
	return hex.EncodeToString(mac.Sum(nil))
}

// Probe is how a probe fared.
type Probe struct {
	Status int  // of HTTP
	Proven bool // it was answered by a program with the account's token
	Took   time.Duration
	To     string // where a redirect leads, "" for none
}

// ProbeOptions say what a probe looks like.
type ProbeOptions struct {
	// Address is what is posted to, and what is signed unless Signed says other.
	Address, Signed string
	// Plain leaves out what a proxy may be tempted to rewrite: a query, and marks in
	// the form that are written in more than one way.
	Plain bool
}

// tempting are a query like those of a call's state, and a form, that a proxy which
// rewrites requests would not leave as they are.
const (
	temptingQuery = "?s=Aa-_0~%2F%20.&x=a%2bb"
	temptingValue = "á+b c&d=e//f"
)

// Probe posts what Twilio would, signed as Twilio signs, and returns the answer; its
// errors are those of the transport. The request goes to the address itself, through
// carry, and not to where REST goes.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
func (c *Client) Probe(ctx context.Context, carry http.RoundTripper, o ProbeOptions) (Probe, error) {
	nonce := rand.Text()
	form := url.Values{"AccountSid": {c.credentials.Username}, nonceKey: {nonce}}
	query := ""
	if !o.Plain {
		query = temptingQuery
		form.Set("Body", temptingValue)
	}
	signed := o.Signed
	if signed == "" {
		signed = o.Address
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.Address+query, strings.NewReader(form.Encode()))
	if err != nil {
		return Probe{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	r.Header.Set(signatureHeader, signatureOf(c.credentials.Password, signed+query, form))
	began := time.Now()
	answer, err := carry.RoundTrip(r)
	if err != nil {
		return Probe{}, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	_ = answer.Body.Close()
	if err != nil {
		return Probe{}, err
	}
	p := Probe{Status: answer.StatusCode, Took: time.Since(began), To: answer.Header.Get("Location")}
	want := proof(c.credentials.Password, nonce)
	for line := range strings.SplitSeq(string(body), "\n") {
		p.Proven = p.Proven || hmac.Equal([]byte(line), []byte(want))
	}
	return p, nil
}

// signatureOf is Twilio's signature of a form that is posted to an address.
func signatureOf(token, address string, form url.Values) string {
	params := make(map[string]string, len(form))
	for key := range form {
		params[key] = form.Get(key)
	}
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, address+concatenate(params))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
