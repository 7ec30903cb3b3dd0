package main

import (
	"bufio"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// fallbackFile is what callers of a line that is set up as the example is hear while it is
// down.
const fallbackFile = "../../deploy/fallback.xml"

// TestFallback holds deploy/fallback.xml to what the program prints for the example of an
// environment file, and has Twilio serve it while the line is down.
func TestFallback(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t, env: map[string]string{"TWILIO_AUTH_TOKEN": demoToken}}
	for name, s := range exampleSettings(t) {
		if !s.off && s.value != "" {
			tt.env[name] = s.value
		}
	}
	printed := tt.types(exitOK, "doctor", "--offline", "--fallback")
	if *update {
		if err := os.WriteFile(fallbackFile, []byte(printed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(fallbackFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), printed); diff != "" {
		t.Errorf("deploy/fallback.xml is not what the program prints (-file +printed):\n%s", diff)
	}

	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	static := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = strings.NewReplacer(tt.env["PUBLIC_URL"], down.URL).WriteString(w, printed)
	}))
	t.Cleanup(static.Close)
	carrier := emulator.New(emulator.Options{
		AccountSID: demoAccount, AuthToken: demoToken, Clock: emulator.NewVirtualClock(evening),
	})
	carrier.AddNumber(emulator.Number{E164: lineNumber, VoiceURL: down.URL, VoiceFallbackURL: static.URL + "/fallback.xml"})
	phone := carrier.Phone(ida)
	call := phone.Call(lineNumber)
	carrier.Advance(time.Minute)

	heard := map[string]string{}
	for _, u := range phone.Heard() {
		if u.Kind == emulator.KindSay {
			heard[u.Language] += u.Text
		}
	}
	for language, crisis := range map[string]string{"en-US": "dial 9 8 8", "es-US": "marque 9 8 8"} {
		if !strings.Contains(heard[language], crisis) {
			t.Errorf("in %s is heard %q, without the crisis line", language, heard[language])
		}
	}
	if len(heard) != 2 || call.State() != "completed" {
		t.Errorf("heard in %d languages, and the call is %s a minute later", len(heard), call.State())
	}
	for _, p := range carrier.Problems() {
		if !strings.HasPrefix(p.Where, down.URL) {
			t.Errorf("%d %s: %s", p.Code, p.Where, p.What)
		}
	}
}

// setting is a line of the example of an environment file.
type setting struct {
	value string
	off   bool // commented out: the value is the default
}

func exampleSettings(t *testing.T) map[string]setting {
	t.Helper()
	file, err := os.Open("../../deploy/hearthline.env.example")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	// Quotes, and nothing in them that a shell or systemd would read otherwise.
	shape := regexp.MustCompile(`^(#?)([A-Z_]+)="([^"\\$` + "`" + `]*)"$`)
	found := map[string]setting{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		switch line := lines.Text(); {
		case shape.MatchString(line):
			m := shape.FindStringSubmatch(line)
			found[m[2]] = setting{value: m[3], off: m[1] != ""}
		case line != "" && !strings.HasPrefix(line, "# "):
			t.Errorf("%q is neither a setting nor a comment", line)
		}
	}
	return found
}

// TestEnvironmentExample holds the example to the settings there are, their
// defaults, and to starting the line when the secret is added.
func TestEnvironmentExample(t *testing.T) {
	t.Parallel()
	example := exampleSettings(t)
	var names []string
	for i := range reflect.TypeFor[settings]().NumField() {
		tag := reflect.TypeFor[settings]().Field(i).Tag
		name, fallback := tag.Get("env"), tag.Get("default")
		if name == "" {
			continue // no setting
		}
		names = append(names, name)
		if s := example[name]; s.off && fallback != "" && s.value != fallback {
			t.Errorf("%s stands at %q, but its default is %q", name, s.value, fallback)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(names, slices.Sorted(maps.Keys(example))); diff != "" {
		t.Errorf("the settings and those of the example differ (-settings +example):\n%s", diff)
	}

	example["TWILIO_AUTH_TOKEN"] = setting{value: demoToken}
	env := lookup(func(name string) (string, bool) {
		s, ok := example[name]
		return s.value, ok && !s.off
	})
	var c struct {
		Settings settings `embed:""`
	}
	parser, err := kong.New(&c, kong.Resolvers(env.resolver(new(settingsError))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Settings.forServing(); err != nil {
		t.Error(err)
	}
}
