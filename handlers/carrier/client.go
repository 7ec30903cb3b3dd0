package carrier

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// requestTimeout bounds a request whose context does not. Twilio answers within
// a second; trust in an answer after ten is misplaced.
const requestTimeout = 10 * time.Second

// ClientOptions says which account, and where.
type ClientOptions struct {
	AccountSID string
	AuthToken  string // the one in force, if two are rotated
	// APIURL is where REST goes: an emulator, a compatible carrier. "" is
	// Twilio's own.
	APIURL string
	// Transport carries the requests; nil is a pool of its own.
	Transport http.RoundTripper
}

// Client is everything that we ask of Twilio. It sends each request once:
// whether to try again is for the caller to say, who knows what it would repeat.
// It follows no redirects, heeds no TWILIO_EDGE or TWILIO_REGION, and is safe for
// concurrent use. Every error is an [*Error].
type Client struct {
	credentials *client.Credentials
	base        *url.URL // nil for Twilio's own
	transport   http.RoundTripper
}

var (
	alphanumeric  = regexp.MustCompile(`^[0-9A-Za-z]+$`)
	callSID       = regexp.MustCompile(`^CA[0-9a-fA-F]{32}$`)
	conferenceSID = regexp.MustCompile(`^CF[0-9a-fA-F]{32}$`)
	messageSID    = regexp.MustCompile(`^(SM|MM)[0-9a-fA-F]{32}$`)
	mediaSID      = regexp.MustCompile(`^ME[0-9a-fA-F]{32}$`)
)

// NewClient checks the options. Its errors never show the token.
func NewClient(o ClientOptions) (*Client, error) {
	if !accountSID.MatchString(o.AccountSID) {
		return nil, fmt.Errorf("carrier client: %w", errNotAccount)
	}
	if !alphanumeric.MatchString(o.AuthToken) {
		return nil, errors.New("carrier client: auth token: it is not all letters and digits: " +
			"copy it from the account's page at Twilio")
	}
	c := &Client{credentials: client.NewCredentials(o.AccountSID, o.AuthToken), transport: o.Transport}
	if o.APIURL != "" {
		base, err := parseBase(o.APIURL)
		if err != nil {
			return nil, fmt.Errorf("carrier client: API URL: %w", err)
		}
		c.base = base
	}
	if c.transport == nil {
		c.transport = newTransport()
	}
	return c, nil
}

// newTransport keeps enough connections warm for many rooms at once.
func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// Redirect makes a leg go on with the document at address, which Twilio posts
// to. A leg in a conference leaves it at once.
// Source: https://www.twilio.com/docs/voice/api/call-resource
func (c *Client) Redirect(ctx context.Context, call, address string) error {
	const op = "redirect call"
	if !callSID.MatchString(call) {
		return malformed(op)
	}
	x := c.exchange(ctx)
	params := new(api.UpdateCallParams).SetUrl(address).SetMethod(http.MethodPost)
	_, err := x.api().UpdateCall(call, params)
	return x.done(op, err)
}

// malformed refuses what Twilio would, before anything is sent; above all a SID
// before it becomes part of a path.
func malformed(op string) *Error { return &Error{Op: op, Class: Ours} }

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
