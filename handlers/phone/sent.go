package phone

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// Callbacks take in what the carrier tells of a text or a call of ours.
type Callbacks interface {
	Heard(ctx context.Context, w carrier.Webhook, query url.Values) error
}

// sent takes in what the carrier tells of what we sent. What cannot be written down
// is asked for again; of a row that is gone there is nothing to write.
func (c *Calls) sent(e echo.Context) error {
	return c.taken(e, "what became of a text or a call is asked for again", c.Sent.Heard)
}

// taken answers a webhook that nobody waits for: the carrier asks again when it
// could not be taken in.
func (c *Calls) taken(e echo.Context, failed string, take func(context.Context, carrier.Webhook, url.Values) error) error {
	w, ok := carrier.WebhookOf(e)
	if !ok {
		return echo.ErrForbidden
	}
	ctx, cancel := context.WithTimeout(e.Request().Context(), c.deadline)
	defer cancel()
	if err := take(ctx, w, e.QueryParams()); err != nil && !errors.Is(err, store.ErrNotFound) {
		c.Log.WarnContext(ctx, failed, "error", err)
		return e.NoContent(http.StatusServiceUnavailable)
	}
	return e.NoContent(http.StatusNoContent)
}
