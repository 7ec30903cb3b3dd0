package rooms_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// lost takes Postgres away from the one service that answers from now on, once it has
// seen each session. Back gives it back.
func (r *rig) lost() (back func()) {
	r.t.Helper()
	var is atomic.Bool
	s := r.start(func(o *rooms.Options) { o.Sessions = away{o.Sessions, &is} })
	r.only(s)
	r.unheard = true
	for _, group := range r.groups {
		if _, err := s.Look(r.t.Context(), r.flow, r.view(), group, "", "en"); err != nil {
			r.t.Fatal(err)
		}
	}
	is.Store(true)
	return func() { is.Store(false) }
}

// misses is a Postgres that does not answer once in time.
type misses struct {
	rooms.Sessions
	next *atomic.Bool
}

func (m misses) Change(ctx context.Context, id store.SessionID, change func([]byte) (store.SessionChange, error)) error {
	if m.next.CompareAndSwap(true, false) {
		return errAway
	}
	return m.Sessions.Change(ctx, id, change)
}

// Who comes to the door while Postgres does not answer goes in, though it answers again
// before they are in the room: the first, and one among others, whom this replica has
// seen or not. Who was removed stays out.
func TestPostgresIsBackBetweenTheDoorAndTheRoom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		others, seen, removed bool
		want                  string
	}{
		"the first":                 {false, false, false, "1"},
		"among others":              {true, false, false, "1 9"},
		"among others that it saw":  {true, true, false, "1 9"},
		"who was removed":           {true, false, true, "9"},
		"who was seen when removed": {true, true, true, "9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			one := r.person(1)
			if c.others {
				host := r.person(9).leads(pin).comes(openCode)
				if c.removed {
					one.comes(openCode)
					host.do(session.Request{Verb: session.Remove, Seat: one.seat()})
					r.pass(5 * time.Second)
				}
			}
			var next atomic.Bool
			s := r.start(func(o *rooms.Options) { o.Sessions = misses{o.Sessions, &next} })
			r.only(s)
			if c.seen {
				if _, err := s.Look(t.Context(), r.flow, r.view(), r.groups[openCode], "", "en"); err != nil {
					t.Fatal(err)
				}
			}
			next.Store(true)
			if one.comes(openCode); next.Load() {
				t.Fatal("Postgres answered")
			}
			if got := r.rooms(); got != c.want {
				t.Errorf("rooms: %s", got)
			}
			r.pass(2 * time.Second)
			if got := r.rooms(); got != c.want || !c.removed && one.sees().Here != len(strings.Fields(c.want)) {
				t.Errorf("a moment later: %s", got)
			}
		})
	}
}

// Without Postgres everybody stays as they were: who was removed stays out, who waits
// waits, who is muted comes back muted.
func TestWithoutPostgresAllStaysAsItWas(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host := r.person(9).leads(pin).comes(openCode)
	removed, waits, muted, free := r.person(1).comes(openCode), r.person(2).comes(openCode), r.person(3).comes(openCode), r.person(4).comes(openCode)
	host.do(session.Request{Verb: session.Remove, Seat: removed.seat()})
	host.do(session.Request{Verb: session.ToWait, Seat: waits.seat()})
	host.do(session.Request{Verb: session.MuteSeat, Seat: muted.seat()})
	r.pass(5 * time.Second)
	back := r.lost()
	if removed.comes(openCode); removed.told() != "removed" {
		t.Errorf("who was removed is told %q", removed.told())
	}
	muted.call.Press("*")
	muted.call.Press("1")
	waits.call.Press("*")
	free.call.Press("*")
	free.call.Press("1")
	r.person(5).comes(openCode)
	if got := r.rooms(); got != "(3) 4 5 9" {
		t.Errorf("while Postgres is away: %s", got)
	}
	muted.call.Hangup()
	if muted.comes(openCode); r.rooms() != "(3) 4 5 9" {
		t.Errorf("who was muted comes anew: %s", r.rooms())
	}
	back()
	r.pass(2 * time.Minute)
	if got := r.rooms(); got != "(3) 4 5 9" {
		t.Errorf("afterwards: %s", got)
	}
}

func TestWithoutPostgresALockHolds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	host.do(session.Request{Verb: session.SetMode, Mode: session.Listen})
	host.do(session.Request{Verb: session.Lock})
	r.lost()
	late := r.person(2).comes(openCode)
	if late.told() != "locked" {
		t.Errorf("at a locked door is told %q", late.told())
	}
	// Nobody has to know who they are to be silent where one alone may speak.
	one.call.Press("*")
	one.call.Press("1")
	if got := r.rooms(); got != "(1) 9" {
		t.Errorf("rooms: %s", got)
	}
	way, err := r.any().Enter(t.Context(), r.view(), rooms.Leg{Group: r.groups[openCode], Call: "CA00000000000000000000000000000077"})
	if err == nil {
		t.Errorf("an unknown call enters a locked room: %+v", way)
	}
}

// An unknown call comes into a circle with its microphone closed.
func TestWithoutPostgresAnUnknownCallIsSilentInACircle(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host := r.person(9).leads(pin).comes(openCode)
	r.person(1).comes(openCode)
	host.do(session.Request{Verb: session.SetMode, Mode: session.Circle})
	r.lost()
	way, err := r.any().Enter(t.Context(), r.view(), rooms.Leg{Group: r.groups[openCode], Call: "CA00000000000000000000000000000077"})
	if err != nil || !way.Conference.Muted {
		t.Errorf("they enter as %+v, %v", way.Conference, err)
	}
}

// Whoever looks from the menus is on the line, however long they take.
func TestWhoLooksIsThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	r.any().Stepped(t.Context(), r.view(), r.groups[openCode], host.call.SID(), false)
	for range 6 {
		r.pass(time.Minute)
		if seen := host.sees(); !seen.Host || !one.sees().Hosted {
			t.Fatalf("they count as gone: %+v", seen)
		}
	}
}

// Who was sent to wait cannot walk in anew while Postgres is away.
func TestWithoutPostgresWhoWasSentToWaitStaysOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, waits := r.person(9).leads(pin).comes(openCode), r.person(2).comes(openCode)
	host.do(session.Request{Verb: session.ToWait, Seat: waits.seat()})
	r.pass(5 * time.Second)
	r.lost()
	waits.call.Hangup()
	if waits.comes(openCode); waits.told() != "later" || r.rooms() != "9" {
		t.Errorf("they are told %q: %s", waits.told(), r.rooms())
	}
}
