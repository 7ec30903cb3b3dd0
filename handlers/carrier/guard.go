package carrier

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/twilio/twilio-go/client"
)

// readWithin bounds the reading of a request.
const readWithin = 5 * time.Second

const (
	signatureHeader = "X-Twilio-Signature"
	signatureLength = 28       // base64 of HMAC-SHA1
	maxBody         = 64 << 10 // bytes; the longest request of Twilio's is some 4 kB
	// maxParams bounds the work that a request without a valid signature can
	// cause. Twilio sends some 40.
	maxParams = 256
)

// GuardOptions says whose requests a [Guard] lets through.
type GuardOptions struct {
	// PublicURL is what Twilio calls: scheme, host, a port if there is one, and
	// the path in front of ours if a proxy takes one off.
	PublicURL  string
	AccountSID string
	// AuthTokens are the account's tokens, two while they are rotated.
	AuthTokens []string
	// Log receives a line for each refusal, with the reason and nothing of the
	// request. Without it refusals are silent.
	Log *slog.Logger
}

// Guard lets a request through only when Twilio signed it for this deployment.
// It is safe for concurrent use.
type Guard struct {
	publicURL  string
	accountSID string
	validators []client.RequestValidator
	tokens     []string
	log        *slog.Logger

	mu    sync.Mutex
	heard Heard
}

// Heard is what came in, since it was last asked: nothing of whom.
type Heard struct {
	Calls bool // Twilio asked for something
	// Advanced says that a text came marked as an opt-out word, which Twilio does
	// where the messaging service answers those words itself.
	Advanced bool
	Refused  int // requests with a wrong signature, or for another account
}

// Drain returns what came in since it was last called.
func (g *Guard) Drain() Heard {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.heard
	g.heard = Heard{}
	return h
}

func (g *Guard) note(path string, params map[string]string, why reason) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case why == badSignature || why == foreignAccount:
		g.heard.Refused++
	case why == admitted && path != ProbePath:
		g.heard.Calls = true
		g.heard.Advanced = g.heard.Advanced || params["OptOutType"] != ""
	}
}

var accountSID = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)

// NewGuard checks the options. Its errors name the option and never a token.
func NewGuard(o GuardOptions) (*Guard, error) {
	if _, err := parseBase(o.PublicURL); err != nil {
		return nil, fmt.Errorf("webhook guard: public URL: %w", err)
	}
	if !accountSID.MatchString(o.AccountSID) {
		return nil, fmt.Errorf("webhook guard: %w", errNotAccount)
	}
	if len(o.AuthTokens) < 1 || len(o.AuthTokens) > 2 {
		return nil, fmt.Errorf("webhook guard: %d auth tokens: give one, or two while they are rotated",
			len(o.AuthTokens))
	}
	g := &Guard{publicURL: strings.TrimRight(o.PublicURL, "/"), accountSID: o.AccountSID, log: o.Log}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	for _, token := range o.AuthTokens {
		// With an empty key anybody could sign.
		if token == "" {
			return nil, errors.New("webhook guard: an auth token is empty: copy it from the account's page at Twilio")
		}
		g.validators = append(g.validators, client.NewRequestValidator(token))
		g.tokens = append(g.tokens, token)
	}
	return g, nil
}

var errNotAccount = errors.New("account SID: it is not AC and 32 hexadecimal digits: " +
	"copy it from the account's page at Twilio")

// parseBase reads an address that paths are put behind.
func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(s, "/"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return nil, errors.New("it is not an address: write it as https://example.org")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("it has a user, a query or a fragment: write it as https://example.org")
	}
	return u, nil
}

// reason is the class of a refusal: all that is logged of one.
type reason string

const (
	admitted       reason = ""
	noSignature    reason = "no signature"
	badMethod      reason = "not a POST"
	badType        reason = "not a form"
	badTarget      reason = "unusual request target"
	badBody        reason = "body over 64 KiB or unreadable"
	badForm        reason = "malformed form"
	repeatedKey    reason = "repeated parameter"
	badSignature   reason = "wrong signature"
	foreignAccount reason = "another account"
)

// Middleware refuses with 403 and no detail what Twilio did not sign, before
// anything but the form is looked at and before any other work is done. What it
// lets through the next handler finds with [WebhookOf].
//
// A signature has neither time nor nonce: whoever has seen a request can send it
// again, so that handlers must be harmless to repeat.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
func (g *Guard) Middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		// Strangers may hold a connection for this long and no longer; a server's
		// own limit would end pages that stream. Where there is no connection to
		// limit there is nothing to do.
		limit := http.NewResponseController(c.Response())
		_ = limit.SetReadDeadline(time.Now().Add(readWithin))
		params, why := g.check(c.Request())
		if why == admitted { // the server reads what was refused to its end before it answers
			_ = limit.SetReadDeadline(time.Time{})
		}
		g.note(c.Path(), params, why)
		if why != admitted {
			g.log.WarnContext(c.Request().Context(), "webhook refused", "reason", string(why))
			return c.NoContent(http.StatusForbidden)
		}
		c.Set(contextKey, newWebhook(params))
		return next(c)
	}
}

// check returns the parameters of a request that Twilio signed. Cheap tests come
// first, so that a flood of forgeries costs little.
func (g *Guard) check(r *http.Request) (map[string]string, reason) {
	signatures := r.Header.Values(signatureHeader)
	if len(signatures) != 1 || len(signatures[0]) != signatureLength {
		return nil, noSignature
	}
	if r.Method != http.MethodPost {
		return nil, badMethod
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil || kind != echo.MIMEApplicationForm {
		return nil, badType
	}
	// A target with a scheme and host would be signed behind our own.
	if !strings.HasPrefix(r.RequestURI, "/") {
		return nil, badTarget
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return nil, badBody
	}
	params, why := flatten(string(body), r.URL.RawQuery)
	if why != admitted {
		return nil, why
	}
	if !g.signed(g.publicURL+r.RequestURI, params, signatures[0]) {
		return nil, badSignature
	}
	if params["AccountSid"] != g.accountSID {
		return nil, foreignAccount
	}
	return params, admitted
}

// signed tries each token. The address is exactly what Twilio was given, apart
// from the port: Twilio leaves a port out of some signatures over https and not
// of others, and the library accepts both. Another port is refused.
// Source: https://github.com/twilio/twilio-node/issues/411
func (g *Guard) signed(address string, params map[string]string, signature string) bool {
	// The validator signs keys and values in a row, in the order of the keys, and
	// copies all of it again for each parameter, address and token. Given as the
	// key of one parameter without a value, the row is copied once for each.
	row := map[string]string{concatenate(params): ""}
	for i := range g.validators {
		if g.validators[i].Validate(address, row, signature) {
			return true
		}
	}
	return false
}

// concatenate writes each key and its value in a row, in the order of the keys.
func concatenate(params map[string]string) string {
	keys := make([]string, 0, len(params))
	size := 0
	for key, value := range params {
		keys = append(keys, key)
		size += len(key) + len(value)
	}
	slices.Sort(keys)
	var row strings.Builder
	row.Grow(size)
	for _, key := range keys {
		row.WriteString(key)
		row.WriteString(params[key])
	}
	return row.String()
}

// flatten reads a form in which every key stands once, and in which no key of
// the query string stands again. Anything else is refused: the validator signs
// the first value of a key only, and readers disagree on which one counts.
func flatten(body, query string) (map[string]string, reason) {
	if strings.Count(body, "&")+strings.Count(query, "&") >= maxParams {
		return nil, badForm
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, badForm
	}
	asked, err := url.ParseQuery(query)
	if err != nil {
		return nil, badForm
	}
	params := make(map[string]string, len(form))
	for key, values := range form {
		if len(values) != 1 {
			return nil, repeatedKey
		}
		params[key] = values[0]
	}
	for key, values := range asked {
		if _, both := params[key]; both || len(values) != 1 {
			return nil, repeatedKey
		}
	}
	return params, admitted
}
