package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

var sendingPaths = []writePath{
	// A row that was claimed and is in nobody's hand is claimed again later.
	{name: "Claim", covers: "Outbox.Claim", once: true, before: asked, do: func(ctx context.Context, p *paths) error {
		return errOf(p.claim(ctx))
	}},
	// Whoever does not know whether it was written down does not send, and settles.
	{name: "Intend", covers: "Outbox.Intend", once: true, before: claimed, do: func(ctx context.Context, p *paths) error {
		x := p.inHand
		permit, err := p.outbox.Intend(ctx, noon, &x, p.ann, generous)
		return toldIf(err, permit == store.Permitted)
	}},
	{name: "Settle what was sent", covers: "Outbox.Settle", before: intended, do: settle(store.Settled{To: store.SendAccepted})},
	{name: "Settle what was not sent", covers: "Outbox.Settle", before: intended, do: settle(store.Settled{To: store.SendDue, Again: noon.Add(time.Minute)})},
	{name: "Settle what was refused", covers: "Outbox.Settle", before: intended, do: settle(store.Settled{To: store.SendFailed, Reason: "filtered", Barred: true})},
	{name: "Settle and keep a mark", covers: "Outbox.Settle", before: intended, do: settle(store.Settled{To: store.SendAccepted, SID: someSID})},
	{name: "Heard", covers: "Outbox.Heard", before: intended, do: func(ctx context.Context, p *paths) error {
		return errOf(p.outbox.Heard(ctx, noon, store.Heard{
			Line: p.id, Row: p.inHand.ID, SID: someSID, Settled: store.Settled{To: store.SendFailed, Reason: "filtered", Barred: true}, Outcome: store.NotDelivered,
		}))
	}},
	{name: "Resolve", covers: "Outbox.Resolve", before: unknown, do: func(ctx context.Context, p *paths) error {
		return p.outbox.Resolve(ctx, later, p.nobodyKnows, store.Settled{To: store.SendAccepted, SID: someSID})
	}},
	{name: "Clear", covers: "Outbox.Clear", before: unknown, do: func(ctx context.Context, p *paths) error {
		return p.outbox.Clear(ctx, later, p.nobodyKnows)
	}},
	{name: "Tidy what was sent by who is gone", covers: "Outbox.Tidy", before: intended, do: func(ctx context.Context, p *paths) error {
		_, err := p.outbox.Tidy(ctx, noon.Add(time.Minute))
		return err
	}},
	{name: "Tidy of what nobody knows", covers: "Outbox.Tidy", before: unknown, do: func(ctx context.Context, p *paths) error {
		_, err := p.outbox.Tidy(ctx, noon.Add(10*time.Minute))
		return err
	}},
	{name: "Tidy what was not sent in time", covers: "Outbox.Tidy", before: claimed, do: func(ctx context.Context, p *paths) error {
		_, err := p.outbox.Tidy(ctx, noon.AddDate(0, 0, 2))
		return err
	}},
}

// settle is what became of the row in hand. What was written down by an attempt
// whose end is not known is no error.
func settle(s store.Settled) func(context.Context, *paths) error {
	return func(ctx context.Context, p *paths) error {
		if _, err := p.outbox.Settle(ctx, noon, p.inHand, s, generous); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	}
}

func (p *paths) claim(ctx context.Context) ([]store.Outgoing, error) {
	return p.outbox.Claim(ctx, noon, p.id, flows.ByText, texts1k, 1)
}

func claimed(t *testing.T, p *paths) {
	t.Helper()
	asked(t, p)
	p.inHand = must(p.claim(t.Context()))[0]
}

func intended(t *testing.T, p *paths) {
	t.Helper()
	claimed(t, p)
	must(p.outbox.Intend(t.Context(), noon, &p.inHand, p.ann, generous))
}

// later is when the carrier's list can tell of what was sent at noon.
var later = noon.Add(3 * time.Minute)

const someSID = "SM00000000000000000000000000000001"

func unknown(t *testing.T, p *paths) {
	t.Helper()
	intended(t, p)
	must(p.outbox.Settle(t.Context(), noon, p.inHand, store.Settled{To: store.SendUnknown}, generous))
	p.nobodyKnows = must(p.outbox.Unknowns(t.Context(), later, p.id))[0]
}

var keyPaths = []writePath{
	{name: "Beat", covers: "Replicas.Beat", before: silent, do: func(ctx context.Context, p *paths) error {
		return p.replicas.Beat(ctx, p.id, auditID, p.keys.KeysetID())
	}},
	{name: "Leave for good", covers: "Replicas.Leave", before: silent, do: func(ctx context.Context, p *paths) error {
		return p.replicas.Leave(ctx, p.id, silentID)
	}},
	{name: "Announce", covers: "Rotation.Announce", before: added, do: func(ctx context.Context, p *paths) error {
		return p.rotation.Announce(ctx)
	}},
	{name: "Move", covers: "Rotation.Move", before: promoted, do: func(ctx context.Context, p *paths) error {
		return p.rotation.Move(ctx, func(store.Moved) {})
	}},
	{name: "Finish", covers: "Rotation.Finish", before: promoted, do: func(ctx context.Context, p *paths) error {
		return p.rotation.Finish(ctx)
	}},
}

const silentID = "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70aa12"

// silent is a program that has not said anything for long.
func silent(t *testing.T, p *paths) {
	do(t, p.look, `INSERT INTO replica (line_id, replica_id, keyset, seen_at) VALUES ($1, $2, '', now() - interval '1 day')`, p.id, silentID)
}

// added is a keyset with new keys, of which there is no trace yet.
func added(t *testing.T, p *paths) {
	t.Helper()
	step(t, p, p.file.Add)
}

// promoted is a keyset with new primary keys, while everything is under the old
// ones.
func promoted(t *testing.T, p *paths) {
	t.Helper()
	manyTraces(t, p)
	if _, err := p.db.ImportGroups(t.Context(), p.keys, p.id, p.sample); err != nil {
		t.Fatal(err)
	}
	added(t, p)
	if err := p.rotation.Announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	step(t, p, p.file.Promote)
}

// step takes the keyset file one step on.
func step(t *testing.T, p *paths, do func() error) {
	t.Helper()
	if err := do(); err != nil {
		t.Fatal(err)
	}
	if changed, err := p.keys.Reload(); err != nil || !changed {
		t.Fatal("not reloaded", err)
	}
}
