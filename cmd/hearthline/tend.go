package main

import (
	"context"
	"errors"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// background is what a program does beside answering calls.
type background struct {
	retention *store.Retention
	audit     *store.Audit
	replicas  *store.Replicas
	replica   string // this program's id among them
	problem   string // of the keyset, as last told
	night     schedule.Date
	forgotten chan struct{} // holds a value when somebody has been forgotten
}

// keepFlows is how many minutes lie between two times at which a program says that calls
// begin on its own flow.
const keepFlows = 60

// keepHead is how many minutes lie between two copies of the audit log's end.
const keepHead = 5

func (a *app) newBackground() background {
	return background{
		retention: store.NewRetention(a.db, func(ctx context.Context, line string, now time.Time) (int, error) {
			n, err := a.members.Expire(ctx, line, now, a.groups(line))
			if n > 0 {
				a.erased()
			}
			return n, err
		}),
		audit:    store.NewAudit(a.db, a.keys),
		replicas: store.NewReplicas(a.db),
		replica:  store.NewReplicaID(),

		forgotten: make(chan struct{}, 1),
	}
}

// happening is what nobody did by a call or a text.
func (a *app) happening(line string) store.Event { return store.Event{Line: line, At: a.now()} }

// groups are the ids of a line's groups.
func (a *app) groups(line string) []string {
	snap, ok := a.snapshots.Line(line)
	if !ok {
		return nil
	}
	return snap.Directory.IDs()
}

// tend does what no call waits for, until ctx ends.
func (a *app) tend(ctx context.Context, prepared bool) {
	beat, minute := time.NewTicker(store.BeatEvery), time.NewTicker(time.Minute)
	defer beat.Stop()
	defer minute.Stop()
	for n := 0; ; {
		select {
		case <-ctx.Done():
			a.leave(ctx)
			return
		case <-a.background.forgotten:
			a.vacuum(ctx)
		case <-beat.C:
			a.holdKeys(ctx)
		case <-minute.C:
			if prepared = prepared || a.prepareAgain(ctx); prepared {
				a.eachMinute(ctx, n)
			}
			n++
		}
	}
}

// erased has what is left of somebody who was forgotten removed at the carrier and
// from Postgres's pages, and returns at once.
func (a *app) erased() {
	a.sweep.Sooner()
	select {
	case a.background.forgotten <- struct{}{}:
	default: // it is about to be
	}
}

// vacuumWithin bounds it: autovacuum does the same.
const vacuumWithin = time.Minute

func (a *app) vacuum(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, vacuumWithin)
	defer cancel()
	if err := a.members.Vacuum(ctx); err != nil {
		a.log.Debug("destroyed keys are left to autovacuum", "error", err)
	}
}

func (a *app) prepareAgain(ctx context.Context) bool {
	if err := a.prepare(ctx); err != nil {
		a.log.Warn("Postgres still cannot be used", "error", err)
		return false
	}
	a.log.Info("Postgres is ready again")
	return true
}

// holdKeys takes the keyset's file over when it has been replaced, and tells
// the other programs which keys this one holds, so that a rotation can wait.
func (a *app) holdKeys(ctx context.Context) {
	changed, err := a.keys.Reload()
	problem := ""
	switch {
	case err != nil:
		if problem = err.Error(); problem != a.background.problem {
			a.log.Error("the keyset's file cannot be taken over; the keys stay as they are", "error", err)
		}
	case changed:
		a.log.Info("the keyset was taken over", "fingerprint", a.keys.Fingerprint(), "stage", a.keys.Stage().String())
	}
	a.background.problem = problem
	if a.line == "" {
		return
	}
	if err := a.background.replicas.Beat(ctx, a.line, a.background.replica, a.keys.KeysetID()); err != nil {
		a.log.Debug("the other programs were not told of this one", "error", err)
	}
}

// leaveWithin bounds what is still written when the program ends.
const leaveWithin = time.Second

// leave has nobody wait for this program.
func (a *app) leave(ctx context.Context) {
	if a.line == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWithin)
	defer cancel()
	if err := a.background.replicas.Leave(ctx, a.line, a.background.replica); err != nil {
		a.log.Debug("the other programs were not told of the end of this one", "error", err)
	}
}

// eachMinute does what is due in the nth minute.
func (a *app) eachMinute(ctx context.Context, n int) {
	a.setClock(ctx)
	a.keepCounts(ctx)
	a.keepContact(ctx)
	if err := a.background.retention.Lapse(ctx, a.now()); err != nil {
		a.log.Debug("what has lapsed stays a minute longer", "error", err)
	}
	if n%keepFlows == 0 {
		a.keepFlow(ctx)
	}
	if n%keepHead == 0 {
		a.keepAuditHead(ctx)
	}
	if err := a.nightly(ctx); err != nil {
		a.log.Warn("a part of the night's work is left for the next minute", "error", err)
	}
}

// skew is how far this machine's clock may be off before an operator is told.
const skew = 5 * time.Second

// setClock has what is due go by the time of Postgres.
func (a *app) setClock(ctx context.Context) {
	if a.clock == nil {
		return
	}
	ahead, err := a.clock.Set(ctx)
	switch {
	case err != nil:
		a.log.Debug("the time of Postgres is not known", "error", err)
	case ahead.Abs() > skew:
		a.log.Warn("this machine's clock and that of Postgres differ: set both by NTP; reminders go by that of Postgres", "ahead", ahead.Round(time.Second).String())
	}
}

// keepFlow has the program's own flow be kept, which no row names, and removes the files of
// versions that are not.
func (a *app) keepFlow(ctx context.Context) {
	now := a.now()
	if err := errors.Join(a.archive.Keep(ctx, a.line, a.shelf.Own().Hash, now), a.archive.Tidy(ctx, now)); err != nil {
		a.log.Debug("old versions of the flow are seen to an hour later", "error", err)
	}
}

// keepAuditHead copies the end of the audit log to this machine, against who can
// write to the database.
func (a *app) keepAuditHead(ctx context.Context) {
	err := a.background.audit.KeepHead(ctx, a.line, a.config.stateDir)
	switch {
	case errors.Is(err, store.ErrAuditHead):
		a.log.Error("ALARM: the audit log has lost entries that were there before: run `hearthline audit verify`", "error", err)
	case err != nil:
		a.log.Debug("the end of the audit log was not copied", "error", err)
	}
}

// keepCounts takes the codes tried, the texts left unanswered and the questions asked
// in the last minute to Postgres: how many, and nothing else. Counts that cannot be written
// are let go.
func (a *app) keepCounts(ctx context.Context) {
	day := schedule.DateOf(a.now().UTC())
	for line, n := range a.spending.Drain() {
		if line == "" {
			continue // no directory was loaded, and no line known
		}
		if err := a.db.AddCounts(ctx, line, day, map[store.Count]int{store.TextUnanswered: n}); err != nil {
			a.log.Debug("counts were let go", "error", err)
		}
	}
	for line, t := range a.attempts.Drain() {
		counts := map[store.Count]int{store.CodeRight: t.Right, store.CodeWrong: t.Wrong, store.CodeRefused: t.Refused}
		if err := a.db.AddCounts(ctx, line, day, counts); err != nil {
			a.log.Debug("counts were let go", "error", err)
		}
	}
	for line, counts := range a.stops.Drain() {
		if err := a.db.AddStops(ctx, line, day, counts); err != nil {
			a.log.Debug("counts were let go", "error", err)
		}
	}
}
