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

// readSounds has callers hear the recordings of the line's folder, and says why of each
// that they do not.
func (a *app) readSounds(flow *flows.Flow) (problems []flows.Problem, err error) {
	a.sounding.Lock()
	defer a.sounding.Unlock()
	folder := a.studio.NewFolder()
	if problems, err = folderSounds(a.config.flowDir, flow, folder.Take); err == nil {
		a.studio.SetFolder(folder)
	}
	return problems, err
}

// playFolder is readSounds at the start, when calls are answered already: until it is
// done, and where it cannot be, all is spoken.
func (a *app) playFolder() {
	if a.ownBroken.Load() {
		return
	}
	problems, err := a.readSounds(a.flow)
	if err != nil {
		a.log.Warn("the recordings of LINE_FLOW_DIR are not heard", "error", err)
	}
	for _, p := range problems {
		a.log.Warn("a recording of LINE_FLOW_DIR", "problem", p.String())
	}
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

// callsToRecord rings an account's own phone, where the line may call, and leads to recording once they have keyed
// in their PIN.
func (a *app) callsToRecord(calls *phone.Calls) func(context.Context, console.StudioCall) error {
	return func(ctx context.Context, c console.StudioCall) error {
		n, err := store.NewAccounts(a.db, a.keys, a.now).NumberOf(ctx, c.Line, c.Account)
		if err == nil && (n.IsZero() || !a.mayAsk(n)) {
			err = store.ErrNotFound // or of a country that is not called any more
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
