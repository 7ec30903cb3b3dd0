package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

const feedFile = "testdata/feeds/philadelphia.json"

// shell runs commands against a line of the test's own.
type shell struct {
	t   *testing.T
	env map[string]string
	dir string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	s := &shell{t: t, dir: t.TempDir()}
	keyset := filepath.Join(s.dir, "keyset.json")
	s.env = map[string]string{"DATABASE_URL": storetest.URL(t), "HEARTHLINE_KEYSET_FILE": keyset}
	keys, err := vault.Create(keyset)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{URL: s.env["DATABASE_URL"]})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.EnsureLine(t.Context(), keys, store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// does runs a command and returns its exit code with all that it wrote.
func (s *shell) does(args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	env := func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }
	code = run(s.t.Context(), args, env, stdio{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func (s *shell) file(name, text string) string {
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func TestGroupImportOfAFeed(t *testing.T) {
	s := newShell(t)
	var transcript strings.Builder
	say := func(args ...string) {
		code, out, errs := s.does(append([]string{"group", "import"}, args...)...)
		transcript.WriteString("$ hearthline group import " + strings.ReplaceAll(strings.Join(args, " "), s.dir+"/", "") + "\n" +
			errs + out + "exit " + string(rune('0'+code)) + "\n\n")
	}
	say("--strict", feedFile)
	say("--dry-run", feedFile)
	say(feedFile)
	say(feedFile)
	one := s.file("one.json", `[{"name": "Evening circle", "slug": "evening", "day": 2, "time": "19:00", "conference_phone": "+13015550143,,8642#"}]`)
	say("--feed", "philadelphia", "--strict", one)
	say("--feed", "other", "--topic", "family", "--timezone", "America/Denver", one)

	path := filepath.Join("testdata", "feeds", "import.txt")
	if *update {
		if err := os.WriteFile(path, []byte(transcript.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), transcript.String()); d != "" {
		t.Error(d)
	}
	code, out, _ := s.does("group", "list", "--json")
	if code != exitOK || !strings.Contains(out, `"timezone": "America/Denver"`) || !strings.Contains(out, `"family"`) ||
		strings.Contains(out, "301555") || strings.Contains(out, "8642") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestGroupImportRefuses(t *testing.T) {
	s := newShell(t)
	feed := `[{"name": "Evening circle", "slug": "evening", "day": 2, "time": "19:00", "conference_phone": "+13015550143,,8642#"}]`
	for name, c := range map[string]struct {
		file, text string
		args       []string
		code       int
		says       string
	}{
		"BMLT":         {"na.json", `[{"id_bigint": "1"}]`, nil, exitFailed, "na.json: it looks like BMLT JSON"},
		"HSDS":         {"211.json", `{"contents": []}`, nil, exitFailed, "HSDS JSON"},
		"ICS":          {"x.json", "BEGIN:VCALENDAR\n", nil, exitFailed, "iCalendar"},
		"CSV":          {"x.yaml", "Name,Day,Time\nA,1,7:00\n", nil, exitFailed, "Meeting Guide JSON (a bare array"},
		"web page":     {"x.json", "<html>", nil, exitFailed, "web page"},
		"broken":       {"x.json", "[{", nil, exitFailed, "breaks off"},
		"all bad":      {"x.json", `[{"name": "x", "slug": "x"}]`, nil, exitFailed, "Nothing was imported: 1 row to mend."},
		"faulty file":  {"x.yaml", "groups: []", nil, exitFailed, "Nothing was imported: mend 1 fault."},
		"zone":         {"x.json", feed, []string{"--timezone", "Eastern"}, exitUsage, "--timezone is not an IANA time zone"},
		"feed's name":  {"x.json", feed, []string{"--feed", "My City"}, exitUsage, "--feed is not made of"},
		"topic":        {"x.json", feed, []string{"--topic", "Big Book"}, exitUsage, "--topic is not made of"},
		"file's name":  {"-.json", feed, nil, exitFailed, "give one with --feed"},
		"no such file": {"", "", nil, exitFailed, "no such file"},
	} {
		path := filepath.Join(s.dir, "nowhere.json")
		if c.file != "" {
			path = s.file(c.file, c.text)
		}
		code, out, errs := s.does(append([]string{"group", "import", path}, c.args...)...)
		if code != c.code || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, errs)
		}
	}
	if _, out, _ := s.does("group", "list", "--json"); strings.TrimSpace(out) != "null" && strings.TrimSpace(out) != "[]" {
		t.Errorf("something was imported: %s", out)
	}
}
