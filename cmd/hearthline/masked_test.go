package main

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// coordinatorPhone is Maria's own.
const coordinatorPhone = "+12125550119"

// asking is a stage on which Ida waits to be let into a group and may be called, and
// Maria is its coordinator.
func asking(t *testing.T) (s *stage, r console.Ringing) {
	t.Helper()
	s = newStage(t, group("836254", func(g *store.Group) { g.Access = flows.AccessApproval }))
	ida := s.caller(ida)
	ida.dials("1", "836254", "1", "1", "1", noLateOnes, "739146", "739146").Hangup()
	s.sendDue()
	ida.says("OK")
	a := s.replica.app
	line := a.deskLine()
	groups, err := a.db.Groups(t.Context(), line)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		if g.Code == "836254" {
			r.Group = g.ID
		}
	}
	accounts := store.NewAccounts(a.db, a.keys, a.now)
	by := store.By{Actor: "test", At: s.clock.Now()}
	if _, err := accounts.Invite(t.Context(), line, by, store.Invited{Email: "maria@example.org", Name: "Maria", Role: store.RoleCoordinator, Groups: []string{r.Group}, Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	all, err := accounts.List(t.Context(), line)
	if err != nil {
		t.Fatal(err)
	}
	if err := accounts.SetPhone(t.Context(), line, by, all[0].ID, number(t, coordinatorPhone), "58203917"); err != nil {
		t.Fatal(err)
	}
	s.sql(`UPDATE account SET state = 'active', number_proven = true`)
	waits, err := store.NewRoster(a.db, a.keys, a.now).Waiting(t.Context(), line, []string{r.Group})
	if err != nil || len(waits) != 1 {
		t.Fatalf("%d wait, %v", len(waits), err)
	}
	r.Line, r.Account, r.Key, r.Lang = line, all[0].ID, waits[0].Key, "en"
	return s, r
}

// A coordinator and who waits talk, and neither phone has shown the other's number.
func TestAMaskedCall(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	maria, ida := s.caller(coordinatorPhone), s.caller(ida)
	maria.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	ida.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	if err := s.replica.app.desk.Ring(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	s.carrier.Advance(15 * time.Second)
	hers := maria.Current()
	hers.Press("1")
	s.carrier.Advance(8 * time.Second)
	theirs := ida.Current()
	if theirs == nil {
		t.Fatalf("nobody was called:\n%s", hers.Transcript())
	}
	theirs.Press("1")
	s.carrier.Advance(3 * time.Second)
	hers.Say("Hello, Ida.")
	s.carrier.Advance(3 * time.Second)
	both := hers.Transcript() + theirs.Transcript()
	if !strings.Contains(theirs.Transcript(), "Hello, Ida.") {
		t.Errorf("they do not hear each other:\n%s\n%s", hers.Transcript(), theirs.Transcript())
	}
	// What the transcript notes of whom a call is connected with, no phone shows: the
	// rings are what it shows.
	if n := strings.Count(both, "heard ring of "+lineNumber); n != 2 || strings.Count(both, "ring of ") != 2 || strings.Contains(both, "Caring for someone") {
		t.Errorf("a phone shows another's number, or hears what it is about:\n%s", both)
	}
	theirs.Hangup()
	s.carrier.Advance(10 * time.Second)
	if !strings.Contains(hers.Transcript(), "The call is over.") {
		t.Errorf("the end:\n%s", hers.Transcript())
	}
	s.strict()
}

// Who does not press a key hears nothing more, and no machine is talked to; and at
// night nobody is called.
func TestAMaskedCallIsForPeopleByDay(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	maria, ida := s.caller(coordinatorPhone), s.caller(ida)
	maria.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	ida.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	if err := s.replica.app.desk.Ring(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	s.carrier.Advance(15 * time.Second)
	hers := maria.Current()
	hers.Press("1")
	s.carrier.Advance(40 * time.Second)
	if ida.Current() != nil || !strings.Contains(hers.Transcript(), "The call is over.") {
		t.Errorf("who pressed nothing is talked to:\n%s", hers.Transcript())
	}
	s.carrier.Advance(3 * time.Hour)
	if err := s.replica.app.desk.Ring(t.Context(), r); !errors.Is(err, console.ErrNotNow) {
		t.Errorf("at night: %v", err)
	}
	r.Key = strings.Repeat("0", 32)
	if err := s.replica.app.desk.Ring(t.Context(), r); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("who is not there: %v", err)
	}
	s.strict()
}

// sql changes what there is in the stage's database.
func (s *stage) sql(statement string) {
	s.t.Helper()
	db, err := sql.Open("postgres", s.config.databaseURL)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(s.t.Context(), statement); err != nil {
		s.t.Fatal(err)
	}
}
