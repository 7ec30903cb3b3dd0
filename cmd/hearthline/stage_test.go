package main

import (
	"context"
	"flag"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

var update = flag.Bool("update", false, "write the golden transcripts")

// asProgram makes the test binary be the program, so that a test can kill it
// as an operating system would.
const asProgram = "HEARTHLINE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	code := storetest.Main(m)
	browsertest.Close()
	os.Exit(code)
}

// evening is when every stage begins: a Tuesday in New York.
var evening = time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)

// aliases are how many names for people in a room each language has.
const aliases = 60

// The people of the tests; numbers are from the range kept for fiction.
const (
	lineNumber = "+12025550100"
	ida        = "+12125550143"
	sam        = "+17185550167"
	crisisLine = "+18005550199"
	bridgeLine = "+12155550123"
)

// stage is a whole line under test: the program itself on a database of its
// own, a simulated carrier, and a clock that stands still unless it is moved.
type stage struct {
	t       testing.TB
	clock   *emulator.Clock
	carrier *emulator.Emulator
	config  config
	log     *storetest.Log
	replica *replica
	demo    bool
	// route is where the carrier's webhooks go, whatever host they name.
	route atomic.Pointer[string]
}

// replica is one running program.
type replica struct {
	app  *app
	stop context.CancelFunc
	done chan error
}

type stageOptions struct {
	databaseURL string    // "" for a database of the test's own
	at          time.Time // when the stage begins; zero is evening
	change      func([]store.Group) []store.Group
	settings    func(*config)
	demo        bool // whoever comes signs in to the desk
}

func newStage(t testing.TB, change ...func(*stageOptions)) *stage {
	t.Helper()
	var o stageOptions
	for _, c := range change {
		c(&o)
	}
	if o.databaseURL == "" {
		o.databaseURL = storetest.URL(t)
	}
	if o.at.IsZero() {
		o.at = evening
	}
	s := &stage{t: t, clock: emulator.NewVirtualClock(o.at), log: &storetest.Log{}, demo: o.demo}
	s.carrier = emulator.New(emulator.Options{
		AccountSID: demoAccount, AuthToken: demoToken, Clock: s.clock, Transport: s, Seed: 1, CallsPerSecond: math.Inf(1),
	})
	rest := httptest.NewServer(s.carrier)
	t.Cleanup(rest.Close)
	dir := t.TempDir()
	s.config = config{
		databaseURL: o.databaseURL, deskURL: o.databaseURL, publicURL: "https://line.example.org", apiURL: rest.URL,
		accountSID: demoAccount, authTokens: []string{demoToken}, numbers: []vault.Number{number(t, lineNumber)},
		lineName: "The support line", zone: "America/New_York", languages: []string{"en", "es"}, codeLength: 6,
		crisisName: "988", crisis: number(t, crisisLine), keysetFile: filepath.Join(dir, "keyset.json"), stateDir: filepath.Join(dir, "state"),
		countries: []string{"US", "CA"}, textRate: 1000, callRate: 1000,
		logLevel: "debug",
	}
	if o.settings != nil {
		o.settings(&s.config)
	}
	s.seed(o.change)
	s.replica = s.start()
	s.sendTo(s.replica)
	s.carrier.AddNumber(emulator.Number{E164: lineNumber, VoiceURL: s.config.publicURL + phone.VoicePath, SMSURL: s.config.publicURL + phone.TextPath})
	return s
}

func number(t testing.TB, text string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *stage) seed(change func([]store.Group) []store.Group) {
	s.t.Helper()
	if _, err := vault.Create(s.config.keysetFile); err != nil {
		s.t.Fatal(err)
	}
	groups, _, err := demoGroups(s.clock.Now(), s.config.zone)
	if err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		groups = change(groups)
	}
	if err := s.config.seed(s.t.Context(), groups, s.clock.Now); err != nil {
		s.t.Fatal(err)
	}
}

// start runs one more program on the stage's settings.
func (s *stage) start() *replica {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready := make(chan struct{})
	r := &replica{stop: stop, done: make(chan error, 1)}
	r.app = &app{
		config: s.config, now: s.clock.Now, listener: l, ready: func() { close(ready) },
		log: s.config.logger(s.log), idle: true, demo: s.demo,
	}
	go func() { r.done <- r.app.run(ctx) }()
	select {
	case <-ready:
	case err := <-r.done:
		stop()
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { r.end(s.t) })
	return r
}

// end stops a program, once.
func (r *replica) end(t testing.TB) {
	r.stop()
	if err, first := <-r.done; first && err != nil {
		t.Error(err)
	}
	select {
	case <-r.done:
	default:
		close(r.done)
	}
}

func (s *stage) sendTo(r *replica) {
	address := r.app.listener.Addr().String()
	s.route.Store(&address)
}

// RoundTrip takes the carrier's requests to the program in service, as a load
// balancer at PUBLIC_URL would.
func (s *stage) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	r.URL.Scheme, r.URL.Host = "http", *s.route.Load()
	return http.DefaultTransport.RoundTrip(r)
}

// named is how long it takes to hear what one is called in a room.
const named = 7 * time.Second

// goesOn lets time pass as it does for a program that runs: each second it does what
// has fallen due in its sessions.
func (s *stage) goesOn(d time.Duration) {
	s.t.Helper()
	for ; d > 0; d -= time.Second {
		s.carrier.Advance(min(d, time.Second))
		s.seeTo()
	}
}

// seeTo has the program do what is due in its sessions.
func (s *stage) seeTo() {
	s.t.Helper()
	if err := s.replica.app.rooms.Pass(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.carrier.Settle()
}

// golden holds a transcript to the file of that name. What people are called in a
// room is drawn, and left out.
func (s *stage) golden(name, got string) {
	s.t.Helper()
	got = s.nameless(got)
	path := filepath.Join("testdata", "transcripts", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			s.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		s.t.Errorf("transcript (-want +got):\n%s", diff)
	}
}

// nameless leaves out what people are called in a room.
func (s *stage) nameless(transcript string) string {
	for _, lang := range s.config.languages {
		for n := range aliases {
			transcript = strings.ReplaceAll(transcript, s.replica.app.flow.Alias(lang, n), "<alias>")
		}
	}
	return transcript
}

// strict fails the test for anything that the carrier would object to.
func (s *stage) strict() {
	s.t.Helper()
	for _, p := range s.carrier.Problems() {
		s.t.Errorf("the carrier objects: %+v", p)
	}
}

// heard says whether a phone has heard the words so far.
func heard(c *emulator.Phone, words string) bool {
	for _, u := range c.Heard() {
		if strings.Contains(u.Text, words) {
			return true
		}
	}
	return false
}

// group changes the sample group with that code.
func group(code string, change func(*store.Group)) func(*stageOptions) {
	return func(o *stageOptions) {
		before := o.change
		o.change = func(groups []store.Group) []store.Group {
			if before != nil {
				groups = before(groups)
			}
			for i := range groups {
				if groups[i].Code == code {
					change(&groups[i])
				}
			}
			return groups
		}
	}
}
