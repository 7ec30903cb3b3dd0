package rooms_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// sluggish is a carrier that gives no answer before it is told to.
type sluggish struct {
	rooms.Carrier
	answer chan struct{}
	muted  chan struct{}
	lists  atomic.Int32
}

func (s *sluggish) Participants(context.Context, string) ([]carrier.Participant, error) {
	s.lists.Add(1)
	<-s.answer
	return nil, nil
}

func (s *sluggish) ConferenceNamed(context.Context, string) (string, error) {
	s.lists.Add(1)
	<-s.answer
	return "", nil
}

func (s *sluggish) Mute(context.Context, string, string, bool) (carrier.Participant, error) {
	select {
	case s.muted <- struct{}{}:
	default:
	}
	<-s.answer
	return carrier.Participant{}, nil
}

// A slow carrier holds up no timer: neither by the lists that are asked of it, of
// which a pass asks for five, nor by what other rooms want.
func TestTimersWithASlowCarrier(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	host.do(session.Request{Verb: session.SetMode, Mode: session.Circle})
	slow := &sluggish{Carrier: r.client, answer: make(chan struct{}), muted: make(chan struct{}, 1)}
	s := r.start(func(o *rooms.Options) { o.Carrier = slow })
	for i := range 40 {
		s.Late("room "+strconv.Itoa(i), r.line, r.groups[openCode])
	}
	if err := s.Hurry(t.Context()); err != nil { // if it waited for an answer, it would not end
		t.Error(err)
	}
	if n := slow.lists.Load(); n > 5 {
		t.Errorf("a pass asks for %d lists", n)
	}
	// Their turn is over, after three minutes and the minute that they are left.
	r.twilio.Advance(6 * time.Minute)
	if err := s.Hurry(t.Context()); err != nil {
		t.Error(err)
	}
	<-slow.muted // while no list was answered, or the test's own time runs out
	close(slow.answer)
	_ = one
	_ = s.Pass(t.Context()) // and lets what is under way come to its end
}

// A row that cannot be read holds up no other room, and is let be for a minute.
func TestAnUnreadableSession(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	sessions := store.NewSessions(r.db, r.keys)
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	for _, name := range []string{"another program's", "sealed by another key"} {
		if err := sessions.Change(ctx, sessions.ID(r.line, name), func([]byte) (store.SessionChange, error) {
			return store.SessionChange{State: []byte("what is this"), Wake: r.clock.Now(), Gone: r.clock.Now().Add(time.Hour)}, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	bad := sessions.ID(r.line, "sealed by another key")
	if _, err := r.sql().Exec(`UPDATE keys.session SET state = substring(state FROM 1 FOR 40) || repeat('x', 100)::bytea WHERE mark = $1`, bad.Mark); err != nil {
		t.Fatal(err)
	}
	s := r.any()
	if s.Pass(ctx) == nil {
		t.Error("nobody is told of it")
	}
	if ids, err := sessions.Due(ctx, r.line, r.clock.Now(), 9); err != nil || len(ids) > 0 {
		t.Errorf("%d sessions are due after a pass, %v", len(ids), err)
	}
	if err := s.Pass(ctx); err != nil {
		t.Errorf("the next pass: %v", err)
	}
	host.do(session.Request{Verb: session.MuteSeat, Seat: one.seat()})
	r.pass(5 * time.Second)
	if got := r.rooms(); got != "(1) 9" {
		t.Errorf("rooms: %s", got)
	}
}
