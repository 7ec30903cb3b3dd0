package outbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// A long code sends one text a second; a replica that is woken, or looks by
// itself, takes no more than that.
const (
	pollEvery = 5 * time.Second
	batch     = 5
)

// Queue is where the rows are.
type Queue interface {
	Claim(ctx context.Context, now time.Time) (store.Outgoing, error)
	Intend(ctx context.Context, now time.Time, x *store.Outgoing, to vault.Number, l store.Limits) (store.Permit, error)
	Settle(ctx context.Context, now time.Time, x store.Outgoing, s store.Settled, l store.Limits) (stopped bool, err error)
	Tidy(ctx context.Context, now time.Time) (store.Overdue, error)
}

// Recipients open whom a row goes to. store.ErrNotFound is for a member who is
// gone, and for one who told us to stop.
type Recipients interface {
	Recipient(ctx context.Context, line, member string) (store.Recipient, error)
}

// Carrier makes each request once. Its errors are a *carrier.Error each.
type Carrier interface {
	Send(ctx context.Context, m carrier.Message) (sid string, err error)
	Place(ctx context.Context, r carrier.Ring) (sid string, err error)
}

// Lines find what a line is called and speaks.
type Lines interface {
	Line(id string) (*store.Snapshot, bool)
}

// Flows find the words of a line.
type Flows interface {
	Current(line string) *flows.Flow
}

// Options are what an Outbox works with. All are needed, but for Service and
// OptedOut.
type Options struct {
	Queue      Queue
	Recipients Recipients
	Carrier    Carrier
	Lines      Lines
	Flows      Flows
	Keys       *vault.Keyring
	// From is the number of a line that texts and calls come from.
	From func(line string) vault.Number
	// Service is the messaging service that texts go through, "" for none.
	Service string
	// PublicURL and VoicePath are where the carrier asks what to say on a call.
	PublicURL, VoicePath string
	// Countries are where anything may go, as ISO 3166 codes.
	Countries []string
	Limits    store.Limits
	// OptedOut is told of a number that has told the carrier to stop.
	OptedOut func(ctx context.Context, line string, n vault.Number) error
	Now      func() time.Time
	Log      *slog.Logger
}

// DefaultLimits are those of a line that serves a region.
var DefaultLimits = store.Limits{PerNumber: 3, PerHour: 200, Barred: 5}

// Outbox sends what is due, beside any number of others on the same database.
type Outbox struct {
	Options
	wake    chan struct{}
	problem string // as last told
}

// New returns an outbox that does nothing until Run or Pass.
func New(o Options) *Outbox { return &Outbox{Options: o, wake: make(chan struct{}, 1)} }

// Wake has Run look at once, and returns at once.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default: // it is awake
	}
}

// Run sends what is due until ctx ends, and then finishes the request that it is
// making, if any.
func (o *Outbox) Run(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		_, err := o.Pass(ctx)
		o.tell(ctx, err)
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
		case <-o.wake:
		}
	}
}

// tell logs when sending begins or ceases to fail.
func (o *Outbox) tell(ctx context.Context, err error) {
	problem := ""
	if err != nil && ctx.Err() == nil {
		problem = err.Error()
	}
	switch {
	case problem == o.problem:
	case problem != "":
		o.Log.WarnContext(ctx, "the outbox waits", "error", err)
	default:
		o.Log.InfoContext(ctx, "the outbox goes on")
	}
	o.problem = problem
}

// Pass tidies up and takes a few rows that are due, one after the other. It
// returns how many it took.
func (o *Outbox) Pass(ctx context.Context) (int, error) {
	overdue, err := o.Queue.Tidy(ctx, o.Now())
	if err != nil {
		return 0, err
	}
	if overdue != (store.Overdue{}) {
		o.Log.WarnContext(ctx, "rows of the outbox went unsent, or nobody knows", "unknown", overdue.Unknown, "lapsed", overdue.Lapsed)
	}
	for taken := range batch {
		if ctx.Err() != nil {
			return taken, ctx.Err()
		}
		x, err := o.Queue.Claim(ctx, o.Now())
		if errors.Is(err, store.ErrNotFound) {
			return taken, nil
		}
		if err != nil {
			return taken, err
		}
		// What was begun is finished, also when the program stops meanwhile.
		if err := o.take(context.WithoutCancel(ctx), x); err != nil {
			return taken + 1, err
		}
	}
	return batch, nil
}

// take does with a row in hand what can be done with it now.
func (o *Outbox) take(ctx context.Context, x store.Outgoing) error {
	p, err := o.look(ctx, x)
	if err != nil {
		return errors.Join(err, o.settle(ctx, x, store.Settled{To: store.SendDue, Again: o.Now().Add(retryFirst)}))
	}
	if p.settled != nil {
		return o.settle(ctx, x, *p.settled)
	}
	return o.send(ctx, x, p)
}

// prepared is a row whose recipient is known and may be reached.
type prepared struct {
	to      vault.Number
	message carrier.Message // of a text
	ring    carrier.Ring    // of a call
	// settled says that it is not to be sent, or not now.
	settled *store.Settled
}

func lapsed(why string) (prepared, error) {
	return prepared{settled: &store.Settled{To: store.SendLapsed, Reason: why}}, nil
}

func putOff(until time.Time) (prepared, error) {
	return prepared{settled: &store.Settled{To: store.SendDue, Again: until}}, nil
}

// look opens whom a row goes to, and decides whether it may go there now.
func (o *Outbox) look(ctx context.Context, x store.Outgoing) (prepared, error) {
	r, err := o.Recipients.Recipient(ctx, x.Line, x.Member)
	if errors.Is(err, store.ErrNotFound) {
		return lapsed("nobody is there")
	}
	if err != nil {
		return prepared{}, err
	}
	if !r.Asked {
		return lapsed("not wanted any more")
	}
	if !r.Number.Within(o.Countries) {
		return lapsed("country")
	}
	snap, ok := o.Lines.Line(x.Line)
	if !ok {
		return prepared{}, errNoLine
	}
	if at, now := o.when(x, r.Preferences, snap), o.Now(); at.After(now) {
		return putOff(at)
	}
	return o.prepare(x, r, snap)
}

var errNoLine = errors.New("the directory has no such line yet")

// when returns when a row may leave, now or later.
//
// Nothing leaves at an hour that its recipient did not call safe, nor in the
// quiet hours of everybody, but for one thing: a text that confirms an enrolment
// while the person is on the line with us. The hours that they call safe say when
// somebody else may look at the phone; while they call a support group they know
// that nobody does, and they were told a moment ago that a text would come. The
// next morning at nine nobody knows who holds it. Who rings in somebody else's
// name can have that phone buzz at night by this, with neutral words, and not
// more often than the limits say.
//
// A call would find them busy, and is not tried again: it waits until they have
// hung up, and then for a safe hour.
func (o *Outbox) when(x store.Outgoing, p flows.Preferences, snap *store.Snapshot) time.Time {
	now := o.Now()
	if now.Before(x.OnLineUntil) {
		if x.Channel == flows.ByText {
			return now
		}
		now = x.OnLineUntil
	}
	return safeFrom(p.Complete(), snap.Directory.Line.Zone, now)
}
