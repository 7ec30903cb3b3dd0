package main

import (
	"context"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// newOutbox returns what sends by itself, through client and in the words of shelf.
func (a *app) newOutbox(client *carrier.Client, shelf *phone.Shelf) *outbox.Outbox {
	texts, calls := outbox.DefaultTexts, outbox.DefaultCalls
	texts.PerSecond, calls.PerSecond = a.config.textRate, a.config.callRate
	return outbox.New(outbox.Options{
		Queue: store.NewOutbox(a.db, a.keys), Recipients: a.members, Carrier: client, Lines: a.snapshots, Flows: shelf,
		Counts: a.db, Alone: a.db, Keys: a.keys,
		Served:    a.served,
		From:      func(string) vault.Number { return a.config.numbers[0] },
		Service:   a.config.service,
		PublicURL: a.config.publicURL, VoicePath: phone.VoicePath, SentPath: phone.SentPath,
		Countries: a.config.countries, Texts: texts, Calls: calls, AtOnce: outbox.DefaultAtOnce, Limits: outbox.DefaultLimits,
		OptedOut: func(ctx context.Context, line string, n vault.Number) error {
			return a.members.Stop(ctx, a.happening(line), n, true, a.groups(line))
		},
		Unreachable: func(ctx context.Context, line string, n vault.Number) error {
			return a.members.Unreachable(ctx, a.happening(line), n, a.groups(line))
		},
		Now: a.due, Log: a.log,
	})
}

// served are the lines that this program sends for: that of its settings, once
// there is a directory.
func (a *app) served() []string {
	snap, ok := a.snapshots.For(a.config.numbers[0])
	if !ok {
		return nil
	}
	return []string{snap.Directory.Line.ID}
}

// due is the time by which is told what is due.
func (a *app) due() time.Time {
	if a.clock != nil {
		return a.clock.Now()
	}
	return a.now()
}
