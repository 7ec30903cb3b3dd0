package rooms

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// passEvery is how often a replica looks for sessions that are due: those that
	// it changed itself it is told of.
	passEvery = time.Second
	// listEvery is how often while lists wait for their turn.
	listEvery = 200 * time.Millisecond
	// dropEvery is how often what is gone is deleted.
	dropEvery = time.Minute
	// duePerPass bounds a pass, and dueAtOnce how many sessions it changes side by
	// side.
	duePerPass = 256
	dueAtOnce  = 8
)

// Run sees to sessions whose time has come until ctx ends, beside any number of
// others. It returns once nothing is being asked of the carrier any more.
func (s *Service) Run(ctx context.Context) {
	defer s.settle()
	for {
		s.tell(ctx, s.pass(ctx))
		due := time.NewTimer(s.untilNext())
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				due.Stop()
				return
			case <-due.C:
				waiting = false
			case <-s.changed:
				due.Reset(s.untilNext())
			}
		}
	}
}

// Pass does once what is due: sessions whose time has come, lists, and what is gone.
// It returns when the carrier was asked for all that this came to.
func (s *Service) Pass(ctx context.Context) error {
	defer s.settle()
	return s.pass(ctx)
}

// pass is [Service.Pass] that does not wait for the carrier: no room's time is late
// for another's. What fails of one line or room keeps none of the others from it.
func (s *Service) pass(ctx context.Context) error {
	s.passing.Lock()
	defer s.passing.Unlock()
	s.mu.Lock()
	s.soonest = time.Time{}
	s.mu.Unlock()
	var failed []error
	for _, line := range s.Served() {
		err := s.due(ctx, line)
		if errors.Is(err, errDue) {
			return errors.Join(append(failed, err)...) // Postgres is away: whatever else there is would fail, too
		}
		failed = append(failed, err, s.prepare(ctx, line))
	}
	s.list(ctx)
	return errors.Join(append(failed, s.drop(ctx))...)
}

// errDue says that it is not known what is due.
var errDue = errors.New("find the sessions that are due")

// away says whether an error is that Postgres does not answer.
func away(err error) bool {
	return errors.Is(err, store.ErrUnreachable) || errors.Is(err, context.DeadlineExceeded)
}

// A session that waits for its host is looked after from before its start, and not
// begun any more once it is after that by nobody's coming.
const (
	before = 6 * time.Minute
	after  = 15 * time.Minute
)

// prepare begins the sessions that wait for a facilitator, though nobody has come
// yet: somebody has to see to it that one is rung.
func (s *Service) prepare(ctx context.Context, line string) error {
	snap, ok := s.Lines.Line(line)
	if !ok {
		return nil
	}
	now := s.Now()
	s.prepared.forget(now)
	var failed []error
	for _, g := range snap.Directory.Groups() {
		if g.Host != flows.HostRequired || !g.Stage.Meets() || g.Bridge || g.Place != "" {
			continue
		}
		for _, o := range snap.Directory.Between(g.ID, now.Add(-after), now.Add(before)) {
			h := s.hold(snap.Directory.Line, g, o)
			if !now.Before(o.End) || s.prepared.has(h.name) {
				continue
			}
			err := s.begun(ctx, h, func(*session.Session, time.Time) ([]store.AuditEntry, error) { return nil, nil })
			if err == nil {
				s.prepared.add(h.name, o.End)
			}
			failed = append(failed, err)
			if away(err) {
				return errors.Join(failed...)
			}
		}
	}
	return errors.Join(failed...)
}

// known are the rooms whose sessions are known to have begun, until when that
// matters. They are those of one replica, of which one pass is made at a time.
type known map[string]time.Time

func (k known) has(name string) bool             { _, ok := k[name]; return ok }
func (k known) add(name string, until time.Time) { k[name] = until }
func (k known) forget(now time.Time) {
	for name, until := range k {
		if !now.Before(until) {
			delete(k, name)
		}
	}
}

// due sees to the sessions of a line whose time has come: first all of them are
// changed, side by side, and then the carrier is asked for what that came to.
func (s *Service) due(ctx context.Context, line string) error {
	now := s.Now()
	asking, cancel := context.WithTimeout(ctx, s.Within)
	ids, err := s.Sessions.Due(asking, line, now, duePerPass)
	cancel()
	if err != nil {
		return fmt.Errorf("%w: %w", errDue, err)
	}
	failed := make([]error, len(ids))
	work := make([]errands, len(ids))
	slots := make(chan struct{}, dueAtOnce)
	var seeing sync.WaitGroup
	for i, id := range ids {
		slots <- struct{}{}
		seeing.Go(func() {
			defer func() { <-slots }()
			work[i], failed[i] = s.tick(ctx, id)
		})
	}
	seeing.Wait()
	for i, id := range ids {
		if len(work[i].acts) > 0 {
			s.sendLater(context.WithoutCancel(ctx), id, work[i])
		}
	}
	return errors.Join(failed...)
}

// tick has a session do what is due. One that cannot be read is looked at again after
// a while: others are due behind it.
func (s *Service) tick(ctx context.Context, id store.SessionID) (errands, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	work, err := s.turn(ctx, id, nil, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		on.Tick(now)
		return nil, nil
	})
	switch {
	case errors.Is(err, errNone):
		return errands{}, nil
	case errors.Is(err, errUnread), errors.Is(err, vault.ErrNotOpened):
		return errands{}, errors.Join(err, s.Sessions.Postpone(ctx, id, s.Now().Add(unreadFor)))
	}
	return work, err
}

// unreadFor is how long a session is let be that cannot be read.
const unreadFor = time.Minute

// drop deletes what is gone, now and then.
func (s *Service) drop(ctx context.Context) error {
	now := s.Now()
	if past := now.Sub(s.dropped); past >= 0 && past < dropEvery {
		return nil
	}
	s.dropped = now
	s.lasts.drop(now)
	var failed []error
	for _, line := range s.Served() {
		_, err := s.Sessions.Drop(ctx, line, now)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// wakeAt keeps when a session wakes that this replica has changed.
func (s *Service) wakeAt(at time.Time) {
	if at.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.soonest.IsZero() || at.Before(s.soonest) {
		s.soonest = at
		s.nudge()
	}
}

// nudge has Run look again when the next pass is due.
func (s *Service) nudge() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// untilNext is how long until the next pass.
func (s *Service) untilNext() time.Duration {
	s.mu.Lock()
	soonest := s.soonest
	s.mu.Unlock()
	wait := passEvery
	if !soonest.IsZero() {
		// What is kept of the time is rounded up.
		wait = min(wait, max(soonest.Sub(s.Now())+wakeGrain, 0))
	}
	if s.late.waiting() {
		wait = min(wait, listEvery)
	}
	return wait
}

// wakeGrain is how exactly store keeps when a session wakes.
const wakeGrain = 100 * time.Millisecond

// tell logs when passes begin or cease to fail.
func (s *Service) tell(ctx context.Context, err error) {
	problem := ""
	if err != nil && ctx.Err() == nil {
		problem = err.Error()
	}
	switch {
	case problem == s.problem:
	case problem != "":
		s.Log.WarnContext(ctx, "live sessions are not seen to", "error", err)
	default:
		s.Log.InfoContext(ctx, "live sessions are seen to again")
	}
	s.problem = problem
}
