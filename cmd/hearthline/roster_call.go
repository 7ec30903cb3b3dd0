package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type rosterCallCommand struct {
	waitingOne
	Account string `required:"" help:"Whose own phone rings: the e-mail address of a coordinator's account, who has confirmed a number at the desk." placeholder:"EMAIL"`
}

// Run has the line ring a coordinator's own phone, and then who waits: neither sees the
// other's number. The call is placed from here; the running program answers what comes
// of it.
func (c rosterCallCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atSessions(ctx, io, func(at sessionDesk) error {
		now := func() time.Time { return at.now }
		d := rosterDesk{stdio: io, roster: store.NewRoster(at.db, at.keys, now), flow: at.flow, line: at.line, groups: at.groups}
		e, code, err := d.waiting(ctx, c.Number)
		if err != nil {
			return err
		}
		accounts := store.NewAccounts(at.db, at.keys, now)
		who, err := accountDesk{accounts: accounts, line: at.line}.of(ctx, c.Account)
		if err != nil {
			return err
		}
		if !who.May(store.RoleCoordinator) || !who.Has(e.Group) {
			return fmt.Errorf("%s is no coordinator of group %s, or does not sign in at the desk yet", who.Name, code)
		}
		calls, err := at.calls(d.roster)
		if err != nil {
			return err
		}
		rung := coordinatorCall{accounts: accounts, who: who, by: store.By{Actor: cmp.Or(strings.TrimSpace(c.As), actor()+", for "+who.Name), At: at.now}}
		if err := rung.ring(ctx, calls, d, e); err != nil {
			return err
		}
		change := rosterChange{code, d.called(e), "ringing"}
		if c.JSON {
			return d.json(change)
		}
		fmt.Fprintf(d.Out, "%s's phone rings in a moment. Whoever presses 1 there is connected with %s, who waits for group %s. Neither sees the other's number.\n", who.Name, change.Name, code)
		return nil
	})
}

// coordinatorCall is that a coordinator is connected with who waits.
type coordinatorCall struct {
	accounts *store.Accounts
	who      store.Account
	by       store.By
}

// ring is entered before it is done, and counted as one of the desk is.
func (r coordinatorCall) ring(ctx context.Context, calls *phone.Calls, d rosterDesk, e store.RosterEntry) error {
	n, err := r.accounts.NumberOf(ctx, d.line.ID, r.who.ID)
	switch {
	case err != nil:
		return err
	case n.IsZero():
		return fmt.Errorf("%s has no number that was confirmed; it is entered at the desk under My account, and confirmed by calling from it", r.who.Name)
	}
	err = r.accounts.MayRing(ctx, d.line.ID, r.who.ID, r.by.At)
	if err == nil {
		_, err = d.roster.Calls(ctx, d.line.ID, r.by, e.Group, e.Key)
	}
	if err == nil {
		err = calls.RingMasked(ctx, phone.MaskedCall{Line: d.line.ID, Group: e.Group, Key: e.Key, Lang: cmp.Or(r.who.Lang, d.line.Languages[0]), Staff: n})
	}
	switch {
	case errors.Is(err, phone.ErrAtNight):
		return errors.New("nobody was called: this is not an hour at which they may be, where they are or by what they call safe")
	case errors.Is(err, store.ErrTooOften):
		return fmt.Errorf("nobody was called: the line connects %s ten times a day at most", r.who.Name)
	case errors.Is(err, store.ErrNotFound):
		return errors.New("nobody was called: they let nobody call them, which `hearthline roster list --waiting` shows, or one of the two numbers is in no country of ALLOWED_COUNTRIES")
	}
	return err
}

// calls place calls from here, and answer none.
func (d sessionDesk) calls(roster *store.Roster) (*phone.Calls, error) {
	client, err := d.config.client()
	if err != nil {
		return nil, err
	}
	return phone.New(phone.Options{
		PublicURL: d.config.publicURL, Keys: d.keys, Directories: oneLine{&store.Snapshot{Directory: d.view.Directory}},
		Masks: masks{roster, store.NewVoicemail(d.db, d.keys)}, Place: client.Place, Countries: d.config.countries, Flows: oneFlow{d.flow},
		Number: func(string) vault.Number { return d.config.numbers[0] },
		Now:    func() time.Time { return d.now },
	}), nil
}

// oneLine is the directory of a command, which works on one line.
type oneLine struct{ snapshot *store.Snapshot }

// For returns the line, whatever number was called: a command is not.
func (o oneLine) For(vault.Number) (*store.Snapshot, bool) { return o.snapshot, true }

// Line returns the line if it has that id.
func (o oneLine) Line(id string) (*store.Snapshot, bool) {
	return o.snapshot, o.snapshot.Directory.Line.ID == id
}

// oneFlow is what callers hear on the line of a command.
type oneFlow struct{ flow *flows.Flow }

// Current returns it, whatever the line.
func (o oneFlow) Current(string) *flows.Flow { return o.flow }

// For returns it, whoever calls: a command rings nobody who tests a draft.
func (o oneFlow) For(string, vault.Number) *flows.Flow { return o.flow }

// Version returns it: a command answers no call that began on another.
func (o oneFlow) Version(context.Context, string, string) (*flows.Flow, error) { return o.flow, nil }

// waiting returns who waits under a number, and the code of the group.
func (d rosterDesk) waiting(ctx context.Context, number int) (e store.RosterEntry, code string, err error) {
	codes := map[string]string{}
	var ids []string
	for _, g := range d.groups {
		ids, codes[g.ID] = append(ids, g.ID), g.Code
	}
	e, err = d.roster.Numbered(ctx, d.line.ID, ids, number)
	if errors.Is(err, store.ErrNotFound) {
		return e, "", fmt.Errorf("nobody waits under the number %d; `hearthline roster list --waiting` shows who does", number)
	}
	return e, codes[e.Group], err
}
