package store_test

import (
	"context"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// entered is an act at the carrier, the same at every repetition.
var entered = store.By{Actor: "Ann Owner", Event: "provision", At: noon}

var changes = []store.Setting{{Kind: "number", Subject: "PN00000000000000000000000000000001", Field: "VoiceUrl", Before: "https://old.example/?secret=canary", After: "https://line.example.org/twilio/voice"}}

var goingPaths = []writePath{
	// Refusals are counted once a minute: one that is left out is let go.
	{name: "KeepContact", covers: "DB.KeepContact", web: true, once: true, do: func(ctx context.Context, p *paths) error {
		return p.db.KeepContact(ctx, p.id, noon, store.Contact{Hour: noon, Refused: 1})
	}},
	{name: "Save what stood at the carrier", covers: "Provisions.Save", do: func(ctx context.Context, p *paths) error {
		return store.NewProvisions(p.db, p.keys).Save(ctx, p.id, entered, changes)
	}},
	{name: "Put back what stood at the carrier", covers: "Provisions.Undone",
		before: func(t *testing.T, p *paths) {
			if err := store.NewProvisions(p.db, p.keys).Save(t.Context(), p.id, entered, changes); err != nil {
				t.Fatal(err)
			}
		},
		do: func(ctx context.Context, p *paths) error {
			return store.NewProvisions(p.db, p.keys).Undone(ctx, p.id, store.By{Actor: "Ann Owner", Event: "back", At: noon}, provisionID(ctx, p))
		}},
}

// provisionID is the id of what was entered, which its act gives it.
func provisionID(ctx context.Context, p *paths) string {
	var id string
	_ = p.look.QueryRowContext(ctx, `SELECT provision_id FROM provision`).Scan(&id) // none: nothing is put back, and the test says so
	return id
}
