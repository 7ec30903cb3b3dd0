package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/doctor"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

const prayerLine = "../../deploy/examples/prayer-line"

// flows runs a command of an operator's on the stage's line, with something on standard
// input.
func (s *stage) flows(want int, in string, args ...string) string {
	s.t.Helper()
	var out bytes.Buffer
	env := map[string]string{"DATABASE_URL": s.config.databaseURL, "HEARTHLINE_KEYSET_FILE": s.config.keysetFile, "HEARTHLINE_STATE_DIR": s.config.stateDir}
	code := run(s.t.Context(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		stdio{In: strings.NewReader(in), Out: &out, Err: &out, Now: s.clock.Now})
	if code != want {
		s.t.Fatalf("%s: exit %d, want %d\n%s", strings.Join(args, " "), code, want, out.String())
	}
	return out.String()
}

// finds calls the line and asks for a group by 3.
func (s *stage) finds(who string) *emulator.Call {
	s.t.Helper()
	c := s.carrier.Phone(who).Call(lineNumber)
	c.Press("3")
	return c
}

// prays says whether a call was offered the prayer line.
func prays(c *emulator.Call) bool {
	return strings.Contains(c.Transcript(), "To call the prayer line, press 4.")
}

// folder writes a flow of a line's own.
func folder(t *testing.T, main string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.yaml"), []byte(main), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A folder given to serve is what callers hear; one that is broken leaves them the
// built-in flow, and whoever runs the line is told.
func TestAFolderOfTheLinesOwn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		dir   string
		prays bool
	}{
		"the example":  {prayerLine, true},
		"a broken one": {folder(t, "extends: built-in\nnodes:\n  back: {say: back, next: heaven}\n"), false},
		"a number that may not be called": {folder(t, `extends: built-in
numbers: {far: "+442071838750"}
nodes:
  crisis_line: {outcomes: {failed: far}}
  far: {dial: far, outcomes: {answered: back, failed: crisis_failed}}
`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, func(o *stageOptions) { o.settings = func(c *config) { c.flowDir = tt.dir } })
			c := s.finds(ida)
			if tt.prays {
				s.ringsOwnNumbers()
			}
			if prays(c) != tt.prays || !strings.Contains(c.Transcript(), "To choose by topic, press 1.") {
				t.Errorf("who calls hears\n%s", c.Transcript())
			}
			found, _ := s.replica.app.doctor.Last()
			if told := len(found) == 1 && found[0].Check == "flow.heard" && strings.Contains(s.log.String(), "LINE_FLOW_DIR"); told == tt.prays {
				t.Errorf("the doctor finds %v, and the log says %s", found, s.log.String())
			}
			s.strict()
		})
	}
}

// A flow that names a number of the line itself is told of, and heard but for that: nobody
// is connected with where they began.
func TestALineDoesNotCallItself(t *testing.T) {
	t.Parallel()
	loops := folder(t, `extends: built-in
numbers: {home: "`+lineNumber+`"}
nodes:
  crisis_line: {outcomes: {failed: home}}
  home: {dial: home, outcomes: {answered: back, failed: crisis_failed}}
`)
	tt := terminalTest{t: t}
	tt.types(exitOK, "flow", "check", loops)
	tt.env = map[string]string{"TWILIO_NUMBER": lineNumber}
	mention(t, tt.types(exitFailed, "flow", "check", loops), `F005 error: the number "home" is not dialled: it is a number of this line, which would call itself`)

	s := newStage(t, func(o *stageOptions) { o.settings = func(c *config) { c.flowDir = loops } })
	mention(t, s.log.String(), "which would call itself")
	s.carrier.Phone(crisisLine).Behave(emulator.Behaviour{Kind: emulator.Busy})
	call := s.caller(sam).dials("0", "1")
	s.carrier.Advance(10 * time.Second)
	if said := call.Transcript(); strings.Count(said, "The support line") != 1 || !strings.Contains(said, "We could not reach them.") {
		t.Errorf("who calls hears\n%s", said)
	}
	call.Hangup()
	s.strict()
}

// ringsOwnNumbers hears the example's prayer line, and its second crisis line where the
// first is busy.
func (s *stage) ringsOwnNumbers() {
	s.t.Helper()
	const prayer, second = "This is the prayer line.", "This is the second crisis line."
	s.carrier.Phone("+12025550142").Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second, Greets: prayer})
	s.carrier.Phone("+12025550188").Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second, Greets: second})
	s.carrier.Phone(crisisLine).Behave(emulator.Behaviour{Kind: emulator.Busy})
	for keys, greets := range map[string]string{"34": prayer, "01": second} {
		call := s.caller(sam).dials(strings.Split(keys, "")...)
		s.carrier.Advance(10 * time.Second)
		if !heard(s.carrier.Phone(sam), greets) {
			s.t.Errorf("who presses %s hears\n%s", keys, call.Transcript())
		}
		call.Hangup()
	}
}

// Versions are published, taken back and drafted under calls in progress, each of
// which ends as it began.
func TestVersionsOfAFlow(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.carrier.Phone("+12025550142").Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second, Greets: "This is the prayer line."})
	refresh := func() { s.replica.app.refreshFlows(t.Context()) }
	before := s.finds(ida)
	published := s.flows(0, "", "flow", "publish", prayerLine)
	refresh()
	if c := s.finds(sam); !prays(c) {
		t.Errorf("after %q is heard\n%s", published, c.Transcript())
	}
	before.Press("#")
	if prays(before) || strings.Count(before.Transcript(), "To choose by topic, press 1.") != 2 {
		t.Errorf("the call that began before hears\n%s", before.Transcript())
	}
	during := s.finds(ida)
	mention(t, s.flows(0, "", "flow", "rollback"), "nothing is published")
	refresh()
	if c := s.finds(sam); prays(c) {
		t.Errorf("after it was taken back is heard\n%s", c.Transcript())
	}
	second := s.start() // another replica, which never heard of the version
	s.sendTo(second)
	during.Press("4")
	s.carrier.Advance(3 * time.Second)
	if !heard(s.carrier.Phone(ida), "This is the prayer line.") {
		t.Errorf("the call that began during it hears\n%s", during.Transcript())
	}
	mention(t, s.flows(1, "", "flow", "rollback"), "nothing is published that could be taken back")

	mention(t, s.flows(0, "", "flow", "draft", prayerLine), "The draft is version", "(0 testers)")
	mention(t, s.flows(0, ida+"\n", "flow", "tester", "add"), "(1 tester)")
	second.app.refreshFlows(t.Context())
	if a, b := s.finds(ida), s.finds(sam); !prays(a) || prays(b) {
		t.Errorf("a tester hears\n%s\nand somebody else\n%s", a.Transcript(), b.Transcript())
	}
	mention(t, s.flows(0, ida+"\n", "flow", "tester", "remove"), "(0 testers)")
	mention(t, s.flows(1, ida+"\n", "flow", "tester", "remove"), "hears no drafts")
	mention(t, s.flows(0, "", "flow", "draft", "--drop"), "There is no draft")
	mention(t, s.flows(2, "", "flow", "draft"), "--drop")
	second.app.refreshFlows(t.Context())
	if c := s.finds(ida); prays(c) {
		t.Errorf("who was a tester hears\n%s", c.Transcript())
	}
	mention(t, s.flows(1, "", "flow", "publish", folder(t, "extends: built-in\nnodes:\n  back: {say: back, next: heaven}\n")), "main.yaml:3:27: F001 error")
	mention(t, s.flows(0, "", "flow", "versions"), "1 ", "taken back", "nothing is published")
	mention(t, s.flows(0, "", "audit", "list", "--act", "flow"), "published a version of what callers hear", "added a tester, now 1")
	if strings.Contains(s.log.String(), ida[1:]) {
		t.Error("the log has a tester's number")
	}
}

// A program's own flow is in Postgres for the other replicas for as long as it runs, though
// nobody published it.
func TestAProgramsOwnFlowIsKept(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.replica.app
	look, err := sql.Open("postgres", s.config.databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = look.Close() })
	for day := range 4 {
		if _, err := a.background.retention.Sweep(t.Context(), a.line, s.clock.Now().Add(time.Duration(day)*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if day < 2 {
			a.keepFlow(t.Context())
		}
		kept := 0
		if err := look.QueryRowContext(t.Context(), `SELECT count(*) FROM flow_version WHERE hash = $1`, a.shelf.Own().Hash).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		if want := day < 3; (kept == 1) != want {
			t.Errorf("on day %d there are %d of it, want it there: %v", day, kept, want)
		}
	}
	a.keepFlow(t.Context()) // a machine that was asleep
	if _, err := store.NewFlowArchive(a.db, t.TempDir()).Load(t.Context(), a.line, a.shelf.Own().Hash); err != nil {
		t.Error(err)
	}
}

// The desk, the doctor and commands name people and voices as the flow does that callers
// hear now, not the one of the start.
func TestTheDeskSpeaksAsCallersHear(t *testing.T) {
	t.Parallel()
	s := newStage(t, group("836254", func(g *store.Group) { g.Access = flows.AccessApproval }))
	s.caller(sam).says("REMIND 836254")
	s.caller(sam).says("1")
	s.caller(sam).says("OK")
	var names []string
	for i := range aliases {
		names = append(names, fmt.Sprintf("Kestrel %c%c", 'A'+i/26, 'A'+i%26))
	}
	dir := folder(t, "extends: built-in\n")
	put(t, filepath.Join(dir, "prompts/en.yaml"), []byte("_voice: {name: Polly.Nobody-Neural, fallback: Polly.Joanna, locale: en-US}\n_aliases: ["+strings.Join(names, ", ")+"]\n"))
	named := func() bool { return strings.Contains(s.types("", "roster", "list"), "Kestrel") }
	voiced := func() bool {
		return slices.ContainsFunc(s.replica.app.doctor.CheckOffline(), func(f doctor.Finding) bool { return f.Check == "voices.languages" && f.State != doctor.OK })
	}
	if named() || voiced() {
		t.Error("it is named or voiced before it is published")
	}
	s.flows(0, "", "flow", "publish", dir)
	s.replica.app.refreshFlows(t.Context())
	if !named() || !voiced() || !strings.Contains(s.replica.app.heard().Alias("en", 0), "Kestrel") {
		t.Errorf("a command names as callers hear: %v; the doctor looks at what they hear: %v", named(), voiced())
	}
}

// A version that this program cannot use is passed over: callers hear the built-in flow.
func TestABrokenVersionFallsBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.flows(0, "", "flow", "publish", prayerLine)
	look, err := sql.Open("postgres", s.config.databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = look.Close() })
	if _, err := look.ExecContext(t.Context(), `UPDATE flow_version SET content = '{"main.yaml":"start: nowhere"}' WHERE hash IN (SELECT hash FROM flow_publication)`); err != nil {
		t.Fatal(err)
	}
	s.config.stateDir = t.TempDir() // a machine that has no copy
	r := s.start()
	s.sendTo(r)
	c := s.finds(ida)
	if prays(c) || !strings.Contains(c.Transcript(), "To choose by topic, press 1.") || strings.Contains(s.log.String(), "could not be answered") {
		t.Errorf("who calls hears\n%s", c.Transcript())
	}
	found, _ := r.app.doctor.Last()
	if len(found) != 1 || found[0].Check != "flow.heard" || found[0].Case != "version" || !strings.Contains(s.log.String(), "a version of the flow cannot be used") {
		t.Errorf("the doctor finds %v", found)
	}
	s.strict()
}

// A version that a program published which said less is heard all the same: what this one
// says beside it is as in the built-in flow, and nobody is alarmed.
func TestAVersionOutlivesARelease(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bundle, err := readFlow(prayerLine)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range bundle {
		for _, newer := range []string{"\nalone: ", "\n_more: ", "\nword_now: ", ", later: later"} {
			at := strings.Index(text, newer)
			if at < 0 {
				continue
			}
			end := at + len(newer)
			if newer[0] == '\n' {
				end = at + 1 + strings.IndexByte(text[at+1:], '\n')
			}
			text = text[:at] + text[end:]
		}
		bundle[name] = text
	}
	if flow, _ := s.config.compile(bundle); flow != nil {
		t.Fatal("nothing is missing")
	}
	archive := store.NewFlowArchive(s.replica.app.db, "")
	version := store.FlowVersion{Hash: bundle.Hash(), Content: bundle.Encode()}
	if err := store.NewFlowVersions(s.replica.app.db, s.replica.app.keys, archive).Publish(t.Context(), s.replica.app.deskLine(), store.By{Actor: "ada", At: s.clock.Now()}, version); err != nil {
		t.Fatal(err)
	}
	s.replica.app.refreshFlows(t.Context())
	if c := s.finds(ida); !prays(c) || s.replica.app.heard().Hash != version.Hash {
		t.Errorf("who calls hears\n%s", c.Transcript())
	}
	if bad := s.replica.app.unusable(); len(bad) > 0 {
		t.Errorf("%v cannot be used", bad)
	}
	s.strict()
}
