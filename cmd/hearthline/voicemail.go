package main

import (
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/voicemail"
	"github.com/hearthline/hearthline/store"
)

// newVoicemail makes what brings home what callers say to the carrier's recorder.
func (a *app) newVoicemail(client *carrier.Client) {
	a.voicemail = voicemail.New(voicemail.Options{
		Store: store.NewVoicemail(a.db, a.keys), Carrier: client, Keys: a.keys, Served: a.served, PublicURL: a.config.publicURL,
		Now: a.now, Log: a.log,
	})
}
