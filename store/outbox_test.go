package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

var (
	midday   = time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	generous = store.Limits{PerNumber: 1000, PerHour: 1000, Barred: 1000}
)

// box is an outbox with a line of its own.
type box struct {
	*store.Outbox
	db   *store.DB
	sql  *sql.DB
	line string
}

func newBox(t *testing.T) box {
	t.Helper()
	url, keys := storetest.URL(t), storetest.Keyring(t)
	db := openURL(t, url)
	return box{Outbox: store.NewOutbox(db, keys), db: db, sql: raw(t, url), line: ensureLine(t, db, keys)}
}

// put adds a confirmation for the nth member, due at midday and over a day later.
func (b box) put(t testing.TB, n int, due time.Time) (id string) {
	t.Helper()
	id = fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	if _, err := b.sql.ExecContext(context.Background(), `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
		VALUES ($1, $2, 'confirmation', 'text', $2, 'due', $3, $4, 0)`, b.line, id, due, midday.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	return id
}

func (b box) state(t testing.TB, id string) store.SendState {
	t.Helper()
	var s string
	if err := b.sql.QueryRowContext(context.Background(), `SELECT state FROM outbox WHERE outbox_id = $1`, id).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return store.SendState(s)
}

func (b box) claim(t testing.TB, now time.Time) store.Outgoing {
	t.Helper()
	x, err := b.Claim(context.Background(), now)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (b box) intend(t testing.TB, now time.Time, x *store.Outgoing, l store.Limits) store.Permit {
	t.Helper()
	p, err := b.Intend(context.Background(), now, x, number(t, "+12125550143"), l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (b box) settle(t testing.TB, now time.Time, x store.Outgoing, s store.Settled) {
	t.Helper()
	if _, err := b.Settle(context.Background(), now, x, s, generous); err != nil {
		t.Fatal(err)
	}
}

// What was told to the carrier, or may have been, never becomes due but by the
// word of who knows that it was not.
func TestTheTableOfStates(t *testing.T) {
	t.Parallel()
	for from, want := range map[store.SendState][]store.SendState{
		store.SendDue:      {store.SendDue, store.SendIntent, store.SendLapsed},
		store.SendIntent:   {store.SendDue, store.SendUnknown, store.SendAccepted, store.SendFailed},
		store.SendUnknown:  {store.SendDue, store.SendAccepted, store.SendFailed, store.SendLapsed},
		store.SendAccepted: {store.SendFailed},
		store.SendFailed:   nil,
		store.SendLapsed:   nil,
	} {
		if got := from.Leads(); !slices.Equal(got, want) {
			t.Errorf("%s leads to %v", from, got)
		}
	}
}

// Every statement that changes a state is held to the table: from each state, to
// each other.
func TestStatementsFollowTheTable(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	states := []store.SendState{store.SendDue, store.SendIntent, store.SendUnknown, store.SendAccepted, store.SendFailed, store.SendLapsed}
	n := 0
	for _, from := range states {
		for _, to := range states {
			if to == store.SendIntent {
				continue // never settled to
			}
			n++
			id := b.put(t, n, midday)
			x := b.claim(t, midday)
			if _, err := b.sql.ExecContext(t.Context(), `UPDATE outbox SET state = $2 WHERE outbox_id = $1`, id, string(from)); err != nil {
				t.Fatal(err)
			}
			_, err := b.Settle(t.Context(), midday, x, store.Settled{To: to, Again: midday.Add(time.Hour)}, generous)
			allowed := slices.Contains(from.Leads(), to)
			if allowed && (err != nil || b.state(t, id) != to) || !allowed && (!errors.Is(err, store.ErrNotFound) || b.state(t, id) != from) {
				t.Errorf("from %s to %s: %v, and it is %s", from, to, err, b.state(t, id))
			}
			if _, err := b.sql.ExecContext(t.Context(), `DELETE FROM outbox`); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestARowIsSentOnce(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.put(t, 1, midday)
	if _, err := b.Claim(t.Context(), midday.Add(-time.Second)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before it is due: %v", err)
	}
	x := b.claim(t, midday)
	if _, err := b.Claim(t.Context(), midday.Add(29*time.Second)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("while somebody looks at it: %v", err)
	}
	late := x
	x = b.claim(t, midday.Add(31*time.Second)) // who looked at it is gone
	if got := b.intend(t, midday.Add(31*time.Second), &late, generous); got != store.Superseded {
		t.Errorf("whoever had it before is %s", got)
	}
	if got := b.intend(t, midday.Add(31*time.Second), &x, generous); got != store.Permitted {
		t.Fatal(got)
	}
	if got := b.intend(t, midday.Add(31*time.Second), &x, generous); got != store.Superseded {
		t.Errorf("the same again is %s", got)
	}
	b.settle(t, midday.Add(32*time.Second), x, store.Settled{To: store.SendAccepted})
	if s := b.state(t, id); s != store.SendAccepted {
		t.Error(s)
	}
	for at := range 100 {
		if _, err := b.Claim(t.Context(), midday.Add(time.Duration(at)*time.Hour)); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("after %d hours it is claimed: %v", at, err)
		}
	}
	if n := count(t, b.sql, `SELECT count FROM daily_count WHERE name = 'sent' AND day = '2026-11-24'`); n != 1 {
		t.Errorf("%d are counted", n)
	}
}

func TestWhatMayHaveBeenSentIsNeverDueAgain(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.put(t, 1, midday)
	x := b.claim(t, midday)
	b.intend(t, midday, &x, generous)
	tidy := func(after time.Duration, want store.Overdue) {
		t.Helper()
		if got, err := b.Tidy(t.Context(), midday.Add(after)); err != nil || got != want {
			t.Errorf("after %s: %+v, %v", after, got, err)
		}
	}
	tidy(59*time.Second, store.Overdue{})
	tidy(61*time.Second, store.Overdue{Unknown: 1})
	if _, err := b.Claim(t.Context(), midday.Add(time.Hour)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is claimed: %v", err)
	}
	if _, err := b.sql.ExecContext(t.Context(), `
		INSERT INTO outbox SELECT line_id, gen_random_uuid(), kind, channel, member_id, 'due', due_at, expires_at, null, null, 0, 0 FROM outbox`); err == nil {
		t.Error("there are two live rows of one purpose")
	}
	// Word of the carrier's that comes late still counts.
	b.settle(t, midday.Add(2*time.Minute), x, store.Settled{To: store.SendAccepted})
	if s := b.state(t, id); s != store.SendAccepted {
		t.Error(s)
	}

	b.put(t, 2, midday)
	x = b.claim(t, midday)
	b.intend(t, midday, &x, generous)
	tidy(time.Hour, store.Overdue{Unknown: 1})
	tidy(24*time.Hour, store.Overdue{Lapsed: 1})
	tidy(25*time.Hour, store.Overdue{})
}

func TestARowThatIsLateLapses(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	one, two := b.put(t, 1, midday), b.put(t, 2, midday.Add(time.Minute))
	x := b.claim(t, midday.Add(24*time.Hour-time.Second))
	if got := b.intend(t, midday.Add(24*time.Hour), &x, generous); got != store.Expired {
		t.Errorf("at its end it is %s", got)
	}
	if _, err := b.Claim(t.Context(), midday.Add(24*time.Hour)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after its end it is claimed: %v", err)
	}
	if got, err := b.Tidy(t.Context(), midday.Add(24*time.Hour)); err != nil || got.Lapsed != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if b.state(t, one) != store.SendLapsed || b.state(t, two) != store.SendLapsed {
		t.Error("they have not lapsed")
	}
}

func TestManyReplicasClaimEachRowOnce(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	const rows = 40
	for i := range rows {
		b.put(t, i, midday)
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 2 * rows {
				x, err := b.Claim(context.Background(), midday)
				if errors.Is(err, store.ErrNotFound) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				seen[x.ID]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s is claimed %d times", id, n)
		}
	}
	if len(seen) != rows {
		t.Errorf("%d of %d are claimed", len(seen), rows)
	}
}
