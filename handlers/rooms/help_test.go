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
