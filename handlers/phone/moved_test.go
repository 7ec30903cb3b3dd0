package phone_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// press presses keys as somebody does who knows them.
func (l *line) press(c *emulator.Call, keys ...string) {
	l.t.Helper()
	for _, k := range keys {
		c.Press(k)
		l.pass(500 * time.Millisecond)
	}
}

// A facilitator who is rung hears nothing of the group before a key, and is in the
// room after their PIN, which opens it.
func TestAFacilitatorIsRungIn(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.twilio.Phone(rose).Behave(emulator.Behaviour{Kind: emulator.Answer, After: 4 * time.Second, Says: "Hello?"})
	guest := l.call(ida, "1", "810566", "1")
	for range 60 {
		if l.twilio.Phone(rose).Current() != nil {
			break
		}
		l.pass(time.Second)
	}
	c := l.twilio.Phone(rose).Current()
	if c == nil {
		t.Fatal("nobody is rung")
	}
	l.pass(12 * time.Second)
	for _, u := range l.twilio.Phone(rose).Heard() {
		for _, tells := range []string{"One day", "group", "circle", "support", "recovery"} {
			if strings.Contains(strings.ToLower(u.Text), strings.ToLower(tells)) {
				t.Errorf("before a key is pressed it tells of %q: %s", tells, u.Text)
			}
		}
	}
	l.press(c, "1")
	l.pass(2 * time.Second)
	c.Press(pin)
	l.pass(25 * time.Second)
	in, _ := l.who()
	if want := []string{rose, ida}; !slices.Equal(in, want) || len(l.room().Participants[0].Hears) != 1 {
		t.Fatalf("in the room are %v:\n%s\n%s", in, c.Transcript(), guest.Transcript())
	}
	l.golden("rung_in", c.Transcript())
	l.strict()
}

// Nobody takes the call for the facilitator's, and a machine hears nothing at all.
func TestAMachineIsNoFacilitator(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.twilio.Phone(rose).Behave(emulator.Behaviour{Kind: emulator.Machine, After: 4 * time.Second, Says: "Leave a message."})
	guest := l.call(ida, "1", "810566", "1")
	l.pass(2 * time.Minute)
	for _, u := range l.twilio.Phone(rose).Heard() {
		if u.Kind == emulator.KindSay {
			t.Errorf("the machine hears %q", u.Text)
		}
	}
	if guest.State() != "in-progress" || !l.heard(ida, "We still wait", evening) {
		t.Errorf("meanwhile:\n%s", guest.Transcript())
	}
	l.strict()
}

// Both leave for a private talk, star and 1 bring them back, and a close takes all of
// them out with a kind word and other ways.
func TestMovedAsideAndBackAndOut(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	host, guest, _ := l.held()
	other := l.call(sam, "1", "810566", "1")
	l.pass(10 * time.Second)
	l.press(host, "*", "#", "6", "1", "2") // the first to pick: talk
	l.pass(15 * time.Second)
	if n := len(l.conferences()); n != 3 || len(l.twilio.Rooms()) != 2 {
		t.Fatalf("%d legs are in conferences:\n%s", n, host.Transcript())
	}
	aside := guest
	if len(l.conferences()[other.SID()]) == 2 {
		aside = other
	}
	if with := l.conferences()[host.SID()]; !slices.Equal(with, sorted(host.SID(), aside.SID())) {
		t.Errorf("aside are %v", with)
	}
	l.press(aside, "*", "1")
	l.pass(30 * time.Second)
	if in, _ := l.who(); len(in) != 3 {
		t.Fatalf("back in the room are %v:\n%s\n%s", in, host.Transcript(), aside.Transcript())
	}
	for _, call := range []*emulator.Call{host, aside} {
		if !strings.Contains(call.Transcript(), "You are back with the others.") {
			t.Errorf("they come back without a word:\n%s", call.Transcript())
		}
	}
	at := l.clock.Now()
	l.press(host, "*", "#", "0")
	l.pass(time.Second)
	l.press(host, "2", "1")
	l.pass(25 * time.Second)
	for _, who := range []string{ida, sam} {
		if !l.heard(who, "This circle has ended", at) {
			t.Errorf("%s is let go without a word:\n%s\n%s", who, host.Transcript(), l.twilio.Phone(who).Current().Transcript())
		}
	}
	if n := len(l.conferences()); n != 0 {
		t.Errorf("%d legs are in a room that is closed", n)
	}
	l.golden("aside", aside.Transcript())
	l.strict()
}

// conferences are the calls that are with each call that is in one.
func (l *line) conferences() map[string][]string {
	with := map[string][]string{}
	for _, r := range l.twilio.Rooms() {
		var all []string
		for _, p := range r.Participants {
			all = append(all, p.CallSID)
		}
		for _, one := range all {
			with[one] = sorted(all...)
		}
	}
	return with
}

func sorted(all ...string) []string {
	slices.Sort(all)
	return all
}
