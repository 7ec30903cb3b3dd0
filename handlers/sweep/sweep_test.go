package sweep_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/sweep"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	account = "AC00000000000000000000000000000001"
	token   = "00000000000000000000000000000001"
	line    = "+12025550100"
	ida     = "+12125550143"
)

// evening is when each test begins: late enough that its calls end on the next day
// in UTC.
var evening = time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// rig is a sweep of an account at the emulator, and a database of its own.
type rig struct {
	t       *testing.T
	twilio  *emulator.Emulator
	client  *carrier.Client
	db      *store.DB
	sql     *sql.DB
	options sweep.Options
	*sweep.Sweep
}

// hangup answers every webhook: a call with good-bye, a text with one.
type hangup struct{}

func (hangup) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `<?xml version="1.0"?><Response><Hangup/></Response>`
	if r.URL.Path == "/sms" {
		body = `<?xml version="1.0"?><Response><Message>well</Message></Response>`
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func newRig(t *testing.T) *rig {
	t.Helper()
	clock := emulator.NewVirtualClock(evening)
	r := &rig{t: t, twilio: emulator.New(emulator.Options{AccountSID: account, AuthToken: token, Clock: clock, Transport: hangup{}})}
	r.twilio.AddNumber(emulator.Number{E164: line, VoiceURL: "https://line.example.org/voice", SMSURL: "https://line.example.org/sms"})
	server := httptest.NewServer(r.twilio)
	t.Cleanup(server.Close)
	var err error
	if r.client, err = carrier.NewClient(carrier.ClientOptions{AccountSID: account, AuthToken: token, APIURL: server.URL}); err != nil {
		t.Fatal(err)
	}
	url := storetest.URL(t)
	if r.db, err = store.Open(t.Context(), store.Options{URL: url}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.db.Close() })
	if r.sql, err = sql.Open("postgres", url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.sql.Close() })
	if _, err := r.db.EnsureLine(t.Context(), storetest.Keyring(t), store.LineConfig{
		Name: "Line", Zone: "America/New_York", Languages: []string{"en"}, CodeLength: 6, CrisisName: "988",
	}); err != nil {
		t.Fatal(err)
	}
	r.options = sweep.Options{Carrier: r.client, Store: r.db, PerPass: 1000, Now: clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	r.Sweep = sweep.New(r.options)
	return r
}

// pass sweeps, and fails the test if more or fewer records went than said.
func (r *rig) pass(deleted, later int) {
	r.t.Helper()
	done, err := r.Pass(r.t.Context())
	if err != nil || done != (sweep.Done{Ran: true, Deleted: deleted, Later: later}) {
		r.t.Errorf("%+v, %v; want %d deleted, %d later", done, err, deleted, later)
	}
}

func (r *rig) left(calls, texts int) {
	r.t.Helper()
	if kept := r.twilio.Kept(); len(kept.Calls) != calls || len(kept.Texts) != texts {
		r.t.Errorf("%d calls and %d texts are left, want %d and %d", len(kept.Calls), len(kept.Texts), calls, texts)
	}
}

// send is a text of ours.
func (r *rig) send() {
	r.t.Helper()
	if _, err := r.client.Send(r.t.Context(), carrier.Message{From: number(r.t, line), To: number(r.t, ida), Body: "hello"}); err != nil {
		r.t.Fatal(err)
	}
}

func number(t *testing.T, s string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (r *rig) traffic() map[string]int {
	r.t.Helper()
	rows, err := r.sql.Query(`SELECT kind || ' ' || to_char(hour AT TIME ZONE 'UTC', 'DD HH24'), count FROM traffic`)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	got := map[string]int{}
	for rows.Next() {
		var kind string
		var n int
		if err := rows.Scan(&kind, &n); err != nil {
			r.t.Fatal(err)
		}
		got[kind] = n
	}
	return got
}

func TestWhatIsOverIsCountedAndDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	person := r.twilio.Phone(ida)
	person.Call(line)
	person.Text(line, "hello") // and its answer
	r.send()
	r.twilio.Advance(59 * time.Minute)
	r.pass(0, 0)
	r.left(1, 3)
	person.Call(line)
	r.twilio.Advance(2 * time.Minute)
	r.pass(4, 0)
	r.left(1, 0)
	r.pass(0, 0)
	r.twilio.Advance(2 * time.Hour) // the next day in UTC
	r.pass(1, 0)
	r.left(0, 0)
	want := map[string]int{"call_in 24 23": 1, "call_in 25 00": 1, "text_in 24 23": 1, "text_out 24 23": 2}
	if got := r.traffic(); !maps.Equal(got, want) {
		t.Errorf("counted: %v, want %v", got, want)
	}
	for _, trace := range r.twilio.Kept().Traces() {
		if strings.Contains(trace.What, ida) {
			t.Errorf("%s still names who called", trace.Where)
		}
	}
	for _, p := range r.twilio.Problems() {
		t.Errorf("the carrier objects: %+v", p)
	}
}

func TestPicturesGoAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.twilio.Phone(ida).Text(line, "look", emulator.Picture("", "image/jpeg"), emulator.Picture("", "image/png"))
	r.twilio.Advance(time.Second)
	r.pass(0, 0)
	r.left(0, 2)
	for _, text := range r.twilio.Kept().Texts {
		if len(text.Media) > 0 {
			t.Errorf("%d pictures are left", len(text.Media))
		}
	}
}

func TestWhatCannotBeDeletedYetIsDeletedLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.twilio.Linger(10 * 24 * time.Hour)
	r.twilio.Phone(ida).Text(line, "hello")
	r.twilio.Phone(ida).Call(line)
	r.twilio.Advance(2 * time.Hour)
	r.pass(0, 3)
	for range 12 {
		r.twilio.Advance(24 * time.Hour)
		if _, err := r.Pass(t.Context()); err != nil {
			t.Error(err)
		}
	}
	r.left(0, 0)
	if got := r.traffic(); len(got) != 3 {
		t.Errorf("counted: %v", got)
	}
}

func TestAnErasuresTextsGoSooner(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.twilio.Phone(ida).Text(line, "FORGET ME")
	r.send() // which may have to be looked for
	r.twilio.Advance(10 * time.Second)
	r.Sooner()
	r.pass(0, 0)
	r.twilio.Advance(time.Minute)
	r.pass(2, 0)
	r.left(0, 1)
	r.twilio.Phone(ida).Text(line, "hello")
	r.twilio.Advance(6 * time.Minute)
	r.pass(0, 0)
	r.left(0, 3)
}

func TestAPassDoesItsShareAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.options.PerPass = 4
	r.Sweep = sweep.New(r.options)
	for range 5 {
		r.twilio.Phone(ida).Text(line, "hello")
		r.twilio.Phone(ida).Call(line)
	}
	r.twilio.Advance(2 * time.Hour)
	for _, n := range []int{4, 4, 4, 3, 0} {
		r.pass(n, 0)
	}
	r.left(0, 0)
}

func TestACarrierThatIsTiredIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 6 {
		r.twilio.Phone(ida).Text(line, "hello")
	}
	r.twilio.Advance(2 * time.Hour)
	r.twilio.Inject(emulator.Fault{On: emulator.OnREST, Match: "DELETE", Skip: 3, Times: 1, Status: http.StatusTooManyRequests})
	done, err := r.Pass(t.Context())
	if carrier.ClassOf(err) != carrier.Throttled || done.Deleted != 3 {
		t.Errorf("%+v, %v", done, err)
	}
	if strings.Contains(err.Error(), "SM") || strings.Contains(err.Error(), "555") {
		t.Errorf("the error tells more than it should: %v", err)
	}
	r.pass(9, 0)
	if got := r.traffic(); got["text_in 24 23"]+got["text_out 24 23"] != 12 {
		t.Errorf("counted: %v", got)
	}
}

// A lost answer may be that of a deletion that was done: what is not certain is
// not counted, and nothing is counted twice.
func TestALostAnswerIsNotCountedTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 3 {
		r.twilio.Phone(ida).Call(line)
	}
	r.twilio.Advance(2 * time.Hour)
	r.twilio.Inject(emulator.Fault{On: emulator.OnREST, Match: "DELETE", Skip: 1, Times: 1, LoseReply: true})
	if done, err := r.Pass(t.Context()); err == nil || done.Deleted != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	r.pass(1, 0)
	r.left(0, 0)
	if got := r.traffic(); got["call_in 24 23"] != 2 {
		t.Errorf("counted: %v", got)
	}
}

func TestOneReplicaSweepsAtATime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ran, err := r.db.Alone(t.Context(), "carrier sweep", func(ctx context.Context) error {
		if done, err := r.Pass(ctx); done.Ran || err != nil {
			t.Errorf("%+v, %v", done, err)
		}
		return nil
	})
	if !ran || err != nil {
		t.Error(ran, err)
	}
	r.pass(0, 0)
}
