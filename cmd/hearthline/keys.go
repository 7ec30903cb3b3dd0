package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type keysCommands struct {
	Init   keysInitCommand   `cmd:"" help:"Make a keyset. Never overwrites one."`
	Check  keysCheckCommand  `cmd:"" help:"Say whether the keyset can be used, its fingerprint, and whether it fits the database."`
	Rotate keysRotateCommand `cmd:"" help:"Exchange the keys that numbers are found and sealed by, while calls go on."`
	Backup keysBackupCommand `cmd:"" help:"Back up the members' own keys, which no backup of the database holds."`
}

type keysInitCommand struct{}

// Run makes a keyset.
func (keysInitCommand) Run(s *settings, io stdio) error {
	file, err := s.keyset()
	if err != nil {
		return err
	}
	k, err := file.Create()
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "A keyset was made: %s\n%s", file.Path, k.Summary())
	if !file.Passphrase.IsZero() {
		fmt.Fprintln(io.Out, "HEARTHLINE_KEYSET_PASSPHRASE wraps it: without the passphrase the file is of no use, to you either.")
	}
	fmt.Fprintln(io.Out, "Keep a copy apart from the database and its backups: without it, nobody's number can be read again.")
	return nil
}

type keysCheckCommand struct{}

// Run reads the keyset as serve would, and looks whether it fits the database.
func (keysCheckCommand) Run(ctx context.Context, s *settings, io stdio) error {
	file, err := s.keyset()
	if err != nil {
		return err
	}
	k, err := file.Load()
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "The keyset is whole: %s\n%s", file.Path, k.Summary())
	switch wrapped, err := file.Wrapped(); {
	case err != nil:
		return err
	case wrapped:
		fmt.Fprintln(io.Out, "A passphrase wraps it.")
	case !file.Passphrase.IsZero():
		fmt.Fprintln(io.Out, "Nothing wraps it, though HEARTHLINE_KEYSET_PASSPHRASE is set: `hearthline keys rotate` will.")
	}
	if s.DatabaseURL == "" {
		return nil
	}
	return s.onDB(ctx, io, func(_ config, db *store.DB) error { return tellFit(ctx, db, k, io) })
}

// tellFit says whether a keyset fits the lines of a database.
func tellFit(ctx context.Context, db *store.DB, k *vault.Keyring, io stdio) error {
	rotation := store.NewRotation(db, k)
	fits, err := rotation.Fits(ctx)
	if errors.Is(err, store.ErrNoTables) {
		fmt.Fprintln(io.Out, "The database is not set up: `hearthline migrate` or `hearthline serve` will do that.")
		return nil
	}
	if err != nil {
		return err
	}
	misfits := 0
	for _, fit := range fits {
		if fit.Err != nil {
			misfits++
			fmt.Fprintf(io.Err, "%s: %s\n", fit.Line.Name, fit.Err)
			continue
		}
		fmt.Fprintf(io.Out, "%s: the keyset fits.\n", fit.Line.Name)
	}
	left, err := rotation.Left(ctx)
	if err != nil {
		return err
	}
	for _, l := range left {
		if l.Older > 0 {
			fmt.Fprintf(io.Out, "%d %s of %s under an older key: `hearthline keys rotate` goes on from here.\n", l.Older, plural(l.Older, "row", "rows"), l.Table)
		}
		if l.Lost > 0 {
			fmt.Fprintf(io.Err, "%d %s of %s under a key that is not in the keyset: nobody can read them with it.\n", l.Lost, plural(l.Lost, "row", "rows"), l.Table)
		}
	}
	if misfits > 0 {
		return errReported
	}
	return nil
}

type keysBackupCommand struct {
	Dir string `arg:"" help:"The folder that gets the file." type:"existingdir"`
}

// Run backs the schema keys up.
func (b keysBackupCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onDB(ctx, io, func(_ config, db *store.DB) error {
		made, err := db.BackupKeys(ctx, b.Dir, time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "The members' keys were backed up: %s\n", made.File)
		for _, old := range made.Removed {
			fmt.Fprintf(io.Out, "Older than seven days, and removed: %s\n", old)
		}
		fmt.Fprintf(io.Out, "To restore, after the database's own tables:\n  pg_restore %s --dbname \"$DATABASE_URL\" %s\n",
			strings.Join(store.RestoreKeysOptions(), " "), made.File)
		fmt.Fprintln(io.Out, "It can be read only with the keyset of today, and brings back the keys of whoever is erased from now on: "+
			"restore the newest, and let no copy grow older than seven days.")
		return nil
	})
}
