package outbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// silent is a database behind a connection that has gone silent: the first call of
// that name does not end before the test does, whatever its context says.
type silent struct {
	outbox.Queue
	outbox.Recipients
	name string
	once chan struct{}
	ends <-chan struct{}
}

func (s *silent) call(name string) {
	if name == s.name {
		select {
		case s.once <- struct{}{}:
			<-s.ends
		default:
		}
	}
}

func (s *silent) Plan(ctx context.Context, line string, all []store.Firing) (int, error) {
	s.call("plan")
	return s.Queue.Plan(ctx, line, all)
}

func (s *silent) Claim(ctx context.Context, now time.Time, line string, ch flows.Channel, by store.Sender, most int) ([]store.Outgoing, error) {
	s.call("claim")
	return s.Queue.Claim(ctx, now, line, ch, by, most)
}

func (s *silent) Intend(ctx context.Context, now time.Time, x *store.Outgoing, to vault.Number, l store.Limits) (store.Permit, error) {
	s.call("intend")
	return s.Queue.Intend(ctx, now, x, to, l)
}

func (s *silent) Settle(ctx context.Context, now time.Time, x store.Outgoing, to store.Settled, l store.Limits) (bool, error) {
	s.call("settle")
	return s.Queue.Settle(ctx, now, x, to, l)
}

func (s *silent) Tidy(ctx context.Context, now time.Time) (store.Overdue, error) {
	s.call("tidy")
	return s.Queue.Tidy(ctx, now)
}

type silentRecipients struct {
	*silent
}

func (s silentRecipients) Recipients(ctx context.Context, xs []store.Outgoing) (map[string]store.Recipient, error) {
	s.call("recipients")
	return s.silent.Recipients.Recipients(ctx, xs)
}

func TestASilentDatabaseHaltsNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plan", "claim", "recipients", "intend", "settle", "tidy"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.belong(1, flows.ByText, asked(t, ida))
			ctx, end := context.WithCancel(context.Background())
			t.Cleanup(end)
			s := &silent{Queue: r.o.Queue, Recipients: r.o.Recipients, name: name, once: make(chan struct{}, 1), ends: ctx.Done()}
			r.o.Queue, r.o.Recipients = s, silentRecipients{s}
			o := outbox.New(r.o)
			o.WaitFor(5 * time.Second) // what is not silent answers within, on a busy machine too
			_, err := o.Pass(t.Context())
			if name != "settle" && !errors.Is(err, context.DeadlineExceeded) || len(s.once) != 1 {
				t.Errorf("it is not given up: %v", err)
			}
			for range 3 { // by then whatever was in hand is free
				r.clock.add(31 * time.Second)
				r.pass(o)
			}
			if n := r.carrier.requests(); n != 1 {
				t.Errorf("%d leave", n)
			}
		})
	}
}

// What is due goes out while planning waits, for somebody who changes dates.
func TestPlanningDoesNotHoldUpWhatIsDue(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.carrier.asked = make(chan struct{}, 1)
	r.belong(1, flows.ByText, asked(t, ida))
	r.put(2, flows.ByText, asked(t, ida))
	tx, err := r.sql.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`SELECT FROM line FOR NO KEY UPDATE`); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { outbox.New(r.o).Run(ctx); close(done) }()
	for _, what := range []string{"what is due", "what was planned"} {
		select {
		case <-r.carrier.asked:
		case <-time.After(time.Minute):
			t.Errorf("%s does not leave", what)
		}
		_ = tx.Rollback() // by whom the plan was held
	}
	stop()
	<-done
}
