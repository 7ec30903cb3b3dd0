package phone_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// held opens the circle that Rose holds, with ida in it, and returns their calls and
// the key for texts.
func (l *line) held() (host, guest *emulator.Call, key string) {
	l.t.Helper()
	guest = l.call(ida, "1", "810566", "1")
	host = l.call(rose, "1", "810566", "3", pin)
	l.pass(30 * time.Second)
	for _, u := range l.twilio.Phone(rose).Heard() {
		if m := keySpoken.FindStringSubmatch(u.Text); m != nil {
			key = strings.NewReplacer(" ", "", ",", "").Replace(m[1])
		}
	}
	if key == "" {
		l.t.Fatalf("no key is told:\n%s", host.Transcript())
	}
	return host, guest, key
}

var keySpoken = regexp.MustCompile(`key for texts is ([0-9, ]+)\.`)

// texts sends a text and returns its answer.
func (l *line) texts(from, body string) string {
	l.t.Helper()
	l.twilio.Phone(from).Text(lineTo, body)
	l.pass(time.Second)
	all := l.twilio.Phone(from).Texts()
	return all[len(all)-1].Body
}

// who are the phones in the one conference that is on, and which of them are muted.
func (l *line) who() (in, muted []string) {
	l.t.Helper()
	for _, p := range l.room().Participants {
		in = append(in, p.Phone)
		if p.Muted {
			muted = append(muted, p.Phone)
		}
	}
	slices.Sort(in)
	return in, muted
}

// Who comes before the facilitator is told so, again and again, and hears nobody; when
// the facilitator comes, everybody hears them.
func TestBeforeTheHost(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	guest := l.call(ida, "1", "810566", "1")
	l.call(sam, "1", "810566", "1")
	l.pass(45 * time.Second)
	for _, words := range []string{"Whoever leads is not here yet", "What is said here stays here", "Nobody hears you yet"} {
		if !l.heard(ida, words, evening) {
			t.Errorf("ida is not told %q:\n%s", words, guest.Transcript())
		}
	}
	if r := l.room(); len(r.Participants[0].Hears) > 0 {
		t.Errorf("before the host they hear each other: %+v", r)
	}
	came := l.clock.Now()
	l.call(rose, "1", "810566", "3", pin)
	l.pass(30 * time.Second)
	in, _ := l.who()
	if want := []string{rose, ida, sam}; !slices.Equal(in, want) {
		t.Fatalf("in the room are %v", in)
	}
	for _, p := range l.room().Participants {
		if len(p.Hears) != 2 {
			t.Errorf("%s hears %d others", p.Phone, len(p.Hears))
		}
	}
	if l.heard(ida, "Nobody hears you yet", came.Add(30*time.Second)) {
		t.Error("ida still waits")
	}
	l.golden("before_the_host", guest.Transcript())
	l.strict()
}

// A key that is not the facilitators' does nothing, and says what to send; neither
// does a code that is nobody's.
func TestATextWithoutItsKeyDoesNothing(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	_, _, key := l.held()
	wrong := string('0'+(key[0]-'0'+1)%10) + key[1:]
	for i, body := range []string{"MUTE 810566 " + wrong, "MUTE 999999 " + key, "MUTE 810566", "MUTE"} {
		if got := l.texts([]string{sam, ben}[i%2], body); !strings.Contains(got, "then the key that you heard") {
			t.Errorf("%q is answered with %q", body, got)
		}
	}
	if _, muted := l.who(); len(muted) > 0 {
		t.Errorf("muted are %v", muted)
	}
	if got := l.texts(sam, "MUTE 810566 "+key); !strings.Contains(got, "Done.") {
		t.Errorf("the right key is answered with %q", got)
	}
	if _, muted := l.who(); !slices.Equal(muted, []string{ida}) {
		t.Errorf("muted are %v", muted)
	}
	if got := l.texts(sam, "WHO 810566 "+key); strings.Contains(got, "then the key") {
		t.Errorf("WHO is answered with %q", got)
	}
	l.strict()
}

// Whoever tries keys by the dozen is refused the right one too.
func TestKeysAreNotFoundByTrying(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	_, _, key := l.held()
	for range 12 {
		l.texts(sam, "TURN 999999 1234")
	}
	if got := l.texts(sam, "LOCK 810566 "+key); strings.Contains(got, "Done.") {
		t.Errorf("after a dozen wrong ones the right one is answered with %q", got)
	}
	if got := l.texts(ben, "LOCK 810566 "+key); !strings.Contains(got, "Done.") {
		t.Errorf("somebody else is answered with %q", got)
	}
}

// Each closed door says why, and what else there is.
func TestDoors(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		shut  func(l *line, host, guest *emulator.Call, key string)
		by    string // whose phone then comes to the door
		why   string
		other string // what else there is
	}{
		"locked": {func(l *line, _, _ *emulator.Call, key string) { l.texts(rose, "LOCK 810566 "+key) }, sam, "its door is closed now", "To join it, press 1"},
		"removed": {func(l *line, host, _ *emulator.Call, _ string) {
			for _, k := range []string{"*", "#", "6", "1", "4", "1"} {
				host.Press(k)
				l.pass(500 * time.Millisecond)
			}
			l.pass(20 * time.Second)
			l.twilio.Phone(ida).Current().Hangup()
			l.pass(time.Second)
		}, ida, "You cannot be in this circle any more today", "Other circles are still open to you"},
		"late": {func(l *line, host, _ *emulator.Call, _ string) {
			for _, k := range []string{"*", "#", "0", "1"} {
				host.Press(k)
				l.pass(500 * time.Millisecond)
			}
			l.pass(10 * time.Second)
		}, sam, "Nobody can come in any more", "To join another call that is open now"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			host, guest, key := l.held()
			x.shut(l, host, guest, key)
			at := l.clock.Now()
			c := l.call(x.by, "1", "810566", "1")
			l.pass(15 * time.Second)
			for _, words := range []string{x.why, x.other} {
				if !l.heard(x.by, words, at) {
					t.Errorf("%q is not said:\n%s\n%s", words, c.Transcript(), host.Transcript())
				}
			}
			l.golden("door_"+name, c.Transcript())
			l.strict()
		})
	}
}

// A full circle is left for another that is open, by one key.
func TestAFullRoomLeadsElsewhere(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	for _, n := range []string{"+17185550181", "+17185550182", "+17185550183"} {
		l.call(n, "1", "482105", "1")
	}
	at := l.clock.Now()
	c := l.call(sam, "1", "482105", "1")
	l.pass(10 * time.Second)
	if !l.heard(sam, "This circle is full just now", at) {
		t.Fatalf("a full room says:\n%s", c.Transcript())
	}
	c.Press("1")
	l.pass(2 * time.Second)
	if !l.heard(sam, "One day at a time", at) {
		t.Errorf("and leads to:\n%s", c.Transcript())
	}
	l.strict()
}

// At a door where people are let in one by one a key leads to help or out at once, and
// who stays comes in when a facilitator lets them.
func TestAtTheDoor(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	host, _, _ := l.held()
	press := func(c *emulator.Call, keys ...string) {
		for _, k := range keys {
			c.Press(k)
			l.pass(500 * time.Millisecond)
		}
	}
	press(host, "*", "#", "3", "2")
	l.pass(10 * time.Second)
	at := l.clock.Now()
	c := l.call(sam, "1", "810566", "1")
	l.pass(35 * time.Second)
	if !l.heard(sam, "You are at the door", at) || !l.heard(sam, "You are still at the door", at) {
		t.Fatalf("at the door is said:\n%s", c.Transcript())
	}
	press(c, "0")
	l.pass(2 * time.Second)
	if !l.heard(sam, "The crisis line is free", at) {
		t.Errorf("0 leads to:\n%s", c.Transcript())
	}
	back := l.clock.Now()
	press(c, "*")
	l.pass(5 * time.Second)
	if !l.heard(sam, "You are at the door", back) {
		t.Errorf("and back to:\n%s", c.Transcript())
	}
	d := l.call(ben, "1", "810566", "1")
	press(d, "*")
	l.pass(3 * time.Second)
	if !l.heard(ben, "You have left the room", at) {
		t.Errorf("star leads to:\n%s", d.Transcript())
	}
	press(host, "*", "#", "6", "1", "1")
	l.pass(20 * time.Second)
	if in, _ := l.who(); !slices.Contains(in, sam) {
		t.Errorf("in the room are %v:\n%s\n%s", in, c.Transcript(), host.Transcript())
	}
	l.golden("at_the_door", c.Transcript())
	l.strict()
}

// Who is moved keeps their language, whatever the room's is.
func TestWhoIsMovedKeepsTheirLanguage(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	c := l.call(ida, "9", "1", "482105", "1", "1")
	other := l.call(sam, "1", "482105", "1")
	l.pass(10 * time.Second)
	at := l.clock.Now()
	other.Hangup()
	l.pass(15 * time.Second)
	if !l.heard(ida, "Las demás personas han salido", at) {
		t.Errorf("who is left alone hears:\n%s", c.Transcript())
	}
	c.Press("*")
	l.pass(5 * time.Second)
	if !l.heard(ida, "Sus teclas", at.Add(15*time.Second)) {
		t.Errorf("and at the menu:\n%s", c.Transcript())
	}
	l.strict()
}
