package phone_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// A trip by star: out, one key, and in again, in under three seconds of our making;
// nobody else hears anything of it, and the microphone stays as it was left.
func TestATripByStar(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	a := l.call(ida, "1", "482105", "1")
	l.call(sam, "1", "482105", "1")
	l.pass(20 * time.Second)
	room := l.room()
	if len(room.Participants) != 2 || !slices.Equal(room.Participants[0].Hears, []string{room.Participants[1].CallSID}) {
		t.Fatalf("they do not hear each other: %+v", room)
	}
	began := l.clock.Now()
	a.Press("*")
	l.pass(time.Second)
	a.Press("6")
	pressed := l.clock.Now()
	for range 10 {
		if r := l.twilio.Rooms(); len(r) == 1 && len(r[0].Participants) == 2 {
			break
		}
		l.pass(100 * time.Millisecond)
	}
	if took := l.clock.Now().Sub(pressed); took >= 3*time.Second {
		t.Errorf("the way back takes %s", took)
	}
	l.pass(time.Second)
	room = l.room()
	i := slices.IndexFunc(room.Participants, func(p emulator.Participant) bool { return p.Phone == ida })
	if len(room.Participants) != 2 || i < 0 || !room.Participants[i].Muted {
		t.Errorf("after it the room is %+v", room)
	}
	for _, u := range l.twilio.Phone(sam).Heard() {
		if !u.At.Before(began) && u.Kind != emulator.KindRoom {
			t.Errorf("meanwhile the other one hears %q", u.Text)
		}
	}
	l.golden("star", a.Transcript())
	l.strict()
}
