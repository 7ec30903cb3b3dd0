package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

var (
	midday   = time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	generous = store.Limits{PerNumber: 1000, PerHour: 1000, Barred: 1000, PerMeeting: 2, CallsAWeek: 1000}
	texts1k  = store.Sender{Name: "text", PerSecond: 1000, Burst: 1000}
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
	all := b.claimAll(t, now, 1)
	if len(all) == 0 {
		t.Fatal("nothing is claimed")
	}
	return all[0]
}

func (b box) claimAll(t testing.TB, now time.Time, most int) []store.Outgoing {
	t.Helper()
	all, err := b.Claim(context.Background(), now, b.line, flows.ByText, texts1k, most)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// idle reports whether nothing can be claimed.
func (b box) idle(t testing.TB, now time.Time) bool {
	t.Helper()
	return len(b.claimAll(t, now, 1)) == 0
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

func TestARowIsSentOnce(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.put(t, 1, midday)
	if !b.idle(t, midday.Add(-time.Second)) {
		t.Errorf("before it is due")
	}
	x := b.claim(t, midday)
	if !b.idle(t, midday.Add(29*time.Second)) {
		t.Errorf("while somebody looks at it")
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
		if !b.idle(t, midday.Add(time.Duration(at)*time.Hour)) {
			t.Fatalf("after %d hours it is claimed", at)
		}
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
	tidy(29*time.Second, store.Overdue{})
	tidy(31*time.Second, store.Overdue{Unknown: 1})
	if !b.idle(t, midday.Add(time.Hour)) {
		t.Errorf("it is claimed")
	}
	if _, err := b.sql.ExecContext(t.Context(), `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
		SELECT line_id, gen_random_uuid(), kind, channel, member_id, 'due', due_at, expires_at, 0 FROM outbox`); err == nil {
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
	tidy(9*time.Minute, store.Overdue{Unknown: 1})
	tidy(10*time.Minute-time.Second, store.Overdue{})
	tidy(10*time.Minute, store.Overdue{Lapsed: 1})
	tidy(24*time.Hour, store.Overdue{})
	if n := count(t, b.sql, `SELECT count FROM daily_count WHERE name = 'lapsed' AND day = '2026-11-24'`); n != 1 {
		t.Errorf("%d are counted", n)
	}
}

func TestARowThatIsLateLapses(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	one, two := b.put(t, 1, midday), b.put(t, 2, midday.Add(time.Minute))
	x := b.claim(t, midday.Add(24*time.Hour-time.Second))
	if got := b.intend(t, midday.Add(24*time.Hour), &x, generous); got != store.Expired {
		t.Errorf("at its end it is %s", got)
	}
	if !b.idle(t, midday.Add(24*time.Hour)) {
		t.Errorf("after its end it is claimed")
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
				taken, err := b.Claim(context.Background(), midday, b.line, flows.ByText, texts1k, 3)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, x := range taken {
					seen[x.ID]++
				}
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
