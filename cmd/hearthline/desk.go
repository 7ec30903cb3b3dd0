package main

import (
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// newDesk returns the coordinators' pages, of the line that the environment describes.
func (a *app) newDesk() (*console.Pages, error) {
	return console.New(console.Options{
		PublicURL: a.config.publicURL, DB: a.deskDB, Line: a.deskLine,
		Directories: a.snapshots, Now: a.now, Log: a.log,
		Setup: console.Setup{
			DB: a.db, Keys: func() *vault.Keyring { return a.keys }, Countries: a.config.countries,
			Owned: store.NewAccounts(a.db, a.keys, a.now).AddGroup,
		},
	})
}

// deskLine is the line whose desk there is, "" until it is known.
func (a *app) deskLine() string {
	for _, line := range a.served() {
		return line
	}
	return ""
}
