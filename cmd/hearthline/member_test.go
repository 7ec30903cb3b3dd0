package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// caller is somebody with a phone at a stage.
type caller struct {
	s *stage
	*emulator.Phone
}

func (s *stage) caller(e164 string) caller { return caller{s, s.carrier.Phone(e164)} }

// dials rings the line and presses keys, each as an answer of its own, and
// hears what follows the last one.
func (c caller) dials(keys ...string) *emulator.Call {
	c.s.t.Helper()
	call := c.Call(lineNumber)
	c.presses(call, keys...)
	return call
}

// A PIN is taken as whole when nothing follows it for three seconds.
const afterPIN = 4 * time.Second

func (c caller) presses(call *emulator.Call, keys ...string) {
	c.s.t.Helper()
	for _, k := range keys {
		call.Press(k)
		c.s.carrier.Advance(afterPIN)
	}
}

// says sends a text and returns the answer.
func (c caller) says(body string) string {
	c.s.t.Helper()
	before := len(c.Texts())
	c.Text(lineNumber, body)
	c.s.carrier.Advance(2 * time.Second)
	got := c.Texts()[before:]
	if len(got) == 0 {
		return ""
	}
	return got[len(got)-1].Body
}

// send has the outbox do what is due by now.
func (s *stage) sendDue() {
	s.t.Helper()
	if _, err := s.replica.app.outbox.Pass(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.carrier.Advance(5 * time.Second)
}

// noLateOnes is the key of who wants no reminder in the quiet hours. The group
// that meets at night is the one that asks.
const noLateOnes = "2"

// enrolled makes a member of a phone, by a call and the answer to the text that
// follows.
func (s *stage) enrolled(e164, code, pin string) caller {
	s.t.Helper()
	c := s.caller(e164)
	call := c.dials("1", code, "3", "1", noLateOnes, pin, pin)
	if !heard(c.Phone, "Your member number is") {
		s.t.Fatalf("nobody was enrolled:\n%s", call.Transcript())
	}
	call.Hangup()
	s.sendDue()
	c.says("OK")
	return c
}

// drawn is a member number as a voice says it, or a code as it is written: they
// differ from run to run.
var drawn = regexp.MustCompile(`([1-9](, [0-9]){5}|enter [1-9][0-9]{5}[.])`)

func undrawn(transcript string) string { return drawn.ReplaceAllString(transcript, "######") }

// told is the member number that was last said to a phone.
func (c caller) told() string {
	c.s.t.Helper()
	for _, u := range c.Heard() {
		if said := drawn.FindString(u.Text); strings.Contains(u.Text, "Your member number is") && said != "" {
			return strings.ReplaceAll(said, ", ", "")
		}
	}
	c.s.t.Fatal("no member number was told")
	return ""
}

// subpoena is what the command prints of a number.
func (s *stage) subpoena(e164 string) string {
	s.t.Helper()
	return s.types(e164, "subpoena")
}

// heldOf is what a subpoena shows but for the acts of staff, which stay in the
// audit log.
func heldOf(subpoena string) string {
	return regexp.MustCompile(`(?m)^(staff .*|no record)\n`).ReplaceAllString(subpoena, "")
}

// types runs a command with a number on standard input.
func (s *stage) types(e164 string, args ...string) string {
	s.t.Helper()
	code, said := s.command(e164, args...)
	if code != exitOK {
		s.t.Fatalf("%v: exit %d: %s", args, code, said)
	}
	return said
}

// fails runs a command that has to end with an exit code.
func (s *stage) fails(want int, e164 string, args ...string) string {
	s.t.Helper()
	code, said := s.command(e164, args...)
	if code != want {
		s.t.Errorf("%v: exit %d: %s", args, code, said)
	}
	return said
}

func (s *stage) command(e164 string, args ...string) (code int, said string) {
	s.t.Helper()
	return s.commandAt(stdio{In: strings.NewReader(e164 + "\n")}, args...)
}

// commandAt runs a command of somebody who types at a stdio of which only the ends are
// left open.
func (s *stage) commandAt(at stdio, args ...string) (code int, said string) {
	s.t.Helper()
	var out, complaints strings.Builder
	env := map[string]string{
		"DATABASE_URL": s.config.databaseURL, "HEARTHLINE_KEYSET_FILE": s.config.keysetFile, "HEARTHLINE_STATE_DIR": s.config.stateDir,
		"PUBLIC_URL": s.config.publicURL, "TWILIO_ACCOUNT_SID": demoAccount, "TWILIO_AUTH_TOKEN": demoToken, "TWILIO_API_URL": s.config.apiURL,
		"TWILIO_NUMBER": lineNumber, "CRISIS_NUMBER": crisisLine,
	}
	at.Out, at.Err, at.Now = &out, &complaints, s.clock.Now
	code = run(s.t.Context(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, at)
	return code, out.String() + complaints.String()
}

func TestEnrolByPhone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ida := s.caller(ida)
	call := ida.dials("1", "836254", "3", "1", noLateOnes, "739146", "739146")
	s.carrier.Advance(20 * time.Second)
	call.Hangup()
	s.golden("enrol-call", undrawn(call.Transcript()))

	s.sendDue()
	ida.says("OK")
	mine := ida.dials("4", "2", "1", "739146", "1", "1")
	s.carrier.Advance(10 * time.Second)
	s.golden("enrol-text", undrawn(ida.Thread()))
	s.golden("my-groups", mine.Transcript())
	if !heard(ida.Phone, "Caring for someone") {
		t.Error("the group is not among theirs")
	}
	s.strict()
}

func TestEnrolByText(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sam := s.caller(sam)
	for _, body := range []string{"JOIN 836254", "3", "OK"} {
		sam.says(body)
	}
	s.golden("enrol-by-text", undrawn(sam.Thread()))
	code := regexp.MustCompile(`4, 2, 1 and enter ([1-9][0-9]{5})[.]`).FindStringSubmatch(sam.Thread())
	if code == nil {
		t.Fatal("no code was texted")
	}
	call := sam.dials("4", "2", "1", code[1], "739146", "739146")
	_, after, _ := strings.Cut(call.Transcript(), "pressed "+code[1][5:]+"\n   16.25")
	s.golden("first-pin", undrawn(after))
	handle := sam.told()
	call.Hangup()
	// The PIN works from any phone, with the member number.
	call = s.caller(ida).dials("4", "2", "2", handle, "739146", "1")
	if !heard(s.caller(ida).Phone, "Caring for someone. To hear the next three dates, press 1. To go in") {
		t.Errorf("another phone does not reach the groups:\n%s", call.Transcript())
	}
	// The code is used up.
	call = sam.dials("4", "2", "1", code[1])
	if got := call.Transcript(); !strings.Contains(got, "I could not find") && strings.Contains(got, "Your own menu") {
		t.Errorf("a used code signs in:\n%s", got)
	}
	s.strict()
}

// Whoever it is that texts, each text is answered in the same words.
func TestAnswersDoNotTellWhoIsAMember(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	member, stranger := s.enrolled(ida, "836254", "739146"), s.caller(sam)
	for _, body := range []string{
		"MINE", "REMIND 836254", "OK", "REMIND", "JOIN 836254", "3", "OK", "LEAVE 836254", "LEAVE", "LEAVE 111111", "IN", "OUT", "CALL 836254",
		"OK", "stop texting me", "FORGET ME", "MENU", "FORGET ME", "OK", "MINE", "OK",
	} {
		if a, b := undrawn(member.says(body)), undrawn(stranger.says(body)); a != b || a == "" {
			t.Errorf("%s is answered\n%s\nand\n%s", body, a, b)
		}
	}
}

func TestKeyFiveIsAWrongKeyToAllWhoHaveNotChosenIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	member, stranger := s.enrolled(ida, "836254", "739146"), s.caller(sam)
	before := []string{member.dials("5").Transcript(), stranger.dials("5").Transcript(), stranger.dials("8").Transcript()}
	if strings.ReplaceAll(before[2], "pressed 8", "pressed 5") != before[0] || before[0] != before[1] {
		t.Errorf("key 5 differs:\n%s\n%s\n%s", before[0], before[1], before[2])
	}
	member.Current().Hangup()
	chosen := member.dials("4", "2", "1", "739146", "4", "2", "1")
	chosen.Hangup()
	if got := member.dials("5").Transcript(); !strings.Contains(got, "Caring for someone is not open now") {
		t.Errorf("key 5 leads nowhere:\n%s\n%s", chosen.Transcript(), got)
	}
	if got := stranger.Current(); got != nil {
		got.Hangup()
	}
	if got := stranger.dials("5").Transcript(); got != before[1] {
		t.Errorf("key 5 differs for a stranger:\n%s", got)
	}
}

func TestForgetMe(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := s.rows()
	ida := s.enrolled(ida, "836254", "739146")
	sam := s.caller(sam)
	for _, body := range []string{"REMIND 836254", "OK"} {
		sam.says(body)
	}
	for _, c := range []caller{ida, sam} {
		if got := s.subpoena(c.Number()); !strings.Contains(got, "836254 Caring for someone (active)") {
			t.Errorf("a subpoena shows\n%s", got)
		}
	}
	call := ida.dials("4", "2", "1", "739146", "4", "3", "1")
	s.carrier.Advance(10 * time.Second)
	s.golden("forget-call", call.Transcript())
	sam.says("FORGET ME")
	receipt := sam.says("OK")
	s.golden("forget-text", undrawn(sam.Thread()))
	for _, c := range []caller{ida, sam} {
		if got := heldOf(s.subpoena(c.Number())); got != "" {
			t.Errorf("a subpoena shows\n%s", got)
		}
	}
	after := s.rows()
	for _, table := range []string{"member", "membership", "dialogue", "outbox"} {
		if len(after[table]) != len(before[table]) {
			t.Errorf("%s has rows: %v", table, after[table])
		}
	}
	// The carrier's repetition hears the receipt again.
	x := s.carrier.Exchanges()[len(s.carrier.Exchanges())-1]
	if !strings.Contains(x.Body, receipt[:20]) {
		t.Fatalf("the last exchange is %s", x.Body)
	}
	if again := s.send(x); again != x.Body {
		t.Errorf("the same text again hears %s", again)
	}
	for _, c := range []caller{ida, sam} {
		if found := leaks(s.sinks(), c.Number()); len(found) > 0 {
			t.Errorf("a number is in %s", strings.Join(found, ", "))
		}
	}
}

// A landline is asked by one call, which says nothing before a key is pressed
// and nothing at all to a machine.
func TestTheOneNeutralCall(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ida := s.caller(ida)
	call := ida.dials("1", "836254", "3", "2", noLateOnes, "739146", "739146")
	call.Hangup()
	ida.Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second})
	s.carrier.Advance(15 * time.Hour) // it is night; a call waits for a safe hour
	s.sendDue()
	s.carrier.Advance(25 * time.Second)
	asked := ida.Current()
	if asked == nil {
		t.Fatal("nobody was rung")
	}
	asked.Press("1")
	s.carrier.Advance(20 * time.Second)
	s.golden("neutral-call", undrawn(asked.Transcript()))
	if got := s.subpoena(ida.Number()); !strings.Contains(got, "confirmed") || !strings.Contains(got, "(active)") {
		t.Errorf("a subpoena shows\n%s", got)
	}
	s.strict()
}

// Who was invited has never chosen a PIN: with their answer comes a way to one.
func TestWhoWasInvitedComesToAPIN(t *testing.T) {
	t.Parallel()
	s := newStage(t, group("836254", func(g *store.Group) { g.Access = flows.AccessApproval }))
	s.types(sam, "member", "invite", "--group", "836254", "--consent", "belongs to the group")
	sam := s.caller(sam)
	s.carrier.Advance(20 * time.Hour)
	s.sendDue()
	answer := sam.says("OK")
	code := regexp.MustCompile(`4, 2, 1, enter ([1-9][0-9]{5})[.]`).FindStringSubmatch(answer)
	if code == nil {
		t.Fatal("no code was texted")
	}
	call := sam.dials("4", "2", "1", code[1], "739146", "739146", "2", "1")
	if got := call.Transcript(); !strings.Contains(got, "Caring for someone. To hear the next three dates") {
		t.Errorf("their group is not theirs:\n%s", got)
	}
	if got := undrawn(s.caller(ida).says("OK")); got != undrawn(answer) {
		t.Errorf("a stranger is answered %s", got)
	}
}

func TestAnInvitationIsAskedOnceAndLapses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.types(sam, "member", "invite", "--group", "836254", "--consent", "asked for texts at the door", "--channel", "text")
	sam := s.caller(sam)
	s.carrier.Advance(20 * time.Hour)
	for range 3 {
		s.sendDue()
	}
	if got := len(sam.Texts()); got != 1 {
		t.Errorf("%d texts", got)
	}
	if got := s.subpoena(sam.Number()); !strings.Contains(got, "asked for texts at the door") || !strings.Contains(got, "forgotten on") {
		t.Errorf("a subpoena shows\n%s", got)
	}
	s.carrier.Advance(8 * 24 * time.Hour)
	if err := s.replica.app.nightly(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := heldOf(s.subpoena(sam.Number())); got != "" {
		t.Errorf("a subpoena shows\n%s", got)
	}
	if got := s.subpoena(bridgeLine); got != "no record\n" {
		t.Errorf("a subpoena of a stranger shows\n%s", got)
	}
	if got := s.types("", "audit", "verify"); !strings.Contains(got, "The audit log is whole: 4 entries") {
		t.Errorf("the audit log: %s", got)
	}
}

// Some numbers are not a person's to be asked, and other keys than the line's
// neither tell nor write anything.
func TestTheDeskRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	invite := []string{"member", "invite", "--group", "836254", "--consent", "said so"}
	for _, n := range []string{lineNumber, bridgeLine, crisisLine, "+442079460123", "+19005550123"} {
		if got := s.fails(exitFailed, n, invite...); !strings.Contains(got, "not asked") || strings.Contains(got, n[2:]) {
			t.Errorf("%s", got)
		}
	}
	if got := s.fails(exitUsage, sam, "member", "invite", "--group", "999999", "--consent", " ", "--zone", "Mars"); strings.Count(got, "--") < 3 {
		t.Errorf("%s", got)
	}
	if got := s.fails(exitFailed, " ", "subpoena"); !strings.Contains(got, "standard input") {
		t.Errorf("%s", got)
	}
	s.enrolled(ida, "836254", "739146")
	before := s.rows()
	s.config.keysetFile = filepath.Join(t.TempDir(), "other.json")
	if _, err := vault.Create(s.config.keysetFile); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"subpoena"}, {"member", "export"}, {"member", "erase"}, invite, {"audit", "verify"}} {
		if got := s.fails(exitFailed, ida, args...); !strings.Contains(got, "fingerprint") {
			t.Errorf("%v: %s", args, got)
		}
	}
	if !equalRows(before, s.rows()) {
		t.Error("keys that are not the line's have written something")
	}
}

// A facilitator's number is held, too.
func TestASubpoenaKnowsFacilitators(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	file := filepath.Join(t.TempDir(), "groups.yaml")
	if err := os.WriteFile(file, []byte(`groups: [{code: "381746", name: Rose's circle, topics: [grief], languages: [en],
		meetings: [{start: "2026-11-24T19:00", timezone: America/New_York, rrule: "FREQ=WEEKLY", minutes: 60}],
		facilitators: [{alias: Rose, phone: "`+sam+`", pin: "73914626"}]}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	s.types("", "group", "import", file)
	if got := s.subpoena(sam); !strings.Contains(got, "381746 Rose's circle; the number is sealed with the group") {
		t.Errorf("%s", got)
	}
	if got := s.types(sam, "member", "erase"); !strings.Contains(got, "also a facilitator's") {
		t.Errorf("%s", got)
	}
}
