package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const (
	account = "AC00000000000000000000000000000001"
	token   = "12345"
	line    = "+12025550100"
	anna    = "+12125550111"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// rig is a line that answers at a public address, at a carrier that knows nothing of
// this program.
type rig struct {
	*Doctor
	t       *testing.T
	carrier *emulator.Emulator
	db      *store.DB
	down    atomic.Bool // the line does not answer
	contact store.Contact
}

func voice(lang string) flows.Voice {
	return map[string]flows.Voice{
		"en": {Name: "Polly.Joanna-Neural", Locale: "en-US"}, "es": {Name: "Polly.Lupe-Neural", Locale: "es-US"},
	}[lang]
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, db: storetest.New(t)}
	r.carrier = emulator.New(emulator.Options{AccountSID: account, AuthToken: token, Clock: emulator.NewVirtualClock(noon), Seed: 7})
	rest := httptest.NewServer(r.carrier)
	t.Cleanup(rest.Close)
	e := echo.New()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if r.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		e.ServeHTTP(w, q)
	}))
	t.Cleanup(web.Close)
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: web.URL, AccountSID: account, AuthTokens: []string{token}})
	if err != nil {
		t.Fatal(err)
	}
	e.POST(carrier.ProbePath, guard.Echo, guard.Middleware)
	e.POST("/twilio/voice", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "text/xml", []byte(`<Response><Say>Welcome.</Say><Pause length="60"/></Response>`))
	}, guard.Middleware)
	client, err := carrier.NewClient(carrier.ClientOptions{AccountSID: account, AuthToken: token, APIURL: rest.URL})
	if err != nil {
		t.Fatal(err)
	}
	number, err := vault.ParseNumber(line)
	if err != nil {
		t.Fatal(err)
	}
	crisis, err := vault.ParseNumber("+18002738255")
	if err != nil {
		t.Fatal(err)
	}
	keys := storetest.Keyring(t)
	id, err := r.db.EnsureLine(t.Context(), keys, store.LineConfig{Name: "The line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988", Numbers: []vault.Number{number}})
	if err != nil {
		t.Fatal(err)
	}
	r.Doctor = New(Options{
		PublicURL: web.URL, VoicePath: "/twilio/voice", TextPath: "/twilio/sms", Numbers: []vault.Number{number}, Voice: voice,
		Said: func() Said { return Said{Crisis: crisis, CrisisName: "988", Languages: []string{"en", "es"}} }, Carrier: client, Provisions: store.NewProvisions(r.db, keys), Line: func() string { return id },
		Contact: func(context.Context, string, time.Time) (store.Contact, error) { return r.contact, nil }, Now: func() time.Time { return noon },
	})
	return r
}

// finds asserts how checks come out: "number.voice" is "empty".
func (r *rig) finds(want map[string]string) {
	r.t.Helper()
	all := r.Check(r.t.Context())
	for check, outcome := range want {
		i := slices.IndexFunc(all, func(f Finding) bool { return f.Check == check })
		if i < 0 {
			r.t.Errorf("%s is not looked at", check)
			continue
		}
		if all[i].Case != outcome {
			r.t.Errorf("%s is %q, want %q", check, all[i].Case, outcome)
		}
	}
	for _, f := range all {
		for _, lang := range languages {
			if text := f.Says(lang) + f.Fix(lang); strings.ContainsAny(text, "{}") || strings.Contains(text, line) || strings.Contains(text, token) || strings.Contains(text, account) {
				r.t.Errorf("%s.%s in %s says %q", f.Check, f.Case, lang, text)
			}
		}
	}
}

func (r *rig) by(event string) store.By { return store.By{Actor: "Ann Owner", Event: event, At: noon} }

func (r *rig) setup() emulator.Number {
	r.t.Helper()
	n, ok := r.carrier.NumberSetup(line)
	if !ok {
		r.t.Fatal("no number")
	}
	return n
}

// A number that nobody has set up is found, is set up, answers, and is given back.
func TestGoingLive(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.carrier.AddNumber(emulator.Number{E164: line, VoiceURL: "https://demo.twilio.com/welcome/voice/"})
	before := r.setup()
	r.finds(map[string]string{
		"url.address": "local", "url.answers": "quick", "url.round_trip": "accepted", "account.credentials": "good", "account.status": "active", "account.trial": "full",
		"account.clock": "right", "account.balance": "enough", "number.exists": "found", "number.voice": "empty", "number.texts": "empty", "number.fallback": "empty",
		"messaging.service": "none", "messaging.registration": "no_service", "voices.languages": "good", "trouble.heard": "never", "trouble.alerts": "none",
	})
	p, err := r.Plan(t.Context(), Way{})
	if err != nil || len(p.Steps) != 3 || p.Foreign() {
		t.Fatalf("plan = %+v, %v", p, err)
	}
	if r.setup() != before {
		t.Error("a plan changed something")
	}
	if _, err := r.Apply(t.Context(), r.by("1"), Way{}); err != nil {
		t.Fatal(err)
	}
	r.finds(map[string]string{"number.voice": "ours", "number.texts": "ours", "number.fallback": "hosted"})
	if p, err := r.Plan(t.Context(), Way{}); err != nil || len(p.Steps) != 0 {
		t.Errorf("plan after it was applied = %+v, %v", p, err)
	}

	// A restart costs the place and not the call.
	heard := func() string {
		var all []string
		for _, u := range r.carrier.Phone(anna).Heard() {
			if u.Kind == emulator.KindSay {
				all = append(all, u.Text)
			}
		}
		return strings.Join(all, " ")
	}
	r.down.Store(true)
	r.carrier.Phone(anna).Call(line)
	r.carrier.Advance(time.Second)
	if got := heard(); !strings.Contains(got, "dial 9 8 8") {
		t.Errorf("while the line is down: %q", got)
	}
	r.down.Store(false)
	r.carrier.Advance(time.Minute)
	if got := heard(); !strings.Contains(got, "marque 9 8 8") || !strings.HasSuffix(got, "Welcome.") {
		t.Errorf("when the line is up again: %q", got)
	}
	r.finds(map[string]string{"trouble.alerts": "some", "trouble.alert": "answer"})

	u, err := r.Undo(t.Context(), r.by("2"))
	if err != nil || u.Left != 0 || u.Back != 3 {
		t.Errorf("undo = %+v, %v", u, err)
	}
	if after := r.setup(); after.VoiceURL != before.VoiceURL || after.SMSURL != "" || after.VoiceFallbackURL != "" {
		t.Errorf("after undo: %+v", after)
	}
	if _, err := r.Undo(t.Context(), r.by("3")); !errors.Is(err, ErrNothing) {
		t.Errorf("undo of nothing: %v", err)
	}
	for _, p := range r.carrier.Problems() {
		if p.Code < 11200 || p.Code >= 11300 {
			t.Errorf("problem %d: %s", p.Code, p.What)
		}
	}
}

// What is somebody else's is not overwritten unless it is to be, and is had back.
func TestForeignSettings(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	theirs := emulator.Number{E164: line, VoiceURL: "https://u:secret@other.example/voice", SMSURL: "https://other.example/sms", VoiceFallbackURL: "https://handler.twilio.com/twiml/EH1",
		VoiceApplicationSID: "AP00000000000000000000000000000009", SMSMethod: "GET"}
	r.carrier.AddNumber(theirs)
	r.finds(map[string]string{"number.voice": "application", "number.texts": "foreign", "number.fallback": "foreign"})
	a, err := r.Apply(t.Context(), r.by("1"), Way{})
	if !errors.Is(err, ErrForeign) || r.setup() != theirs {
		t.Fatalf("without force: %v, %+v", err, r.setup())
	}
	for _, s := range a.Steps {
		if strings.Contains(s.From(), "secret") {
			t.Errorf("a step shows %q", s.From())
		}
	}
	if _, err := r.Apply(t.Context(), r.by("2"), Way{Force: true}); err != nil {
		t.Fatal(err)
	}
	ours := r.setup()
	if ours.VoiceURL != r.PublicURL+"/twilio/voice"+overrides || ours.VoiceApplicationSID != "" || ours.SMSMethod != "POST" || ours.VoiceFallbackURL != theirs.VoiceFallbackURL {
		t.Errorf("with force: %+v", ours)
	}
	// Somebody changes a thing in between: it stays.
	ours.SMSURL = "https://third.example/"
	r.carrier.AddNumber(ours)
	u, err := r.Undo(t.Context(), r.by("3"))
	if err != nil || u.Left != 1 {
		t.Errorf("undo = %+v, %v", u, err)
	}
	theirs.SMSURL, theirs.VoiceMethod = "https://third.example/", r.setup().VoiceMethod
	if r.setup() != theirs {
		t.Errorf("after undo: %+v", r.setup())
	}
}

// A line whose address changes knows what it entered itself.
func TestOwnOldAddress(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.carrier.AddNumber(emulator.Number{E164: line})
	moved := r.PublicURL
	r.PublicURL = "https://old.example"
	if _, err := r.Apply(t.Context(), r.by("1"), Way{}); err != nil {
		t.Fatal(err)
	}
	r.PublicURL = moved
	r.finds(map[string]string{"number.voice": "foreign", "number.fallback": "stale"})
	if _, err := r.Apply(t.Context(), r.by("2"), Way{}); err != nil {
		t.Fatal(err)
	}
	r.finds(map[string]string{"number.voice": "ours", "number.texts": "ours", "number.fallback": "hosted"})
}

func TestMessagingServices(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.carrier.AddNumber(emulator.Number{E164: line})
	a, err := r.Apply(t.Context(), r.by("1"), Way{Service: true})
	if err != nil || a.Service == "" {
		t.Fatalf("applied = %+v, %v", a, err)
	}
	if all := r.carrier.MessagingServices(); len(all) != 1 || !slices.Equal(all[0].Numbers, []string{line}) || all[0].Keeps {
		t.Errorf("services = %+v", all)
	}
	r.finds(map[string]string{"messaging.service": "unset", "messaging.registration": "missing"})
	r.Service = a.Service
	r.finds(map[string]string{"messaging.service": "used"})
	if _, err := r.Undo(t.Context(), r.by("2")); err != nil {
		t.Fatal(err)
	}
	if all := r.carrier.MessagingServices(); len(all) != 0 {
		t.Errorf("services after undo = %+v", all)
	}
	r.finds(map[string]string{"messaging.service": "unknown"})

	const theirs = "MG00000000000000000000000000000001"
	r.Service = theirs
	for campaign, want := range map[string]string{"": "missing", "IN_PROGRESS": "pending", "FAILED": "failed", "VERIFIED": "verified"} {
		r.carrier.AddService(emulator.MessagingService{SID: theirs, Numbers: []string{line}, Keeps: true, InboundURL: "https://other.example/", Campaign: campaign})
		r.finds(map[string]string{"messaging.service": "webhook", "messaging.registration": want})
	}
	if _, err := r.Apply(t.Context(), r.by("3"), Way{}); !errors.Is(err, ErrForeign) {
		t.Errorf("a service that is somebody's: %v", err)
	}
	if _, err := r.Apply(t.Context(), r.by("4"), Way{Force: true}); err != nil {
		t.Fatal(err)
	}
	r.finds(map[string]string{"messaging.service": "used"})
	r.contact.Advanced = true
	r.finds(map[string]string{"messaging.opt_out": "advanced"})
	if _, err := r.Undo(t.Context(), r.by("5")); err != nil {
		t.Fatal(err)
	}
	if all := r.carrier.MessagingServices(); !all[0].Keeps {
		t.Errorf("services after undo = %+v", all)
	}
}

func TestAccountAndNumber(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ours := emulator.Number{E164: line, VoiceURL: r.PublicURL + "/twilio/voice", SMSURL: r.PublicURL + "/twilio/sms#rc=1", VoiceFallbackURL: r.PublicURL + "/fallback.xml"}
	change := func(f func(*emulator.Number)) emulator.Number { n := ours; f(&n); return n }
	for _, tt := range []struct {
		number emulator.Number
		want   map[string]string
	}{
		{ours, map[string]string{"number.voice": "ours", "number.texts": "ours", "number.fallback": "ours"}},
		{change(func(n *emulator.Number) { n.VoiceMethod = "GET"; n.SMSURL = r.PublicURL + "/elsewhere" }), map[string]string{"number.voice": "method", "number.texts": "other"}},
		{change(func(n *emulator.Number) { n.TrunkSID = "TK1"; n.SMSApplicationSID = "AP1" }), map[string]string{"number.voice": "trunk", "number.texts": "application"}},
		{change(func(n *emulator.Number) { n.NoTexts = true }), map[string]string{"number.capabilities": "no_texts"}},
		{change(func(n *emulator.Number) { n.NoVoice = true }), map[string]string{"number.capabilities": "no_voice"}},
	} {
		r.carrier.AddNumber(tt.number)
		r.finds(tt.want)
	}
	r.carrier.Stand(emulator.Standing{Status: "suspended", Trial: true, Balance: "-1.5"})
	r.contact = store.Contact{Hour: noon.Add(-time.Hour), Refused: 3}
	r.finds(map[string]string{"account.status": "suspended", "account.trial": "trial", "account.balance": "empty", "trouble.heard": "lately", "trouble.signatures": "some"})
	r.carrier.Stand(emulator.Standing{Balance: "4"})
	r.contact.Hour = noon.AddDate(0, 0, -9)
	now := r.Now
	r.Now = func() time.Time { return now().Add(-time.Minute) }
	r.finds(map[string]string{"account.balance": "low", "account.clock": "wrong", "trouble.heard": "quiet"})
	r.Now = now
	r.carrier.Stand(emulator.Standing{Status: "closed"})
	r.finds(map[string]string{"account.status": "closed", "account.balance": "unknown"})
	r.Numbers = append(r.Numbers, r.Said().Crisis)
	all := r.Check(t.Context())
	if !slices.ContainsFunc(all, func(f Finding) bool {
		return f.Check == "number.exists" && f.Case == "missing" && f.Slots["which"] == "…55"
	}) {
		t.Error("a number of another account is not missed")
	}
	r.carrier.Inject(emulator.Fault{On: emulator.OnREST, Match: ".json", Status: 401})
	r.finds(map[string]string{"account.credentials": "refused", "number.exists": "unknown"})
	r.carrier.ClearFaults()
	r.carrier.Inject(emulator.Fault{On: emulator.OnREST, Match: "/", Status: 500})
	r.finds(map[string]string{"account.credentials": "failed", "trouble.alerts": "unread"})
	r.carrier.ClearFaults()
	r.carrier.Inject(emulator.Fault{On: emulator.OnREST, Match: "/", Refuse: true})
	r.finds(map[string]string{"account.credentials": "unreachable"})
}

// roundTripper stands between the internet and the line.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	direct := r.Carry
	status := func(n int) http.RoundTripper {
		return roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: n, Body: http.NoBody, Header: http.Header{}}, nil
		})
	}
	rewriting := roundTripper(func(q *http.Request) (*http.Response, error) {
		q.URL.RawQuery = q.URL.Query().Encode()
		return direct.RoundTrip(q)
	})
	guarded, err := url.Parse(r.PublicURL)
	if err != nil {
		t.Fatal(err)
	}
	// The line takes itself to be at http, and is reached by a proxy at https.
	behind := roundTripper(func(q *http.Request) (*http.Response, error) {
		q.URL.Scheme = guarded.Scheme
		return direct.RoundTrip(q)
	})
	for _, tt := range []struct {
		carry          http.RoundTripper
		address        string
		answers, round string
	}{
		{direct, r.PublicURL, "quick", "accepted"},
		{direct, r.PublicURL + "/", "quick", "accepted"},
		{rewriting, r.PublicURL, "quick", "rewritten"},
		{behind, "https://" + guarded.Host, "quick", "scheme"},
		{status(403), r.PublicURL, "quick", "refused"},
		{status(200), r.PublicURL, "quick", "imitated"},
		{status(302), r.PublicURL, "redirected", "skipped"},
		{status(404), r.PublicURL, "elsewhere", "skipped"},
		{status(502), r.PublicURL, "down", "skipped"},
		{direct, "http://127.0.0.1:1", "refused", "skipped"},
	} {
		r.Carry = tt.carry
		got := map[string]string{}
		for _, f := range r.Reach(t.Context(), tt.address) {
			got[f.Check] = f.Case
		}
		if got["url.answers"] != tt.answers || got["url.round_trip"] != tt.round {
			t.Errorf("%s: %v, want %s and %s", tt.address, got, tt.answers, tt.round)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://line.example.org": "https", "http://line.example.org": "clear", "http://localhost:8080": "local", "http://[::1]:8080": "local", "https://10.1.2.3": "private",
		"https://100.64.0.1": "private", "ftp://line.example.org": "odd", "https://my_line.example.org": "odd", "https://line.example.org/?a=b": "odd", "https://u:p@line.example.org": "odd", "": "odd",
	} {
		if f, _ := readAddress(address); f.Case != want {
			t.Errorf("%q is %q, want %q", address, f.Case, want)
		}
	}
	look := func(addresses ...string) *Doctor {
		var all []netip.Addr
		for _, a := range addresses {
			all = append(all, netip.MustParseAddr(a))
		}
		return New(Options{Look: func(context.Context, string) ([]netip.Addr, error) { return all, nil }})
	}
	for want, d := range map[string]*Doctor{"found": look("93.184.216.34"), "private": look("93.184.216.34", "192.168.1.1"), "unknown": look()} {
		if f := d.name(t.Context(), "line.example.org"); f.Case != want {
			t.Errorf("a name is %q, want %q", f.Case, want)
		}
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	web := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	u, err := url.Parse(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	ends := web.Certificate().NotAfter
	trusting := web.Client().Transport.(*http.Transport).TLSClientConfig
	for _, tt := range []struct {
		trusts *tls.Config
		now    time.Time
		want   string
	}{
		{trusting, ends.AddDate(0, 0, -60), "good"},
		{trusting, ends.AddDate(0, 0, -5), "soon"},
		{trusting, ends.AddDate(0, 0, 2), "over"},
		{nil, ends.AddDate(0, 0, -60), "refused"},
	} {
		d := New(Options{TLS: tt.trusts, Now: func() time.Time { return tt.now }})
		if f := d.certificate(t.Context(), u); f.Case != tt.want {
			t.Errorf("a certificate is %q, want %q", f.Case, tt.want)
		}
	}
}

func TestVoices(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		v    flows.Voice
		want string
	}{
		"Polly": {flows.Voice{Name: "Polly.Lupe-Neural", Locale: "es-US"}, "good"}, "Google": {flows.Voice{Name: "Google.es-US-Neural2-A", Locale: "es-US"}, "good"},
		"another language's": {flows.Voice{Name: "Polly.Joanna", Locale: "es-US"}, "unknown"}, "the first language's": {flows.Voice{Name: "Polly.Joanna", Locale: "en-US"}, "missing"},
		"none": {flows.Voice{}, "missing"}, "no maker's": {flows.Voice{Name: "alice", Locale: "es-MX"}, "unknown"},
	} {
		d := New(Options{PublicURL: "https://line.example.org", Said: func() Said { return Said{Languages: []string{"es"}} }, Voice: func(string) flows.Voice { return tt.v }})
		all := d.CheckOffline()
		if len(all) != 3 || all[0].Case != "https" || all[1].Case != tt.want {
			t.Errorf("%s: %+v, want %s", name, all, tt.want)
		}
	}
}
