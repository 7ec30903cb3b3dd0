package rooms_test

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	_ "github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const (
	account   = "AC00000000000000000000000000000001"
	authToken = "0123456789abcdef0123456789abcdef"
	lineTo    = "+12025550100"
	crisisTo  = "+12025550188"
	openCode  = "482105"
	heldCode  = "719204"
	pin       = "73914626"
)

// evening is five minutes before seven in New York: both groups' doors are open.
var evening = time.Date(2026, 11, 24, 23, 55, 0, 0, time.UTC)

const groupsFile = `groups:
  - code: "482105"
    name: Evening circle
    discreet_name: Tuesday call
    topics: [grief]
    languages: [en]
    format: peer-led
    access: open
    host: none
    capacity: 12
    meetings: [{start: "2026-11-24T19:00", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=TU", minutes: 60}]
    facilitators:
      - {alias: Rose, phone: "+12125550111", pin: "73914626"}
  - code: "719204"
    name: Held circle
    discreet_name: Tuesday held
    topics: [grief]
    languages: [en]
    format: professional-led
    access: open
    host: required
    capacity: 12
    meetings: [{start: "2026-11-24T19:00", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=TU", minutes: 60}]
    facilitators:
      - {alias: Rose, phone: "+12125550111", pin: "73914626"}
      - {alias: Sam, phone: "+12125550112", pin: "50391827"}
`

// rig is one or several services on a database of their own, at an emulator whose
// phones they answer.
type rig struct {
	t       testing.TB
	url     string // of the database
	keys    *vault.Keyring
	db      *store.DB
	flow    *flows.Flow
	snap    *store.Snapshot
	line    string
	groups  map[string]string // ids by code
	clock   *emulator.Clock
	twilio  *emulator.Emulator
	client  *carrier.Client
	web     *httptest.Server
	options rooms.Options
	log     *storetest.Log
	unheard bool // callbacks are known to have failed
	hook    carrier.Webhook

	mu       sync.Mutex
	services []*rooms.Service
	asked    int
	turns    map[string]int
	staff    map[string]string // facilitators by the number that they call from
	code     map[string]string // the code that a number enters
	spanish  map[string]bool   // numbers
	slow     map[string]bool   // those that hear everything slowly
	refused  map[string]string // what a number was told at the door or on the way out
}

// failedCallback is the carrier's number for a callback that was not taken.
const failedCallback = 16011

func newRig(t testing.TB) *rig {
	t.Helper()
	return newRigOf(t, groupsFile)
}

func newRigOf(t testing.TB, file string) *rig {
	t.Helper()
	r := &rig{
		t: t, url: storetest.URL(t), keys: storetest.Keyring(t), groups: map[string]string{}, log: &storetest.Log{},
		turns: map[string]int{}, staff: map[string]string{}, code: map[string]string{}, spanish: map[string]bool{}, slow: map[string]bool{}, refused: map[string]string{},
	}
	var err error
	if r.db, err = store.Open(t.Context(), store.Options{URL: r.url}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.db.Close() })
	r.clock = emulator.NewVirtualClock(evening)
	r.fill(file)
	r.answer()
	r.start()
	t.Cleanup(r.whole)
	return r
}

// fill writes the line and its groups.
func (r *rig) fill(file string) {
	ctx := context.Background()
	var err error
	if r.line, err = r.db.EnsureLine(ctx, r.keys, store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
		Numbers: []vault.Number{number(r.t, lineTo)},
	}); err != nil {
		r.t.Fatal(err)
	}
	groups, faults := store.ParseGroups("groups.yaml", strings.NewReader(file), store.ParseOptions{CodeLength: 6})
	if groups == nil {
		r.t.Fatal(faults)
	}
	if _, err := r.db.ImportGroups(ctx, r.keys, r.line, groups); err != nil {
		r.t.Fatal(err)
	}
	snapshots := store.NewSnapshots(store.SnapshotsOptions{DB: r.db, Keyring: func() *vault.Keyring { return r.keys }, StateDir: r.t.TempDir(), Now: r.clock.Now})
	if err := snapshots.Load(ctx); err != nil {
		r.t.Fatal(err)
	}
	r.snap, _ = snapshots.Line(r.line)
	for _, g := range r.snap.Directory.Groups() {
		r.groups[g.Code] = g.ID
	}
	r.flow = flowstest.BuiltIn()
}

// answer brings up the carrier, and the edge that answers it.
func (r *rig) answer() {
	r.twilio = emulator.New(emulator.Options{AccountSID: account, AuthToken: authToken, Clock: r.clock})
	api := httptest.NewServer(r.twilio)
	r.t.Cleanup(api.Close)
	var err error
	if r.client, err = carrier.NewClient(carrier.ClientOptions{AccountSID: account, AuthToken: authToken, APIURL: api.URL}); err != nil {
		r.t.Fatal(err)
	}
	e := echo.New()
	r.web = httptest.NewServer(e)
	r.t.Cleanup(r.web.Close)
	r.edge(e)
	r.twilio.AddNumber(emulator.Number{E164: lineTo, VoiceURL: r.web.URL + "/twilio/voice"})
	r.options = rooms.Options{
		Keys: r.keys, Carrier: r.client, Sessions: store.NewSessions(r.db, r.keys), Staff: store.NewStaff(r.db, r.keys), Facilitators: r.db,
		PublicURL: r.web.URL, VoicePath: "/twilio/voice",
		Number: func(string) vault.Number { return number(r.t, lineTo) }, Crisis: func(string) vault.Number { return number(r.t, crisisTo) },
		Lines: oneLine{r.snap}, Served: func() []string { return []string{r.line} },
		Within: time.Minute, // Postgres is late while it makes other tests' databases
		Now:    r.clock.Now, Log: slog.New(slog.NewTextHandler(r.log, nil)),
	}
}

type oneLine struct{ snap *store.Snapshot }

func (l oneLine) Line(id string) (*store.Snapshot, bool) {
	return l.snap, id == l.snap.Directory.Line.ID
}

// start adds a service, which takes its turn in answering.
func (r *rig) start(change ...func(*rooms.Options)) *rooms.Service {
	o := r.options
	for _, f := range change {
		f(&o)
	}
	s := rooms.New(o)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.services = append(r.services, s)
	return s
}

// only has one service answer from now on.
func (r *rig) only(s *rooms.Service) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.services = []*rooms.Service{s}
}

// any is the service whose turn it is.
func (r *rig) any() *rooms.Service {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	return r.services[r.asked%len(r.services)]
}

func (r *rig) view() flows.View {
	return flows.View{Now: r.clock.Now().Truncate(time.Minute), Directory: r.snap.Directory}
}

// pass lets time go by, second by second.
func (r *rig) pass(d time.Duration) {
	r.t.Helper()
	for end := r.clock.Now().Add(d); r.clock.Now().Before(end); {
		r.twilio.Advance(min(time.Second, end.Sub(r.clock.Now())))
		if err := r.any().Pass(context.Background()); err != nil {
			r.t.Error(err)
		}
		r.twilio.Settle()
	}
}

// whole holds that nothing was done that the carrier would not take, and that no log
// tells anybody's number.
func (r *rig) whole() {
	for _, p := range r.twilio.Problems() {
		if r.unheard && p.Code == failedCallback {
			continue
		}
		r.t.Errorf("problem %d: %s (%s)", p.Code, p.What, p.Where)
	}
	for _, secret := range []string{"5550", "CA0", "Rose"} { // a time has three digits beside each other
		if strings.Contains(r.log.String(), secret) {
			r.t.Errorf("the log holds %q:\n%s", secret, r.log.String())
		}
	}
}

// rooms are who is in which conference, by the last digits of their phones, those
// that are muted in brackets; sorted, and conferences of nobody left out.
func (r *rig) rooms() string {
	var all []string
	for _, m := range r.twilio.Rooms() {
		var in []string
		for _, p := range m.Participants {
			who := p.Phone[len(p.Phone)-1:]
			if p.Muted {
				who = "(" + who + ")"
			}
			in = append(in, who)
		}
		slices.Sort(in)
		all = append(all, strings.Join(in, " "))
	}
	slices.Sort(all)
	return strings.Join(all, " | ")
}

func number(t testing.TB, s string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (r *rig) sql() *sql.DB {
	db, err := sql.Open("postgres", r.url)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = db.Close() })
	return db
}

// hookOf is a webhook of somebody's call, which goes on in the room.
func hookOf(t testing.TB, r *rig, p *person) carrier.Webhook {
	t.Helper()
	if err := r.client.Announce(t.Context(), r.twilio.Rooms()[0].SID, p.call.SID(), r.web.URL+"/hook"); err != nil {
		t.Fatal(err)
	}
	r.twilio.Settle()
	return r.hook
}

func mustQuery(t testing.TB, text string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	return values
}
