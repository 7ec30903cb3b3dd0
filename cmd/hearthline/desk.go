package main

import (
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// newDesk returns the coordinators' pages, of the line that the environment describes.
func (a *app) newDesk() (*console.Pages, error) {
	return console.New(console.Options{
		PublicURL: a.config.publicURL, DB: a.deskDB, Line: a.deskLine,
		Messages: store.NewMessages(a.deskDB, a.keys), Audience: a.members.Audience, Voicemail: store.NewVoicemail(a.db, a.keys),
		Accounts: store.NewAccounts(a.deskDB, a.keys, a.now), Directories: a.snapshots, Numbers: a.publicNumbers, Now: a.now, Log: a.log,
	})
}

// publicNumbers are the line's own, as they are printed.
func (a *app) publicNumbers() []console.PublicNumber {
	var all []console.PublicNumber
	for _, n := range a.config.numbers {
		all = append(all, console.PublicNumber{Written: carrier.Written(n), Dialled: n.Reveal(vault.ForWords), TollFree: n.TollFree()})
	}
	return all
}

// deskLine is the line whose desk there is, "" until it is known.
func (a *app) deskLine() string {
	for _, line := range a.served() {
		return line
	}
	return ""
}
