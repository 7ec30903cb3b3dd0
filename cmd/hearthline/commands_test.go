package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// terminalTest is somebody who types commands.
type terminalTest struct {
	t   *testing.T
	env map[string]string
}

func newTerminal(t *testing.T) terminalTest {
	return terminalTest{t: t, env: map[string]string{
		"DATABASE_URL": storetest.URL(t), "HEARTHLINE_KEYSET_FILE": filepath.Join(t.TempDir(), "keyset.json"),
		"HEARTHLINE_STATE_DIR": t.TempDir(),
	}}
}

// types runs a command line and returns what it printed, both streams.
func (tt terminalTest) types(want int, args ...string) string {
	tt.t.Helper()
	var out bytes.Buffer
	code := run(tt.t.Context(), args, func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }, stdio{In: strings.NewReader(""), Out: &out, Err: &out, Now: time.Now})
	if code != want {
		tt.t.Errorf("%s: exit %d, want %d:\n%s", strings.Join(args, " "), code, want, out.String())
	}
	return out.String()
}

func (tt terminalTest) file(name, text string) string {
	tt.t.Helper()
	path := filepath.Join(tt.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tt.t.Fatal(err)
	}
	return path
}

// mention fails the test unless the words are there.
func mention(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q is missing in:\n%s", w, got)
		}
	}
}

func TestGroupsAreSetUpFromATerminal(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	mention(t, tt.types(exitOK, "keys", "init"), "A keyset was made", "fingerprint")
	tt.types(exitFailed, "keys", "init") // never overwrites
	mention(t, tt.types(exitOK, "keys", "check"), "The keyset is whole")
	mention(t, tt.types(exitOK, "migrate"), "up to date")
	mention(t, tt.types(exitFailed, "group", "list"), "there is no line yet")
	tt.line()
	mention(t, tt.types(exitOK, "line", "list"), "The support line", "America/New_York")

	bad := tt.file("bad.yaml", "groups:\n  - name: Circle\n    codee: \"482105\"\n    meetings:\n      - {start: tomorrow, timezone: America/New_York, minutes: 60}\n")
	mention(t, tt.types(exitFailed, "group", "import", bad), "bad.yaml:3:", "codee", "bad.yaml:5:", "start", "Nothing was imported: mend 2 faults.")
	good := tt.file("good.yaml", "groups:\n  - name: Circle\n    code: \"482105\"\n    topics: [grief]\n    facilitators: [{alias: Rose, phone: \"+12025550143\", pin: \"73914626\"}]\n    meetings:\n      - {start: \"2026-11-24T19:00\", timezone: America/New_York, rrule: FREQ=WEEKLY, minutes: 60}\n")
	mention(t, tt.types(exitOK, "group", "import", "--dry-run", good), "1 group would be added: 482105")
	if listed := tt.types(exitOK, "group", "list"); strings.Contains(listed, "482105") {
		t.Errorf("a dry run imported:\n%s", listed)
	}
	mention(t, tt.types(exitOK, "group", "import", good), "1 group added: 482105", "warning")
	mention(t, tt.types(exitOK, "group", "import", good), "1 group unchanged: 482105")
	mention(t, tt.types(exitOK, "group", "list"), "482105  Circle")
	var groups []struct{ Code, Name string }
	listed := tt.types(exitOK, "group", "list", "--json")
	if err := json.Unmarshal([]byte(listed), &groups); err != nil || len(groups) != 1 || groups[0].Code != "482105" {
		t.Errorf("%v: %s", err, listed)
	}
	if strings.Contains(listed, "5550143") || strings.Contains(listed, "73914626") {
		t.Error("a listing shows a number or a PIN")
	}
}

// line makes the line that `serve` would.
func (tt terminalTest) line() {
	tt.t.Helper()
	keys, err := vault.Load(tt.env["HEARTHLINE_KEYSET_FILE"])
	if err != nil {
		tt.t.Fatal(err)
	}
	db, err := store.Open(tt.t.Context(), store.Options{URL: tt.env["DATABASE_URL"]})
	if err != nil {
		tt.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	_, err = db.EnsureLine(tt.t.Context(), keys, store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
	})
	if err != nil {
		tt.t.Fatal(err)
	}
}

func TestEveryFaultOfTheSettingsIsToldAtOnce(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t, env: map[string]string{
		"LINE_CODE_LENGTH": "9", "LINE_TIMEZONE": "New York", "LINE_LANGUAGES": "en,de", "LINE_SPEECH": "loud", "CRISIS_NUMBER": "988", "EMERGENCY_NUMBER": "+911", "ALLOWED_COUNTRIES": "USA",
		"HEARTHLINE_LOG_LEVEL": "loud", "HEARTHLINE_LOG_FORMAT": "xml", "LISTEN": "8080", "PUBLIC_URL": "line.example.org", "TWILIO_NUMBER": "12025550100",
		"TWILIO_AUTH_TOKEN": "a b", "LINE_NAME": " ", "CRISIS_NAME": " ", "TWILIO_API_URL": "localhost",
		"TWILIO_TEXTS_PER_SECOND": "many", "TWILIO_CALLS_PER_SECOND": "NaN",
	}}
	got := tt.types(exitUsage, "serve")
	for _, name := range []string{
		"DATABASE_URL", "LISTEN", "PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_URL", "TWILIO_NUMBER", "TWILIO_TEXTS_PER_SECOND", "TWILIO_CALLS_PER_SECOND", "LINE_NAME", "LINE_TIMEZONE",
		"LINE_LANGUAGES", "LINE_SPEECH", "LINE_CODE_LENGTH", "CRISIS_NUMBER", "CRISIS_NAME", "EMERGENCY_NUMBER", "ALLOWED_COUNTRIES", "HEARTHLINE_LOG_LEVEL", "HEARTHLINE_LOG_FORMAT",
	} {
		mention(t, got, "\n  "+name+" ", "Example: "+name+"=")
	}
	if strings.Contains(got, "12025550100") {
		t.Error("a fault shows a number")
	}
}

func TestASettingMayStandInAFile(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	url := tt.env["DATABASE_URL"]
	tt.env["DATABASE_URL_FILE"] = tt.file("url", url+"\n")
	delete(tt.env, "DATABASE_URL")
	tt.types(exitOK, "migrate")
	tt.env["DATABASE_URL_FILE"] = filepath.Join(t.TempDir(), "missing")
	tt.env["TWILIO_AUTH_TOKEN_FILE"] = tt.env["DATABASE_URL_FILE"]
	mention(t, tt.types(exitUsage, "serve"), "DATABASE_URL_FILE cannot be read", "TWILIO_AUTH_TOKEN_FILE cannot be read", "PUBLIC_URL")
	mention(t, tt.types(exitUsage, "keys", "check"), "DATABASE_URL_FILE cannot be read")
}

func TestAFlowIsCheckedAndPlayedInATerminal(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t}
	mention(t, tt.types(exitOK, "flow", "check"), "No problems.")
	dir := t.TempDir()
	bundle := map[string]string{
		"main.yaml":       "flow: main\nstart: wellcome\nlanguages: [en]\nnodes:\n  welcome: {say: welcome, end: true}\n",
		"prompts/en.yaml": "welcome: \"Hello.\"\n",
	}
	for name, text := range bundle {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mention(t, tt.types(exitFailed, "flow", "check", dir), "main.yaml:2:8: F001 error")
	var out bytes.Buffer
	keys := strings.NewReader("1\n482105\n1\n1\nanswered\n\nhang\n")
	code := run(t.Context(), []string{"flow", "run", "--lang", "es", "--at", "2026-11-24T18:05:00-05:00"},
		func(string) (string, bool) { return "", false }, stdio{In: keys, Out: &out, Err: &out})
	if code != exitOK {
		t.Errorf("exit %d", code)
	}
	mention(t, out.String(), "Ningún grupo ve su número", "(you are in the room of 482105", "(you hung up)")
}
