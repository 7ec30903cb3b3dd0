package rooms_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// Three come, one steps out by the star and back, one hangs up, one more: whoever is
// left is told that nobody else is there. Two replicas take turns in answering.
func TestARoom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start()
	one, two, three := r.person(1).comes(openCode), r.person(2).comes(openCode), r.person(3).comes(openCode)
	if got := r.rooms(); got != "1 2 3" {
		t.Fatalf("rooms: %s", got)
	}
	two.call.Press("*")
	if got := r.rooms(); got != "1 3" {
		t.Errorf("while one is at the menu: %s", got)
	}
	two.call.Press("6")
	r.pass(time.Second)
	if got := r.rooms(); got != "(2) 1 3" {
		t.Errorf("after muting oneself: %s", got)
	}
	if !strings.Contains(two.transcript(), "heard: on") || !two.sees().Muted || two.sees().Here != 3 {
		t.Errorf("they see %+v:\n%s", two.sees(), two.transcript())
	}
	three.call.Hangup()
	two.call.Hangup()
	r.pass(15 * time.Second)
	if got := r.rooms(); got != "1" {
		t.Errorf("when one is left: %s", got)
	}
	if n := strings.Count(one.transcript(), "nobody else"); n < 2 {
		t.Errorf("who is left alone was told so %d times:\n%s", n, one.transcript())
	}
	two.comes(openCode)
	if !two.sees().Muted || two.sees().Here != 2 {
		t.Errorf("who lost the line comes back to %+v", two.sees())
	}
}

// Somebody who was removed is refused until the end, by whatever way.
func TestRemoved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host := r.person(9).leads(pin).comes(openCode)
	one, two := r.person(1).comes(openCode), r.person(2).comes(openCode)
	if came := one.do(session.Request{Verb: session.Remove, Seat: two.seat()}); came != session.NotAllowed {
		t.Errorf("a participant removes: %s", came)
	}
	if came := host.do(session.Request{Verb: session.Remove, Seat: two.seat()}); came != session.OK {
		t.Fatalf("removed: %s", came)
	}
	r.pass(2 * time.Second)
	if got := r.rooms(); got != "1 9" || two.told() != "removed" || two.Current() != nil {
		t.Errorf("rooms: %s; told %q", got, two.told())
	}
	for range 3 {
		if two.comes(openCode); two.told() != "removed" {
			t.Errorf("coming again they are told %q", two.told())
		}
	}
	r.person(3).Call(lineTo, emulator.CallerID("anonymous"))
	r.pass(time.Second)
	if got := r.rooms(); got != "1 9" || host.sees().Waiting != 1 {
		t.Errorf("after a removal a withheld number is in: %s", got)
	}
}

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

var errAway = errors.New("Postgres is away")

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

// Before the host nobody hears anybody, and substitutes are rung in order.
func TestBeforeTheHost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rose, sam := r.twilio.Phone("+12125550111"), r.twilio.Phone("+12125550112")
	r.mu.Lock()
	for _, n := range []string{"+12125550111", "+12125550112"} {
		r.code[n] = heldCode
	}
	r.staff["+12125550112"] = "50391827"
	r.mu.Unlock()
	rose.Behave(emulator.Behaviour{Kind: emulator.NoAnswer})
	sam.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 5 * time.Second})
	one, two := r.person(1).comes(heldCode), r.person(2).comes(heldCode)
	hears := func() (n int) {
		for _, m := range r.twilio.Rooms() {
			for _, p := range m.Participants {
				n += len(p.Hears)
			}
		}
		return n
	}
	if hears() != 0 || one.sees().Hosted {
		t.Fatalf("before the host: %s", r.rooms())
	}
	r.pass(2 * time.Minute)
	if sam.Current() == nil || hears() != 6 || !two.sees().Hosted {
		t.Errorf("with the substitute: %s, %d hear", r.rooms(), hears())
	}
}

// Nobody comes: the room is closed kindly, and what a coordinator may list is empty.
func TestNoHostComes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, n := range []string{"+12125550111", "+12125550112"} {
		r.twilio.Phone(n).Behave(emulator.Behaviour{Kind: emulator.NoAnswer})
	}
	one := r.person(1).comes(heldCode)
	r.pass(5 * time.Minute)
	live, err := r.any().Live(t.Context(), r.flow, r.line, r.snap.Directory)
	if err != nil || len(live) != 1 || live[0].Group != r.groups[heldCode] || live[0].Session.Here != 1 {
		t.Errorf("live: %+v, %v", live, err)
	}
	r.pass(17 * time.Minute)
	if one.told() != "ended" || len(r.twilio.Rooms()) != 0 {
		t.Errorf("after the quarter of an hour they are told %q: %s", one.told(), r.rooms())
	}
	if live, err := r.any().Live(t.Context(), r.flow, r.line, r.snap.Directory); err != nil || len(live) != 0 {
		t.Errorf("live: %+v, %v", live, err)
	}
	if one.comes(heldCode); one.told() != "late" {
		t.Errorf("coming again they are told %q", one.told())
	}
	r.pass(70 * time.Minute)
	var left int
	if err := r.sql().QueryRow(`SELECT count(*) FROM keys.session`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d sessions are kept: %v", left, err)
	}
}

// What staff change is in the audit log, once; what anybody does to themselves is not.
func TestAudit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	lock := session.Request{ID: "lock", Verb: session.Lock}
	host.do(lock)
	host.do(lock)
	host.do(session.Request{Verb: session.MuteSelf})
	one.do(session.Request{Verb: session.Hand})
	one.do(session.Request{Verb: session.Lock})
	s := r.any()
	if came, seen, err := s.Order(t.Context(), r.flow, r.view(), r.groups[openCode], "Ana", session.Request{ID: "mode", Verb: session.SetMode, Mode: session.Hands}); err != nil || came != session.OK || seen.Mode != "hands" {
		t.Errorf("order: %s, %+v, %v", came, seen, err)
	}
	if _, _, err := s.Order(t.Context(), r.flow, r.view(), r.groups[heldCode], "Ana", session.Request{ID: "x", Verb: session.Lock}); !errors.Is(err, rooms.ErrClosed) {
		t.Errorf("an order to no session: %v", err)
	}
	key := host.sees().Key
	if came, _, ok, err := s.DoByKey(t.Context(), r.flow, r.view(), r.groups[openCode], key, "en", session.Request{ID: "text", Verb: session.Unlock}); err != nil || !ok || came != session.OK {
		t.Errorf("by key: %s, %v, %v", came, ok, err)
	}
	wrong := "0" + key[1:]
	if _, seen, ok, err := s.DoByKey(t.Context(), r.flow, r.view(), r.groups[openCode], wrong, "en", session.Request{ID: "text2", Verb: session.Lock}); err != nil || ok || seen != nil {
		t.Errorf("by a wrong key: %v, %v", ok, err)
	}
	if _, _, ok, err := s.DoByKey(t.Context(), r.flow, r.view(), r.groups[heldCode], key, "en", session.Request{ID: "text3", Verb: session.Lock}); err != nil || ok {
		t.Errorf("by key, of no session: %v, %v", ok, err)
	}
	rows, err := r.sql().Query(`SELECT actor, act, detail FROM audit WHERE act LIKE 'session.%' ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var got []string
	for rows.Next() {
		var actor, act, detail string
		if err := rows.Scan(&actor, &act, &detail); err != nil {
			t.Fatal(err)
		}
		if detail != r.groups[openCode] {
			t.Errorf("detail %q", detail)
		}
		got = append(got, actor+" "+act)
	}
	if want := "facilitator session.lock, Ana session.mode, facilitator session.unlock"; strings.Join(got, ", ") != want {
		t.Errorf("audited: %s\nwanted: %s", strings.Join(got, ", "), want)
	}
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

// A crisis: a facilitator and somebody go aside, and the crisis line comes to them.
func TestCrisis(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one, two := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode), r.person(2).comes(openCode)
	r.twilio.Phone(crisisTo).Behave(emulator.Behaviour{Kind: emulator.Answer, After: 3 * time.Second})
	if came := host.do(session.Request{Verb: session.Crisis, Seat: one.seat()}); came != session.OK {
		t.Fatalf("crisis: %s", came)
	}
	r.pass(15 * time.Second)
	if got := r.rooms(); got != "1 8 9 | 2" {
		t.Errorf("rooms: %s", got)
	}
	if two.sees().Here != 3 {
		t.Errorf("two sees %+v", two.sees())
	}
	r.twilio.Phone(crisisTo).Current().Hangup()
	host.do(session.Request{Verb: session.Rejoin})
	r.pass(15 * time.Second)
	if got := r.rooms(); got != "1 2 9" {
		t.Errorf("together again: %s", got)
	}
}

// What the keys can tell of a number is told, and can be forgotten.
func TestForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	one, two := r.person(1).comes(openCode), r.person(2).comes(openCode)
	two.call.Hangup()
	known := func(p *person) int {
		n, err := r.any().Seats(ctx, r.line, number(t, p.Number()))
		if err != nil {
			t.Error(err)
		}
		return n
	}
	if known(one) != 1 || known(two) != 1 || known(r.person(3)) != 0 {
		t.Errorf("known: %d, %d, %d", known(one), known(two), known(r.person(3)))
	}
	for _, p := range []*person{one, two, r.person(3)} {
		if err := r.any().Forget(ctx, r.line, number(t, p.Number())); err != nil || known(p) != 0 {
			t.Errorf("forgotten: %v; known: %d", err, known(p))
		}
	}
	seat := one.seat()
	if two.comes(openCode); two.seat() == seat || two.seat() == 2 || r.rooms() != "1 2" {
		t.Errorf("who was forgotten comes back to seat %d: %s", two.seat(), r.rooms())
	}
}

// A wrong PIN opens nothing, and is counted.
func TestSignIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one := r.person(1).comes(openCode)
	w := hookOf(t, r, one)
	for turn, tt := range []struct {
		code, pin string
		want      bool
	}{{openCode, "50391827", false}, {heldCode, "50391827", true}, {"000000", pin, false}} {
		id, ok, err := r.any().SignIn(t.Context(), r.view(), r.groups[tt.code], tt.pin, turn, false, w)
		if err != nil || ok != tt.want || ok != (id != "") {
			t.Errorf("%s %s: %q, %v, %v", tt.code, tt.pin, id, ok, err)
		}
	}
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

// A foreign address opens nothing.
func TestForeignAddresses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.any()
	for _, query := range []string{"", "r=", "r=abc", "r=%00"} {
		values := mustQuery(t, query)
		if _, _, err := s.Open(values); err == nil {
			t.Errorf("%q opens", query)
		}
		if _, err := s.Voice(t.Context(), values); err == nil {
			t.Errorf("%q is a note", query)
		}
		if err := s.Happened(t.Context(), carrier.Webhook{}, values); err != nil {
			t.Errorf("%q is to come again: %v", query, err)
		}
		if err := s.Rung(t.Context(), carrier.Webhook{}, values); err != nil {
			t.Errorf("%q is to come again: %v", query, err)
		}
	}
}
