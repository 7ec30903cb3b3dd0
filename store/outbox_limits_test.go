package store_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

func TestANumberGetsSoManyADay(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	l := store.Limits{PerNumber: 3, PerHour: 100, Barred: 5}
	send := func(n int, at time.Time) store.Permit {
		t.Helper()
		b.put(t, n, at)
		x := b.claim(t, at)
		p := b.intend(t, at, &x, l)
		if p == store.Permitted {
			b.settle(t, at, x, store.Settled{To: store.SendAccepted})
		}
		return p
	}
	// Each is another member: the number was erased and enrolled in between.
	for n := range 3 {
		if p := send(n, midday); p != store.Permitted {
			t.Fatalf("number %d is %s", n, p)
		}
		if _, err := b.sql.ExecContext(t.Context(), `DELETE FROM outbox`); err != nil {
			t.Fatal(err)
		}
	}
	if p := send(3, midday); p != store.NumberSpent {
		t.Errorf("the fourth is %s", p)
	}
	if n, err := b.SentTo(t.Context(), b.line, number(t, "+12125550143"), midday); err != nil || n != 3 {
		t.Errorf("%d are counted, %v", n, err)
	}
	if n, err := b.SentTo(t.Context(), b.line, number(t, "+12125550144"), midday); err != nil || n != 0 {
		t.Errorf("another number got %d, %v", n, err)
	}
	if p := send(4, midday.Add(7*time.Hour)); p != store.Permitted { // the next day, in UTC
		t.Errorf("the next day it is %s", p)
	}
}

func TestWhatWasNotSentIsGivenBack(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	l := store.Limits{PerNumber: 1, PerHour: 1, Barred: 5}
	b.put(t, 1, midday)
	for i := range 6 {
		at := midday.Add(time.Duration(i) * time.Minute)
		x := b.claim(t, at)
		if x.Attempts != i {
			t.Errorf("attempt %d is told as %d", i, x.Attempts)
		}
		if p := b.intend(t, at, &x, l); p != store.Permitted {
			t.Fatalf("attempt %d is %s", i, p)
		}
		b.settle(t, at, x, store.Settled{To: store.SendDue, Again: at.Add(time.Minute), Reason: "throttled"})
	}
	x := b.claim(t, midday.Add(6*time.Minute))
	if p := b.intend(t, midday.Add(6*time.Minute), &x, l); p != store.Permitted {
		t.Error(p)
	}
	// Who only put a row off took nothing, and gives nothing back.
	b.put(t, 2, midday)
	x = b.claim(t, midday.Add(7*time.Minute))
	b.settle(t, midday.Add(7*time.Minute), x, store.Settled{To: store.SendDue, Again: midday.Add(8 * time.Minute)})
	x = b.claim(t, midday.Add(8*time.Minute))
	if p := b.intend(t, midday.Add(8*time.Minute), &x, l); p != store.HourFills {
		t.Errorf("another one is %s", p)
	}
	if n, err := b.SentTo(t.Context(), b.line, number(t, "+12125550143"), midday); err != nil || n != 1 {
		t.Errorf("%d are counted, %v", n, err)
	}
}

func TestAFullHourPutsOffWhatIsForMembers(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	l := store.Limits{PerNumber: 100, PerHour: 5, Barred: 5}
	for n := range 8 {
		b.put(t, n, midday)
	}
	for range 5 {
		x := b.claim(t, midday)
		if p := b.intend(t, midday, &x, l); p != store.Permitted {
			t.Fatal(p)
		}
	}
	one, two := b.claim(t, midday), b.claim(t, midday)
	if p := b.intend(t, midday, &one, l); p != store.HourFills {
		t.Errorf("the sixth is %s", p)
	}
	if p := b.intend(t, midday, &two, l); p != store.HourFull {
		t.Errorf("the seventh is %s: the alarm is told more than once", p)
	}
	for _, after := range []time.Duration{0, 30 * time.Minute, time.Hour - time.Second} {
		if !b.idle(t, midday.Add(after)) {
			t.Errorf("after %s something leaves", after)
		}
	}
	s, err := b.Survey(t.Context(), midday.Add(time.Minute), b.line)
	if err != nil || !s.Full.Equal(midday.Add(time.Hour)) || !s.Stopped.IsZero() {
		t.Errorf("an operator sees %v, %v, %v", s.Full, s.Stopped, err)
	}
	for range 3 {
		x := b.claim(t, midday.Add(time.Hour))
		if p := b.intend(t, midday.Add(time.Hour), &x, l); p != store.Permitted {
			t.Errorf("an hour later it is %s", p)
		}
	}
}

// However many members there are to be asked, meetings do not wait for them.
func TestAFullHourStopsNoReminder(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	for n := range 4 {
		b.put(t, n+1, noon)
	}
	l.remind(t, l.groups[0], "2026-11-24", "24h", store.Reminder, flows.ByText)
	l.remind(t, l.groups[0], "2026-11-24", "start", store.CallMe, flows.ByText)
	l.remind(t, l.groups[0], "2026-11-24", "skipped", store.Change, flows.ByText)
	limits := store.Limits{PerNumber: 100, PerHour: 2, Barred: 5, PerMeeting: 2}
	got := map[store.Permit]int{}
	for _, x := range b.taken(t, flows.ByText, noon) {
		got[b.intend(t, noon, &x, limits)]++
	}
	if got[store.Permitted] != 2+3 || got[store.HourFills] != 1 {
		t.Errorf("%v", got)
	}
	l.remind(t, l.groups[0], "2026-11-24", "15m", store.Reminder, flows.ByText)
	for _, x := range b.taken(t, flows.ByText, noon.Add(time.Minute)) {
		if p := b.intend(t, noon.Add(time.Minute), &x, limits); x.Kind != store.Reminder || p != store.Permitted {
			t.Errorf("in the full hour a %s is %s", x.Kind, p)
		}
	}
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'intent' AND pseudonym IS NOT NULL`); n != 4 {
		t.Errorf("%d leave", n)
	}
}

func TestALineStopsWhenTheRulesStandInItsWay(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	l := store.Limits{PerNumber: 100, PerHour: 100, Barred: 3}
	for n := range 6 {
		b.put(t, n, midday)
	}
	bar := func(at time.Time) bool {
		t.Helper()
		x := b.claim(t, at)
		if p := b.intend(t, at, &x, l); p != store.Permitted {
			t.Fatal(p)
		}
		stopped, err := b.Settle(t.Context(), at, x, store.Settled{To: store.SendFailed, Reason: "filtered 30034", Barred: true}, l)
		if err != nil {
			t.Fatal(err)
		}
		return stopped
	}
	for i, want := range []bool{false, false, true} {
		if got := bar(midday); got != want {
			t.Errorf("after %d the line stops: %t", i+1, got)
		}
	}
	if !b.idle(t, midday.Add(59*time.Minute)) {
		t.Errorf("something leaves")
	}
	if bar(midday.Add(time.Hour)) {
		t.Error("an hour later it is not begun anew")
	}
}

// A line that sends much is not stopped by the few texts that are always barred.
func TestALineThatSendsMuchGoesOn(t *testing.T) {
	t.Parallel()
	for barred, want := range map[int]bool{10: false, 11: true} {
		l := setUpPlanned(t)
		l.belongs(t, l.groups[0], 2*200+2, `NULL`)
		b := box{Outbox: l.box, db: l.db, sql: l.look, line: l.id}
		l.plan(t, l.firing("15m"))
		limits := store.Limits{Barred: 5, PerMeeting: 2}
		much := store.Sender{Name: "text", PerSecond: 1000, Burst: 1000}
		rows, err := b.Claim(t.Context(), noon, b.line, flows.ByText, much, 200)
		if err != nil || len(rows) != 200 {
			t.Fatal(len(rows), err)
		}
		for i, x := range rows {
			if p := b.intend(t, noon, &x, limits); p != store.Permitted {
				t.Fatalf("row %d is %s", i, p)
			}
			b.settle(t, noon, x, store.Settled{To: store.SendAccepted})
		}
		for _, x := range rows[:barred] {
			if _, err := b.Heard(t.Context(), noon, store.Heard{
				Line: b.line, Row: x.ID, Attempt: x.Attempts, Settled: store.Settled{To: store.SendFailed, Barred: true}, Outcome: store.NotDelivered,
			}); err != nil {
				t.Fatal(err)
			}
		}
		later := noon.Add(30 * time.Minute)
		x, err := b.Claim(t.Context(), later, b.line, flows.ByText, much, 1)
		if err != nil || len(x) != 1 {
			t.Fatal(len(x), err)
		}
		if got := b.intend(t, later, &x[0], limits) == store.LineStops; got != want { // the 201st
			t.Errorf("%d of 200 were barred: it stops: %t", barred, got)
		}
	}
}
