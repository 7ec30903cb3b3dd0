package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
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

// isRung has the coordinator rung, who presses 1, and returns her call and the phone of
// who waits.
func (s *stage) isRung(r console.Ringing) (hers *emulator.Call, theirs caller) {
	s.t.Helper()
	maria, theirs := s.caller(coordinatorPhone), s.caller(ida)
	for _, c := range []caller{maria, theirs} {
		c.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	}
	if err := s.replica.app.desk.Ring(s.t.Context(), r); err != nil {
		s.t.Fatal(err)
	}
	s.carrier.Advance(15 * time.Second)
	hers = maria.Current()
	hers.Press("1")
	return hers, theirs
}

// talks has who waits take the call, and the coordinator speak to them. It returns their
// call.
func (s *stage) talks(hers *emulator.Call, to caller) *emulator.Call {
	s.t.Helper()
	theirs := to.Current()
	if theirs == nil {
		s.t.Fatalf("nobody was called:\n%s", hers.Transcript())
	}
	theirs.Press("1")
	s.carrier.Advance(3 * time.Second)
	hers.Say("Hello, Ida.")
	s.carrier.Advance(3 * time.Second)
	if !strings.Contains(theirs.Transcript(), "Hello, Ida.") {
		s.t.Errorf("they do not hear each other:\n%s\n%s", hers.Transcript(), theirs.Transcript())
	}
	return theirs
}

// A coordinator and who waits talk, and neither phone has shown the other's number.
func TestAMaskedCall(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	hers, ida := s.isRung(r)
	s.carrier.Advance(16 * time.Second)
	theirs := s.talks(hers, ida)
	both := hers.Transcript() + theirs.Transcript()
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

// A coordinator who has signed in by phone is connected with who waits.
func TestAMaskedCallThatIsAskedForByPhone(t *testing.T) {
	t.Parallel()
	s, _ := asking(t)
	maria, ida := s.caller(coordinatorPhone), s.caller(ida)
	ida.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	hers := maria.dials("7", "1", "58203917", "2", "3")
	s.carrier.Advance(14 * time.Second) // what is said waits until no machine was heard
	theirs := s.talks(hers, ida)
	theirs.Hangup()
	s.carrier.Advance(2 * time.Second)
	hers.Hangup()
	both := hers.Transcript() + theirs.Transcript()
	mention(t, both, "They do not see yours.", "The call is over.")
	mention(t, strings.Join(s.column(open(t, s.config.databaseURL), `SELECT actor || ' ' || act FROM audit ORDER BY seq`), "\n"), "Maria roster.call")
	s.golden("masked_call", regexp.MustCompile(`Number [^,]+,`).ReplaceAllString(undrawn(both), "Number ##,"))
	s.strict()
}

// Who left a message and allowed it is rung back, within their own day.
func TestAMessageIsAnsweredThroughTheLine(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	a := s.replica.app
	v := store.NewVoicemail(a.db, a.keys)
	left := store.LeftVoice{Line: r.Line, SID: "RE" + strings.Repeat("1", 32), Purpose: store.LeftForStaff, Lang: "es", Number: number(t, rose), At: s.clock.Now()}
	if err := v.Left(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	r.Group, r.Key, r.Voice = "", "", v.ID(r.Line, left.SID)
	maria, rose := s.caller(coordinatorPhone), s.caller(rose)
	for _, c := range []caller{maria, rose} {
		c.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	}
	if err := a.desk.Ring(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	s.carrier.Advance(15 * time.Second)
	hers := maria.Current()
	hers.Press("1")
	s.carrier.Advance(14 * time.Second) // what is said waits until no machine was heard
	theirs := rose.Current()
	if theirs == nil {
		t.Fatalf("nobody was called:\n%s", hers.Transcript())
	}
	theirs.Press("1")
	s.carrier.Advance(5 * time.Second)
	hers.Say("Buenas tardes.")
	s.carrier.Advance(3 * time.Second)
	mention(t, theirs.Transcript(), "Si prefiere no hacerlo, oprima 9 o cuelgue.", "Buenas tardes.")
	theirs.Hangup()
	s.carrier.Advance(10 * time.Second)
	s.carrier.Advance(3 * time.Hour)
	if err := a.desk.Ring(t.Context(), r); !errors.Is(err, console.ErrNotNow) {
		t.Errorf("at night: %v", err)
	}
	s.strict()
}

// Who does not press a key hears nothing more, and no machine is talked to; and at
// night nobody is called.
func TestAMaskedCallIsForPeopleByDay(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	hers, ida := s.isRung(r)
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

// Either says with a key that they would rather not, and neither is told of the other: who
// asked for the call hears that nobody came.
func TestAMaskedCallThatSomebodyWouldRatherNotTake(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	hers, ida := s.isRung(r)
	s.carrier.Advance(14 * time.Second) // what is said waits until no machine was heard
	theirs := ida.Current()
	if theirs == nil {
		t.Fatalf("nobody was called:\n%s", hers.Transcript())
	}
	theirs.Press("9")
	s.carrier.Advance(10 * time.Second)
	mention(t, theirs.Transcript(), "Thank you. Goodbye.")
	mention(t, hers.Transcript(), "The call is over.")
	for _, c := range []*emulator.Call{hers, theirs} {
		if strings.Contains(c.Transcript(), "support line") {
			t.Errorf("a call of ours names the line:\n%s", c.Transcript())
		}
	}
	s.golden("masked_call_declined", undrawn(hers.Transcript()+theirs.Transcript()))

	// And the coordinator, of whose phone somebody else may have been at.
	maria := s.caller(coordinatorPhone)
	if err := s.replica.app.desk.Ring(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	s.carrier.Advance(15 * time.Second)
	maria.Current().Press("9")
	s.carrier.Advance(10 * time.Second)
	if maria.Current() != nil || ida.Current() != nil {
		t.Error("who said that they would rather not is talked to, or somebody is called")
	}
	s.strict()
}

// Nobody is called where the line may not call: not who waits, nor the coordinator.
func TestAMaskedCallStaysWhereTheLineMayCall(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	a := s.replica.app
	for name, elsewhere := range map[string]string{"the coordinator": "+442079460119", "nobody": coordinatorPhone} {
		by := store.By{Actor: "test", At: s.clock.Now()}
		if err := store.NewAccounts(a.db, a.keys, a.now).SetPhone(t.Context(), r.Line, by, r.Account, number(t, elsewhere), "58203917"); err != nil {
			t.Fatal(err)
		}
		s.sql(`UPDATE account SET number_proven = true`)
		if err := a.desk.Ring(t.Context(), r); errors.Is(err, store.ErrNotFound) != (name != "nobody") {
			t.Errorf("%s is abroad: %v", name, err)
		}
	}
}

// A flow of the line's own says in these calls what it likes, and where they lead.
func TestAMaskedCallSaysWhatTheFlowDoes(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	dir := folder(t, "extends: built-in\nnodes:\n  them_call: {menu: masked_staff, neutral: true, no_input: {after: 8s, then: call_over}, no_match: {then: call_over}, options: ["+
		"{key: 1, say: opt_rather_not, next: call_over}, {key: 2, say: opt_talk_with, next: them_talk}, {key: 9, say: opt_rather_not, next: call_over}]}\n")
	s.flows(0, "", "flow", "publish", dir)
	s.replica.app.refreshFlows(t.Context())
	hers, ida := s.isRung(r)
	s.carrier.Advance(14 * time.Second)
	theirs := ida.Current()
	if theirs == nil {
		t.Fatalf("nobody was called:\n%s", hers.Transcript())
	}
	theirs.Press("2")
	s.carrier.Advance(3 * time.Second)
	hers.Say("Hello, Ida.")
	s.carrier.Advance(3 * time.Second)
	mention(t, theirs.Transcript(), "The call that you asked for is ready.", "To talk with them, press 2.", "Hello, Ida.")
	s.strict()
}

// A machine that answers for who waits hears not a word: it would keep it.
func TestAMaskedCallLeavesNothingOnAMachine(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	maria, ida := s.caller(coordinatorPhone), s.caller(ida)
	maria.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	ida.Behave(emulator.Behaviour{Kind: emulator.Machine, Says: strings.Repeat("leave a message ", 10)})
	if err := s.replica.app.desk.Ring(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	s.carrier.Advance(15 * time.Second)
	hers := maria.Current()
	hers.Press("1")
	s.carrier.Advance(2 * time.Second)
	theirs := ida.Current()
	if theirs == nil {
		t.Fatalf("nobody was called:\n%s", hers.Transcript())
	}
	s.carrier.Advance(30 * time.Second)
	if said := theirs.Transcript(); ida.Current() != nil || strings.Contains(said, "Somebody whom you agreed") || !strings.Contains(hers.Transcript(), "The call is over.") {
		t.Errorf("what a machine hears:\n%s\nand who called:\n%s", said, hers.Transcript())
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

// An operator has the line connect a coordinator with who waits, by the number that the
// list shows.
func TestAMaskedCallFromTheTerminal(t *testing.T) {
	t.Parallel()
	s, r := asking(t)
	var waits []onRoster
	if err := json.Unmarshal([]byte(s.types("", "roster", "list", "--waiting", "--json")), &waits); err != nil || len(waits) != 1 || !waits[0].MayCall {
		t.Fatalf("who waits: %+v, %v", waits, err)
	}
	mention(t, s.types("", "roster", "list", "--waiting"), "MAY BE CALLED")
	number := strconv.Itoa(waits[0].Number)
	call := func(number, account string) []string {
		return []string{"roster", "call", number, "--account", account}
	}
	mention(t, s.fails(exitFailed, "", call("1000", "maria@example.org")...), "nobody waits under the number 1000")
	mention(t, s.fails(exitFailed, "", call(number, "nobody@example.org")...), "nobody signs in with this e-mail address")
	s.types("", "coordinator", "add", "otto@example.org", "--name=Otto", "--role=owner")
	mention(t, s.fails(exitFailed, "", call(number, "otto@example.org")...), "Otto is no coordinator of group 836254, or does not sign in")
	s.sql(`UPDATE account SET state = 'active' WHERE name = 'Otto'`)
	mention(t, s.fails(exitFailed, "", call(number, "otto@example.org")...), "Otto has no number that was confirmed")

	maria, ida := s.caller(coordinatorPhone), s.caller(ida)
	for _, c := range []caller{maria, ida} {
		c.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	}
	said := s.types("", call(number, "maria@example.org")...)
	mention(t, said, "Maria's phone rings in a moment", "Neither sees the other's number")
	s.carrier.Advance(15 * time.Second)
	hers := maria.Current()
	hers.Press("1")
	s.carrier.Advance(16 * time.Second)
	theirs := s.talks(hers, ida)
	theirs.Hangup()
	s.carrier.Advance(10 * time.Second)
	acts := s.column(open(t, s.config.databaseURL), `SELECT actor FROM audit WHERE act = 'roster.call'`)
	if len(acts) != 1 || !strings.HasSuffix(acts[0], ", for Maria") || !strings.HasPrefix(acts[0], "command line") {
		t.Errorf("the log has %q", acts)
	}

	// At night nobody is called, nor who lets nobody call them.
	s.till("2026-11-24 22:30")
	mention(t, s.fails(exitFailed, "", call(number, "maria@example.org")...), "not an hour at which they may be")
	roster := store.NewRoster(s.replica.app.db, s.replica.app.keys, s.replica.app.now)
	if err := roster.Approve(t.Context(), r.Line, store.By{Actor: "test", At: s.clock.Now()}, r.Group, r.Key); err != nil {
		t.Fatal(err)
	}
	mention(t, s.fails(exitFailed, "", call(number, "maria@example.org")...), "nobody waits under the number")
	s.strict()
}
