package main

import (
	"context"
	"errors"

	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
)

// ringThrough connects who has an account with who waits to be let into a group: the
// line rings the account's own phone first.
func (a *app) ringThrough(calls *phone.Calls) func(context.Context, console.Ringing) error {
	return func(ctx context.Context, r console.Ringing) error {
		n, err := store.NewAccounts(a.db, a.keys, a.now).NumberOf(ctx, r.Line, r.Account)
		if err == nil && n.IsZero() {
			err = store.ErrNotFound
		}
		if err == nil {
			err = calls.RingMasked(ctx, phone.MaskedCall{Line: r.Line, Group: r.Group, Key: r.Key, Lang: r.Lang, Staff: n})
		}
		if errors.Is(err, phone.ErrAtNight) {
			return console.ErrNotNow
		}
		return err
	}
}
