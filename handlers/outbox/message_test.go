package outbox_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
)

// A message is said in the language of who gets it, where staff wrote in that; who
// chose calls is rung; and one of which nothing is left goes to nobody.
func TestMessagesToAGroup(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	who := func(n, lang string, said store.Said) store.Recipient {
		return store.Recipient{Number: number(t, n), Said: said, Preferences: flows.Preferences{Language: lang, Zone: "America/New_York"}}
	}
	both := store.Said{Words: flows.Words{"en": "The hall is closed.", "es": "El salón está cerrado."}}
	in := r.clock.now().Add(48 * time.Hour)
	en := r.tells(1, store.ToGroup, "message", flows.ByText, who("+12125550143", "en", both), in)
	es := r.tells(2, store.ToGroup, "message", flows.ByText, who("+12125550144", "es", both), in)
	gone := r.tells(3, store.ToGroup, "message", flows.ByText, who("+12125550145", "en", store.Said{}), in)
	call := r.tells(4, store.ToGroup, "message", flows.ByCall, who("+12125550146", "en", both), in)
	r.pass(outbox.New(r.o))
	said := map[string]bool{}
	for _, m := range r.carrier.texts {
		said[m.Body] = true
	}
	for _, want := range []string{"The hall is closed.", "El salon esta cerrado."} {
		if !said[want] {
			t.Errorf("nobody got %q: %v", want, said)
		}
	}
	for id, want := range map[string]string{en: "accepted", es: "accepted", call: "accepted", gone: "lapsed"} {
		if state, reason, _ := r.row(id); state != want {
			t.Errorf("%s, want %s (%s)", state, want, reason)
		}
	}
}
