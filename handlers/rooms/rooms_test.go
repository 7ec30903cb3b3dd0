package rooms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Three come, one steps out by the star and back, one hangs up, one more: whoever is
// left is told that nobody else is there. Two replicas take turns in answering.
func TestARoom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := counted{Carrier: r.client}
	r.options.Carrier = &c
	r.only(r.start())
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
	if n := c.lists.Load(); n > 0 {
		t.Errorf("%d lists, though every callback came", n)
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
	if one.told() != "unheld" || len(r.twilio.Rooms()) != 0 {
		t.Errorf("after the quarter of an hour they are told %q: %s", one.told(), r.rooms())
	}
	if live, err := r.any().Live(t.Context(), r.flow, r.line, r.snap.Directory); err != nil || len(live) != 0 {
		t.Errorf("live: %+v, %v", live, err)
	}
	if one.comes(heldCode); one.told() != "late" {
		t.Errorf("coming again they are told %q", one.told())
	}
	r.twilio.Advance(70 * time.Minute)
	r.pass(time.Second)
	var left int
	if err := r.sql().QueryRow(`SELECT count(*) FROM keys.session`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d sessions are kept: %v", left, err)
	}
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
