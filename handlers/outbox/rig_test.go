package outbox_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
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
	sql     *sql.DB
	line    string
	keys    *vault.Keyring
	carrier *fakeCarrier
	people  *people
	clock   *clock
	log     *lockedBuffer
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

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
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

func (f *fakeCarrier) Place(ctx context.Context, r carrier.Ring) (string, error) {
	return "CA", f.take(ctx, func() { f.rings = append(f.rings, r) })
}

// people are members: by default everybody has ida's number and was asked.
type people struct {
	mu    sync.Mutex
	known map[string]store.Recipient
	err   error
}

func (p *people) Recipient(_ context.Context, _, member string) (store.Recipient, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return store.Recipient{}, p.err
	}
	r, ok := p.known[member]
	if !ok {
		return r, store.ErrNotFound
	}
	return r, nil
}

// oneFlow is every line's.
type oneFlow struct{ f *flows.Flow }

func (f oneFlow) Current(string) *flows.Flow { return f.f }

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, keys: storetest.Keyring(t), carrier: &fakeCarrier{}, people: &people{known: map[string]store.Recipient{}}, clock: &clock{at: afternoon}, log: &lockedBuffer{}}
	url := storetest.URL(t)
	db, err := store.Open(t.Context(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if r.sql, err = sql.Open("postgres", url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.sql.Close() })
	if r.line, err = db.EnsureLine(t.Context(), r.keys, store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
		Numbers: []vault.Number{number(t, lineFrom)},
	}); err != nil {
		t.Fatal(err)
	}
	snapshots := store.NewSnapshots(store.SnapshotsOptions{DB: db, Keyring: func() *vault.Keyring { return r.keys }, StateDir: t.TempDir(), Now: r.clock.now})
	if err := snapshots.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	flow, problems := flows.Compile(bundle)
	if flow == nil {
		t.Fatal(problems)
	}
	r.o = outbox.Options{
		Queue: store.NewOutbox(db, r.keys), Recipients: r.people, Carrier: r.carrier, Lines: snapshots, Flows: oneFlow{flow}, Keys: r.keys,
		From:      func(string) vault.Number { return number(t, lineFrom) },
		PublicURL: publicURL, VoicePath: "/twilio/voice", Countries: []string{"US", "CA"},
		Limits: store.Limits{PerNumber: 1000, PerHour: 1000, Barred: 5}, Now: r.clock.now,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return r
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
	r.people.mu.Lock()
	defer r.people.mu.Unlock()
	r.people.known[id] = who
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

// row is what Postgres has of a row.
func (r *rig) row(id string) (state, reason string, due time.Time) {
	r.t.Helper()
	if err := r.sql.QueryRow(`SELECT state, coalesce(reason, ''), due_at FROM outbox WHERE outbox_id = $1`, id).Scan(&state, &reason, &due); err != nil {
		r.t.Fatal(err)
	}
	return state, reason, due
}
