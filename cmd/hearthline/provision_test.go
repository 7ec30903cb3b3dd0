package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// going is a line that is about to go live, and somebody at its terminal.
type going struct {
	*stage
	env map[string]string
}

// newGoing has the line reached through a proxy, as PUBLIC_URL is.
func newGoing(t *testing.T) *going {
	t.Helper()
	g := &going{}
	proxy := httptest.NewServer(&httputil.ReverseProxy{ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = "http", *g.route.Load()
	}})
	t.Cleanup(proxy.Close)
	public := strings.Replace(proxy.URL, "127.0.0.1", "localhost", 1)
	g.stage = newStage(t, func(o *stageOptions) { o.settings = func(c *config) { c.publicURL = public } })
	g.env = map[string]string{
		"DATABASE_URL": g.config.databaseURL, "HEARTHLINE_KEYSET_FILE": g.config.keysetFile, "HEARTHLINE_STATE_DIR": g.config.stateDir,
		"PUBLIC_URL": public, "TWILIO_API_URL": g.config.apiURL, "TWILIO_ACCOUNT_SID": demoAccount, "TWILIO_AUTH_TOKEN": demoToken, "TWILIO_NUMBER": lineNumber,
	}
	g.carrier.AddNumber(emulator.Number{E164: lineNumber})
	return g
}

func (g *going) types(want int, args ...string) string {
	g.t.Helper()
	var out bytes.Buffer
	code := run(g.t.Context(), args, func(name string) (string, bool) { v, ok := g.env[name]; return v, ok },
		stdio{In: strings.NewReader(""), Out: &out, Err: &out, Now: g.clock.Now})
	if code != want {
		g.t.Errorf("%s: exit %d, want %d:\n%s", strings.Join(args, " "), code, want, out.String())
	}
	if strings.Contains(out.String(), lineNumber) || strings.Contains(out.String(), demoToken) {
		g.t.Errorf("%s prints a number or the token", strings.Join(args, " "))
	}
	return out.String()
}

// TestGoingLive goes from a number that nobody has set up to one that answers, through
// a restart of the program in the middle of a call, and back.
func TestGoingLive(t *testing.T) {
	t.Parallel()
	g := newGoing(t)
	mention(t, g.types(2, "doctor"), "✗ Calls to number …00 go nowhere yet.", "→ Run `hearthline provision apply`", "✓ A request signed as the carrier signs came through")
	mention(t, g.types(0, "provision", "plan"), "VoiceUrl", "SmsUrl", "twimlets.com")
	if n, _ := g.carrier.NumberSetup(lineNumber); n.VoiceURL != "" {
		t.Error("a plan changed something")
	}
	applied := g.types(0, "provision", "apply", "--service", "--as", "Ann Owner")
	mention(t, applied, "TWILIO_MESSAGING_SERVICE_SID=MG")
	service := g.carrier.MessagingServices()[0]
	service.Campaign = "VERIFIED"
	g.carrier.AddService(service)
	g.env["TWILIO_MESSAGING_SERVICE_SID"] = service.SID

	// In the middle of a call the program is stopped: the carrier says the crisis
	// number, and leads back to the line once it runs again.
	caller := g.carrier.Phone(ida)
	call := caller.Call(lineNumber)
	g.carrier.Advance(time.Second)
	g.replica.end(t)
	call.Press("1")
	g.carrier.Advance(time.Second)
	if !heard(caller, "dial 9 8 8") {
		t.Errorf("while the program is stopped: %s", call.Transcript())
	}
	g.replica = g.start()
	g.sendTo(g.replica)
	g.carrier.Advance(time.Minute)
	if last := caller.Heard()[len(caller.Heard())-1]; call.State() != "in-progress" || strings.Contains(last.Text, "dial 9 8 8") {
		t.Errorf("when it runs again the call is %s: %s", call.State(), call.Transcript())
	}
	g.replica.app.keepContact(t.Context())

	var found []struct{ Check, State, Case, Says, Fix string }
	if err := json.Unmarshal([]byte(g.types(2, "doctor", "--json")), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		known := f.Check == "url.address" || strings.HasPrefix(f.Check, "trouble.alert") // on this machine, and the restart
		if (f.State == "warn" || f.State == "bad") && !known {
			t.Errorf("%s is %s: %s", f.Check, f.Case, f.Says)
		}
	}
	mention(t, g.types(2, "doctor", "--lang", "es"), "Twilio llamó a la línea por última vez")
	mention(t, g.types(0, "provision", "apply"), "nothing to change")
	mention(t, g.types(0, "provision", "undo"), "5 settings are as before.")
	if n, _ := g.carrier.NumberSetup(lineNumber); n.VoiceURL != "" || n.SMSURL != "" || n.VoiceFallbackURL != "" || len(g.carrier.MessagingServices()) != 0 {
		t.Errorf("after undo: %+v", n)
	}
	mention(t, g.types(1, "provision", "undo"), "nothing to put back")
	mention(t, g.types(0, "audit", "verify"), "whole: 2 entries")
}

// What is not ours is shown by its host, and overwritten by force alone.
func TestProvisionKeepsWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	g := newGoing(t)
	theirs := emulator.Number{E164: lineNumber, VoiceURL: "https://u:secret@other.example/voice", SMSURL: "https://other.example/sms"}
	g.carrier.AddNumber(theirs)
	out := g.types(1, "provision", "apply")
	mention(t, out, "NOT OURS", "other.example", "--force")
	if n, _ := g.carrier.NumberSetup(lineNumber); n != theirs || strings.Contains(out, "secret") {
		t.Errorf("without force: %+v\n%s", n, out)
	}
	g.types(0, "provision", "apply", "--force", "--json")
	g.types(0, "provision", "undo", "--json")
	if n, _ := g.carrier.NumberSetup(lineNumber); n.VoiceURL != theirs.VoiceURL || n.SMSURL != theirs.SMSURL {
		t.Errorf("after undo: %+v", n)
	}
}

// Without a network, a database or a running line there is an answer too.
func TestDoctorWithoutAnything(t *testing.T) {
	t.Parallel()
	g := newGoing(t)
	mention(t, g.types(1, "doctor", "--offline"), "! The public address", "✓ The line speaks en, es")
	g.env["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none?sslmode=disable"
	g.replica.end(t)
	g.carrier.Inject(emulator.Fault{On: emulator.OnREST, Match: "/", Status: http.StatusUnauthorized})
	mention(t, g.types(2, "doctor"), "✗ The carrier refuses the account SID or the auth token.", "cannot reach the line behind it (502)")
}

// What a caller hears while the line is down names the crisis line that the owner chose
// at the desk.
func TestTheFallbackNamesTheCrisisLineOfTheDesk(t *testing.T) {
	t.Parallel()
	g := newGoing(t)
	a := g.replica.app
	err := a.db.SaveSettings(t.Context(), store.NewAudit(a.db, a.keys), a.line, store.By{Actor: "test", At: g.clock.Now()}, func(s *store.Settings) {
		s.Crisis, s.CrisisName, s.Languages = number(t, "+18005550142"), "Harbor", []string{"es"}
	})
	if err != nil {
		t.Fatal(err)
	}
	// As `serve` is configured that leaves both to the desk.
	g.replica.end(t)
	g.config.openCrisis, g.config.open = true, store.LineFields{CrisisName: true, Languages: true}
	g.replica = g.start()
	g.sendTo(g.replica)
	fallbacks := map[string]string{"serve": g.replica.app.doctor.Fallback()}
	g.types(0, "provision", "apply")
	n, _ := g.carrier.NumberSetup(lineNumber)
	fallbacks["provision"] = n.VoiceFallbackURL
	for who, address := range fallbacks {
		words, err := url.QueryUnescape(address)
		if err != nil || !strings.Contains(words, "marque Harbor, 1 8 0 0 5 5 5 0 1 4 2") || strings.Contains(words, "9 8 8") || strings.Contains(words, "dial ") {
			t.Errorf("%s: %s (%v)", who, words, err)
		}
	}
	mention(t, g.types(2, "doctor"), "✓ The line speaks es")
}

// Where Twilio is not reached there is a sentence, and what to do.
func TestTwilioIsOutOfReach(t *testing.T) {
	t.Parallel()
	g := newGoing(t)
	for _, c := range []struct {
		status int
		says   string
	}{
		{0, "the carrier cannot be reached from this machine"},
		{http.StatusUnauthorized, "the carrier refuses the account SID or the auth token"},
		{http.StatusServiceUnavailable, "the carrier does not answer at the moment (HTTP status 503)"},
	} {
		g.carrier.ClearFaults()
		g.env["TWILIO_API_URL"] = g.config.apiURL
		if c.status == 0 {
			g.env["TWILIO_API_URL"] = "http://127.0.0.1:1"
		} else {
			g.carrier.Inject(emulator.Fault{On: emulator.OnREST, Match: "/", Status: c.status})
		}
		for _, act := range []string{"plan", "apply"} {
			got := g.types(1, "provision", act)
			mention(t, got, "hearthline: "+c.says)
			if strings.Contains(got, "carrier:") || strings.Contains(got, "undo") || strings.Contains(got, "dial tcp") {
				t.Errorf("%s: %s", act, got)
			}
		}
	}
	g.env["TWILIO_API_URL"] = "http://127.0.0.1:1"
	if got := g.types(2, "doctor"); !strings.Contains(got, "✗ The carrier's API cannot be reached from this machine.") || strings.Contains(got, "dial tcp") || strings.Contains(got, "carrier:") {
		t.Error(got)
	}
}
