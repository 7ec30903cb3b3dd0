package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hearthline/hearthline/store/vault"
)

const (
	// refreshEvery is how old a directory can get while notifications are lost.
	refreshEvery = 30 * time.Second
	// refreshWithin bounds one look at Postgres.
	refreshWithin = 5 * time.Second
)

// ErrNoDirectory says that neither Postgres nor the state directory has a
// directory: there is nothing to answer calls with.
var ErrNoDirectory = errors.New("there is no directory: Postgres cannot be read and no usable copy of it is in the state directory")

// SnapshotsOptions say what Snapshots read and where they keep it.
type SnapshotsOptions struct {
	DB *DB
	// Keyring returns the keys in force; it is asked at each refresh, since they
	// are exchanged while the program runs.
	Keyring func() *vault.Keyring
	// StateDir is the folder that gets directory.sealed; it is made if missing.
	StateDir string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Ticks ask for a refresh; nil means one every 30 s.
	Ticks <-chan time.Time
	// Refreshed, if set, is told of each refresh, and must return at once.
	Refreshed func(Status)
}

// Status is how good the directory is.
type Status struct {
	Loaded bool
	// At is when Postgres last gave the rows in use.
	At  time.Time
	Age time.Duration
	// Degraded says that the last look at Postgres failed: menus answer from the
	// rows of At, with dates that are right all the same.
	Degraded bool
	// Err is why it is degraded, or why the copy on disk could not be written.
	Err error
}

// Snapshots hold the directory of every line in memory, so that a menu never
// waits for Postgres. Run keeps them fresh; every other method may be called at
// any time from anywhere.
type Snapshots struct {
	o       SnapshotsOptions
	current atomic.Pointer[served]

	mu   sync.Mutex // one refresh at a time; guards what follows
	rows contents
	keys *vault.Keyring // what rows were read with; frozen, since a reload may drop a key that they need
	at   time.Time      // when Postgres gave rows
	file sealedFile

	status atomic.Pointer[Status] // Age is left out
}

// NewSnapshots returns Snapshots that hold nothing until Load.
func NewSnapshots(o SnapshotsOptions) *Snapshots {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Snapshots{o: o, file: sealedFile{path: filepath.Join(o.StateDir, "directory.sealed")}}
	s.status.Store(&Status{})
	return s
}

// Load reads the directory from Postgres or, when Postgres does not answer,
// from the state directory. Its error is an *UnknownKeysetError when the keys
// are not those of the data, or ErrNoDirectory.
func (s *Snapshots) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	cause := s.refresh(ctx)
	var unknown *UnknownKeysetError
	if errors.As(cause, &unknown) || s.current.Load() != nil {
		return unknownOrNil(unknown)
	}
	return s.loadCopy(cause)
}

// LoadCopy reads the directory from the state directory without asking
// Postgres, which did not answer for the reason of cause. Its error is
// ErrNoDirectory.
func (s *Snapshots) LoadCopy(cause error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loadCopy(cause)
}

func (s *Snapshots) loadCopy(cause error) error {
	keys := s.o.Keyring().Frozen()
	rows, at, err := s.file.read(keys)
	if err != nil {
		return fmt.Errorf("%w: %w; %w", ErrNoDirectory, cause, err)
	}
	s.rows, s.keys, s.at = rows, keys, at
	if err := s.build(); err != nil {
		return fmt.Errorf("load the directory: %w", err)
	}
	s.report(cause, true)
	return nil
}

func unknownOrNil(err *UnknownKeysetError) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("load the directory: %w", err)
}

// Run refreshes the directory when Postgres says that it changed, when the
// connection comes or goes, and every 30 s, until ctx ends.
func (s *Snapshots) Run(ctx context.Context) error {
	ticks := s.o.Ticks
	if ticks == nil {
		ticker := time.NewTicker(refreshEvery)
		defer ticker.Stop()
		ticks = ticker.C
	}
	woken, stop := s.o.DB.listen(directoryChannel)
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks:
		case <-woken:
		}
		s.Refresh(ctx)
	}
}

// Refresh reads the directory again. Without Postgres it works the dates out
// anew from the rows it has.
func (s *Snapshots) Refresh(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cause := s.refresh(ctx)
	if cause != nil && s.current.Load() != nil && ctx.Err() == nil {
		cause = errors.Join(cause, s.build())
		s.report(cause, true)
	}
}

// refresh takes over what Postgres has; on an error everything is as before.
func (s *Snapshots) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, refreshWithin)
	defer cancel()
	rows, err := s.o.DB.readContents(ctx)
	if err != nil {
		return err
	}
	now, keys := s.o.Now(), s.o.Keyring().Frozen()
	built, err := rows.build(keys, now)
	if err != nil {
		return err
	}
	built.at = now
	s.rows, s.keys, s.at = rows, keys, now
	s.current.Store(built)
	s.report(s.file.write(keys, rows, now), false)
	return nil
}

// build serves the rows in hand as of now.
func (s *Snapshots) build() error {
	built, err := s.rows.build(s.keys, s.o.Now())
	if err != nil {
		return err
	}
	built.at = s.at
	s.current.Store(built)
	return nil
}

func (s *Snapshots) report(err error, degraded bool) {
	s.status.Store(&Status{Loaded: true, At: s.at, Degraded: degraded, Err: err})
	if s.o.Refreshed != nil {
		s.o.Refreshed(s.Status())
	}
}

// Status says how good the directory is at this moment.
func (s *Snapshots) Status() Status {
	status := *s.status.Load()
	if status.Loaded {
		status.Age = s.o.Now().Sub(status.At)
	}
	return status
}

// For returns the snapshot of the line that has a number.
func (s *Snapshots) For(to vault.Number) (*Snapshot, bool) {
	return cmp.Or(s.current.Load(), &served{}).answering(to)
}

// Line returns the snapshot of the line with that id.
func (s *Snapshots) Line(id string) (*Snapshot, bool) {
	snap, ok := cmp.Or(s.current.Load(), &served{}).byLine[id]
	return snap, ok
}
