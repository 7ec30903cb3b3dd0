package store_test

import (
	"bytes"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/cluster"
)

// loggedMembers are on a server of their own that logs every statement and every
// parameter.
func loggedMembers(t *testing.T) (*lineUnderTest, *safeLog) {
	t.Helper()
	log := &safeLog{}
	c, err := cluster.Start(t.Context(), cluster.Options{Log: log, Settings: map[string]string{
		"log_statement": "all", "log_parameter_max_length": "-1", "log_error_verbosity": "default", "log_line_prefix": "%p ",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	db := openURL(t, c.URL("postgres"))
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return setUpMembersAt(t, c.URL("postgres")), log
}

func TestNothingOfAMemberReachesPostgres(t *testing.T) {
	t.Parallel()
	l, log := loggedMembers(t)
	handle := l.byPhone(t, ann, "73914626", l.groups[0]).Handle
	l.confirm(t, ann)
	call := l.login(t, bea, handle, "73914626", noon)
	member := l.logIn(t, call).Member
	l.logIn(t, l.login(t, bea, handle, "58203917", noon))
	if err := l.Prefer(t.Context(), l.act(member), flows.Preferences{Channel: flows.ByCall, Zone: "America/Boise"}, l.groups); err != nil {
		t.Fatal(err)
	}
	if _, err := l.SetPIN(t.Context(), l.act(member), "26194035"); err != nil {
		t.Fatal(err)
	}
	code := l.byText(t, cat, l.groups[0]).Code
	l.logIn(t, l.login(t, cat, "", code, noon))
	if err := l.Stop(t.Context(), l.event(noon), number(t, cat), true, l.groups); err != nil {
		t.Fatal(err)
	}
	l.toldOf(t, ann, circle(l.groups[0]), store.Reminder, store.SendAccepted, noon)
	l.says(t, ann, true, noon)
	if err := byNumber(t, l); err != nil {
		t.Fatal(err)
	}
	if err := l.Unreachable(t.Context(), l.event(noon), number(t, ann), l.groups); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Recheck(t.Context(), l.id, noon.AddDate(0, 0, 90), l.groups); err != nil {
		t.Fatal(err)
	}
	l.holdings(t, ann)
	const canary = "2025550188"
	if _, err := l.look.ExecContext(t.Context(), `UPDATE groups SET place = $1 WHERE code = '604183'`, canary); err != nil {
		t.Fatal(err)
	}
	pgDump, err := findPgDump()
	if err != nil {
		t.Fatal(err)
	}
	dumped, err := exec.CommandContext(t.Context(), pgDump, "--inserts", "--dbname", l.url).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.EraseNumber(t.Context(), l.event(noon), number(t, cat), l.groups); err != nil {
		t.Fatal(err)
	}
	logged := untilMarked(t, l, log, 0)
	if !strings.Contains(logged, canary) || !bytes.Contains(dumped, []byte(canary)) {
		t.Fatalf("the canary is not found: in the log %t, in the dump %t",
			strings.Contains(logged, canary), bytes.Contains(dumped, []byte(canary)))
	}
	for _, secret := range []string{"2025550143", "2025550144", "2025550145", "73914626", "58203917", "26194035", call.SID, "America/Boise"} {
		for _, s := range spellings(secret) {
			if strings.Contains(logged, s) || bytes.Contains(dumped, []byte(s)) {
				t.Errorf("the server's log or the dump holds %q, a spelling of %s", s, secret)
			}
		}
	}
	// Six digits are in every long ciphertext, but no word there; they may be the fraction of
	// a second, the process that begins a line, or the code of a group.
	known := regexp.MustCompile(`(?m)\.\d+|^\d+ `)
	said := known.ReplaceAllString(logged, "") + known.ReplaceAllString(string(dumped), "")
	for _, short := range []string{handle, code} {
		if !slices.Contains(texts(t, l.look, `SELECT code FROM groups`), short) && regexp.MustCompile(`\b`+short+`\b`).MatchString(said) {
			t.Errorf("the server's log or the dump holds %s", short)
		}
	}
}

// untilMarked returns what the server has logged from a place on, up to now.
func untilMarked(t *testing.T, l *lineUnderTest, log *safeLog, from int) string {
	t.Helper()
	mark := l.event(noon).SID
	if _, err := l.look.ExecContext(t.Context(), `SELECT '`+mark+`'`); err != nil {
		t.Fatal(err)
	}
	for {
		if text, _, found := strings.Cut(log.String()[from:], mark); found {
			return text
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the server's log ends early")
		case <-time.After(time.Millisecond):
		}
	}
}

// statement is one in the log; its text may go over several lines.
var statement = regexp.MustCompile(`(?m)^\d+ LOG:  (?:statement|execute [^:]*): ((?:.*\n(?:\t.*\n)*))`)

// typed is by which of the two a caller wants to be found, who knows it.
var typed = regexp.MustCompile(`m\.(handle|number)_index = ANY`)

// statements are those that do has had executed, in their order.
func statements(t *testing.T, l *lineUnderTest, log *safeLog, do func()) []string {
	t.Helper()
	untilMarked(t, l, log, 0)
	from := len(log.String())
	do()
	var all []string
	for _, found := range statement.FindAllStringSubmatch(untilMarked(t, l, log, from), -1) {
		if text := strings.Join(strings.Fields(found[1]), " "); !strings.HasPrefix(text, "SELECT 'CA") {
			all = append(all, typed.ReplaceAllString(text, "m.either_index = ANY"))
		}
	}
	return all
}

func TestEverybodyTakesTheSameStatements(t *testing.T) {
	t.Parallel()
	l, log := loggedMembers(t)
	same := func(what string, least int, does map[string]func()) {
		t.Helper()
		var first []string
		for name, do := range does {
			took := statements(t, l, log, do)
			if len(took) < least {
				t.Errorf("%s, %s: only %d statements", what, name, len(took))
			}
			if first == nil {
				first = took
			}
			if diff := cmp.Diff(first, took); diff != "" {
				t.Errorf("%s, %s, takes other statements (-others +this):\n%s", what, name, diff)
			}
		}
	}
	logins := map[string]func(){}
	for name, login := range l.refusals(t) {
		logins[name] = func() { l.logIn(t, login(1)) }
	}
	handle := l.byPhone(t, "+12025550170", "482913", "").Handle
	logins["right"] = func() { l.logIn(t, l.login(t, "+12025550171", handle, "482913", noon)) }
	same("log in", 14, logins)

	enrol := func(n string, e store.Enrolment) func() {
		e.Event, e.Number, e.Group, e.Preferences, e.Consent = l.event(noon), number(t, n), l.groups[0], english, agreed
		return func() { l.enrol(t, e) }
	}
	l.byText(t, "+12025550172", l.groups[0])
	if err := l.Invite(t.Context(), l.invitation(t, "+12025550173", l.groups[1])); err != nil {
		t.Fatal(err)
	}
	same("enrol by phone", 16, map[string]func(){
		"new":     enrol("+12025550180", store.Enrolment{PIN: "482913"}),
		"called":  enrol("+12025550170", store.Enrolment{PIN: "482913"}),
		"member":  enrol("+12025550172", store.Enrolment{PIN: "482913"}),
		"invited": enrol("+12025550173", store.Enrolment{PIN: "482913"}),
	})
	same("enrol by text", 25, map[string]func(){
		"new":    enrol("+12025550181", store.Enrolment{Confirmed: true}),
		"called": enrol("+12025550170", store.Enrolment{Confirmed: true}),
		"member": enrol("+12025550172", store.Enrolment{Confirmed: true}),
	})
	invite := func(n string) func() {
		return func() {
			if err := l.Invite(t.Context(), l.invitation(t, n, l.groups[1])); err != nil {
				t.Error(err)
			}
		}
	}
	same("invite", 14, map[string]func(){"new": invite("+12025550182"), "called": invite(ann), "member": invite("+12025550172")})
	quick := func(n string) func() {
		return func() {
			if _, err := l.Quick(t.Context(), l.id, number(t, n)); err != nil {
				t.Error(err)
			}
		}
	}
	same("quick", 1, map[string]func(){"a member": quick(ann), "a stranger": quick("+12025550199")})
	if took := statements(t, l, log, quick(ann)); !slices.Equal(took, took[:1]) {
		t.Errorf("quick takes %d statements", len(took))
	}
}
