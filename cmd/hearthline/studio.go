package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
)

// newStudio makes what has callers hear prompts in people's voices.
func (a *app) newStudio() {
	a.studio = studio.New(studio.Options{
		Store: store.NewRecordings(a.db, a.keys), Dir: filepath.Join(a.config.stateDir, "audio"), Served: a.served,
		PublicURL: a.config.publicURL, Now: a.now, Log: a.log,
	})
}

// takes keeps what somebody records by phone.
type takes struct{ *studio.Library }

// Draft says in the phone's words that a recording cannot be used.
func (t takes) Draft(ctx context.Context, line string, by store.By, account, lang string, of flows.ScriptLine, wav []byte) error {
	err := t.Library.Draft(ctx, line, by, account, lang, of, wav)
	if errors.Is(err, studio.ErrUnclear) {
		return errors.Join(phone.ErrUnclear, err)
	}
	return err
}

// callsToRecord rings an account's own phone, and leads to recording once they have keyed
// in their PIN.
func (a *app) callsToRecord(calls *phone.Calls) func(context.Context, console.StudioCall) error {
	return func(ctx context.Context, c console.StudioCall) error {
		n, err := store.NewAccounts(a.db, a.keys, a.now).NumberOf(ctx, c.Line, c.Account)
		if err == nil && n.IsZero() {
			err = store.ErrNotFound
		}
		if err == nil {
			err = calls.RingStudio(ctx, phone.StudioCall{Line: c.Line, Lang: c.Lang, Prompt: c.Prompt, Staff: n})
		}
		if errors.Is(err, phone.ErrNothingToRecord) {
			return console.ErrNothingToRecord
		}
		return err
	}
}
