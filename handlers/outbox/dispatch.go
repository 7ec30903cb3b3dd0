package outbox

import (
	"context"
	"errors"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// slots are how many requests may be made at a time. One is put in for each that is
// being made. Each channel has its own: a carrier that takes a minute for every text
// must not keep a call from who waits for it.
type slots chan struct{}

// dispatch claims what is due, as much as there are requests free to be made, and
// has it sent by workers of its own. It returns how many rows it took. Calls come
// first: they are few, and who is rung is waiting.
func (o *Outbox) dispatch(ctx context.Context) (taken int, err error) {
	defer o.workPanicked(ctx, "dispatch", &err)
	for _, line := range o.Served() {
		for _, s := range []struct {
			channel flows.Channel
			store.Sender
		}{{flows.ByCall, o.Calls}, {flows.ByText, o.Texts}} {
			free := cap(o.slots[s.channel]) - len(o.slots[s.channel])
			if free == 0 {
				continue
			}
			if ctx.Err() != nil {
				return taken, ctx.Err()
			}
			n, err := o.claim(ctx, line, s.channel, s.Sender, free)
			taken += n
			if err != nil {
				return taken, err
			}
		}
	}
	return taken, nil
}

func (o *Outbox) claim(ctx context.Context, line string, channel flows.Channel, sender store.Sender, most int) (int, error) {
	hit("claim.begin")
	// Rows that are claimed too late come back when their lease is over.
	rows, err := within(ctx, o.patience.answer, func(ctx context.Context) ([]store.Outgoing, error) {
		return o.Queue.Claim(ctx, o.Now(), line, channel, sender, most)
	})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	hit("claim.done")
	// What was begun is finished, also when the program stops meanwhile.
	ctx = context.WithoutCancel(ctx)
	people, failed := o.recipients(ctx, rows)
	hit("open.done")
	slots := o.slots[channel]
	for _, x := range rows {
		slots <- struct{}{}
		o.working.Go(func() {
			defer o.free(slots)
			if failed != nil {
				o.note(o.settle(ctx, x, store.Settled{To: store.SendDue, Again: o.Now().Add(retryFirst)}))
				return
			}
			person, ok := people[x.ID]
			o.note(o.take(ctx, x, person, ok))
		})
	}
	if failed != nil {
		return 0, failed
	}
	return len(rows), nil
}

// recipients opens whom rows go to.
func (o *Outbox) recipients(ctx context.Context, rows []store.Outgoing) (map[string]store.Recipient, error) {
	return within(ctx, o.patience.answer, func(ctx context.Context) (map[string]store.Recipient, error) {
		return o.Recipients.Recipients(ctx, rows)
	})
}

// free gives a slot back. Whoever claims is woken when half of them are free: to
// claim few at a time costs as much as to claim many.
func (o *Outbox) free(s slots) {
	<-s
	if 2*len(s) <= cap(s) {
		nudge(o.wake)
	}
}

// note keeps what went wrong with a row, for who asks.
func (o *Outbox) note(err error) {
	if err == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed == nil {
		o.failed = err // one says what is the matter
	}
}

// take does with a row in hand what can be done with it now.
func (o *Outbox) take(ctx context.Context, x store.Outgoing, to store.Recipient, found bool) (err error) {
	defer o.rowPanicked(ctx, x, store.SendLapsed, &err)
	p, err := o.look(x, to, found)
	if err != nil {
		return errors.Join(err, o.settle(ctx, x, store.Settled{To: store.SendDue, Again: o.Now().Add(retryFirst)}))
	}
	if p.settled != nil {
		o.numbers.settled(x.Line, p.settled.To, o.Now())
		return o.settle(ctx, x, *p.settled)
	}
	return o.send(ctx, x, p)
}
