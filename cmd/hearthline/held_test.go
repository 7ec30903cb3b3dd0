package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/store"
)

// heldDesk is a member of whom coordinators have noted something, who has left a voice
// message, and with whose number somebody signs in to the desk.
func heldDesk(t *testing.T) (*stage, caller) {
	s := newStage(t)
	c := s.enrolled(ida, "836254", "739146")
	call := c.dials("0", "3", "1")
	s.carrier.Advance(8 * time.Second)
	call.Say("please ring me about the circle on Tuesday")
	s.carrier.Advance(4 * time.Second)
	call.Press("#")
	s.carrier.Advance(3 * time.Second)
	call.Hangup()
	s.bring()

	a, by := s.replica.app, store.By{Actor: "Ada", At: s.clock.Now()}
	groups, err := a.db.Groups(t.Context(), a.line)
	if err != nil {
		t.Fatal(err)
	}
	roster := store.NewRoster(a.db, a.keys, a.now)
	for _, g := range groups {
		if g.Code != "836254" {
			continue
		}
		in, err := roster.List(t.Context(), a.line, g.ID)
		if err != nil || len(in) != 1 {
			t.Fatalf("%d in the group: %v", len(in), err)
		}
		if err := roster.SetAlias(t.Context(), a.line, by, g.ID, in[0].Key, "Marigold"); err != nil {
			t.Fatal(err)
		}
		if err := roster.SetNote(t.Context(), a.line, by, g.ID, in[0].Key, "rings in the mornings"); err != nil {
			t.Fatal(err)
		}
	}
	s.types("", "coordinator", "add", "ada@example.org", "--name=Ada")
	accounts := store.NewAccounts(a.db, a.keys, a.now)
	all, err := accounts.List(t.Context(), a.line)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d accounts: %v", len(all), err)
	}
	if err := accounts.SetPhone(t.Context(), a.line, by, all[0].ID, number(t, ida), ""); err != nil {
		t.Fatal(err)
	}
	return s, c
}

// What the desk has added about a number is in every disclosure of it, and an erasure
// destroys it, but for what is the staff's own.
func TestADisclosureListsWhatTheDeskKeeps(t *testing.T) {
	t.Parallel()
	s, c := heldDesk(t)
	told := []string{"Marigold, by its coordinators", "rings in the mornings", "seconds, sealed; they may be rung back", "Ada (owner, invited); signs in to the desk by telephone"}
	mention(t, s.subpoena(ida), told...)
	mention(t, s.types(ida, "member", "export"), told...)
	mention(t, s.types(ida, "member", "export", "--language=es"), "Marigold, según quienes coordinan", "confirmado", "sin zona horaria elegida", "mensaje de texto")
	desk, by := subjects{s.replica.app}, store.By{Actor: "Ada", At: s.clock.Now()}
	text, in, err := desk.Export(t.Context(), by, "es", number(t, ida)) // who is enrolled in English
	if err != nil || in != "en" {
		t.Errorf("told in %q, %v", in, err)
	}
	mention(t, text, told...)
	if text, in, err := desk.Export(t.Context(), by, "es", number(t, "+12125550188")); text != "" || in != "es" || err != nil {
		t.Errorf("of a stranger: %q in %q, %v", text, in, err)
	}
	var as struct {
		Groups  []store.HeldGroup  `json:"groups"`
		Voice   []store.VoiceOf    `json:"voice_messages"`
		Account *store.HeldAccount `json:"account"`
	}
	if err := json.Unmarshal([]byte(s.types(ida, "subpoena", "--json")), &as); err != nil {
		t.Fatal(err)
	}
	if len(as.Voice) != 1 || as.Voice[0].Seconds < 2 || as.Account == nil || len(as.Groups) != 1 || as.Groups[0].Note != "rings in the mornings" {
		t.Errorf("%+v", as)
	}
	if got := s.subpoena(sam); got != noRecord {
		t.Errorf("of a stranger it shows\n%s", got)
	}

	mention(t, s.types(ida, "member", "erase"), "the number with which Ada signs in")
	if _, left := s.voicemail(); len(left) != 0 {
		t.Errorf("an erasure leaves %d voice messages", len(left))
	}
	got := heldOf(s.subpoena(c.Number()))
	for line := range strings.Lines(got) {
		if !strings.HasPrefix(line, "account") {
			t.Errorf("an erasure leaves: %s", line)
		}
	}
	mention(t, got, "Ada (owner, invited)")
}

// Each text that a disclosure asks for by name is there.
func TestHeldWords(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("held.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := regexp.MustCompile(`(?:say|row)\("([a-z0-9_]+)"|: "((?:stopped|pin|reminders)_[a-z]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(keys) < 40 {
		t.Fatalf("only %d are asked for", len(keys))
	}
	for _, m := range keys {
		if _, err := console.Say("es", "held."+m[1]+m[2]); err != nil {
			t.Error(err)
		}
	}
}
