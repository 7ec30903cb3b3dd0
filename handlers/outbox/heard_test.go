package outbox_test

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Who told the carrier to stop has told us, also of a row that is gone: until it is
// written down, the carrier must tell it again.
func TestAnOptOutThatFailsIsAskedForAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	stop := url.Values{"MessageStatus": {"undelivered"}, "ErrorCode": {"21610"}}
	stops, fails := 0, errors.New("the database is away")
	r.o.OptedOut = func(context.Context, string, vault.Number) error { stops++; return fails }
	o := outbox.New(r.o)
	gone := r.put(1, flows.ByText, asked(t, ida))
	r.pass(o)
	r.do(`DELETE FROM outbox`)
	if err := r.told(o, gone, stop); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is not asked for again: %v", err)
	}
	fails = nil
	if err := r.told(o, gone, stop); !errors.Is(err, store.ErrNotFound) || stops != 2 {
		t.Errorf("told %d times, %v", stops, err)
	}
}
