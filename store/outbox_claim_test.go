package store_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

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
