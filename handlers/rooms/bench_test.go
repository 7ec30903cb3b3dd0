package rooms_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// manyGroups is a groups file of as many that meet at seven, and their codes.
func manyGroups(n int) (file string, codes []string) {
	var b strings.Builder
	b.WriteString("groups:\n")
	for i := range n {
		code := fmt.Sprint(200000 + 7*i)
		codes = append(codes, code)
		fmt.Fprintf(&b, `  - code: "%s"
    name: Circle %d
    discreet_name: Call %d
    topics: [grief]
    languages: [en]
    format: peer-led
    access: open
    host: none
    capacity: 12
    meetings: [{start: "2026-11-24T19:00", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=TU", minutes: 60}]
`, code, i, i)
	}
	return b.String(), codes
}

const eachRoom = 8

// crowd seats eight people in each of many rooms.
func crowd(b *testing.B, n int, change ...func(*rooms.Options)) (*rig, []*person) {
	b.Helper()
	file, codes := manyGroups(n)
	r := newRigOf(b, file)
	r.only(r.start(change...))
	var people []*person
	for i, code := range codes {
		for j := range eachRoom {
			people = append(people, r.person(i*eachRoom+j).comes(code))
		}
	}
	r.pass(2 * time.Second)
	if got := len(r.twilio.Rooms()); got != n {
		b.Fatalf("%d rooms", got)
	}
	return r, people
}

// counted counts what is asked of the carrier, and says when it is.
type counted struct {
	rooms.Carrier
	lists, others atomic.Int64
	mutes         sync.Map // of a call: a channel that is told when
}

func (c *counted) Participants(ctx context.Context, conference string) ([]carrier.Participant, error) {
	c.lists.Add(1)
	return c.Carrier.Participants(ctx, conference)
}

func (c *counted) Redirect(ctx context.Context, call, address string) error {
	c.others.Add(1)
	return c.Carrier.Redirect(ctx, call, address)
}

func (c *counted) Announce(ctx context.Context, conference, call, address string) error {
	c.others.Add(1)
	return c.Carrier.Announce(ctx, conference, call, address)
}

func (c *counted) Mute(ctx context.Context, conference, call string, muted bool) (carrier.Participant, error) {
	c.others.Add(1)
	if told, ok := c.mutes.Load(call); ok {
		told.(chan time.Time) <- time.Now()
	}
	return c.Carrier.Mute(ctx, conference, call, muted)
}

// counting counts what is asked of Postgres.
type counting struct {
	rooms.Sessions
	changes, reads atomic.Int64
}

func (c *counting) Change(ctx context.Context, id store.SessionID, change func([]byte) (store.SessionChange, error)) error {
	c.changes.Add(1)
	return c.Sessions.Change(ctx, id, change)
}

func (c *counting) Due(ctx context.Context, line string, now time.Time, most int) ([]store.SessionID, error) {
	c.reads.Add(1)
	return c.Sessions.Due(ctx, line, now, most)
}

// From somebody's key to the carrier's receipt, in 50 rooms of eight: each of eight
// people at a time mutes or unmutes themselves.
func BenchmarkVerb(b *testing.B) {
	var c counted
	r, people := crowd(b, 50, func(o *rooms.Options) {
		c.Carrier = o.Carrier
		o.Carrier = &c
	})
	s := r.any()
	var mu sync.Mutex
	var took []time.Duration
	var next, asked atomic.Int64
	work := make(chan int)
	b.ResetTimer()
	var working sync.WaitGroup
	for range eachRoom {
		working.Go(func() {
			for n := range work {
				p := people[n*37%len(people)]
				told := make(chan time.Time, 4)
				c.mutes.Store(p.call.SID(), told)
				start := time.Now()
				came, _, err := s.Do(context.Background(), r.flow, r.view(), r.groups[r.code[p.Number()]], p.call.SID(), "en",
					session.Request{ID: fmt.Sprint("bench ", asked.Add(1)), Verb: session.MuteSelf})
				if err != nil || came != session.On && came != session.Off {
					b.Errorf("%s, %v", came, err)
					continue
				}
				mu.Lock()
				took = append(took, (<-told).Sub(start))
				mu.Unlock()
			}
		})
	}
	for b.Loop() {
		work <- int(next.Add(1))
	}
	close(work)
	working.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// What it costs to hold 200 rooms of eight for ten minutes, in each of which
// somebody mutes themselves once a minute.
func BenchmarkHold(b *testing.B) {
	var c counted
	var q counting
	r, people := crowd(b, 200, func(o *rooms.Options) {
		c.Carrier, q.Sessions = o.Carrier, o.Sessions
		o.Carrier, o.Sessions = &c, &q
	})
	const held = 10 // minutes
	for b.Loop() {
		c.lists.Store(0)
		c.others.Store(0)
		q.changes.Store(0)
		q.reads.Store(0)
		before := cpu(b)
		for range held {
			for i := range 60 {
				for n := i; n < 200; n += 60 {
					people[n*eachRoom].do(session.Request{Verb: session.MuteSelf})
				}
				r.pass(time.Second)
			}
		}
		const minutes = 200 * held
		b.ReportMetric(float64(q.changes.Load())/minutes, "tx/room-min")
		b.ReportMetric(float64(q.reads.Load())/held/60, "polls/s")
		b.ReportMetric(float64(c.others.Load())/minutes, "rest/room-min")
		b.ReportMetric(float64(c.lists.Load()), "lists")
		b.ReportMetric(float64((cpu(b)-before).Milliseconds())/minutes, "cpu-ms/room-min")
		if c.lists.Load() > 0 {
			b.Errorf("%d lists, though callbacks came", c.lists.Load())
		}
	}
}

// cpu is what this process has used: the emulator and its phones, too, but not
// Postgres.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
