package main

import (
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/store"
)

// newDesk returns the coordinators' pages, of the line that the environment describes.
func (a *app) newDesk() (*console.Pages, error) {
	return console.New(console.Options{
		PublicURL: a.config.publicURL, DB: a.deskDB, Line: a.deskLine,
		Accounts: store.NewAccounts(a.deskDB, a.keys, a.now), Directories: a.snapshots, Now: a.now, Log: a.log,
	})
}

// deskLine is the line whose desk there is, "" until it is known.
func (a *app) deskLine() string {
	for _, line := range a.served() {
		return line
	}
	return ""
}
