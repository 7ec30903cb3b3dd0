package store_test

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// tokens are what a sender has left at a time.
func (b box) tokens(t testing.TB, now time.Time, sender string) float64 {
	t.Helper()
	s, err := b.Survey(context.Background(), now, b.line)
	if err != nil {
		t.Fatal(err)
	}
	return s.Left[sender]
}

func TestFourClaimAtOnceUnderOneBucket(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	const rows, burst = 60, 20
	for i := range rows {
		b.put(t, i, midday)
	}
	slow := store.Sender{Name: "text", PerSecond: 2, Burst: burst}
	seen := map[string]bool{}
	round := func(now time.Time) (taken int) {
		t.Helper()
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 5 {
					got, err := b.Claim(context.Background(), now, b.line, flows.ByText, slow, 3)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for _, x := range got {
						if seen[x.ID] {
							t.Errorf("%s is claimed twice", x.ID)
						}
						seen[x.ID] = true
					}
					taken += len(got)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		return taken
	}
	for _, tt := range []struct {
		after time.Duration
		want  int
	}{{0, burst}, {400 * time.Millisecond, 0}, {3500 * time.Millisecond, 7}, {time.Second, 0}, {29 * time.Second, burst}} {
		if got := round(midday.Add(tt.after)); got != tt.want {
			t.Errorf("after %s %d are claimed, want %d", tt.after, got, tt.want)
		}
	}
}

func TestWhatIsPutOffGivesItsTokenBack(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	slow := store.Sender{Name: "text", PerSecond: 0, Burst: 6}
	for i := range 6 {
		b.put(t, i, midday)
	}
	rows, err := b.Claim(t.Context(), midday, b.line, flows.ByText, slow, 10)
	if err != nil || len(rows) != 6 {
		t.Fatal(len(rows), err)
	}
	want := func(what string, tokens float64) {
		t.Helper()
		if got := b.tokens(t, midday, "text"); math.Abs(got-tokens) > 1e-9 {
			t.Errorf("%s: %v tokens, want %v", what, got, tokens)
		}
	}
	want("all are in hand", 0)
	for range 2 { // told again since the first answer was lost
		b.settle(t, midday, rows[0], store.Settled{To: store.SendDue, Again: midday.Add(time.Hour)})
		b.settle(t, midday, rows[1], store.Settled{To: store.SendLapsed, Reason: "country"})
	}
	want("one is put off, one lapsed", 2)
	b.intend(t, midday, &rows[2], generous)
	b.settle(t, midday, rows[2], store.Settled{To: store.SendDue, Again: midday.Add(time.Hour)})
	want("one was told to the carrier, which did not take it", 2)
	if p := b.intend(t, midday, &rows[3], store.Limits{Barred: 5}); p != store.HourFills {
		t.Error(p)
	}
	want("one is stopped by a limit", 3)
	for range 2 {
		if _, err := b.Tidy(t.Context(), midday.Add(25*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	want("nothing is given back by who never had it", 3)
}

func TestTextsAndCallsHaveTheirOwnQueue(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	text := b.put(t, 1, midday)
	call := b.put(t, 2, midday)
	do(t, b.sql, `UPDATE outbox SET channel = 'call' WHERE outbox_id = $1`, call)
	for ch, want := range map[flows.Channel]string{flows.ByText: text, flows.ByCall: call} {
		got := b.taken(t, ch, midday)
		if len(got) != 1 || got[0].ID != want || got[0].Channel != ch {
			t.Errorf("%s: %v", ch, got)
		}
	}
	b.put(t, 3, midday)
	other, err := b.Claim(t.Context(), midday, "00000000-0000-4000-8000-0000000000ff", flows.ByText, texts1k, 5)
	if err != nil || len(other) != 0 {
		t.Errorf("another line: %v, %v", other, err)
	}
}

// What somebody waits for goes first, then what is of use for the shortest time:
// however long the others have been due.
func TestWhatIsUrgentGoesFirst(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 2, `NULL`)
	b := box{Outbox: l.box, db: l.db, sql: l.look, line: l.id}
	day, soon := l.firing("24h"), l.firing("15m")
	day.Due, day.Expires = noon.Add(-time.Hour), noon.Add(20*time.Hour)
	soon.Due, soon.Expires = noon, noon.Add(15*time.Minute)
	l.plan(t, day, soon)
	b.put(t, 1, noon) // a confirmation
	do(t, l.look, `UPDATE outbox SET channel = 'text'`)
	do(t, l.look, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
		VALUES ($1, gen_random_uuid(), 'recheck', 'text', gen_random_uuid(), 'due', $2, $3, 0)`, l.id, noon.Add(-2*time.Hour), noon.AddDate(0, 0, 10))
	l.remind(t, l.groups[0], "2026-11-24", "start", store.CallMe, flows.ByText) // over in an hour
	var got []string
	for range 8 {
		rows, err := b.Claim(t.Context(), noon, b.line, flows.ByText, texts1k, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range rows {
			got = append(got, string(x.Kind)+" "+string(x.Firing.Purpose))
		}
	}
	want := []string{"call_me start", "call_me start", "confirmation ", "reminder 15m", "reminder 15m", "reminder 24h", "reminder 24h", "recheck "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// To claim from a long queue takes no longer than from a short one, whether most of
// it is due, or waits for the morning, and before anybody counted it.
func TestALongQueueIsClaimedFromInAMoment(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	const rows = 40_000
	l.belongs(t, l.groups[0], 1, `NULL`)
	b := box{Outbox: l.box, db: l.db, sql: l.look, line: l.id}
	l.plan(t, l.firing("24h"))
	do(t, l.look, `UPDATE outbox SET state = 'done'`)
	do(t, l.look, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT line_id, gen_random_uuid(), 'reminder', 'text', uuid_send(gen_random_uuid()), firing_id, 'due', $2, $2::timestamptz + interval '1 hour' * (1 + i % 24), 0
		FROM firing, generate_series(1, $1) i`, rows, noon)
	claim := func(when string, want int) {
		t.Helper()
		var took []time.Duration
		for range 5 {
			begun := time.Now()
			if got := len(b.claimAll(t, noon, 16)); got != want {
				t.Errorf("%s: %d are claimed", when, got)
			}
			took = append(took, time.Since(begun))
		}
		if quickest := slices.Min(took); quickest > 25*time.Millisecond*slack {
			t.Errorf("%s: a claim takes %s", when, quickest)
		}
	}
	claim("all are due", 16)
	do(t, l.look, `ANALYZE outbox`)
	claim("and counted", 16)
	do(t, l.look, `UPDATE outbox SET due_at = due_at + interval '30 minutes', lease_until = NULL WHERE state = 'due'`)
	claim("all wait", 0)
	do(t, l.look, `UPDATE outbox SET due_at = $1 WHERE outbox_id IN (SELECT outbox_id FROM outbox WHERE state = 'due' ORDER BY expires_at DESC LIMIT 99)`, noon)
	claim("few are due, and expire last", 16)
}

// A queue with nothing due is looked at each second by each replica.
func TestAnEmptyQueueIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.put(t, 1, midday.Add(time.Minute))
	if !b.idle(t, midday) {
		t.Error("what is not due is claimed")
	}
	if n := count(t, b.sql, `SELECT count(*) FROM sender`); n != 0 {
		t.Error("a bucket was written")
	}
}
