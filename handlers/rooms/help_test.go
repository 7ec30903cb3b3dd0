package rooms_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// Who goes by a key from the door, or by star from the room, to talk with the crisis
// line is let be there, whatever becomes of the session meanwhile.
func TestNobodyIsFetchedFromHelp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.twilio.Phone(crisisTo).Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second, Says: "the crisis line"})
	host := r.person(9).leads(pin).comes(openCode)
	host.do(session.Request{Verb: session.Screen})
	one := r.person(1).comes(openCode)
	r.pass(5 * time.Second)
	if one.told() != "" || host.sees().Waiting != 1 {
		t.Fatalf("they do not wait: %q", one.told())
	}
	one.call.Press("0")
	r.pass(90 * time.Second)
	host.do(session.Request{Verb: session.Admit})
	r.pass(5 * time.Minute)
	host.do(session.Request{Verb: session.Close})
	r.pass(5 * time.Minute)
	if one.call.State() != "in-progress" {
		t.Errorf("they were taken off the line:\n%s", one.transcript())
	}
	host.call.Hangup()
}

// Who takes the call by which they are rung has a minute to show the PIN before the
// next one is rung.
func TestAnAnsweredRing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.twilio.Phone("+12125550111").Behave(emulator.Behaviour{Kind: emulator.Answer, After: 20 * time.Second})
	r.twilio.Phone("+12125550112").Behave(emulator.Behaviour{Kind: emulator.NoAnswer})
	r.code["+12125550111"] = heldCode
	r.person(1).comes(heldCode)
	r.pass(30 * time.Second)
	first := r.twilio.Phone("+12125550111").Current()
	r.pass(35 * time.Second)
	if next := r.twilio.Phone("+12125550112").Current(); next != nil {
		t.Errorf("the next one is rung meanwhile:\n%s\n%s", first.Transcript(), r.log)
	}
	r.pass(20 * time.Second)
	if next := r.twilio.Phone("+12125550112").Current(); next == nil {
		t.Error("the next one is never rung")
	}
}
