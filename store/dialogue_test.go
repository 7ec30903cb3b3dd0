package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

func dialogues(t *testing.T) (d *store.Dialogues, line, url string) {
	t.Helper()
	url = storetest.URL(t)
	db, err := store.Open(t.Context(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	keys := storetest.Keyring(t)
	line, err = db.EnsureLine(t.Context(), keys, store.LineConfig{
		Name: "Line", Zone: "America/New_York", Languages: []string{"en"}, CodeLength: 6, CrisisName: "988",
	})
	if err != nil {
		t.Fatal(err)
	}
	return store.NewDialogues(db, keys), line, url
}

func TestDialogues(t *testing.T) {
	t.Parallel()
	d, line, url := dialogues(t)
	now := time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)
	text := func(message string, after time.Duration) store.Text {
		return store.Text{Line: line, Caller: []byte("0123456789abcdef"), Message: []byte(message), At: now.Add(after)}
	}
	send := func(x store.Text, a store.Answer, want string, wantState string) {
		t.Helper()
		seen := ""
		got, err := d.Answer(t.Context(), x, func(state []byte) store.Answer { seen = string(state); return a })
		if err != nil || got != want || seen != wantState {
			t.Errorf("%s: %q after state %q, %v", x.Message, got, seen, err)
		}
	}
	rows := func(want int) {
		t.Helper()
		if n := count(t, raw(t, url), `SELECT count(*) FROM dialogue`); n != want {
			t.Errorf("there are %d rows, want %d", n, want)
		}
	}
	send(text("m1", 0), store.Answer{Reply: "goodbye"}, "goodbye", "")
	rows(0) // no question, no row
	send(text("m2", 0), store.Answer{Reply: "1 or 2?", State: []byte("asked")}, "1 or 2?", "")
	rows(1)
	send(text("m2", 0), store.Answer{Reply: "other"}, "1 or 2?", "") // the same text again
	send(text("m3", time.Minute), store.Answer{Reply: "well"}, "well", "asked")
	send(text("m3", time.Minute), store.Answer{Reply: "other"}, "well", "")
	send(text("m2", time.Minute), store.Answer{Reply: "other"}, "1 or 2?", "")                     // the one before, late
	send(text("m4", 2*time.Minute), store.Answer{Reply: "new", State: []byte("again")}, "new", "") // the question was answered
	send(text("m5", 27*time.Hour), store.Answer{Reply: "late"}, "late", "")                        // and this one has lapsed
	if err := store.NewRetention(openURL(t, url), nil).Lapse(t.Context(), now.Add(30*time.Hour)); err != nil {
		t.Fatal(err)
	}
	rows(0)
}

func TestATextThatComesManyTimesAtOnceHasOneAnswer(t *testing.T) {
	t.Parallel()
	d, line, _ := dialogues(t)
	open := store.Text{Line: line, Caller: []byte("0123456789abcdef"), Message: []byte("m1"), At: time.Now()}
	if _, err := d.Answer(t.Context(), open, func([]byte) store.Answer { return store.Answer{Reply: "?", State: []byte("0")} }); err != nil {
		t.Fatal(err)
	}
	again := open
	again.Message = []byte("m2")
	answers := make([]string, 8)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			var err error
			answers[i], err = d.Answer(t.Context(), again, func(state []byte) store.Answer {
				return store.Answer{Reply: string(state) + "+", State: append(state, '+')}
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a != "0+" {
			t.Errorf("one of them is answered %q", a)
		}
	}
}

// A rotation of the index key loses no question: it is found under the older
// index, and goes on under the new one.
func TestAQuestionOutlivesTheIndexKey(t *testing.T) {
	t.Parallel()
	d, line, url := dialogues(t)
	before, after := []byte("0123456789abcdef"), []byte("fedcba9876543210")
	at := time.Now()
	ask := func(state []byte) store.Answer {
		return store.Answer{Reply: "after " + string(state), State: []byte("open")}
	}
	if _, err := d.Answer(t.Context(), store.Text{Line: line, Caller: before, Message: []byte("m1"), At: at}, ask); err != nil {
		t.Fatal(err)
	}
	for _, message := range []string{"m2", "m3"} {
		text := store.Text{Line: line, Caller: after, Older: [][]byte{before}, Message: []byte(message), At: at}
		if got, err := d.Answer(t.Context(), text, ask); err != nil || got != "after open" {
			t.Errorf("%s: %q, %v", message, got, err)
		}
	}
	var rows int
	if err := raw(t, url).QueryRowContext(t.Context(), `SELECT count(*) FROM dialogue`).Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
}
