package phone

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// nowhere knows no line.
type nowhere struct{ Directories }

func (nowhere) For(vault.Number) (*store.Snapshot, bool) { return nil, false }

// Who calls a number of which no line is known hears so in each language, and who answers
// a call of ours hears nothing.
func TestAnApologyWithoutALine(t *testing.T) {
	t.Parallel()
	c := New(Options{PublicURL: webhookBase, Directories: nowhere{}})
	for direction, speaks := range map[string]bool{"inbound": true, "outbound-api": false, "outbound-dial": false} {
		asked(t, webhookBase+VoicePath, direction, "", nil, func(w carrier.Webhook, query url.Values) {
			document, err := c.apology(w, VoicePath, query).Encode()
			if err != nil {
				t.Fatal(err)
			}
			for _, words := range flows.LastResort() {
				if strings.Contains(string(document), words.Again[:6]) != speaks {
					t.Errorf("%s, %s:\n%s", direction, words.Lang, document)
				}
			}
		})
	}
}
