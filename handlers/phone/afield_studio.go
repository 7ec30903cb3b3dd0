package phone

import (
	"context"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// Studio keeps the prompts that are spoken in people's voices.
type Studio interface {
	// Next is the first line of a flow's script, after the one of a number and round to it,
	// that nobody has recorded; false if there is none.
	Next(ctx context.Context, line string, f *flows.Flow, lang string, after int) (flows.ScriptLine, bool, error)
	// Draft keeps a recording in the voice of an account. ErrUnclear says that it cannot be
	// made good.
	Draft(ctx context.Context, line string, by store.By, account, lang string, of flows.ScriptLine, wav []byte) error
}

// Unrecorded is the number of the next prompt that nobody has recorded, 0 if there is none.
func (a *Afield) Unrecorded(ctx context.Context, act DeskAct, f *flows.Flow, lang string, after int) (int, error) {
	if _, err := a.may(ctx, act, store.RoleCoordinator, ""); err != nil {
		return 0, err
	}
	l, ok, err := a.Studio.Next(ctx, act.Line, f, lang, after)
	if err != nil || !ok {
		return 0, err
	}
	return l.Number, nil
}

// Record keeps a prompt in the account's voice, for an owner to approve.
func (a *Afield) Record(ctx context.Context, act DeskAct, lang string, of flows.ScriptLine, wav []byte) error {
	by, err := a.may(ctx, act, store.RoleCoordinator, "")
	if err != nil {
		return err
	}
	return a.Studio.Draft(ctx, act.Line, by, act.Account, lang, of, wav)
}
