package outbox

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// How often Run does what, if nothing wakes it. A row is at most a tick late.
const (
	tickEvery    = time.Second
	tidyEvery    = 10 * time.Second
	resolveEvery = 20 * time.Second
	countEvery   = time.Minute
)

// Queue is where the rows are.
type Queue interface {
	Plan(ctx context.Context, line string, firings []store.Firing) (rows int, err error)
	PlanMessages(ctx context.Context, now time.Time, line string) (rows int, err error)
	Claim(ctx context.Context, now time.Time, line string, ch flows.Channel, s store.Sender, most int) ([]store.Outgoing, error)
	Intend(ctx context.Context, now time.Time, x *store.Outgoing, to vault.Number, l store.Limits) (store.Permit, error)
	Settle(ctx context.Context, now time.Time, x store.Outgoing, s store.Settled, l store.Limits) (stopped bool, err error)
	Heard(ctx context.Context, now time.Time, h store.Heard) (changed bool, err error)
	Unknowns(ctx context.Context, now time.Time, line string) ([]store.Unknown, error)
	Unmarked(ctx context.Context, line string, sids []string) ([]string, error)
	Resolve(ctx context.Context, now time.Time, u store.Unknown, s store.Settled) error
	Clear(ctx context.Context, now time.Time, u store.Unknown) error
	Tidy(ctx context.Context, now time.Time) (store.Overdue, error)
}

// Recipients open whom rows go to, by their ids. One that is missing goes to
// nobody any more: who is gone, who told us to stop, who has left the group.
type Recipients interface {
	Recipients(ctx context.Context, xs []store.Outgoing) (map[string]store.Recipient, error)
}

// Carrier makes each request once, and lists what was made of them. Its errors are
// a *carrier.Error each.
type Carrier interface {
	Send(ctx context.Context, m carrier.Message) (sid string, err error)
	Place(ctx context.Context, r carrier.Ring) (sid string, err error)
	TextsSince(ctx context.Context, since time.Time) ([]carrier.Listed, error)
	CallsSince(ctx context.Context, since time.Time) ([]carrier.Listed, error)
}

// Lines find what a line is called and speaks.
type Lines interface {
	Line(id string) (*store.Snapshot, bool)
}

// Flows find the words of a line.
type Flows interface {
	Current(line string) *flows.Flow
}

// Counts keep how often something came to pass on a day.
type Counts interface {
	AddCounts(ctx context.Context, line string, day schedule.Date, counts map[store.Count]int) error
}

// Alone has replicas take turns at a work.
type Alone interface {
	Alone(ctx context.Context, work string, do func(context.Context) error) (ran bool, err error)
}

// Options are what an Outbox works with. All are needed, but for Service, OptedOut
// and Unreachable.
type Options struct {
	Queue      Queue
	Recipients Recipients
	Carrier    Carrier
	Lines      Lines
	Flows      Flows
	Counts     Counts
	Alone      Alone
	Keys       *vault.Keyring
	// Served are the lines that this program works for, as far as it knows them.
	Served func() []string
	// From is the number of a line that texts and calls come from.
	From func(line string) vault.Number
	// Service is the messaging service that texts go through, "" for none.
	Service string
	// PublicURL is ours. VoicePath is where the carrier asks what to say on a call,
	// SentPath where it tells what became of what we sent.
	PublicURL, VoicePath, SentPath string
	// Countries are where anything may go, as ISO 3166 codes.
	Countries []string
	// Texts and Calls are the rates at which the carrier takes them.
	Texts, Calls store.Sender
	// AtOnce is how many requests are made at a time by each channel, at most.
	AtOnce int
	Limits store.Limits
	// OptedOut is told of a number that has told the carrier to stop, Unreachable
	// of one that the carrier says will never do.
	OptedOut, Unreachable func(ctx context.Context, line string, n vault.Number) error
	Now                   func() time.Time
	Log                   *slog.Logger
}

// DefaultLimits are those of a line that serves a region.
var DefaultLimits = store.Limits{PerNumber: 3, PerHour: 200, Barred: 5, PerMeeting: store.RemindersPerMeeting, CallsAWeek: 3}

// DefaultAtOnce is how many requests are made at a time by a channel. Twilio answers in a
// quarter of a second, and a line that may send a hundred texts in one has some 25
// under way.
const DefaultAtOnce = 16

// The rates of a line on a long code: what is more waits at the carrier's, for up
// to ten hours.
// Source: https://www.twilio.com/docs/messaging/guides/scaling-queueing-latency
var (
	DefaultTexts = store.Sender{Name: "text", PerSecond: 1, Burst: 3}
	DefaultCalls = store.Sender{Name: "call", PerSecond: 1, Burst: 1}
)

// Outbox sends what is due, beside any number of others on the same database.
type Outbox struct {
	Options
	wake     chan struct{} // whoever sends
	plans    chan struct{} // whoever plans
	slots    map[flows.Channel]slots
	working  sync.WaitGroup // those who make them
	planners map[string]*planner
	numbers  counts

	patience patience

	mu       sync.Mutex
	failed   error             // of requests since this was last asked
	problems map[string]string // of each work, as last told
}

// New returns an outbox that does nothing until Run or Pass.
func New(o Options) *Outbox {
	return &Outbox{
		Options: o, wake: make(chan struct{}, 1), plans: make(chan struct{}, 1), planners: map[string]*planner{}, problems: map[string]string{},
		patience: patience{answerWithin, settleWithin, planWithin, resolveWithin},
		slots:    map[flows.Channel]slots{flows.ByText: make(slots, o.AtOnce), flows.ByCall: make(slots, o.AtOnce)},
	}
}

// Wake has Run look at once, and returns at once.
func (o *Outbox) Wake() {
	nudge(o.plans)
	nudge(o.wake)
}

func nudge(sleeper chan struct{}) {
	select {
	case sleeper <- struct{}{}:
	default: // it is awake
	}
}

// Run plans, sends and resolves until ctx ends, and then finishes the requests
// that it is making, if any. What is due goes out while a plan waits for its turn,
// or for a database that does not answer.
func (o *Outbox) Run(ctx context.Context) {
	var beside sync.WaitGroup
	beside.Go(func() { o.planAll(ctx) })
	beside.Go(func() { o.resolveAll(ctx) })
	defer beside.Wait()
	defer func() {
		o.working.Wait()
		o.KeepCounts(context.WithoutCancel(ctx))
	}()
	tick, tidy, count := time.NewTicker(tickEvery), time.NewTicker(tidyEvery), time.NewTicker(countEvery)
	defer tick.Stop()
	defer tidy.Stop()
	defer count.Stop()
	for {
		_, err := o.dispatch(ctx)
		o.tell(ctx, "send", errors.Join(err, o.failure()))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-o.wake:
		case <-tidy.C:
			o.tell(ctx, "tidy", o.Tidy(ctx))
		case <-count.C:
			o.KeepCounts(ctx)
		}
	}
}

// planAll plans until ctx ends, and has what it planned sent at once.
func (o *Outbox) planAll(ctx context.Context) {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		rows, err := o.Plan(ctx)
		if rows > 0 {
			nudge(o.wake)
		}
		o.tell(ctx, "plan", err)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-o.plans:
		}
	}
}

// tell logs when a work begins or ceases to fail.
func (o *Outbox) tell(ctx context.Context, work string, err error) {
	problem := ""
	if err != nil && ctx.Err() == nil {
		problem = err.Error()
	}
	o.mu.Lock()
	was := o.problems[work]
	o.problems[work] = problem
	o.mu.Unlock()
	switch {
	case problem == was:
	case problem != "":
		o.Log.WarnContext(ctx, "the outbox waits", "to", work, "error", err)
	default:
		o.Log.InfoContext(ctx, "the outbox goes on", "to", work)
	}
}

// failure returns what went wrong with requests since it was last asked.
func (o *Outbox) failure() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := o.failed
	o.failed = nil
	return err
}

// Tidy settles the rows that nobody acts on any more.
func (o *Outbox) Tidy(ctx context.Context) (err error) {
	defer o.workPanicked(ctx, "tidy", &err)
	hit("tidy.begin")
	overdue, err := within(ctx, o.patience.answer, func(ctx context.Context) (store.Overdue, error) {
		return o.Queue.Tidy(ctx, o.Now())
	})
	if err != nil {
		return err
	}
	hit("tidy.done")
	if overdue != (store.Overdue{}) {
		o.Log.WarnContext(ctx, "rows of the outbox went unsent, or nobody knows", "unknown", overdue.Unknown, "lapsed", overdue.Lapsed)
	}
	return nil
}

// Pass does once what Run does all the time, but for resolving: it plans, sends
// all that is due and that may be sent now, and waits for it. It returns how many
// rows it took.
func (o *Outbox) Pass(ctx context.Context) (int, error) {
	err := o.Tidy(ctx)
	if err == nil {
		_, err = o.Plan(ctx)
	}
	taken := 0
	for err == nil {
		var n int
		if n, err = o.dispatch(ctx); n == 0 {
			break
		}
		taken += n
		o.working.Wait()
	}
	o.working.Wait()
	return taken, errors.Join(err, o.failure())
}
