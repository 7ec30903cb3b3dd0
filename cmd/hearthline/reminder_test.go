package main

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// onThursdays has the group of these tests meet at seven in the evening, two days
// after a stage begins.
func onThursdays(o *stageOptions) {
	group("836254", func(g *store.Group) {
		m, err := schedule.New("2026-11-26T19:00", "America/New_York", "FREQ=WEEKLY", 60)
		if err != nil {
			panic(err)
		}
		g.Meetings = []schedule.Meeting{m}
	})(o)
}

// till goes on to a moment in New York and sends what is due by then.
func (s *stage) till(wall string) {
	s.t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		s.t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, zone)
	if err != nil {
		s.t.Fatal(err)
	}
	s.carrier.Advance(at.Sub(s.clock.Now()))
	s.sendDue()
}

// enrolledForCalls makes a member of a phone who is reminded by calls, by one call
// and the answer to another.
func (s *stage) enrolledForCalls(e164 string) caller {
	s.t.Helper()
	c := s.caller(e164)
	c.dials("1", "836254", "3", "2", "739146", "739146").Hangup()
	c.answers()
	s.till("2026-11-25 09:00")
	c.takes("1")
	return c
}

// answers has a phone be picked up by a person from here on.
func (c caller) answers() {
	c.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second, Says: "Hello?"})
}

// takes presses keys in a call of ours, each once what it answers was heard, and
// hangs up.
func (c caller) takes(keys ...string) *emulator.Call {
	c.s.t.Helper()
	c.s.carrier.Advance(20 * time.Second)
	call := c.Current()
	if call == nil {
		c.s.t.Fatal("nobody was rung")
	}
	for _, k := range keys {
		call.Press(k)
		c.s.carrier.Advance(12 * time.Second)
	}
	call.Hangup()
	c.s.carrier.Advance(5 * time.Second)
	return call
}

func TestATextReminderComesOnceAndIsAnswered(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	member, stranger := s.caller(ida), s.caller(sam)
	member.dials("1", "836254", "3", "1", "739146", "739146").Hangup()
	s.sendDue()
	member.says("OK")
	for _, at := range []string{"2026-11-25 18:59", "2026-11-25 19:00", "2026-11-25 19:01", "2026-11-26 09:00"} {
		s.till(at)
	}
	if in := member.says("IN"); in != stranger.says("IN") {
		t.Errorf("a stranger's IN is answered otherwise than %s", in)
	}
	s.till("2026-11-26 18:45")
	s.till("2026-11-26 20:30")
	s.till("2026-12-02 19:00")
	member.says("OUT")
	s.till("2026-12-03 18:45")
	if got := s.types("", "group", "skip", "836254", "2026-12-10"); !strings.HasPrefix(got, "Not held: ") {
		t.Error(got)
	}
	s.till("2026-12-04 10:00")
	s.types("", "group", "move", "836254", "2026-12-17", "2026-12-18T18:00")
	s.till("2026-12-04 10:05")
	member.says("please stop texting me")
	s.till("2026-12-17 18:00")
	s.golden("reminder-texts", undrawn(member.Thread()))
	if got := stranger.Thread(); strings.Contains(got, "Reminder") {
		t.Errorf("a stranger is reminded:\n%s", got)
	}
	s.strict()
}

// Of a call, nothing is heard before the key; then the meeting, and at its start
// the way in.
func TestACallRemindsAndBringsIn(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	member := s.enrolledForCalls(sam)
	s.till("2026-11-25 19:00")
	said := member.takes("1", "3").Transcript()
	s.till("2026-11-26 18:45")
	said += member.takes("1", "2").Transcript()
	s.till("2026-11-26 19:00")
	s.carrier.Advance(time.Minute)
	if member.Current() != nil {
		t.Error("who said that they are not coming is rung")
	}
	s.till("2026-12-02 19:00")
	member.takes("1", "3")
	s.till("2026-12-03 18:45")
	member.takes("1", "1")
	s.till("2026-12-03 19:00")
	said += member.takes("1").Transcript()
	s.golden("reminder-calls", said)
	if !strings.Contains(said, "You are the first one here.") {
		t.Error("who asked for a call is not put in")
	}
	s.till("2026-12-09 19:00")
	member.takes("9")
	s.till("2026-12-10 18:45")
	s.carrier.Advance(time.Minute)
	if member.Current() != nil {
		t.Error("who has ended the calls is rung")
	}
	s.strict()
}

func TestAMachineHearsNothingUnlessItMay(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	member := s.enrolledForCalls(sam)
	member.Behave(emulator.Behaviour{Kind: emulator.Machine, After: 2 * time.Second, Says: "Please leave a message after the tone."})
	s.till("2026-11-25 19:00")
	s.carrier.Advance(time.Minute)
	if member.Current() != nil {
		t.Error("we stay on the line")
	}
	for _, u := range member.Heard() {
		if strings.Contains(u.Text, "automated call") && s.clock.Now().Sub(u.At) < time.Minute {
			t.Errorf("a machine hears %q", u.Text)
		}
	}
	// Machines may hear that there was a call, and no more.
	member.dials("4", "2", "1", "739146", "2", "3", "3", "2").Hangup()
	s.till("2026-11-26 18:45")
	s.carrier.Advance(time.Minute)
	s.golden("reminder-machine", wordsSince(member.Phone, s.clock.Now().Add(-time.Minute)))
	// Rung once more when nobody answers, and not again.
	member.Behave(emulator.Behaviour{Kind: emulator.Busy})
	rung := len(s.carrier.Kept().Calls)
	for _, at := range []string{"2026-12-02 19:00", "2026-12-02 19:06", "2026-12-02 19:12", "2026-12-02 19:30"} {
		s.till(at)
	}
	if n := len(s.carrier.Kept().Calls) - rung; n != 2 {
		t.Errorf("who is busy is rung %d times", n)
	}
	s.strict()
}

// wordsSince is what a phone has heard since a moment.
func wordsSince(p *emulator.Phone, since time.Time) string {
	var all strings.Builder
	for _, u := range p.Heard() {
		if !u.At.Before(since) {
			all.WriteString(u.Text + "\n")
		}
	}
	return all.String()
}

// A text rings only who has allowed it, and is answered alike.
func TestATextAsksForACall(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	allows, does := s.enrolled(ida, "836254", "739146"), s.enrolled(sam, "836254", "739146")
	allows.dials("4", "2", "1", "739146", "2", "1", "3").Hangup()
	for _, c := range []caller{allows, does} {
		c.answers()
	}
	s.till("2026-11-26 18:00")
	if a, b := allows.says("CALL 836254"), does.says("CALL 836254"); a != b || !strings.Contains(a, "(202) 555-0100") {
		t.Errorf("who allows it is answered %q, who does not %q", a, b)
	}
	s.till("2026-11-26 19:00")
	s.carrier.Advance(20 * time.Second)
	if does.Current() != nil {
		t.Error("who chose texts alone is rung")
	}
	call := allows.Current()
	if call == nil {
		t.Fatal("who allows it is not rung")
	}
	call.Press("1")
	s.carrier.Advance(10 * time.Second)
	if !heard(allows.Phone, "You are the first one here.") {
		t.Errorf("they are not in:\n%s", call.Transcript())
	}
	s.strict()
}

func TestTheOperatorSeesWhatWaits(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	mention(t, s.types("", "outbox"), "Nothing waits to be sent.", "0 reminders fall due in the next 24 hours.")
	mention(t, s.types("", "outbox", "--json"), `"backlogs": []`, `"fates": []`, `"coming": 0`)
	s.enrolled(ida, "836254", "739146")
	s.till("2026-11-25 18:50")
	mention(t, s.types("", "outbox"), "2 reminders fall due in the next 24 hours.")
	s.carrier.Inject(emulator.Fault{On: emulator.OnREST, Match: "Messages", Times: 1, Status: 429})
	s.till("2026-11-25 19:00")
	got := s.types("", "outbox")
	mention(t, got, "reminder", "throttled", "confirmation", "text")
	for _, telling := range []string{"2125550143", "Caring", "836254", "Evening call"} {
		if strings.Contains(got, telling) {
			t.Errorf("it tells of %q:\n%s", telling, got)
		}
	}
	mention(t, s.types("", "outbox", "--json"), `"kind": "reminder"`)
	s.strict()
	mention(t, s.heartbeat(-time.Second), "A program sends for this line; it was seen ")
	mention(t, s.heartbeat(-10*time.Minute), "WARNING: no `serve` was seen for 10m")
	s.replica.app.leave(t.Context())
	mention(t, s.types("", "outbox"), "WARNING: no `serve` is running.")
}

// heartbeat is what the operator sees when a program was last seen so long ago.
func (s *stage) heartbeat(ago time.Duration) string {
	s.t.Helper()
	db := open(s.t.(*testing.T), s.config.databaseURL)
	if _, err := db.ExecContext(s.t.Context(), `UPDATE replica SET seen_at = now() + make_interval(secs => $1)`, ago.Seconds()); err != nil {
		s.t.Fatal(err)
	}
	return s.types("", "outbox")
}

// After 90 days without a sign a member is asked, neutrally, and after two more
// weeks without an answer nothing is sent.
func TestWhetherItIsStillSafeIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	answers, silent := s.enrolled(ida, "836254", "739146"), s.enrolled(sam, "836254", "739146")
	asked := map[string]int{}
	for day := range 120 {
		s.carrier.Advance(24 * time.Hour)
		if err := s.replica.app.nightly(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.till(evening.AddDate(0, 0, day+1).Format("2006-01-02") + " 19:30")
		for _, c := range []caller{answers, silent} {
			times := strings.Count(c.since(0), "May we still write") // a reminder may come with it
			if asked[c.Number()] == times {
				continue
			}
			asked[c.Number()] = times
			if days := day + 1; days < 80 || days > 100 {
				t.Errorf("somebody is asked after %d days", days)
			}
			if c == answers {
				c.says("OK")
			}
		}
	}
	if len(asked) != 2 {
		t.Fatalf("%d are asked", len(asked))
	}
	if got := s.subpoena(sam); !strings.Contains(got, "stopped") {
		t.Errorf("who said nothing is still reminded:\n%s", got)
	}
	if got := s.subpoena(ida); strings.Contains(got, "stopped") {
		t.Errorf("who answered is not reminded any more:\n%s", got)
	}
}

// Only who may be elsewhere is asked for their zone; the others have chosen none.
func TestTheZoneIsKeptAsChosen(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	for _, who := range []struct {
		e164, want string
		keys       []string
	}{
		{ida, "text, in English, no zone chosen", []string{"1", "739146", "739146"}},
		{"+13105550143", "call, in English, Pacific time (Los Angeles)", []string{"2", "2", "9", "1", "739146", "739146"}},
		{"+13105550144", "call, in English, Eastern time (New York)", []string{"2", "1", "739146", "739146"}},
	} {
		s.caller(who.e164).dials(append([]string{"1", "836254", "3"}, who.keys...)...).Hangup()
		mention(t, s.subpoena(who.e164), who.want)
	}
	s.strict()
}

// since are the texts of a phone that came after some.
func (c caller) since(n int) string {
	var all []string
	for _, t := range c.Texts()[n:] {
		all = append(all, t.Body)
	}
	return strings.Join(all, "\n")
}
