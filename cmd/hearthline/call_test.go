package main

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

func TestACallByCodeIsInItsRoomAfterEightKeys(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("1")
	call.Press("482105")
	call.Press("1")
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
	a.Say("good evening")
	b.Say("hello to you")
	s.carrier.Advance(5 * time.Second)
	if !heard(s.carrier.Phone(sam), "good evening") || !heard(s.carrier.Phone(ida), "hello to you") {
		t.Errorf("they do not hear each other:\n%s\n%s", a.Transcript(), b.Transcript())
	}
	a.Press("*") // leaves the room for the menu
	s.carrier.Advance(time.Minute)
	a.Press("1") // and comes back
	s.carrier.Advance(time.Minute)
	b.Hangup()
	s.carrier.Advance(time.Minute)
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
	s.carrier.Advance(time.Minute)
	a.Hangup()
	s.carrier.Advance(40 * time.Second)
	told := b.Transcript()
	if !strings.Contains(told, "Everyone else has left.") || !strings.Contains(told, "You are still the only one here.") {
		t.Errorf("who is left alone hears:\n%s", told)
	}
	c := s.carrier.Phone(ida).Call(lineNumber)
	for _, keys := range []string{"1", "482105", "1"} {
		c.Press(keys)
	}
	c.Say("I am back")
	s.carrier.Advance(3 * time.Second)
	if !heard(s.carrier.Phone(sam), "I am back") {
		t.Error("who comes back is not heard")
	}
	s.strict()
}
