package outbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
)

func TestReplicasSendEachTextOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const rows = 30
	for i := range rows {
		r.put(i, flows.ByText, asked(t, ida))
	}
	var wg sync.WaitGroup
	for range 4 {
		o := outbox.New(r.o)
		wg.Go(func() {
			for r.pass(o) > 0 {
			}
		})
	}
	wg.Wait()
	if n := r.carrier.requests(); n != rows {
		t.Errorf("%d texts leave for %d rows", n, rows)
	}
}

func TestAFullHourIsToldOnceForAllReplicas(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.o.Limits = store.Limits{PerNumber: 1000, PerHour: 12, Barred: 5}
	for i := range 60 {
		r.put(i, flows.ByText, asked(t, ida))
	}
	replicas := []*outbox.Outbox{outbox.New(r.o), outbox.New(r.o)}
	pass := func() {
		var wg sync.WaitGroup
		for _, o := range replicas {
			wg.Go(func() { r.pass(o) })
		}
		wg.Wait()
	}
	for range 59 {
		pass()
		r.clock.add(time.Minute)
	}
	if n := r.carrier.requests(); n != 12 {
		t.Errorf("%d texts leave in the first hour", n)
	}
	if n := strings.Count(r.log.String(), "ALARM"); n != 1 {
		t.Errorf("%d alarms are told:\n%s", n, r.log)
	}
	r.clock.add(10 * time.Minute)
	pass()
	if n := r.carrier.requests(); n <= 12 {
		t.Errorf("%d texts have left after it", n)
	}
}

func TestTheBreakerTripsWhenTheCarrierBarsUs(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"filtered": fault(400, 30034, carrier.Filtered), "suspended": fault(401, 20003, carrier.Ours)} {
		r := newRig(t)
		r.o.AtOnce = 1
		r.carrier.answer = func(int) error { return err }
		for i := range 40 {
			r.put(i, flows.ByText, asked(t, ida))
		}
		o := outbox.New(r.o)
		for range 12 { // a minute
			r.pass(o)
			r.clock.add(5 * time.Second)
		}
		if n := r.carrier.requests(); n != 5 {
			t.Errorf("%s: %d requests are made", name, n)
		}
		if n := strings.Count(r.log.String(), "ALARM"); n != 1 {
			t.Errorf("%s: %d alarms are told:\n%s", name, n, r.log)
		}
	}
}

func TestRunWakesAndFinishesWhatItBegan(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.carrier.asked, r.carrier.holding = make(chan struct{}), make(chan struct{})
	o := outbox.New(r.o)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.Run(ctx); close(done) }()
	id := r.put(1, flows.ByText, asked(t, ida))
	o.Wake()
	<-r.carrier.asked
	stop()
	close(r.carrier.holding)
	<-done
	if state, _, _ := r.row(id); state != "accepted" {
		t.Errorf("what was being sent is %s", state)
	}
}

// A carrier that takes no texts keeps nobody from being rung, nor the reverse.
func TestOneChannelDoesNotHoldUpTheOther(t *testing.T) {
	t.Parallel()
	for hangs, other := range map[flows.Channel]flows.Channel{flows.ByText: flows.ByCall, flows.ByCall: flows.ByText} {
		r := newRig(t)
		r.carrier.asked, r.carrier.holding = make(chan struct{}), make(chan struct{})
		for i := range r.o.AtOnce + 2 {
			r.put(i, hangs, asked(t, ida))
		}
		o := outbox.New(r.o)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { o.Run(ctx); close(done) }()
		for range r.o.AtOnce {
			<-r.carrier.asked
		}
		r.put(50, other, asked(t, ida))
		o.Wake()
		select {
		case <-r.carrier.asked:
		case <-time.After(time.Minute):
			t.Errorf("while it hangs by %s nobody is reached by %s", hangs, other)
		}
		stop()
		close(r.carrier.holding)
		<-done
	}
}
