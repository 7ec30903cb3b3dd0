package phone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// failing is a desk of which nothing can be had but err.
type failing struct {
	Desk
	err error
}

func (f failing) Approve(context.Context, DeskAct, string) error { return f.err }

func (f failing) Answer(context.Context, store.Event, vault.Number, store.CoverAnswer) (bool, bool, error) {
	return true, true, f.err
}

func (f failing) ByNumber(context.Context, string, vault.Number) (string, bool, error) {
	return "cora", true, f.err
}

func (f failing) Load(context.Context, *flows.Flow, *flows.Directory, string) (*flows.Desk, error) {
	return nil, f.err
}

func deskCalls(t *testing.T, desk Desk, now func() time.Time) (*Calls, call) {
	t.Helper()
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	line := flows.Line{ID: "line", Zone: "America/New_York", Languages: []string{"en"}, CodeLength: 6}
	c := New(Options{Keys: keys, Attempts: NewAttempts(now), Desk: desk, Now: now, Log: slog.New(slog.DiscardHandler)})
	return c, call{flow: &flows.Flow{}, view: flows.View{Now: now(), Text: true, Directory: flows.NewDirectory(line, nil, now()), Desk: &flows.Desk{Account: "cora"}}}
}

// An order is confirmed in time, with its own code, from the number that it came from.
func TestWhatConfirmsAnOrder(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)
	minutes := func(ago int) string { return strconv.FormatInt(now.Unix()/60-int64(ago), 10) }
	for name, tt := range map[string]struct {
		staff string
		vars  map[string]string
		want  string
	}{
		"right":           {"cora", map[string]string{"confirm": "4821", "key": "4821", "asked": minutes(14)}, done},
		"too late":        {"cora", map[string]string{"confirm": "4821", "key": "4821", "asked": minutes(16)}, refused},
		"another code":    {"cora", map[string]string{"confirm": "4821", "key": "4822", "asked": minutes(0)}, refused},
		"no code at all":  {"cora", map[string]string{"asked": minutes(0)}, refused},
		"another account": {"dora", map[string]string{"confirm": "4821", "key": "4821", "asked": minutes(0)}, refused},
		"no time":         {"cora", map[string]string{"confirm": "4821", "key": "4821"}, refused},
	} {
		c, in := deskCalls(t, failing{}, func() time.Time { return now })
		if got := c.atDesk(t.Context(), in, flows.Request{Function: "desk.confirm", State: flows.State{Staff: tt.staff, Vars: tt.vars}}).Result; got != tt.want {
			t.Errorf("%s: %s, not %s", name, got, tt.want)
		}
	}
	c, in := deskCalls(t, failing{}, func() time.Time { return now })
	in.view.Desk = nil // the number is nobody's by now
	if got := c.atDesk(t.Context(), in, flows.Request{Function: "desk.confirm", State: flows.State{Staff: "cora", Vars: map[string]string{"confirm": "4821", "key": "4821", "asked": minutes(0)}}}).Result; got != refused {
		t.Errorf("nobody's number: %s", got)
	}
}

// Who guesses codes has as many guesses as anybody has at codes, and then none: not
// even the right one counts, and no new one is given out.
func TestGuessingAnOrdersCodeEnds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)
	c, in := deskCalls(t, failing{}, func() time.Time { return now })
	asked := strconv.FormatInt(now.Unix()/60, 10)
	guess := func(turn int, key string) string {
		vars := map[string]string{"confirm": "4821", "key": key, "asked": asked}
		return c.atDesk(t.Context(), in, flows.Request{Function: "desk.confirm", State: flows.State{Staff: "cora", Turn: turn, Vars: vars}}).Result
	}
	const all = withheldBudget + fewLooks // of a number that is not told
	for turn := range all {
		if guess(turn, fmt.Sprint(1000+turn)) != refused {
			t.Fatal("a wrong code counts")
		}
	}
	if guess(all, "4821") != refused {
		t.Error("the right code counts after every guess is spent")
	}
	if got := c.atDesk(t.Context(), in, flows.Request{Function: "desk.code", State: flows.State{Staff: "cora"}}).Result; got != later {
		t.Errorf("a new code is given out: %s", got)
	}
}

// Codes are fresh, four digits, and never begin with a 0.
func TestCodesOfOrders(t *testing.T) {
	t.Parallel()
	c, in := deskCalls(t, failing{}, time.Now)
	seen := map[string]bool{}
	for range 200 {
		a := c.atDesk(t.Context(), in, flows.Request{Function: "desk.code", State: flows.State{Staff: "cora"}})
		if code := a.Set["confirm"]; a.Result != done || len(code) != 4 || code[0] == '0' {
			t.Fatalf("%s: %q", a.Result, code)
		}
		seen[a.Set["confirm"]] = true
	}
	if len(seen) < 150 {
		t.Errorf("200 orders have %d codes", len(seen))
	}
}

// What cannot be done is told as what it is, and what is not known is left for later.
func TestWhatADeskCannotDo(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{ErrNotTheirs: "gone", store.ErrNotFound: "gone", errors.New("down"): later} {
		c, in := deskCalls(t, failing{err: err}, time.Now)
		if got := c.atDesk(t.Context(), in, flows.Request{Function: "desk.approve", State: flows.State{Staff: "cora"}}).Result; got != want {
			t.Errorf("%v: %s, not %s", err, got, want)
		}
		if got := c.atDesk(t.Context(), in, flows.Request{Function: "desk.take"}).Result; got != "none" {
			t.Errorf("%v: a yes comes to %s", err, got)
		}
		if d := c.lookedAfter(t.Context(), call{view: in.view, state: flows.State{Staff: "cora"}}); d != nil {
			t.Errorf("%v: %+v is known", err, d)
		}
	}
	c, in := deskCalls(t, failing{}, time.Now)
	if got := c.atDesk(t.Context(), in, flows.Request{Function: "desk.approve"}).Result; got != "gone" {
		t.Errorf("who has not signed in: %s", got)
	}
}
