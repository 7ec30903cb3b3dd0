package carrier

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/twilio/twilio-go/client"
)

// What of Twilio's is asked without the library's own types: those of everything but
// calls and texts cost a program more to build than they save it.
const (
	apiHost       = "https://api.twilio.com"
	messagingHost = "https://messaging.twilio.com"
	monitorHost   = "https://monitor.twilio.com"

	// mostPages bounds a list, of an account's numbers as of its services.
	mostPages = 20
	atOnce    = 100
)

// ask makes one request and reads its answer into into, unless that is nil.
func (c *Client) ask(ctx context.Context, op, method, address string, values url.Values, into any) error {
	_, err := c.askAt(ctx, op, method, address, values, into)
	return err
}

// askAt is ask, and says when Twilio answered, by its own clock; zero if it did not say.
func (c *Client) askAt(ctx context.Context, op, method, address string, values url.Values, into any) (time.Time, error) {
	x := c.exchange(ctx)
	handler := &client.RequestHandler{Client: x.library()}
	headers := map[string]any{}
	var answer *http.Response
	var err error
	switch method {
	case http.MethodGet:
		answer, err = handler.Get(address, values, headers, "")
	case http.MethodPost:
		headers["Content-Type"] = "application/x-www-form-urlencoded"
		answer, err = handler.Post(address, values, headers, "")
	case http.MethodDelete:
		answer, err = handler.Delete(address, nil, headers, "")
	default:
		return time.Time{}, malformed(op)
	}
	var at time.Time
	if answer != nil {
		at, _ = http.ParseTime(answer.Header.Get("Date"))
	}
	switch {
	case into == nil:
		return at, x.done(op, err)
	case err != nil || !x.answered():
		return at, x.fault(op, err)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return at, x.fault(op, err)
	}
	return at, nil
}

// askPages reads a list page by page, and gives take each. The address of the next
// page is never followed: the page's number and token are read out of it.
func askPages[T any](ctx context.Context, c *Client, op, address string, values url.Values, take func(T) (next string)) error {
	values.Set("PageSize", strconv.Itoa(atOnce))
	seen := map[string]bool{}
	for range mostPages {
		var page T
		if err := c.ask(ctx, op, http.MethodGet, address, values, &page); err != nil {
			return err
		}
		next := take(page)
		if next == "" {
			return nil
		}
		u, err := url.Parse(next)
		if err != nil || seen[next] {
			return &Error{Op: op, Class: Temporary}
		}
		seen[next] = true
		for _, name := range []string{"Page", "PageToken"} {
			values.Set(name, u.Query().Get(name))
		}
	}
	return &Error{Op: op, Class: Temporary}
}

// meta is where the lists of the newer products say which page is next.
type meta struct {
	Next *string `json:"next_page_url"`
}

// account is the address of something in the account.
func (c *Client) account(path string) string {
	return apiHost + "/2010-04-01/Accounts/" + c.credentials.Username + path + ".json"
}
