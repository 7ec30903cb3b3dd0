package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

func (b box) unknowns(t testing.TB, now time.Time) []store.Unknown {
	t.Helper()
	all, err := b.Unknowns(t.Context(), now, b.line)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatNobodyKnowsIsResolved(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	l.remind(t, l.groups[0], "2026-11-24", "1h", store.Reminder, flows.ByText)
	x := b.taken(t, flows.ByText, noon)[0]
	b.intend(t, noon, &x, careful)
	b.settle(t, noon.Add(10*time.Second), x, store.Settled{To: store.SendUnknown, Reason: "timeout"})
	if early := b.unknowns(t, noon.Add(149*time.Second)); len(early) != 0 {
		t.Errorf("while a request may be under way: %v", early)
	}
	at := noon.Add(150 * time.Second)
	u := b.unknowns(t, at)
	if len(u) != 1 || !u[0].IntentAt.Equal(noon) || !u[0].ClearAt.IsZero() {
		t.Fatalf("%+v", u)
	}
	want := x
	want.Attempts = 1
	if diff := cmp.Diff(want, u[0].Outgoing, cmpopts.IgnoreUnexported(store.Outgoing{}), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("(-claimed +unknown):\n%s", diff)
	}
	if f := u[0].Firing; f.Group != l.groups[0] || f.Meeting != meetingID || f.Date != (schedule.Date{Year: 2026, Month: 11, Day: 24}) ||
		f.Purpose != "1h" || !f.Start.Equal(noon.Add(time.Hour)) || !f.Was.IsZero() || !f.Expires.Equal(noon.Add(time.Hour)) || f.ID == "" {
		t.Errorf("%+v", f)
	}
	for _, later := range []time.Duration{0, time.Minute} { // the first time counts
		if err := b.Clear(t.Context(), at.Add(later), u[0]); err != nil {
			t.Fatal(err)
		}
	}
	if again := b.unknowns(t, at); !again[0].ClearAt.Equal(at) {
		t.Errorf("the list lacked it at %s", again[0].ClearAt)
	}
	if err := b.Resolve(t.Context(), at, u[0], store.Settled{To: store.SendDue, Again: at, Reason: "not sent"}); err != nil {
		t.Fatal(err)
	}
	// The next attempt has nothing to do with the first.
	x = b.taken(t, flows.ByText, at)[0]
	if p := b.intend(t, at, &x, careful); p != store.Permitted || x.Attempts != 1 {
		t.Errorf("%s, after %d attempts", p, x.Attempts)
	}
	if err := b.Resolve(t.Context(), at, u[0], store.Settled{To: store.SendAccepted, SID: someSID}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("who resolves too late: %v", err)
	}
	b.settle(t, at, x, store.Settled{To: store.SendUnknown})
	second := at.Add(150 * time.Second)
	u = b.unknowns(t, second)
	if len(u) != 1 || !u[0].ClearAt.IsZero() || !u[0].IntentAt.Equal(at) {
		t.Fatalf("%+v", u)
	}
	for range 2 {
		if err := b.Resolve(t.Context(), second, u[0], store.Settled{To: store.SendAccepted, SID: "SM2"}); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := b.Unmarked(t.Context(), b.line, []string{someSID, "SM2"}); err != nil || len(left) != 0 {
		t.Errorf("unmarked: %v, %v", left, err)
	}
	if b.state(t, x.ID) != store.SendAccepted {
		t.Error(b.state(t, x.ID))
	}
}

// A text that the carrier filters tells so in a callback only: it counts like one
// that was refused.
func TestWhatTheCarrierBarsLaterStopsTheLine(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	limits := careful
	limits.PerHour, limits.Barred = 100, 2
	bar := func(date string) {
		t.Helper()
		l.remind(t, l.groups[0], date, "1h", store.Reminder, flows.ByText)
		x := b.taken(t, flows.ByText, noon)[0]
		if p := b.intend(t, noon, &x, limits); p != store.Permitted {
			t.Fatal(p)
		}
		for range 3 { // told more than once, it counts once
			if _, err := b.Heard(t.Context(), noon, store.Heard{
				Line: b.line, Row: x.ID, Settled: store.Settled{To: store.SendFailed, Reason: "filtered 30007", Barred: true}, Outcome: store.NotDelivered,
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	bar("2026-11-24")
	bar("2026-11-25")
	l.remind(t, l.groups[0], "2026-11-26", "1h", store.Reminder, flows.ByText)
	l.remind(t, l.groups[2], "2026-11-26", "1h", store.Reminder, flows.ByText)
	rows := b.taken(t, flows.ByText, noon)
	for i, want := range []store.Permit{store.LineStops, store.LineStopped} {
		if p := b.intend(t, noon, &rows[i], limits); p != want || b.state(t, rows[i].ID) != store.SendDue {
			t.Errorf("the next one is %s, and the row %s", p, b.state(t, rows[i].ID))
		}
	}
	if left := b.taken(t, flows.ByText, noon.Add(59*time.Minute)); len(left) != 0 {
		t.Errorf("%d are claimed while it is stopped", len(left))
	}
	if s, err := b.Survey(t.Context(), noon, b.line); err != nil || !s.Stopped.Equal(noon.Add(time.Hour)) {
		t.Errorf("stopped until %s, %v", s.Stopped, err)
	}
}
