package main

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// spoke takes a coordinator to what they have spoken for the group that meets at night,
// before it is sent.
func (s *stage) spoke(c caller) *emulator.Call {
	s.t.Helper()
	call := c.dials("7", "1", deskPIN, "1", "1", "4")
	s.carrier.Advance(6 * time.Second)
	call.Say("the hall is closed on Tuesday")
	s.carrier.Advance(4 * time.Second)
	call.Press("#")
	s.carrier.Advance(18 * time.Second)
	return call
}

// What a coordinator speaks is rung to who chose calls; who chose texts is told how to
// hear it, and hears it so.
func TestACoordinatorSpeaksToAGroup(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, _ := s.coordinator("cora", cora, store.RoleOwner)
	texts := s.enrolled(ida, "836254", "739146")
	a := s.replica.app
	groups, err := a.db.Groups(t.Context(), a.line)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		if g.Code != "836254" {
			continue
		}
		if _, err := a.members.Enrol(t.Context(), store.Enrolment{
			Event: store.Event{Line: a.line, SID: "test", At: s.clock.Now()}, Number: number(t, rose), Group: g.ID, Confirmed: true,
			Preferences: flows.Preferences{Channel: flows.ByCall, Language: "en"}.Complete(), Consent: flows.Consent{Channel: flows.ByCall},
		}); err != nil {
			t.Fatal(err)
		}
	}
	calls := s.caller(rose)
	calls.answers()
	call := s.spoke(c)
	mention(t, call.Transcript(), "One person is called and hears it. One gets a text that says how to hear it.")
	c.presses(call, "1", "2")
	call.Hangup()
	s.bring()
	before := len(texts.Texts())
	s.sendDue()
	if len(texts.Texts()) != before {
		t.Error("it does not wait its minute")
	}
	s.carrier.Advance(time.Minute)
	s.sendDue()
	s.sendDue()
	heardBy := calls.takes("1")
	got := texts.Texts()[before:]
	if len(got) != 1 || !strings.HasPrefix(got[0].Body, "A spoken message waits for you.") {
		t.Fatalf("who chose texts got %+v", got)
	}
	hears := texts.dials("4", "2", "1", "739146", "1", "5")
	s.carrier.Advance(5 * time.Second)
	hears.Hangup()
	for who, transcript := range map[string]string{"who chose calls": heardBy.Transcript(), "who chose texts": hears.Transcript()} {
		if !strings.Contains(transcript, "/twilio/spoken/sound.wav") && !strings.Contains(transcript, "the hall is closed") {
			t.Errorf("%s does not hear it:\n%s", who, transcript)
		}
	}
	s.golden("broadcast", undrawn(call.Transcript()+got[0].Body+"\n"+heardBy.Transcript()))
	s.strict()
}

// Within its minute it is taken back, and what is left is destroyed.
func TestWhatWasSpokenIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, _ := s.coordinator("cora", cora, store.RoleOwner)
	texts := s.enrolled(ida, "836254", "739146")
	before := len(texts.Texts())
	call := s.spoke(c)
	c.presses(call, "1", "1")
	mention(t, call.Transcript(), "It was taken back.")
	call.Hangup()
	left := s.spoke(c)
	c.presses(left, "3")
	mention(t, left.Transcript(), "It was destroyed.")
	left.Hangup()
	s.carrier.Advance(2 * time.Minute)
	s.sendDue()
	if n := len(texts.Texts()); n != before {
		t.Errorf("%d texts went", n-before)
	}
	s.strict()
}
