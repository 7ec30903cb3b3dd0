package rooms_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// What a replica wrote down and did not get round to ask the carrier for, another
// asks for within twelve seconds.
func TestAKilledReplica(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	alive := r.any()
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	seat := one.seat()
	dying := r.start(func(o *rooms.Options) { o.Sessions = dies{o.Sessions} })
	_, _, err := dying.Do(t.Context(), r.flow, r.view(), r.groups[openCode], host.call.SID(), "en", session.Request{ID: "x", Verb: session.MuteSeat, Seat: seat})
	if err == nil || r.rooms() != "1 9" {
		t.Fatalf("it did not die: %v; %s", err, r.rooms())
	}
	r.only(alive)
	r.pass(12 * time.Second)
	if got := r.rooms(); got != "(1) 9" {
		t.Errorf("after twelve seconds: %s", got)
	}
}

// dies has a replica end as soon as it has written something down.
type dies struct{ rooms.Sessions }

var errKilled = errors.New("killed")

func (d dies) Change(ctx context.Context, id store.SessionID, change func([]byte) (store.SessionChange, error)) error {
	return errors.Join(d.Sessions.Change(ctx, id, change), errKilled)
}

// Without Postgres people come in and out, and back from the star; what needs it is
// refused or an error.
func TestWithoutPostgres(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	one, two := r.person(1).comes(openCode), r.person(2).comes(openCode)
	var is atomic.Bool
	s := r.start(func(o *rooms.Options) { o.Sessions = away{o.Sessions, &is} })
	r.only(s)
	is.Store(true)
	two.call.Press("*")
	two.call.Press("1")
	r.person(3).comes(openCode)
	if got := r.rooms(); got != "1 2 3" {
		t.Errorf("rooms: %s", got)
	}
	if held := r.person(4).comes(heldCode); held.told() != "later" {
		t.Errorf("before a host: %q", held.told())
	}
	if _, _, err := s.Do(ctx, r.flow, r.view(), r.groups[openCode], one.call.SID(), "en", session.Request{ID: "x", Verb: session.Hand}); err == nil {
		t.Error("a hand was raised")
	}
	if _, err := s.Look(ctx, r.flow, r.view(), r.groups[openCode], one.call.SID(), "en"); err == nil {
		t.Error("a session was seen")
	}
	if s.Pass(ctx) == nil {
		t.Error("a pass was made")
	}
	// It comes back, and the one who came meanwhile has a seat like the others.
	is.Store(false)
	r.unheard = true
	r.pass(time.Second)
	if seen := one.sees(); seen.Here != 3 || r.rooms() != "1 2 3" {
		t.Errorf("afterwards %d are here: %s", seen.Here, r.rooms())
	}
}

// away is a Postgres that may not answer.
type away struct {
	rooms.Sessions
	is *atomic.Bool
}

var errAway = errors.New("the database is away")

func (a away) Change(ctx context.Context, id store.SessionID, change func([]byte) (store.SessionChange, error)) error {
	if a.is.Load() {
		return errAway
	}
	return a.Sessions.Change(ctx, id, change)
}

func (a away) Read(ctx context.Context, id store.SessionID) ([]byte, error) {
	if a.is.Load() {
		return nil, errAway
	}
	return a.Sessions.Read(ctx, id)
}

func (a away) Due(ctx context.Context, line string, now time.Time, most int) ([]store.SessionID, error) {
	if a.is.Load() {
		return nil, errAway
	}
	return a.Sessions.Due(ctx, line, now, most)
}

// Every callback is lost: lists tell what no callback has, nobody is a ghost, and
// nobody is stranded.
func TestEveryCallbackLost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.twilio.Inject(emulator.Fault{On: emulator.OnCallback, Match: rooms.EventPath, Drop: true})
	host := r.person(9).leads(pin).comes(openCode)
	one, two := r.person(1).comes(openCode), r.person(2).comes(openCode)
	r.pass(time.Minute)
	if got := r.rooms(); got != "1 2 9" || one.sees().Here != 3 {
		t.Fatalf("rooms: %s; %d are here", got, one.sees().Here)
	}
	host.do(session.Request{Verb: session.MuteSeat, Seat: one.seat()})
	two.call.Hangup()
	r.pass(time.Minute)
	if got := r.rooms(); got != "(1) 9" || host.sees().Here != 2 {
		t.Errorf("rooms: %s; %d are here", got, host.sees().Here)
	}
	one.call.Hangup()
	r.pass(time.Minute)
	if !strings.Contains(host.transcript(), "nobody else") {
		t.Errorf("who is alone is not told so:\n%s", host.transcript())
	}
}

// Two replicas are asked at once for the same room, of the same people, twice each.
func TestTwoReplicasAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start()
	var all []*person
	for n := range 8 {
		all = append(all, r.person(n+1).comes(openCode))
	}
	var asking sync.WaitGroup
	for _, p := range all {
		for range 2 {
			asking.Go(func() {
				var came session.Outcome
				err := context.DeadlineExceeded
				for errors.Is(err, context.DeadlineExceeded) { // who waited for too long asks again
					came, _, err = r.any().Do(t.Context(), r.flow, r.view(), r.groups[openCode], p.call.SID(), "en", session.Request{ID: p.Number(), Verb: session.MuteSelf})
				}
				if err != nil || came != session.On {
					t.Errorf("%s, %v", came, err)
				}
			})
		}
	}
	asking.Wait()
	r.pass(time.Second)
	if got := r.rooms(); got != "(1) (2) (3) (4) (5) (6) (7) (8)" {
		t.Errorf("rooms: %s", got)
	}
}

// Callers get in and out while the carrier's REST does not answer.
func TestASlowCarrier(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.person(1).comes(openCode), r.person(2).comes(openCode)
	answer := make(chan struct{})
	slow := r.start(func(o *rooms.Options) { o.Carrier = hangs{o.Carrier, answer} })
	came, _, err := slow.Do(t.Context(), r.flow, r.view(), r.groups[openCode], one.call.SID(), "en", session.Request{ID: "x", Verb: session.MuteSelf})
	if err != nil || came != session.On {
		t.Errorf("%s, %v", came, err)
	}
	close(answer) // had they waited for it, it would not have come
	if r.rooms() != "1 2" || two.sees().Here != 2 {
		t.Errorf("rooms: %s", r.rooms())
	}
	r.pass(12 * time.Second)
	if got := r.rooms(); got != "(1) 2" {
		t.Errorf("once another asks for it: %s", got)
	}
}

// hangs is a carrier that does not answer before it is told to.
type hangs struct {
	rooms.Carrier
	answer <-chan struct{}
}

func (h hangs) Mute(context.Context, string, string, bool) (carrier.Participant, error) {
	<-h.answer
	return carrier.Participant{}, &carrier.Error{Op: "mute participant", Class: carrier.Unknown}
}

// Run sees to what is due, though no webhook comes.
func TestRun(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	dying := r.start(func(o *rooms.Options) { o.Sessions = dies{o.Sessions} })
	if _, _, err := dying.Do(t.Context(), r.flow, r.view(), r.groups[openCode], host.call.SID(), "en", session.Request{ID: "x", Verb: session.MuteSeat, Seat: one.seat()}); err == nil {
		t.Fatal("it did not die")
	}
	c := counted{Carrier: r.client}
	told := make(chan time.Time, 1)
	c.mutes.Store(one.call.SID(), told)
	s := r.start(func(o *rooms.Options) { o.Carrier = &c })
	r.only(s)
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		s.Run(ctx)
	}()
	r.twilio.Advance(11 * time.Second)
	<-told // or the test's own time runs out
	stop()
	<-ran
}
