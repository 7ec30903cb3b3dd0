package phone_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
)

// hears takes in callbacks, or fails to.
type hears struct {
	err   error
	query url.Values
}

func (h *hears) Heard(_ context.Context, _ carrier.Webhook, query url.Values) error {
	h.query = query
	return h.err
}

func TestWhatBecameOfASendIsTakenInOrAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err      error
		unsigned bool
		want     int
	}{
		"written down":            {want: http.StatusNoContent},
		"of a row that is gone":   {err: fmt.Errorf("heard: %w", store.ErrNotFound), want: http.StatusNoContent},
		"while Postgres is away":  {err: store.ErrUnreachable, want: http.StatusServiceUnavailable},
		"that failed in our ways": {err: errors.New("broken"), want: http.StatusServiceUnavailable},
		"of nobody we know":       {unsigned: true, want: http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hears{err: c.err}
			web := newCalls(t, func(calls *calls) { calls.sent = h }).web
			form := url.Values{"MessageSid": {"SM1"}, "AccountSid": {account}, "MessageStatus": {"delivered"}, "From": {lineTo}, "To": {"+12125550143"}}
			r := httptest.NewRequest(http.MethodPost, phone.SentPath+"?r=token", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if !c.unsigned {
				r.Header.Set("X-Twilio-Signature", emulator.Sign(authToken, publicURL+r.URL.RequestURI(), form))
			}
			w := httptest.NewRecorder()
			if web.ServeHTTP(w, r); w.Code != c.want {
				t.Errorf("answered with %d, want %d", w.Code, c.want)
			}
			if heard := h.query.Get("r") == "token"; heard == c.unsigned {
				t.Errorf("heard: %t", heard)
			}
		})
	}
}
