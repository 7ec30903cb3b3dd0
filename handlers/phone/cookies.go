package phone

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
)

// Where the carrier asks on by an address that is not of this turn's making, it
// brings along what it was handed earlier in the call: it keeps cookies for as long
// as that lasts. What is lost with one is not needed for a call to go on.
// Source: https://www.twilio.com/docs/usage/webhooks/getting-started-twilio-webhooks
const (
	stateCookie = "state" // sealed, of a leg that went into a room
	keyCookie   = "key"   // by which somebody left the queue at a room's door
)

// anyKey is the key of who left a queue when its cookie is lost.
const anyKey = "*"

type keepsKey struct{}

// keeping has a handler's answer hand over what it keeps.
func keeping(ctx context.Context) (context.Context, map[string]string) {
	keeps := map[string]string{}
	return context.WithValue(ctx, keepsKey{}, keeps), keeps
}

// keep has the carrier bring a value along.
func keep(ctx context.Context, name, value string) {
	if keeps, ok := ctx.Value(keepsKey{}).(map[string]string); ok {
		keeps[name] = value
	}
}

// hand gives the carrier what a handler keeps.
func (c *Calls) hand(e echo.Context, keeps map[string]string) {
	for _, name := range []string{stateCookie, keyCookie} {
		if value, ok := keeps[name]; ok {
			e.SetCookie(&http.Cookie{
				Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
				Secure: strings.HasPrefix(c.PublicURL, "https:"),
			})
		}
	}
}

// recalled is the query of a request, with what was handed over for it.
func recalled(e echo.Context, w carrier.Webhook) url.Values {
	query := e.QueryParams()
	if k, err := e.Cookie(keyCookie); err == nil && w.QueueResult() == carrier.QueueLeft && isKey(k.Value) {
		query.Set(leftKey, k.Value)
	}
	if s, err := e.Cookie(stateCookie); err == nil && e.Path() == rooms.RejoinPath {
		query.Set(stateKey, s.Value)
	}
	return query
}

func isKey(s string) bool { return len(s) == 1 && strings.Contains("0123456789*#", s) }
