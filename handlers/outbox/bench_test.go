package outbox_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/outbox"
)

// unlimited is a carrier that answers at once, and notes when it was asked.
type unlimited struct {
	fakeCarrier
	mu sync.Mutex
	at []time.Time
}

func (u *unlimited) Send(context.Context, carrier.Message) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.at = append(u.at, time.Now())
	return "", nil
}

// BenchmarkLateness has 1,000 reminders fall due at one moment, with nothing but
// our own work between them and the carrier: planned, claimed, opened, worded,
// intended, asked, settled. The bar is a p99 of 5 s for as many within a minute.
func BenchmarkLateness(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r := newRig(b)
		u := &unlimited{}
		r.o.Carrier, r.o.AtOnce = u, outbox.DefaultAtOnce
		for i := range 1000 {
			r.belong(i, flows.ByText, asked(b, numberOf(i)))
		}
		o := outbox.New(r.o)
		b.StartTimer()
		begun := time.Now()
		r.pass(o)
		slices.SortFunc(u.at, time.Time.Compare)
		if len(u.at) != 1000 {
			b.Fatalf("%d are sent", len(u.at))
		}
		b.ReportMetric(u.at[989].Sub(begun).Seconds(), "p99-late-s")
		b.ReportMetric(1000/time.Since(begun).Seconds(), "sent/s")
	}
}
