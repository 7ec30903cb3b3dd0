package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type keysRotateCommand struct {
	Wait         time.Duration `default:"5m" help:"How long to wait for running programs to take a step over."`
	LeaveDamaged bool          `help:"Drop the old keys even if damaged rows stay under them, which gives those rows up."`
}

// Run goes through a rotation from wherever it is, by the file and the database.
func (r keysRotateCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.onDB(ctx, io, func(c config, db *store.DB) error {
		run, err := newRotating(c.keyset(), db, io)
		if err != nil {
			return err
		}
		run.keysRotateCommand = r
		return run.all(ctx)
	})
}

// inProgress is how long a call's step or an import may go on with the keys that
// it began with.
const inProgress = 5 * time.Second

// rotating is one run of the command.
type rotating struct {
	keysRotateCommand
	stdio
	file     vault.File
	keys     *vault.Keyring
	rotation *store.Rotation
	replicas *store.Replicas
	// how often the database is asked, and what is let end before rows are moved
	every, settle time.Duration
	gaveUp        bool // damaged rows, and said so
}

func newRotating(file vault.File, db *store.DB, io stdio) (*rotating, error) {
	k, err := file.Load()
	if err != nil {
		return nil, err
	}
	return &rotating{
		stdio: io, file: file, keys: k, rotation: store.NewRotation(db, k), replicas: store.NewReplicas(db),
		every: time.Second, settle: inProgress,
	}, nil
}

func (r *rotating) say(format string, args ...any) { fmt.Fprintf(r.Out, format+"\n", args...) }

func (r *rotating) all(ctx context.Context) error {
	return r.rotation.Alone(ctx, func() error {
		if _, err := r.keys.Reload(); err != nil { // another run may have ended just now
			return err
		}
		lines, err := r.lines(ctx)
		if err != nil {
			return err
		}
		if r.keys.Stage() == vault.Settled {
			if done, err := r.endLast(ctx, lines); done || err != nil {
				return err
			}
			r.say("Adding new keys to %s.", r.file.Path)
			if err := r.step(r.file.Add); err != nil {
				return err
			}
		}
		if r.keys.Stage() == vault.Added {
			if err := r.promote(ctx, lines); err != nil {
				return err
			}
		}
		return r.move(ctx, lines)
	})
}

// lines are the ids of the lines, each of which the keyset must fit.
func (r *rotating) lines(ctx context.Context) ([]string, error) {
	fits, err := r.rotation.Fits(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, fit := range fits {
		if fit.Err != nil {
			return nil, fit.Err
		}
		ids = append(ids, fit.Line.ID)
	}
	return ids, nil
}

// endLast does what a rotation left undone that had dropped its keys already, and
// reports whether there was anything.
func (r *rotating) endLast(ctx context.Context, lines []string) (bool, error) {
	fits, err := r.rotation.Fits(ctx)
	if err != nil {
		return false, err
	}
	waiting, err := r.waiting(ctx, lines)
	if err != nil {
		return false, err
	}
	settled := waiting == 0
	for _, fit := range fits {
		settled = settled && fit.Settled
	}
	if settled {
		return false, nil
	}
	left, err := r.rotation.Left(ctx)
	if err != nil {
		return true, err
	}
	// The lines would forget that they need more keys than this file has.
	if len(left) > 0 && !r.LeaveDamaged {
		return true, fmt.Errorf("%d %s of %s under keys that are not in %s: put back the copy of it that has them, "+
			"or give those rows up by --leave-damaged", left[0].Lost, plural(left[0].Lost, "row", "rows"), left[0].Table, r.file.Path)
	}
	r.say("The last rotation has not quite ended.")
	if err := r.wait(ctx, lines); err != nil {
		return true, err
	}
	if err := r.rotation.Finish(ctx); err != nil {
		return true, err
	}
	r.say("Now it has: everybody holds the keys of %s. To begin another, run this again.", r.file.Path)
	return true, nil
}

// promote puts the new keys to use, once everybody can read what they make.
func (r *rotating) promote(ctx context.Context, lines []string) error {
	if err := r.wait(ctx, lines); err != nil {
		return err
	}
	if err := r.rotation.Announce(ctx); err != nil {
		return err
	}
	r.say("Putting the new keys to use.")
	return r.step(r.file.Promote)
}

// move brings the rows to the new keys, once nobody makes any more under the old
// ones, and drops those.
func (r *rotating) move(ctx context.Context, lines []string) error {
	if err := r.wait(ctx, lines); err != nil {
		return err
	}
	if err := pause(ctx, r.settle); err != nil {
		return err
	}
	r.say("Sealing anew what is under the old keys.")
	if err := r.moveRows(ctx); err != nil {
		return err
	}
	if err := r.rotation.Finish(ctx); err != nil {
		return err
	}
	if err := r.moveRows(ctx); err != nil { // what was written meanwhile
		return err
	}
	r.say("Dropping the old keys.")
	if err := r.step(r.file.Drop); err != nil {
		return err
	}
	if err := r.wait(ctx, lines); err != nil {
		return err
	}
	r.say("Done. The keys are new, and their fingerprint is %s.", r.keys.Fingerprint())
	r.say("Copy %s to where its copy is kept, destroy the old copies, and back up anew: "+
		"backups from before can be read only with the old keyset.", r.file.Path)
	return nil
}

// tellRows is after how many rows progress is told.
const tellRows = 50_000

func (r *rotating) moveRows(ctx context.Context) error {
	told, rows := 0, 0
	err := r.rotation.Move(ctx, func(m store.Moved) {
		if rows = m.Rows; rows >= told+tellRows {
			told = rows
			r.say("%d rows so far.", rows)
		}
	})
	if rows > told {
		r.say("%d %s.", rows, plural(rows, "row", "rows"))
	}
	var damaged *store.DamagedRowsError
	if !errors.As(err, &damaged) {
		return err
	}
	if !r.LeaveDamaged {
		return fmt.Errorf("%w; the old keys stay. To give those rows up, run this again with --leave-damaged", err)
	}
	if !r.gaveUp {
		r.say("Given up: %s.", damaged)
	}
	r.gaveUp = true
	return nil
}

// step takes the file one step on.
func (r *rotating) step(do func() error) error {
	if err := do(); err != nil {
		return err
	}
	_, err := r.keys.Reload()
	return err
}

// waiting is how many running programs hold another keyset than the file's.
func (r *rotating) waiting(ctx context.Context, lines []string) (int, error) {
	all := 0
	for _, line := range lines {
		n, err := r.replicas.Agree(ctx, line, r.keys.KeysetID())
		if err != nil {
			return 0, err
		}
		all = max(all, n) // a program serves every line
	}
	return all, nil
}

// wait returns when every running program has taken the file over.
func (r *rotating) wait(ctx context.Context, lines []string) error {
	late := time.NewTimer(r.Wait)
	defer late.Stop()
	told := 0
	for {
		n, err := r.waiting(ctx, lines)
		if err != nil || n == 0 {
			return err
		}
		if n != told {
			told = n
			r.say("Waiting for %d running %s to take %s over: each looks every %v. On other machines, put a copy of the file in its place.",
				n, plural(n, "program", "programs"), r.file.Path, store.BeatEvery)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			return fmt.Errorf("%d running %s another keyset than %s after %v. Nothing is lost: once the file is copied to where they run, "+
				"run this again, which goes on from here", n, plural(n, "program still holds", "programs still hold"), r.file.Path, r.Wait)
		case <-time.After(r.every):
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
