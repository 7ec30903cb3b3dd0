package phone_test

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

var update = flag.Bool("update", false, "write the golden transcripts")

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// The people of the tests; numbers are from the range kept for fiction.
const (
	ida  = "+12125550143"
	sam  = "+17185550167"
	ben  = "+17185550168"
	rose = "+12025550171" // a facilitator
	pin  = "73914626"
)

// groupsFile has a group that is open now, one that a facilitator holds, which is
// open too, and one in Spanish.
const groupsFile = `
groups:
  - {code: "482105", name: Evening grief circle, languages: [en], capacity: 3, topics: [grief],
     meetings: [{start: "2026-11-24T17:50", timezone: America/New_York, rrule: FREQ=WEEKLY, minutes: 90}]}
  - {code: "810566", name: One day at a time, languages: [en], capacity: 8, host: required, format: professional-led, topics: [recovery],
     meetings: [{start: "2026-11-24T18:10", timezone: America/New_York, rrule: FREQ=WEEKLY, minutes: 60}],
     facilitators: [{alias: Rose, phone: "+12025550171", pin: "73914626"}]}
  - {code: "927461", name: Círculo de duelo, languages: [es], capacity: 8, topics: [grief],
     meetings: [{start: "2026-11-24T17:55", timezone: America/New_York, rrule: FREQ=WEEKLY, minutes: 60}]}
`

// line is a line with sessions: a database of its own, a simulated carrier, whose
// clock is everybody's, and phones.
type line struct {
	t      testing.TB
	twilio *emulator.Emulator
	clock  *emulator.Clock
	rooms  *rooms.Service
	web    *echo.Echo
	log    *storetest.Log
}

func newLine(t testing.TB, change ...func(*store.LineConfig)) *line {
	t.Helper()
	return newLineOn(t, builtIn(), change...)
}

// newLineOn is newLine with flows of its own.
func newLineOn(t testing.TB, heard *phone.Shelf, change ...func(*store.LineConfig)) *line {
	t.Helper()
	l := &line{t: t, clock: emulator.NewVirtualClock(evening), log: &storetest.Log{}, web: echo.New()}
	l.twilio = emulator.New(emulator.Options{
		AccountSID: account, AuthToken: authToken, Clock: l.clock, Transport: l, Seed: 1, CallsPerSecond: math.Inf(1),
	})
	l.twilio.AddNumber(emulator.Number{E164: lineTo, VoiceURL: publicURL + phone.VoicePath, SMSURL: publicURL + phone.TextPath})
	keys, log := storetest.Keyring(t), slog.New(slog.NewTextHandler(l.log, nil))
	db, err := store.Open(t.Context(), store.Options{URL: storetest.URL(t), Now: l.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	snapshots := l.seed(db, keys, change...)
	rest := httptest.NewServer(l.twilio)
	t.Cleanup(rest.Close)
	client, err := carrier.NewClient(carrier.ClientOptions{AccountSID: account, AuthToken: authToken, APIURL: rest.URL})
	if err != nil {
		t.Fatal(err)
	}
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: publicURL, AccountSID: account, AuthTokens: []string{authToken}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	id := l.lineID(db)
	l.rooms = rooms.New(rooms.Options{
		Keys: keys, Carrier: client, Sessions: store.NewSessions(db, keys), Staff: store.NewStaff(db, keys), Facilitators: db,
		PublicURL: publicURL, VoicePath: phone.VoicePath, Number: func(string) vault.Number { return number(t, lineTo) }, Crisis: func(string) vault.Number { return number(t, crisisLine) },
		Lines: snapshots, Served: func() []string { return []string{id} }, Within: time.Minute, Now: l.clock.Now, Log: log,
	})
	phone.New(phone.Options{
		PublicURL: publicURL, Crisis: func(string) vault.Number { return number(t, crisisLine) }, Keys: keys, Directories: snapshots, Flows: heard,
		Rooms: l.rooms, Attempts: phone.NewAttempts(l.clock.Now), Dialogues: store.NewDialogues(db, keys), Members: store.NewMembers(db, keys),
		Echoes: phone.NewEchoes(l.clock.Now), Spending: phone.NewSpending(l.clock.Now, boundless, log),
		Countries: []string{"US", "CA"}, Erased: func() {}, Now: l.clock.Now, Log: log,
	}).Patient().Mount(l.web, guard.Middleware)
	return l
}

const crisisLine = "+18005550199"

func number(t testing.TB, text string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func builtIn() *phone.Shelf { return phone.NewShelf(flowstest.BuiltIn(), noArchive{}) }

// seed makes the line and its groups, and returns what its menus say.
func (l *line) seed(db *store.DB, keys *vault.Keyring, change ...func(*store.LineConfig)) *store.Snapshots {
	l.t.Helper()
	config := store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
		Numbers: []vault.Number{number(l.t, lineTo)},
	}
	for _, do := range change {
		do(&config)
	}
	id, err := db.EnsureLine(l.t.Context(), keys, config)
	if err != nil {
		l.t.Fatal(err)
	}
	groups, faults := store.ParseGroups("groups.yaml", strings.NewReader(groupsFile), store.ParseOptions{
		Timezone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6,
	})
	if groups == nil {
		l.t.Fatal(faults)
	}
	if _, err := db.ImportGroups(l.t.Context(), keys, id, groups); err != nil {
		l.t.Fatal(err)
	}
	snapshots := store.NewSnapshots(store.SnapshotsOptions{DB: db, Keyring: func() *vault.Keyring { return keys }, StateDir: l.t.TempDir(), Now: l.clock.Now})
	if err := snapshots.Load(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	return snapshots
}

func (l *line) lineID(db *store.DB) string {
	l.t.Helper()
	of, err := db.FirstLine(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return of.ID
}

// RoundTrip takes the carrier's requests to the line.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.RequestURI = r.URL.RequestURI()
	if r.Body == nil {
		r.Body = io.NopCloser(strings.NewReader(""))
	}
	w := httptest.NewRecorder()
	l.web.ServeHTTP(w, r)
	return w.Result(), nil
}

// pass lets time go by, second for second, and sessions do what becomes due.
func (l *line) pass(d time.Duration) {
	l.t.Helper()
	for ; d > 0; d -= time.Second {
		l.twilio.Advance(min(d, time.Second))
		if err := l.rooms.Pass(context.Background()); err != nil {
			l.t.Fatal(err)
		}
		l.twilio.Settle()
	}
}

// call rings the line from a phone, and presses keys as a person does who waits for
// what is asked.
func (l *line) call(from string, keys ...string) *emulator.Call {
	l.t.Helper()
	c := l.twilio.Phone(from).Call(lineTo)
	for _, k := range keys {
		l.pass(time.Second)
		c.Press(k)
	}
	l.pass(2 * time.Second)
	return c
}

// golden holds a transcript to the file of that name. Aliases and keys are drawn by
// lot.
func (l *line) golden(name, got string) {
	l.t.Helper()
	flow := builtIn().Current("")
	for n := range 60 {
		got = strings.ReplaceAll(got, flow.Alias("en", n), "(alias)")
	}
	got = keySpoken.ReplaceAllString(got, "key for texts is (key).")
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			l.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			l.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		l.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		l.t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// strict fails the test for anything that the carrier would object to, and for what
// the log says.
func (l *line) strict() {
	l.t.Helper()
	for _, p := range l.twilio.Problems() {
		l.t.Errorf("the carrier objects: %+v", p)
	}
	if said := l.log.String(); said != "" {
		l.t.Errorf("the log says: %s", said)
	}
}

// heard says whether a phone has heard the words since that time.
func (l *line) heard(who, words string, since time.Time) bool {
	for _, u := range l.twilio.Phone(who).Heard() {
		if !u.At.Before(since) && strings.Contains(u.Text, words) {
			return true
		}
	}
	return false
}

// room is the one conference that is on.
func (l *line) room() emulator.Room {
	l.t.Helper()
	var on []emulator.Room
	for _, r := range l.twilio.Rooms() {
		if len(r.Participants) > 0 {
			on = append(on, r)
		}
	}
	if len(on) != 1 {
		l.t.Fatalf("%d conferences are on: %+v", len(on), on)
	}
	return on[0]
}
