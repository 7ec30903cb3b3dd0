package phone

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// note is what is said into a room, to one or to all. Whatever fails, nothing is
// said: an apology would interrupt people who asked for nothing.
func (c *Calls) note(e echo.Context) error {
	w, ok := carrier.WebhookOf(e)
	if !ok {
		return echo.ErrForbidden
	}
	ctx, cancel := context.WithTimeout(e.Request().Context(), c.deadline)
	defer cancel()
	body, err := c.try(ctx, c.noted, w, e.QueryParams())
	if err != nil {
		c.Log.ErrorContext(ctx, "a note could not be said", "error", err)
		if body, err = (carrier.Response{}).Encode(); err != nil {
			return err
		}
	}
	return e.Blob(http.StatusOK, carrier.ContentType, body)
}

var errNoPrompt = errors.New("a note has a prompt that the flow has not, or that has no words")

// noted renders a note. The carrier says of what is for a whole room neither who
// hears it nor on which line: the address tells.
func (c *Calls) noted(ctx context.Context, _ carrier.Webhook, query url.Values) (carrier.Response, error) {
	v, err := c.Rooms.Voice(ctx, query)
	if err != nil {
		return nil, err
	}
	if v.Prompt == flows.Chime {
		return carrier.Response{carrier.Play{URL: c.PublicURL + chimePath}}, nil
	}
	snap, ok := c.Directories.Line(v.Line)
	if !ok {
		return nil, errNoLine
	}
	f := c.Flows.Current(v.Line)
	view := c.viewOn(snap)
	if view.Session, err = c.Rooms.Tells(ctx, f, v); err != nil || view.Session == nil {
		return nil, err // of a session that is gone there is nothing to say
	}
	said := f.Say(view, flows.State{Lang: v.Lang, Slow: v.Slow, Group: v.Group}, v.Prompt)
	if said.Text() == "" {
		return nil, errNoPrompt
	}
	return carrier.Verbs(carrier.Spoken(f, c.voiced(v.Line, []flows.Utterance{said}))), nil
}

// viewOn is what is said of a line whose number the webhook does not tell.
func (c *Calls) viewOn(snap *store.Snapshot) flows.View {
	return flows.View{Now: c.minute(), Directory: snap.Directory}
}
