package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/doctor"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// newDoctor returns who looks at the line of the settings.
func (c config) newDoctor(client *carrier.Client, flow func() *flows.Flow, db *store.DB, keys *vault.Keyring, line func() string, said func() doctor.Said, now func() time.Time, unusable func() []string) *doctor.Doctor {
	o := doctor.Options{
		PublicURL: c.publicURL, VoicePath: phone.VoicePath, TextPath: phone.TextPath, Numbers: c.numbers, Service: c.service, Countries: c.countries,
		Said: said, Voice: func(lang string) flows.Voice { return flow().Voice(lang) }, Unusable: unusable, Carrier: client, Line: line, Now: now,
		Contact: func(context.Context, string, time.Time) (store.Contact, error) {
			return store.Contact{}, errors.New("there is no database")
		},
	}
	if db != nil {
		o.Contact = db.Contact
	}
	if keys != nil {
		o.Provisions = store.NewProvisions(db, keys)
	}
	return doctor.New(o)
}

// said is what the settings alone say of the line.
func (c config) said() doctor.Said {
	return doctor.Said{Crisis: c.crisis, CrisisName: c.crisisName, Emergency: c.emergency, Languages: c.languages}
}

// saidOf is what a line says of itself, for a command.
func (c config) saidOf(db *store.DB, keys *vault.Keyring, line flows.Line) func() doctor.Said {
	return func() doctor.Said {
		return doctor.Said{Crisis: c.crisisSaid(db, keys)(line.ID), CrisisName: line.CrisisName, Emergency: line.Emergency, Languages: line.Languages}
	}
}

// said is what the line of the desk says of itself by now.
func (a *app) said() doctor.Said {
	snap, ok := a.snapshots.Line(a.deskLine())
	if !ok {
		return a.config.said()
	}
	line := snap.Directory.Line
	return doctor.Said{Crisis: a.config.crisisOf(a.snapshots)(line.ID), CrisisName: line.CrisisName, Emergency: line.Emergency, Languages: line.Languages}
}

// keepContact takes when the carrier called in the last minute to Postgres, to the
// hour, and how many requests were refused. What cannot be written is let go.
func (a *app) keepContact(ctx context.Context) {
	heard := a.guard.Drain()
	if heard == (carrier.Heard{}) || a.line == "" {
		return
	}
	c := store.Contact{Advanced: heard.Advanced, Refused: heard.Refused}
	if heard.Calls {
		c.Hour = a.now()
	}
	if err := a.db.KeepContact(ctx, a.line, a.now(), c); err != nil {
		a.log.Debug("when the carrier called was let go", "error", err)
	}
}

type doctorCommand struct {
	JSON     bool   `name:"json" help:"As JSON."`
	Offline  bool   `help:"Ask nobody: say what the settings alone tell."`
	Fallback bool   `help:"Print what callers hear while this machine is down, for a TwiML Bin."`
	Lang     string `enum:"en,es" default:"en" help:"en or es."`
}

// The exit codes of doctor: what was found is not a fault of the command.
const (
	exitWarn exitCode = 1
	exitBad  exitCode = 2
)

// exitCode is returned by a command that has said all there is to say.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Run looks at the line, and says in a sentence each how it stands.
func (cmd doctorCommand) Run(ctx context.Context, s *settings, io stdio) error {
	c, flow, client, err := s.toLookAt()
	if err != nil {
		return err
	}
	var db *store.DB
	var line flows.Line
	said := c.said
	var unusable func() []string
	if !cmd.Offline {
		db, line = c.reachable(ctx, io.Now)
		if db != nil {
			defer func() { _ = db.Close() }()
			if keys, err := c.keyset().Load(); err == nil {
				looks, err := c.lookAt(ctx, db, keys, line.ID)
				if err != nil {
					return err
				}
				flow = looks.heard
				said, unusable = c.saidOf(db, keys, line), func() []string { return looks.unusable }
			}
		}
	}
	d := c.newDoctor(client, func() *flows.Flow { return flow }, db, nil, func() string { return line.ID }, said, io.Now, unusable)
	if cmd.Fallback {
		return printFallback(d, io.Out)
	}
	look := d.Check
	if cmd.Offline {
		look = func(context.Context) []doctor.Finding { return d.CheckOffline() }
	}
	all := look(ctx)
	if cmd.JSON {
		err = io.json(all)
	} else {
		tellFindings(io.Out, all, cmd.Lang)
	}
	if err != nil {
		return err
	}
	switch doctor.Worst(all) {
	case doctor.Bad:
		return exitBad
	case doctor.Warn:
		return exitWarn
	}
	return nil
}

// printFallback writes what callers hear while the line is down, an element a line.
func printFallback(d *doctor.Doctor, out io.Writer) error {
	document, err := d.FallbackDocument()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, strings.ReplaceAll(string(document), "><", ">\n<"))
	return err
}

// toLookAt is what a doctor works with, whatever has become of the database: of flows, the
// one that is heard where nothing is published.
func (s settings) toLookAt() (config, *flows.Flow, *carrier.Client, error) {
	c, err := s.forServing()
	if err != nil {
		return config{}, nil, nil, err
	}
	flow, _, err := c.ownFlow()
	if err != nil {
		return config{}, nil, nil, err
	}
	client, err := c.client()
	return c, flow, client, err
}

// reachable is the database and its first line; nil without one, which must not keep
// anybody from learning why.
func (c config) reachable(ctx context.Context, now func() time.Time) (*store.DB, flows.Line) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	db, err := c.openDB(ctx, now)
	if err != nil {
		return nil, flows.Line{}
	}
	line, err := db.FirstLine(ctx)
	if err != nil {
		_ = db.Close()
		return nil, flows.Line{}
	}
	return db, line
}

func tellFindings(out io.Writer, all []doctor.Finding, lang string) {
	area := ""
	for _, f := range all {
		if f.Area != area && area != "" {
			fmt.Fprintln(out)
		}
		area = f.Area
		fmt.Fprintf(out, "%s %s\n", f.State.Mark(), f.Says(lang))
		if fix := f.Fix(lang); fix != "" {
			fmt.Fprintf(out, "  → %s\n", fix)
		}
	}
	if worst := doctor.Worst(all); worst == doctor.OK || worst == doctor.Skipped {
		fmt.Fprintln(out, "\n"+strings.TrimSpace(map[string]string{"en": "All is well.", "es": "Todo está bien."}[lang]))
	}
}
