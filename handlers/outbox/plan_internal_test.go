package outbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

func meeting(t testing.TB, start, zone, rule string) schedule.Meeting {
	t.Helper()
	m, err := schedule.New(start, zone, rule, 60)
	if err != nil {
		t.Fatal(err)
	}
	m.ID = "m " + start
	return m
}

func directory(t testing.TB, now time.Time, groups ...flows.Group) *flows.Directory {
	t.Helper()
	return flows.NewDirectory(flows.Line{ID: "line", Zone: "America/New_York", Languages: []string{"en"}}, groups, now)
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04Z07:00", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDue(t *testing.T) {
	t.Parallel()
	weekly := meeting(t, "2026-11-03T19:00", "America/New_York", "FREQ=WEEKLY;BYDAY=TU")
	group := flows.Group{ID: "g", Reminders: []string{"15m", "24h"}, Meetings: []schedule.Meeting{weekly}}
	paused, skipped, moved, none := group, group, group, group
	paused.Stage = flows.StagePaused
	tuesday := schedule.Date{Year: 2026, Month: time.November, Day: 24}
	skip, move := weekly, weekly
	skip.Skipped = []schedule.Date{tuesday}
	move.Moved = []schedule.Move{{Date: tuesday, To: schedule.Wall{Date: tuesday.Add(1), Hour: 18}}}
	skipped.Meetings, moved.Meetings, none.Reminders = []schedule.Meeting{skip}, []schedule.Meeting{move}, nil
	for _, tt := range []struct {
		name  string
		group flows.Group
		now   string
		want  string // purpose, "own", until when
	}{
		{"before", group, "2026-11-23T18:59-05:00", ""},
		{"a day before", group, "2026-11-23T19:00-05:00", "24h until 18:45"},
		{"an hour before", group, "2026-11-24T18:00-05:00", "24h until 18:45, 1h own until 18:45"},
		{"a quarter before", group, "2026-11-24T18:45-05:00", "15m until 19:00"},
		{"it has begun", group, "2026-11-24T19:00-05:00", ""},
		{"paused", paused, "2026-11-24T18:45-05:00", ""},
		{"not held", skipped, "2026-11-24T18:45-05:00", ""},
		{"moved from here", moved, "2026-11-24T18:45-05:00", "24h until 17:45"},
		{"moved to here", moved, "2026-11-25T17:50-05:00", "15m until 18:00"},
		{"none of its own", none, "2026-11-24T18:50-05:00", "24h own until 19:00, 1h own until 19:00, 15m own until 19:00"},
	} {
		now := moment(t, tt.now)
		var got []string
		for _, f := range Due(directory(t, now, tt.group), now) {
			own := map[bool]string{true: " own"}[f.Own]
			got = append(got, fmt.Sprintf("%s%s until %s", f.Purpose, own, f.Expires.Format("15:04")))
			if f.Group != "g" || f.Meeting != weekly.ID || f.Date != tuesday || f.Due.After(now) {
				t.Errorf("%s: %+v", tt.name, f)
			}
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s: %s; want %s", tt.name, got, tt.want)
		}
	}
}

// What is foretold is what falls due, in every window of time.
func TestComing(t *testing.T) {
	t.Parallel()
	daily := flows.Group{ID: "g", Reminders: []string{"168h", "24h", "15m"}, Meetings: []schedule.Meeting{meeting(t, "2025-12-01T02:30", "America/New_York", "FREQ=DAILY")}}
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	d := directory(t, start, daily)
	for hour := range 14 * 24 { // across a change of clocks
		from := start.Add(time.Duration(hour) * time.Hour)
		want := map[planned]bool{}
		for at := from.Add(time.Minute); !at.After(from.Add(24 * time.Hour)); at = at.Add(5 * time.Minute) {
			for _, f := range Due(d, at) {
				if f.Due.After(from) {
					want[nameOf(f)] = true
				}
			}
		}
		for _, f := range Coming(d, from, from.Add(24*time.Hour)) {
			if !want[nameOf(f)] && f.Due.Before(from.Add(24*time.Hour-5*time.Minute)) {
				t.Fatalf("%s: %s of %s does not fall due", from, f.Purpose, f.Date)
			}
			delete(want, nameOf(f))
		}
		if len(want) > 0 {
			t.Fatalf("%s: not foretold: %v", from, want)
		}
	}
	daily.Stage = flows.StagePaused
	if all := Coming(directory(t, start, daily), start, start.Add(24*time.Hour)); len(all) > 0 {
		t.Errorf("a paused group: %v", all)
	}
}

// Whoever looks at every minute of a year, also across changes of clocks, plans
// each offset of each date, at its moment, and once.
func TestEveryDateIsPlannedOnce(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/New_York", "Australia/Lord_Howe", "Africa/Cairo"} {
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		daily := flows.Group{ID: "g", Reminders: []string{"24h", "15m"}, Meetings: []schedule.Meeting{meeting(t, "2025-12-01T02:30", zone, "FREQ=DAILY")}}
		p := planner{done: map[planned]time.Time{}}
		times := map[planned]int{}
		var d *flows.Directory
		for now := start; now.Before(start.AddDate(1, 0, 0)); now = now.Add(15 * time.Minute) {
			if now.Hour() == 0 && now.Minute() == 0 {
				d = directory(t, now, daily)
			}
			due := p.fresh(d, now)
			p.keep(due, now)
			for _, f := range due {
				times[nameOf(f)]++
				if late := now.Sub(f.Due); times[nameOf(f)] == 1 && late >= 15*time.Minute && now.After(start) {
					t.Fatalf("%s: %s of %s is planned %s late", zone, f.Purpose, f.Date, late)
				}
			}
		}
		first, last := schedule.Date{Year: 2026, Month: time.January, Day: 3}, schedule.Date{Year: 2026, Month: time.December, Day: 29}
		dates := map[store.Purpose]int{}
		for name := range times {
			if name.date.Compare(first) >= 0 && name.date.Compare(last) <= 0 {
				dates[name.purpose]++
			}
		}
		if want := map[store.Purpose]int{"24h": 361, "1h": 361, "15m": 361}; !maps.Equal(dates, want) {
			t.Errorf("%s: %v dates have a reminder", zone, dates)
		}
	}
}

// plans is a queue that only plans.
type plans struct {
	Queue
	calls int
	all   []store.Firing
	err   error
}

func (p *plans) Plan(_ context.Context, _ string, firings []store.Firing) (int, error) {
	p.calls++
	p.all = append(p.all, firings...)
	return len(firings), p.err
}

func TestAQuietMomentAsksNobody(t *testing.T) {
	t.Parallel()
	now := moment(t, "2026-11-24T12:00-05:00")
	var groups []flows.Group
	for i := range 20 {
		groups = append(groups, flows.Group{ID: fmt.Sprint(i), Reminders: []string{"15m"}, Meetings: []schedule.Meeting{meeting(t, fmt.Sprintf("2026-11-24T%02d:00", i), "America/New_York", "")}})
	}
	d := directory(t, now, groups...)
	q := &plans{err: errors.New("down")}
	o := New(Options{Queue: q, AtOnce: 1, Now: func() time.Time { return now }})
	plan := func() { _, _ = o.planLine(t.Context(), "line", d) }
	plan()
	q.err = nil
	plan()
	if q.calls != 2 || len(q.all) == 0 || !slices.EqualFunc(q.all[:len(q.all)/2], q.all[len(q.all)/2:], func(a, b store.Firing) bool { return nameOf(a) == nameOf(b) }) {
		t.Errorf("what could not be planned is not planned again: %d calls", q.calls)
	}
	for range 9 * 60 {
		now = now.Add(time.Second)
		plan()
	}
	if q.calls != 2 {
		t.Errorf("when nothing falls due it is asked %d times", q.calls-2)
	}
	now = now.Add(2 * time.Minute)
	plan()
	if q.calls != 3 {
		t.Error("what was planned long ago is not planned once more")
	}
}

// What the queue left out, since its group did not meet then by what it knew, is
// planned in time for the shortest offset once it does: also when other firings have
// had everything be looked at meanwhile, and the directory was never read again.
func TestWhatWasLeftOutIsPlannedInTime(t *testing.T) {
	t.Parallel()
	start := moment(t, "2026-11-24T19:00-05:00")
	group := func(id, at string) flows.Group {
		return flows.Group{ID: id, Reminders: []string{"15m"}, Meetings: []schedule.Meeting{meeting(t, "2026-11-24T"+at, "America/New_York", "")}}
	}
	groups := []flows.Group{group("left out", "19:00"), group("another", "19:09")}
	moved := group("left out", "20:00")
	moved.Meetings[0].ID = groups[0].Meetings[0].ID
	planned := func(q *plans, start time.Time) bool {
		return slices.ContainsFunc(q.all, func(f store.Firing) bool { return f.Group == "left out" && f.Purpose == "15m" && f.Start.Equal(start) })
	}
	for _, tt := range []struct {
		name         string
		start, until time.Time
		refreshed    *flows.Group // as the directory has it then
	}{
		{"skipped, and back", start, start.Add(-4 * time.Minute), nil},
		{"moved", start.Add(time.Hour), start.Add(46 * time.Minute), &moved},
	} {
		now := start.Add(-15 * time.Minute)
		d := directory(t, now, groups...)
		q := &plans{}
		o := New(Options{Queue: q, AtOnce: 1, Now: func() time.Time { return now }})
		_, _ = o.planLine(t.Context(), "line", d)
		if !planned(q, start) {
			t.Fatal("it is not due")
		}
		q.all = nil // it was left out
		if tt.refreshed != nil {
			d = directory(t, now, *tt.refreshed, groups[1])
		}
		for now.Before(tt.until) {
			now = now.Add(time.Second)
			_, _ = o.planLine(t.Context(), "line", d)
		}
		if !planned(q, tt.start) {
			t.Errorf("%s: it is not planned by %s", tt.name, tt.until)
		}
	}
}

func BenchmarkTick(b *testing.B) {
	now := moment(b, "2026-11-24T12:00-05:00")
	var groups []flows.Group
	for i := range 10_000 {
		groups = append(groups, flows.Group{ID: fmt.Sprint(i), Reminders: []string{"24h", "15m"}, Meetings: []schedule.Meeting{
			meeting(b, fmt.Sprintf("2026-11-%02dT%02d:%02d", 1+i%7, i%24, i%60/15*15), "America/New_York", "FREQ=WEEKLY"),
		}})
	}
	d := directory(b, now, groups...)
	b.Run("that finds what is due", func(b *testing.B) {
		for b.Loop() {
			Due(d, now)
		}
	})
	b.Run("that is quiet", func(b *testing.B) {
		p := planner{done: map[planned]time.Time{}}
		p.keep(p.fresh(d, now), now)
		for b.Loop() {
			p.fresh(d, now.Add(time.Second))
		}
	})
}
