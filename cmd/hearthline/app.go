package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/handlers/doctor"
	"github.com/hearthline/hearthline/handlers/ops"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/handlers/sweep"
	"github.com/hearthline/hearthline/handlers/voicemail"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// app is the program that answers calls. Its fields are its choices; run does
// the rest, and leaves nothing behind when ctx ends.
type app struct {
	config config
	log    *slog.Logger
	now    func() time.Time
	// shared says that now is the machine's own clock: what is due then goes by
	// that of Postgres, which is the same for every replica.
	shared bool
	// listener is where webhooks come in; run closes it.
	listener net.Listener
	// pages are served beside the webhooks, if set.
	pages []handlers.Pages
	// demo has whoever comes sign in to the desk, and phones is where simulated ones are.
	demo   bool
	phones string
	// ready, if set, is called once calls can be answered.
	ready func()
	// idle leaves what no call waits for undone: a test does it when its own
	// clock says so.
	idle bool

	keys      *vault.Keyring
	db        *store.DB
	deskDB    *store.DB    // as the console's role
	clock     *store.Clock // nil unless shared
	archive   *store.FlowArchive
	versions  *store.FlowVersions
	shelf     *phone.Shelf
	ownBroken atomic.Bool // the flow of the line's folder cannot be used
	sounding  sync.Mutex  // held while the recordings of that folder are read
	flow      *flows.Flow
	bundle    flows.Bundle
	snapshots *store.Snapshots
	attempts  *phone.Attempts
	spending  *phone.Spending
	stops     *phone.Stops
	problem   string // of the directory, as last told
	dialogues *store.Dialogues
	members   *store.Members
	line      string // the id of the environment's, "" until it is prepared

	outbox     *outbox.Outbox
	rooms      *rooms.Service
	sweep      *sweep.Sweep
	voicemail  *voicemail.Voicemail
	studio     *studio.Library
	desk       *console.Pages
	guard      *carrier.Guard
	doctor     *doctor.Doctor
	background background
}

// run answers calls until ctx ends.
func (a *app) run(ctx context.Context) error {
	if err := a.open(); err != nil {
		return err
	}
	defer func() { _ = errors.Join(a.db.Close(), a.deskDB.Close()) }()
	prepared, err := a.load(ctx)
	if err != nil {
		return err
	}
	server, err := a.server()
	if err != nil {
		return err
	}
	defer a.desk.Close()
	defer context.AfterFunc(ctx, a.desk.Close)()
	return a.work(ctx, server, prepared)
}

// patience is what Postgres gets to answer at the start before the copy of the
// directory serves.
const patience = 5 * time.Second

// load gets a directory: from Postgres, brought up to this program, or from the
// copy on disk when Postgres is out of reach, slow or ill, so that calls are
// answered whatever has become of it. prepared says which.
func (a *app) load(ctx context.Context) (prepared bool, err error) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cause := a.prepare(within)
	if cause == nil {
		return true, a.snapshots.Load(ctx)
	}
	if refuses(cause) {
		return false, cause
	}
	if a.snapshots.LoadCopy(cause) == nil {
		a.log.Warn("Postgres cannot be used: calls are answered from the copy of the directory", "error", cause)
		a.refreshFlows(within)
		return false, nil
	}
	// There is nothing to answer with before Postgres is ready: a first start
	// may take its time.
	if err := a.prepare(ctx); err != nil {
		return false, err
	}
	return true, a.snapshots.Load(ctx)
}

// refuses says whether an error means that this program must not serve this
// database, however well it answers.
func refuses(err error) bool {
	var keyset *store.UnknownKeysetError
	var newer *store.NewerDatabaseError
	return errors.As(err, &keyset) || errors.As(err, &newer)
}

// open reads what lies on this machine: the keyset and the built-in flow.
func (a *app) open() error {
	var err error
	if a.keys, err = a.config.keyset().Load(); err != nil {
		return err
	}
	if err := a.readFlow(); err != nil {
		return err
	}
	if a.db, err = store.Connect(store.Options{URL: a.config.databaseURL, DirectURL: a.config.directURL, Now: a.now}); err != nil {
		return err
	}
	if a.deskDB, err = store.Connect(store.Options{URL: a.config.deskURL, DirectURL: a.config.deskURL, Now: a.now}); err != nil {
		return errors.Join(err, a.db.Close())
	}
	if a.shared {
		a.clock = store.NewClock(a.db, a.now)
	}
	a.archive = store.NewFlowArchive(a.db, a.config.stateDir)
	a.versions = store.NewFlowVersions(a.db, a.keys, a.archive)
	a.shelf = phone.NewPublishedShelf(phone.ShelfOptions{Flow: a.flow, Archive: a.archive, Published: a.versions, Compile: a.config.compileKept, Log: a.log})
	a.attempts = phone.NewAttempts(a.now)
	a.spending = phone.NewSpending(a.now, phone.DefaultCaps, a.log)
	a.stops = phone.NewStops()
	a.dialogues = store.NewDialogues(a.db, a.keys)
	a.members = store.NewMembers(a.db, a.keys)
	a.background = a.newBackground()
	a.snapshots = store.NewSnapshots(store.SnapshotsOptions{
		DB: a.db, Keyring: func() *vault.Keyring { return a.keys }, StateDir: a.config.stateDir, Now: a.now, Refreshed: a.tellChange,
	})
	return nil
}

// tellChange logs when the directory begins or ceases to be answered from what
// is in memory, or its copy cannot be written. Refreshes come one at a time.
func (a *app) tellChange(s store.Status) {
	problem := ""
	if s.Err != nil {
		problem = s.Err.Error()
	}
	switch {
	case problem == a.problem:
	case problem != "":
		a.log.Warn("the directory", "degraded", s.Degraded, "error", s.Err)
	default:
		a.log.Info("the directory is whole again")
	}
	a.problem = problem
}

// prepare brings the database up to this program: its tables, the line of the
// environment, and the flow version that calls start on.
func (a *app) prepare(ctx context.Context) error {
	if err := a.db.Ping(ctx); err != nil {
		return err
	}
	if err := a.db.Migrate(ctx); err != nil {
		return err
	}
	line, err := a.db.EnsureLine(ctx, a.keys, a.config.lineConfig())
	if err != nil {
		return err
	}
	a.line = line
	a.setClock(ctx)
	if err := a.background.replicas.Beat(ctx, line, a.background.replica, a.keys.KeysetID()); err != nil {
		return err
	}
	if err := a.tellFirst(ctx, line); err != nil {
		return err
	}
	if err := a.archive.Save(ctx, line, a.flow.Hash, a.bundle.Encode(), a.now()); err != nil {
		return err
	}
	return a.shelf.Refresh(ctx, line)
}

func (c config) lineConfig() store.LineConfig {
	return store.LineConfig{
		Name: c.lineName, Zone: c.zone, Languages: c.languages,
		CodeLength: c.codeLength, CrisisName: c.crisisName, Emergency: c.emergency, Speech: c.speech, Numbers: c.numbers, Open: c.open,
	}
}

// server puts the web server together.
func (a *app) server() (*http.Server, error) {
	var err error
	a.guard, err = carrier.NewGuard(carrier.GuardOptions{
		PublicURL: a.config.publicURL, AccountSID: a.config.accountSID, AuthTokens: a.config.authTokens, Log: a.log,
	})
	if err != nil {
		return nil, err
	}
	client, err := a.config.client()
	if err != nil {
		return nil, err
	}
	a.outbox, a.rooms = a.newOutbox(client, a.shelf), a.newRooms(client)
	a.sweep = sweep.New(sweep.Options{
		Carrier: client, Store: a.db, Pace: sweep.DefaultPace, PerPass: sweep.DefaultPerPass, Now: a.now, Log: a.log,
	})
	a.newVoicemail(client)
	a.newStudio()
	calls := phone.New(phone.Options{
		PublicURL:   a.config.publicURL,
		Crisis:      a.config.crisisOf(a.snapshots),
		Keys:        a.keys,
		Directories: a.snapshots,
		Flows:       a.shelf,
		Rooms:       a.rooms,
		Attempts:    a.attempts,
		Dialogues:   a.dialogues,
		Members:     everywhere{a.members, a.rooms, store.NewVoicemail(a.db, a.keys)},
		Voicemail:   a.voicemail,
		Recorded:    a.studio.Recorded,
		Echoes:      phone.NewEchoes(a.now),
		Spending:    a.spending,
		Stops:       a.stops,
		Countries:   a.config.countries,
		Erased:      a.erased,
		Sent:        a.outbox,
		Desk:        a.newAfield(),
		Masks:       a.newMasks(),
		Place:       client.Place,
		Hangup:      client.Hangup,
		Number:      func(string) vault.Number { return a.config.numbers[0] },
		Now:         a.now,
		Log:         a.log,
	})
	a.doctor = a.config.newDoctor(client, a.heard, a.deskDB, a.keys, a.deskLine, a.said, a.now, a.unusable)
	if a.desk, err = a.newDesk(); err != nil {
		return nil, err
	}
	a.desk.Ring, a.desk.CallMe = a.ringThrough(calls), a.callsToRecord(calls)
	web := handlers.New(handlers.Options{
		Guard: a.guard, Calls: calls, Health: ops.New(a.snapshots), Log: a.log, Pages: append([]handlers.Pages{a.desk, a.voicemail, a.studio}, a.pages...),
	})
	return &http.Server{
		Handler:           web,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}, nil
}

// drain is what a webhook in progress gets to finish when the program stops.
const drain = 10 * time.Second

// work serves until ctx ends or the server fails.
func (a *app) work(ctx context.Context, server *http.Server, prepared bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- server.Serve(a.listener) }()
	var working sync.WaitGroup
	working.Go(func() { _ = a.snapshots.Run(ctx) }) // returns when ctx ends
	if !a.idle {
		working.Go(func() { a.tend(ctx, prepared) })
		working.Go(func() { a.outbox.Run(ctx) })
		working.Go(func() { a.rooms.Run(ctx) })
		working.Go(func() { a.db.ListenOutbox(ctx, a.outbox.Wake) })
		working.Go(func() { a.db.ListenFlows(ctx, func() { a.refreshFlows(ctx) }) })
		working.Go(func() { a.sweep.Run(ctx) })
		working.Go(func() { a.voicemail.Run(ctx) })
		working.Go(func() { a.studio.Run(ctx) })
		working.Go(a.playFolder)
	}
	if a.ready != nil {
		a.ready()
	}
	var err error
	select {
	case err = <-served:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		stop, done := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer done()
		if err = server.Shutdown(stop); err != nil {
			// Pages that stream never end by themselves.
			err = server.Close()
		}
	}
	cancel()
	working.Wait()
	return err
}
