package main

import (
	"context"
	"errors"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// masks are those with whom a coordinator may be connected.
type masks struct {
	*store.Roster
	voicemail *store.Voicemail
}

func (a *app) newMasks() masks {
	return masks{store.NewRoster(a.db, a.keys, a.now), store.NewVoicemail(a.db, a.keys)}
}

// Left is who left a voice message and may be rung back.
func (m masks) Left(ctx context.Context, line, voice string) (vault.Number, flows.Preferences, error) {
	n, lang, err := m.voicemail.RingBack(ctx, line, voice)
	return n, flows.Preferences{Language: lang}, err
}

// ringThrough connects who has an account with who waits to be let into a group, or who
// left a voice message: the line rings the account's own phone first.
func (a *app) ringThrough(calls *phone.Calls) func(context.Context, console.Ringing) error {
	return func(ctx context.Context, r console.Ringing) error {
		n, err := store.NewAccounts(a.db, a.keys, a.now).NumberOf(ctx, r.Line, r.Account)
		if err == nil && n.IsZero() {
			err = store.ErrNotFound
		}
		if err == nil {
			err = calls.RingMasked(ctx, phone.MaskedCall{Line: r.Line, Group: r.Group, Key: r.Key, Voice: r.Voice, Lang: r.Lang, Staff: n})
		}
		switch {
		case errors.Is(err, phone.ErrAtNight):
			return console.ErrNotNow
		case errors.Is(err, phone.ErrNoSuchCall):
			return console.ErrNoSuchCall
		}
		return err
	}
}
