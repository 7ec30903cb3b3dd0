package main

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

func TestACallByCodeIsInItsRoomAfterEightKeys(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("1")
	call.Press("482105")
	call.Press("1")
	s.carrier.Advance(named)
	rooms := s.carrier.Rooms()
	if len(rooms) != 1 || len(rooms[0].Participants) != 1 {
		t.Fatalf("after eight keys the rooms are %+v", rooms)
	}
	s.carrier.Advance(70 * time.Second) // alone: told at once and every 30 s
	call.Hangup()
	s.golden("by-code", call.Transcript())
	s.strict()
}

func TestTwoPeopleHearEachOther(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.carrier.Phone(ida).Call(lineNumber), s.carrier.Phone(sam).Call(lineNumber)
	for _, c := range []*emulator.Call{a, b} {
		c.Press("2") // calls happening now
		c.Press("3") // One day at a time
		c.Press("1") // agree
	}
	s.carrier.Advance(named)
	a.Say("good evening")
	b.Say("hello to you")
	s.carrier.Advance(5 * time.Second)
	if !heard(s.carrier.Phone(sam), "good evening") || !heard(s.carrier.Phone(ida), "hello to you") {
		t.Errorf("they do not hear each other:\n%s\n%s", a.Transcript(), b.Transcript())
	}
	a.Press("*") // leaves the room for the keys
	s.goesOn(8 * time.Second)
	a.Press("6") // is muted, and comes back
	s.goesOn(2 * time.Second)
	b.Say("welcome back")
	a.Say("thank you")
	s.goesOn(3 * time.Second)
	if heard(s.carrier.Phone(sam), "thank you") {
		t.Error("who is muted is heard")
	}
	if !heard(s.carrier.Phone(ida), "welcome back") {
		t.Errorf("who comes back by star hears nobody:\n%s", a.Transcript())
	}
	a.Press("**") // leaves
	s.goesOn(time.Minute)
	b.Hangup()
	s.goesOn(time.Minute)
	s.golden("two-people-ida", a.Transcript())
	s.golden("two-people-sam", b.Transcript())
	s.strict()
}

func TestWhoIsLeftAloneIsToldSo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.carrier.Phone(ida).Call(lineNumber), s.carrier.Phone(sam).Call(lineNumber)
	for _, c := range []*emulator.Call{a, b} {
		c.Press("1")
		c.Press("482105")
		c.Press("1")
	}
	s.goesOn(time.Minute)
	a.Hangup()
	s.goesOn(40 * time.Second)
	told := b.Transcript()
	if !strings.Contains(told, "Everyone else has left.") || !strings.Contains(told, "You are still the only one here.") {
		t.Errorf("who is left alone hears:\n%s", told)
	}
	c := s.carrier.Phone(ida).Call(lineNumber)
	for _, keys := range []string{"1", "482105", "1"} {
		c.Press(keys)
	}
	s.carrier.Advance(named)
	c.Say("I am back")
	s.carrier.Advance(3 * time.Second)
	if !heard(s.carrier.Phone(sam), "I am back") {
		t.Error("who comes back is not heard")
	}
	s.strict()
}

func TestAClosedGroupSaysWhen(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	for _, keys := range []string{"1", "836254", "1"} {
		call.Press(keys)
		s.carrier.Advance(30 * time.Second)
	}
	call.Press("2")
	s.carrier.Advance(20 * time.Second)
	call.Hangup()
	s.golden("closed", call.Transcript())
	s.strict()
}

func TestAGroupIsFoundInSpanish(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	for _, keys := range []string{"9", "3", "1", "2", "1", "#", "1"} {
		call.Press(keys)
		s.carrier.Advance(time.Second)
	}
	s.carrier.Advance(30 * time.Second)
	call.Hangup()
	s.golden("spanish", call.Transcript())
	s.strict()
}

func TestTheCrisisLineIsTwoKeysAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	crisis := s.carrier.Phone(crisisLine)
	crisis.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 3 * time.Second, Says: "You have reached the crisis line."})
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("0")
	call.Press("1")
	s.carrier.Advance(20 * time.Second)
	if !heard(s.carrier.Phone(ida), "You have reached the crisis line.") {
		t.Errorf("two keys do not lead there:\n%s", call.Transcript())
	}
	s.shownTo(crisis, lineNumber)
	crisis.Current().Hangup()
	s.carrier.Advance(5 * time.Second)
	call.Hangup()
	s.golden("crisis", call.Transcript())
	s.strict()
}

// shownTo fails the test unless the phone was rung by that number and sees no
// other.
func (s *stage) shownTo(p *emulator.Phone, want string) {
	s.t.Helper()
	for _, u := range p.Heard() {
		if u.Kind == emulator.KindRing && u.From != want {
			s.t.Errorf("the other side is rung by another number than the line's")
		}
	}
}

func TestAnotherBridgeNeverLearnsWhoCalled(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bridge := s.carrier.Phone(bridgeLine)
	bridge.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second, Greets: "You are in the conference."})
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("1")
	call.Press("648392")
	s.carrier.Advance(15 * time.Second)
	if !heard(s.carrier.Phone(ida), "You are in the conference.") {
		t.Errorf("the bridge is not reached:\n%s", call.Transcript())
	}
	s.shownTo(bridge, lineNumber)
	answered := bridge.Current().Transcript()
	if strings.Contains(answered, ida) {
		t.Error("the bridge learns the caller's number")
	}
	s.golden("bridge-far-end", answered)
	bridge.Current().Hangup()
	s.carrier.Advance(10 * time.Second)
	call.Hangup()
	s.golden("bridge", call.Transcript())
	s.strict()
}

func TestABridgeThatDoesNotAnswerLeavesAWayOn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.carrier.Phone(bridgeLine).Behave(emulator.Behaviour{Kind: emulator.Busy})
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("1")
	call.Press("648392")
	s.carrier.Advance(15 * time.Second)
	call.Press("2")
	s.carrier.Advance(10 * time.Second)
	call.Hangup()
	s.golden("bridge-busy", call.Transcript())
	s.strict()
}

func TestAGroupInPersonReadsItsAddress(t *testing.T) {
	t.Parallel()
	s := newStage(t, group("482105", func(g *store.Group) { g.Place = "12 Elm Street, second floor" }))
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("1")
	call.Press("482105")
	s.carrier.Advance(25 * time.Second)
	call.Press("1")
	s.carrier.Advance(25 * time.Second)
	call.Hangup()
	s.golden("in-person", call.Transcript())
	s.strict()
}

func TestAFullRoomHasAWayOn(t *testing.T) {
	t.Parallel()
	s := newStage(t, group("482105", func(g *store.Group) { g.Capacity = 2 }))
	var last *emulator.Call
	for _, from := range []string{ida, sam, "+14155550188"} {
		last = s.carrier.Phone(from).Call(lineNumber)
		for _, keys := range []string{"1", "482105", "1"} {
			last.Press(keys)
		}
	}
	s.carrier.Advance(10 * time.Second)
	if rooms := s.carrier.Rooms(); len(rooms) != 1 || len(rooms[0].Participants) != 2 {
		t.Errorf("a room for two holds %+v", rooms)
	}
	if !heard(s.carrier.Phone("+14155550188"), "This circle is full just now.") {
		t.Errorf("the third caller hears:\n%s", last.Transcript())
	}
}

// Everything that twilio.md §1.3 lists as the From of a withheld or malformed
// number.
func TestWhoWithholdsTheirNumberGetsInLikeAnybody(t *testing.T) {
	t.Parallel()
	// Seats of who hung up are kept for a while.
	s := newStage(t, group("482105", func(g *store.Group) { g.Capacity = 100 }))
	enters := func(from string) *emulator.Call {
		call := s.carrier.Phone(sam).Call(lineNumber, emulator.CallerID(from))
		for _, keys := range []string{"1", "482105", "1"} {
			call.Press(keys)
		}
		s.carrier.Advance(named)
		return call
	}
	enters(june).Hangup() // who comes after somebody has left hears that, whoever they are
	s.carrier.Advance(time.Second)
	want := ""
	for _, from := range []string{
		ida, "+266696687", "266696687", "+7378742833", "+17378742833", "+2562533", "2562533", "+8656696", "+86282452253", "+862825", "+7748433",
		"anonymous", "ANONYMOUS", "Restricted", "unavailable", "unknown", "private", "", "12", "+1", "0000000000", "client:ida", "sip:ida@example.org",
	} {
		call := enters(from)
		if rooms := s.carrier.Rooms(); len(rooms) != 1 || len(rooms[0].Participants) != 1 {
			t.Errorf("a caller shown as %q is not let in:\n%s", from, call.Transcript())
		}
		var heard []string
		for _, line := range strings.Split(call.Transcript(), "\n") {
			if _, words, ok := strings.Cut(line, "heard: "); ok {
				heard = append(heard, words)
			}
		}
		if got := s.nameless(strings.Join(heard, "\n")); want == "" {
			want = got
		} else if got != want {
			t.Errorf("a caller shown as %q hears something else:\n%s", from, got)
		}
		call.Hangup()
		s.carrier.Advance(time.Second)
	}
	s.strict()
}

func TestGroupsThatAdmitNobodySaySo(t *testing.T) {
	t.Parallel()
	s := newStage(t,
		group("482105", func(g *store.Group) { g.Access = flows.AccessApproval }),
		group("714829", func(g *store.Group) { g.Stage = flows.StagePaused }),
	)
	for keys, words := range map[string]string{
		"1 482105": "This group is for people who belong to it.", "1 714829": "is taking a break for now",
	} {
		call := s.carrier.Phone(ida).Call(lineNumber)
		for _, k := range strings.Fields(keys) {
			call.Press(k)
		}
		if !strings.Contains(call.Transcript(), words) {
			t.Errorf("%s leads to\n%s", keys, call.Transcript())
		}
		call.Hangup()
	}
	if len(s.carrier.Rooms()) != 0 {
		t.Error("somebody was let in")
	}
	s.strict()
}
