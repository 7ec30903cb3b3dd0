package outbox_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	publicURL = "https://line.example.org"
	lineFrom  = "+12025550100"
	ida       = "+12125550143"
)

// afternoon is a Tuesday's, at one o'clock in New York.
var afternoon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

// rig is an outbox with a database of its own, and a carrier and members that
// the test makes up.
type rig struct {
	t       testing.TB
	o       outbox.Options
	db      *store.DB
	sql     *sql.DB
	line    string
	keys    *vault.Keyring
	carrier *fakeCarrier
	people  *people
	clock   *clock
	log     *storetest.Log
	reload  func() // the directory
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fakeCarrier takes everything unless told otherwise.
type fakeCarrier struct {
	mu      sync.Mutex
	texts   []carrier.Message
	rings   []carrier.Ring
	answer  func(nth int) error // nil takes it
	holding chan struct{}       // if set, a request waits for it
	asked   chan struct{}       // if set, told of each request
}

func (f *fakeCarrier) requests() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.texts) + len(f.rings)
}

func (f *fakeCarrier) take(ctx context.Context, keep func()) error {
	if f.asked != nil {
		f.asked <- struct{}{}
	}
	if f.holding != nil {
		<-f.holding
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	keep()
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.answer == nil {
		return nil
	}
	return f.answer(len(f.texts) + len(f.rings))
}

func (f *fakeCarrier) Send(ctx context.Context, m carrier.Message) (string, error) {
	return "SM", f.take(ctx, func() { f.texts = append(f.texts, m) })
}

func (f *fakeCarrier) TextsSince(context.Context, time.Time) ([]carrier.Listed, error) {
	return nil, errNoList
}
func (f *fakeCarrier) CallsSince(context.Context, time.Time) ([]carrier.Listed, error) {
	return nil, errNoList
}

var errNoList = errors.New("it has no list")

func (f *fakeCarrier) Place(ctx context.Context, r carrier.Ring) (string, error) {
	return "CA", f.take(ctx, func() { f.rings = append(f.rings, r) })
}

// people are recipients, by the member or the pseudonym of a row.
type people struct {
	mu    sync.Mutex
	known map[string]store.Recipient
	err   error
}

func (p *people) Recipients(_ context.Context, xs []store.Outgoing) (map[string]store.Recipient, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := map[string]store.Recipient{}
	for _, x := range xs {
		if r, ok := p.known[x.Member+string(x.Pseudonym)]; ok {
			found[x.ID] = r
		}
	}
	return found, p.err
}

func (p *people) add(id string, r store.Recipient) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[id] = r
}

// oneFlow is every line's.
type oneFlow struct{ f *flows.Flow }

func (f oneFlow) Current(string) *flows.Flow { return f.f }

func newRig(t testing.TB) *rig {
	t.Helper()
	return newRigAt(t, storetest.URL(t), storetest.Keyring(t))
}

// newRigAt is a rig on a database and with keys that may be another's, too.
func newRigAt(t testing.TB, url string, keys *vault.Keyring) *rig {
	t.Helper()
	r := &rig{t: t, keys: keys, carrier: &fakeCarrier{}, people: &people{known: map[string]store.Recipient{}}, clock: &clock{at: afternoon}, log: &storetest.Log{}}
	var err error
	if r.db, err = store.Open(t.Context(), store.Options{URL: url}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.db.Close() })
	if r.sql, err = sql.Open("postgres", url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.sql.Close() })
	if r.line, err = r.db.EnsureLine(t.Context(), r.keys, store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
		Numbers: []vault.Number{number(t, lineFrom)},
	}); err != nil {
		t.Fatal(err)
	}
	r.do(`
		INSERT INTO groups (line_id, group_id, code, name, discreet_name, topics, languages, format, access, host, stage, capacity, reminders, place)
		VALUES ($1, $2, '482105', '{"": "Evening grief circle"}', '{"": "Tuesday call"}', '{grief}', '{en}', 'peer-led', 'open', 'none', 'open', 10, '{6h}', '')
		ON CONFLICT DO NOTHING`, r.line, groupID)
	r.do(`
		INSERT INTO meeting (line_id, group_id, meeting_id, start, zone, rule, minutes, skipped, moved)
		VALUES ($1, $2, $2, '2026-11-24T19:00', 'America/New_York', 'FREQ=WEEKLY;BYDAY=TU', 60, '{}', '{}')
		ON CONFLICT DO NOTHING`, r.line, groupID)
	snapshots := store.NewSnapshots(store.SnapshotsOptions{DB: r.db, Keyring: func() *vault.Keyring { return r.keys }, StateDir: t.TempDir(), Now: r.clock.now})
	if err := snapshots.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.reload = func() { snapshots.Refresh(context.Background()) }
	r.o = outbox.Options{
		Queue: store.NewOutbox(r.db, r.keys), Recipients: r.people, Carrier: r.carrier, Lines: snapshots, Flows: oneFlow{flowstest.BuiltIn()}, Keys: r.keys, Counts: r.db, Alone: r.db,
		Served:    func() []string { return []string{r.line} },
		From:      func(string) vault.Number { return number(t, lineFrom) },
		PublicURL: publicURL, VoicePath: "/twilio/voice", SentPath: "/twilio/sent", Countries: []string{"US", "CA"},
		Texts: store.Sender{Name: "text", PerSecond: 1e6, Burst: 1e6}, Calls: store.Sender{Name: "call", PerSecond: 1e6, Burst: 1e6}, AtOnce: 4,
		Limits: store.Limits{PerNumber: 1000, PerHour: 1000, Barred: 5, PerMeeting: 2, CallsAWeek: 3}, Now: r.clock.now,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return r
}

// groupID is a group's that meets on Tuesdays at seven in New York, and reminds its
// members six hours before: in the afternoon, when tests begin.
const groupID = "00000000-0000-4000-8000-0000000000aa"

func (r *rig) do(statement string, args ...any) {
	r.t.Helper()
	if _, err := r.sql.ExecContext(context.Background(), statement, args...); err != nil {
		r.t.Fatal(err)
	}
}

// belong adds the nth member of the group.
func (r *rig) belong(n int, channel flows.Channel, who store.Recipient) (pseudonym string) {
	r.t.Helper()
	pseudonym = fmt.Sprintf("%016d", n)
	r.do(`
		INSERT INTO membership (line_id, pseudonym, group_id, number, profile, channel, state)
		VALUES ($1, $2, $3, '', '', $4, 'active')
		ON CONFLICT DO NOTHING`, r.line, []byte(pseudonym), groupID, string(channel))
	who.Preferences.Channel = cmp.Or(who.Preferences.Channel, channel)
	r.people.add(pseudonym, who)
	return pseudonym
}

func number(t testing.TB, s string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// put adds a confirmation, due now and for a week.
func (r *rig) put(n int, channel flows.Channel, who store.Recipient) (id string) {
	r.t.Helper()
	id = fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	if _, err := r.sql.Exec(`
		INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
		VALUES ($1, $2, 'confirmation', $3, $2, 'due', $4, $5, 0)`,
		r.line, id, string(channel), r.clock.now(), r.clock.now().AddDate(0, 0, 7)); err != nil {
		r.t.Fatal(err)
	}
	r.people.add(id, who)
	return id
}

func asked(t testing.TB, to string) store.Recipient {
	return store.Recipient{Number: number(t, to), Asked: true, Preferences: flows.Preferences{Language: "en", Zone: "America/New_York"}}
}

func (r *rig) pass(o *outbox.Outbox) int {
	r.t.Helper()
	n, err := o.Pass(context.Background())
	if err != nil {
		r.t.Error(err)
	}
	return n
}

func (r *rig) resolve(o *outbox.Outbox) {
	r.t.Helper()
	// A list that cannot be read is the test's own doing.
	if err := o.Resolve(context.Background()); err != nil && carrier.ClassOf(err) != carrier.Temporary {
		r.t.Error(err)
	}
}

// row is what Postgres has of a row.
func (r *rig) row(id string) (state, reason string, due time.Time) {
	r.t.Helper()
	if err := r.sql.QueryRow(`SELECT state, coalesce(reason, ''), due_at FROM outbox WHERE outbox_id = $1`, id).Scan(&state, &reason, &due); err != nil {
		r.t.Fatal(err)
	}
	return state, reason, due
}

func (r *rig) count(query string, args ...any) (n int) {
	r.t.Helper()
	if err := r.sql.QueryRow(query, args...).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}
