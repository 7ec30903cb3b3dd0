package rooms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// What is said to a whole room each hears once, in their own language.
func TestNotesInEachLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one, two := r.person(9).leads(pin).comes(openCode), r.person(1), r.person(2)
	r.spanish[two.Number()] = true
	one.comes(openCode)
	two.comes(openCode)
	host.do(session.Request{Verb: session.SetMode, Mode: session.Hands})
	r.pass(5 * time.Second)
	for p, want := range map[*person][2]string{host: {"note", "nota"}, one: {"note", "nota"}, two: {"nota", "note"}} {
		if heard := p.transcript(); strings.Count(heard, want[0]+" mode_hands") != 1 || strings.Contains(heard, want[1]+" mode_hands") {
			t.Errorf("%s hears:\n%s", p.Number(), heard)
		}
	}
}

// Who asked for everything to be said more slowly hears so what is said into the room,
// to all and to them; the others hear it as they did.
func TestNotesAtEachPace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one, two := r.person(9).leads(pin).comes(openCode), r.person(1), r.person(2)
	r.slow[two.Number()] = true
	one.comes(openCode)
	two.comes(openCode)
	host.do(session.Request{Verb: session.SetMode, Mode: session.Hands})
	r.pass(5 * time.Second)
	host.do(session.Request{Verb: session.MuteSeat, Seat: two.seat()})
	r.pass(5 * time.Second)
	for p, want := range map[*person][2]string{host: {"note", "slow"}, one: {"note", "slow"}, two: {"slow", "note"}} {
		if heard := p.transcript(); strings.Count(heard, want[0]+" mode_hands") != 1 || strings.Contains(heard, want[1]+" mode_hands") {
			t.Errorf("%s hears:\n%s", p.Number(), heard)
		}
	}
	if heard := two.transcript(); strings.Count(heard, "slow ") != 2 || strings.Contains(heard, "note ") {
		t.Errorf("who hears slowly is told:\n%s", heard)
	}
}
