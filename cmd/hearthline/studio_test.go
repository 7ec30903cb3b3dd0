package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// records says words after the tone, and hears them again.
func (s *stage) records(call *emulator.Call, words string) {
	s.t.Helper()
	for tones := func() int { return strings.Count(call.Transcript(), "tone: beep") }; tones() == strings.Count(call.Transcript(), "said: "); {
		s.carrier.Advance(time.Second)
	}
	s.carrier.Advance(time.Second)
	call.Say(words)
	s.carrier.Advance(4 * time.Second)
	call.Press("#")
	s.carrier.Advance(18 * time.Second)
}

// toStudio takes a coordinator to where prompts are recorded.
var toStudio = []string{"7", "1", deskPIN, "7"}

// A coordinator records two prompts by phone: one by its number, and the next that is
// missing. Callers hear them once an owner has approved them, and the carrier has nothing
// of them any more.
func TestPromptsAreRecordedByPhone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, _ := s.coordinator("cora", cora, store.RoleCoordinator)
	a := s.replica.app
	script := a.flow.Script("en")

	call := c.dials(toStudio...)
	c.presses(call, "1")
	c.presses(call, "998")
	mention(t, call.Transcript(), "The sheet has no such number")
	c.presses(call, "1")
	c.presses(call, "101")
	s.records(call, script[0].Text)
	mention(t, call.Transcript(), "Number 1, 0, 1.", script[0].Text, "This is what callers hear.", "/twilio/spoken/sound.wav", "To keep it, press 1.")
	c.presses(call, "2") // again
	s.records(call, script[0].Text)
	c.presses(call, "1")
	mention(t, call.Transcript(), "It is kept, and an owner listens to it next.")
	c.presses(call, "1") // the next that is missing
	mention(t, call.Transcript(), script[1].Text)
	s.records(call, script[1].Text)
	c.presses(call, "1")
	call.Hangup()
	s.bring()
	if left := s.carrier.Recordings(); len(left) != 0 {
		t.Errorf("the carrier has %d recordings still", len(left))
	}

	recordings := store.NewRecordings(a.db, a.keys)
	all, err := recordings.List(t.Context(), a.line)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	heard := func() string {
		other := s.caller(ida).dials("*", "9") // the English option is heard in Spanish
		defer other.Hangup()
		return other.Transcript()
	}
	if err := a.studio.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(heard(), "/audio/") {
		t.Error("callers hear a draft")
	}
	for _, r := range all {
		if r.State != store.RecordingDraft || r.Account == "" || r.Lang != "en" || r.Seconds < 1 {
			t.Errorf("%+v", r)
		}
		if err := recordings.Approve(t.Context(), a.line, store.By{Actor: "owner", At: s.clock.Now()}, r.Lang, r.Prompt, r.Hash); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.studio.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	transcript := heard()
	for _, r := range all {
		if !strings.Contains(transcript, "/audio/"+r.Hash+".wav") {
			t.Errorf("%s is not played:\n%s", r.Prompt, transcript)
		}
	}
	for _, l := range script[:2] {
		if strings.Contains(transcript, l.Text) {
			t.Errorf("%q is spoken as well", l.Text)
		}
	}
	mention(t, transcript, "Para buscar un grupo, oprima 3.")
	s.strict()
}

// What is left of a language is recorded in one call, from the first line that is missing
// to the last, and the call says when there is no more.
func TestALanguageIsRecordedToItsEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, _ := s.coordinator("cora", cora, store.RoleCoordinator)
	a := s.replica.app
	script := a.flow.Script("es")
	missing := []flows.ScriptLine{script[2], script[len(script)/2], script[len(script)-1]}
	var rows []string
	for _, l := range script {
		if !slices.Contains(missing, l) {
			rows = append(rows, fmt.Sprintf("('%s', 'es', '%s', 'kept', '%s', '', '%s', '2026-11-01', 1, -3, 0)", a.line, l.Prompt, l.Hash, l.Hash))
		}
	}
	s.sql("INSERT INTO recording (line_id, lang, prompt, state, text_hash, sound, sound_hash, month, seconds, peak, silence_ms) VALUES " + strings.Join(rows, ", "))
	call := c.dials(append([]string{"9"}, append(toStudio, "2")...)...)
	for _, l := range missing {
		mention(t, call.Transcript(), l.Text)
		s.records(call, l.Text)
		c.presses(call, "1", "1") // kept, and on
	}
	mention(t, call.Transcript(), "No falta nada.")
	call.Hangup()
	s.bring()
	all, err := store.NewRecordings(a.db, a.keys).List(t.Context(), a.line)
	if err != nil || len(all) != len(script) {
		t.Errorf("%d of %d lines are recorded, %v", len(all), len(script), err)
	}
	s.strict()
}

// A coordinator is rung to record one prompt, and then all that are missing: before her
// key the call tells nothing, and before her PIN not what it is for. Who has no number
// that is proven is not rung, and a machine hears nothing.
func TestACoordinatorIsCalledToRecord(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, _ := s.coordinator("cora", cora, store.RoleCoordinator)
	a := s.replica.app
	who, err := store.NewAccounts(a.db, a.keys, a.now).ByEmail(t.Context(), a.line, "cora@example.org")
	if err != nil {
		t.Fatal(err)
	}
	account, script := who.ID, a.flow.Script("es")
	asks := console.StudioCall{Line: a.deskLine(), Account: account, Lang: "es", Prompt: script[3].Prompt}
	s.sql(`UPDATE account SET number_proven = false`)
	if err := a.desk.CallMe(t.Context(), asks); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a number that is not proven is rung: %v", err)
	}
	s.sql(`UPDATE account SET number_proven = true`)
	c.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	ring := func(asks console.StudioCall) *emulator.Call {
		t.Helper()
		if err := a.desk.CallMe(t.Context(), asks); err != nil {
			t.Fatal(err)
		}
		s.carrier.Advance(18 * time.Second)
		call := c.Current()
		if call == nil {
			t.Fatal("nobody is rung")
		}
		return call
	}
	call := ring(asks)
	if before := call.Transcript(); strings.Contains(before, "clave") || strings.Contains(before, script[3].Text) {
		t.Errorf("the call tells what it is:\n%s", before)
	}
	c.presses(call, "1")
	c.presses(call, "*") // leads nowhere: whoever holds the phone may not be her
	if before := call.Transcript(); !strings.Contains(before, "clave") || strings.Contains(before, script[3].Text) {
		t.Errorf("before the PIN:\n%s", before)
	}
	c.presses(call, deskPIN)
	mention(t, call.Transcript(), script[3].Text)
	s.records(call, script[3].Text)
	c.presses(call, "1")
	call.Hangup()
	s.golden("studio_call", undrawn(call.Transcript()))
	s.bring()
	all, err := store.NewRecordings(a.db, a.keys).List(t.Context(), a.line)
	if err != nil || len(all) != 1 || all[0].Prompt != script[3].Prompt || all[0].Lang != "es" || all[0].Account != account {
		t.Errorf("%+v, %v", all, err)
	}

	asks.Prompt = ""
	call = ring(asks)
	c.presses(call, "1")
	c.presses(call, deskPIN)
	mention(t, call.Transcript(), script[0].Text)
	call.Hangup()

	for _, wrong := range []console.StudioCall{{Line: asks.Line, Account: account, Lang: "es", Prompt: "welcome"}, {Line: asks.Line, Account: account, Lang: "tlh"}} {
		if err := a.desk.CallMe(t.Context(), wrong); !errors.Is(err, console.ErrNothingToRecord) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	calls := a.config.countries
	a.config.countries = []string{"CA"} // since her number was proven
	if err := a.desk.CallMe(t.Context(), asks); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a country that is not called is rung: %v", err)
	}
	a.config.countries = calls
	c.Behave(emulator.Behaviour{Kind: emulator.Machine})
	if err := a.desk.CallMe(t.Context(), asks); err != nil {
		t.Fatal(err)
	}
	s.carrier.Advance(time.Minute)
	s.strict()
}

// Silence is nothing, who is a facilitator alone records nothing, and what somebody hangs
// up on is not kept.
func TestWhatIsNotRecorded(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	f, _ := s.coordinator("rose", rose, store.RoleFacilitator)
	call := f.dials(toStudio...)
	mention(t, call.Transcript(), "There is nothing for you to look after here.")
	call.Hangup()

	c, _ := s.coordinator("cora", cora, store.RoleCoordinator)
	call = c.dials(toStudio...)
	c.presses(call, "2")
	s.carrier.Advance(time.Minute)
	mention(t, call.Transcript(), "We heard nothing. To say it again, press 1.")
	call.Hangup()
	call = c.dials(append(toStudio, "2")...)
	s.records(call, "half of it")
	call.Hangup()
	s.bring()
	a := s.replica.app
	if all, err := store.NewRecordings(a.db, a.keys).List(t.Context(), a.line); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	if left := s.carrier.Recordings(); len(left) != 0 {
		t.Errorf("the carrier has %d recordings still", len(left))
	}
	s.strict()
}
