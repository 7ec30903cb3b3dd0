package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// openDB connects to the database of the settings.
func (c config) openDB(ctx context.Context, now func() time.Time) (*store.DB, error) {
	return store.Open(ctx, store.Options{URL: c.databaseURL, DirectURL: c.directURL, Now: now})
}

// onDB does something with the database of the settings.
func (s settings) onDB(ctx context.Context, io stdio, do func(c config, db *store.DB) error) error {
	c, err := s.forDatabase()
	if err != nil {
		return err
	}
	db, err := c.openDB(ctx, io.Now)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return do(c, db)
}

// onLine does something with the groups of the first line.
func (s settings) onLine(ctx context.Context, io stdio, do func(c config, db *store.DB, line flows.Line) error) error {
	return s.onDB(ctx, io, func(c config, db *store.DB) error {
		line, err := db.FirstLine(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return errors.New("there is no line yet: `hearthline serve` makes it from the settings when it first starts")
		}
		if err != nil {
			return err
		}
		return do(c, db, line)
	})
}

// keysOf are the keys of the settings. Those that are not the line's are refused: nobody
// would be found with them, and what they write nobody could read.
func (c config) keysOf(ctx context.Context, db *store.DB, line string) (*vault.Keyring, error) {
	keys, err := c.keyset().Load()
	if err != nil {
		return nil, err
	}
	all, err := store.NewRotation(db, keys).Fits(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.Line.ID == line && f.Err != nil {
			return nil, f.Err
		}
	}
	return keys, nil
}

type migrateCommand struct {
	Roles bool `help:"Also make the database's roles, with what each may do; needs a superuser, or the owner with CREATEROLE."`
}

// Run brings the tables up to this program.
func (m migrateCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onDB(ctx, io, func(_ config, db *store.DB) error {
		if err := db.Migrate(ctx); err != nil {
			return err
		}
		fmt.Fprintln(io.Out, "The database is up to date.")
		if !m.Roles {
			return nil
		}
		if err := db.ApplyRoles(ctx); err != nil {
			return err
		}
		fmt.Fprintln(io.Out, "The roles are as they should be. deploy/README.md says how to make logins.")
		return nil
	})
}

type lineCommands struct {
	List lineListCommand `cmd:"" help:"List the lines."`
}

type lineListCommand struct{}

// Run lists the lines.
func (lineListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onDB(ctx, io, func(_ config, db *store.DB) error {
		all, err := db.Lines(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "LINE\tNAME\tZONE\tLANGUAGES\tCODE LENGTH")
		for _, l := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", l.ID, l.Name, l.Zone, strings.Join(l.Languages, ","), l.CodeLength)
		}
		return w.Flush()
	})
}
