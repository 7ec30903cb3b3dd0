package sweep

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

const (
	passEvery = 5 * time.Minute
	// minAge is how old a record is when it goes: until then what was sent, and
	// nobody knows whether it was, is looked for among the carrier's records.
	minAge = time.Hour
	// After an erasure a pass is made this often and for this long, and what we
	// did not begin goes at this age. Answers to texts take seconds to be
	// delivered, and cannot be deleted before.
	soonEvery = 30 * time.Second
	soonFor   = 5 * time.Minute
	soonAge   = time.Minute
	// voiceAge is how old a recording is that nobody has fetched and had forgotten: it
	// is nobody's any more.
	voiceAge = 10 * time.Minute
	// stragglers is how many days back is looked once a day: Twilio may refuse
	// for as long to delete what has ended.
	stragglers = 14
)

// What Options are given where nothing speaks against it: Twilio bears far more
// requests a second, but calls in progress come first.
const (
	DefaultPace    = 250 * time.Millisecond
	DefaultPerPass = 1000
)

// work names the lock under which one replica sweeps.
const work = "carrier sweep"

// Carrier lists and deletes. Its errors are a *carrier.Error each.
type Carrier interface {
	// Messages and Calls call do with each record of a UTC day; Messages of the
	// zero day with every record that there is.
	Messages(ctx context.Context, day time.Time, do func(carrier.Record) error) error
	Calls(ctx context.Context, day time.Time, do func(carrier.Record) error) error
	// Recordings calls do with each recording that there is.
	Recordings(ctx context.Context, do func(carrier.Record) error) error
	DeleteRecording(ctx context.Context, sid string) error
	DeleteMessage(ctx context.Context, sid string) error
	DeleteCall(ctx context.Context, sid string) error
	DeleteMedia(ctx context.Context, message string) error
}

// Store keeps the counts, and has replicas take turns.
type Store interface {
	Alone(ctx context.Context, work string, do func(context.Context) error) (ran bool, err error)
	AddTraffic(ctx context.Context, counts map[store.TrafficHour]int) error
}

// Options are what a Sweep works with. All are needed, but for Pace.
type Options struct {
	Carrier Carrier
	Store   Store
	// Pace is how long to wait between two deletions, PerPass how many a pass
	// makes at most; the next one goes on.
	Pace    time.Duration
	PerPass int
	Now     func() time.Time
	Log     *slog.Logger
}

// Sweep deletes at the carrier, beside any number of others on the same account
// and database. It deletes everything on the account: the account must be the
// line's alone.
type Sweep struct {
	Options
	wake chan struct{}

	mu     sync.Mutex
	sooner time.Time // when somebody was last erased
	// lookedBack is the day on which the days before were last looked at.
	lookedBack time.Time
}

// New returns a sweep that does nothing until Run or Pass.
func New(o Options) *Sweep { return &Sweep{Options: o, wake: make(chan struct{}, 1)} }

// Sooner is told of an erasure, and returns at once: the texts and calls that
// brought it about, and the receipt, are deleted as soon as they can be. Who it
// was is not told, so that everybody's go as soon.
func (s *Sweep) Sooner() {
	s.mu.Lock()
	s.sooner = s.Now()
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // it is awake
	}
}

// soon reports whether somebody was erased a moment ago.
func (s *Sweep) soon(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.sooner.IsZero() && now.Sub(s.sooner) < soonFor
}

// Run sweeps every few minutes until ctx ends, and more often after an erasure.
func (s *Sweep) Run(ctx context.Context) {
	next := time.NewTimer(soonEvery) // a start has better things to do
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			next.Reset(soonEvery)
			continue
		case <-next.C:
		}
		if done, err := s.Pass(ctx); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "not all records at the carrier could be deleted; the next pass goes on", "deleted", done.Deleted, "error", err)
		}
		wait := passEvery
		if s.soon(s.Now()) {
			wait = soonEvery
		}
		next.Reset(wait)
	}
}

// Done is what a pass did.
type Done struct {
	Ran     bool // false: another replica is at it
	Deleted int  // records
	Later   int  // records that the carrier would not delete yet
}

// Pass lists what the carrier keeps and deletes what is over and old enough. What
// it deleted stands, and is counted, whatever the error.
func (s *Sweep) Pass(ctx context.Context) (Done, error) {
	var done Done
	ran, err := s.Store.Alone(ctx, work, func(ctx context.Context) error {
		p := pass{Sweep: s, now: s.Now(), left: s.PerPass, counts: map[store.TrafficHour]int{}, seen: map[string]bool{}}
		p.age = map[bool]time.Duration{true: soonAge, false: minAge}[s.soon(p.now)]
		err := p.run(ctx)
		done = p.done
		return err
	})
	done.Ran = ran
	return done, err
}
