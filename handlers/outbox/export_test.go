package outbox

import (
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// SafeFrom is when somebody of that number may be reached, at or after at.
func SafeFrom(p flows.Preferences, home string, n vault.Number, at time.Time) time.Time {
	return p.SafeFrom(p.Zones(home, n.Zones()), at)
}

// WaitFor has an outbox wait for so long wherever it waits for a database.
func (o *Outbox) WaitFor(d time.Duration) { o.patience = patience{d, d, d, d} }
