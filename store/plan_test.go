package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// planned is a line with groups, whose reminders are planned; its clock stands at
// noon.
type planned struct {
	*lineUnderTest
	box     *store.Outbox
	meeting string // the first group's
}

func setUpPlanned(t testing.TB) planned {
	t.Helper()
	l := setUpMembers(t)
	l.db = must(store.Open(t.Context(), store.Options{URL: l.url, Now: func() time.Time { return noon }}))
	t.Cleanup(func() { _ = l.db.Close() })
	p := planned{lineUnderTest: l, box: store.NewOutbox(l.db, l.keys)}
	if err := l.look.QueryRowContext(t.Context(), `SELECT meeting_id FROM meeting WHERE group_id = $1`, l.groups[0]).Scan(&p.meeting); err != nil {
		t.Fatal(err)
	}
	return p
}

// belongs adds n memberships of a group, with those offsets: an array, or NULL for
// the group's.
func (l planned) belongs(t testing.TB, group string, n int, offsets string) {
	t.Helper()
	do(t, l.look, `
		INSERT INTO membership (line_id, pseudonym, group_id, number, profile, channel, offsets, state)
		SELECT $1::uuid, uuid_send(gen_random_uuid()), $2::uuid, '', '', CASE WHEN i % 2 = 0 THEN 'call' ELSE 'text' END, `+offsets+`, 'active'
		FROM generate_series(1, $3) i`, l.id, group, n)
}

var newYork = must(time.LoadLocation("America/New_York"))

// firing is that of the sample's first group, on the day of the tests, at seven in
// the evening.
func (l planned) firing(purpose store.Purpose) store.Firing {
	start := time.Date(2026, 11, 24, 19, 0, 0, 0, newYork)
	return store.Firing{
		Group: l.groups[0], Meeting: l.meeting, Date: schedule.Date{Year: 2026, Month: 11, Day: 24}, Purpose: purpose,
		Start: start, Due: noon, Expires: start,
	}
}

func (l planned) plan(t testing.TB, firings ...store.Firing) int {
	t.Helper()
	rows, err := l.box.Plan(t.Context(), l.id, firings)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestPlanReachesThoseWhoAreToBeReminded(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 3, `NULL`)
	l.belongs(t, l.groups[0], 5, `ARRAY['1h']`)
	l.belongs(t, l.groups[0], 7, `ARRAY['24h', '1h']`)
	l.belongs(t, l.groups[0], 11, `ARRAY[]::text[]`)
	l.belongs(t, l.groups[2], 13, `NULL`)
	do(t, l.look, `
		INSERT INTO membership (line_id, pseudonym, group_id, number, profile, channel, state)
		SELECT $1, uuid_send(gen_random_uuid()), $2, '', '', 'text', state
		FROM unnest(ARRAY['applied', 'stopped']) state`, l.id, l.groups[0])
	hour := l.firing("1h")
	hour.Own = true
	for _, want := range []struct {
		store.Firing
		rows int
	}{{l.firing("24h"), 3 + 7}, {hour, 5 + 7}, {l.firing("15m"), 3}} {
		if rows, err := l.box.Foresee(t.Context(), l.id, []store.Firing{want.Firing, want.Firing}); err != nil || rows != 2*want.rows {
			t.Errorf("%s: %d rows are foreseen, %v, want twice %d", want.Purpose, rows, err, want.rows)
		}
		if rows := l.plan(t, want.Firing); rows != want.rows {
			t.Errorf("%s: %d rows, want %d", want.Purpose, rows, want.rows)
		}
		if again := l.plan(t, want.Firing); again != 0 {
			t.Errorf("%s, planned again: %d rows", want.Purpose, again)
		}
	}
	if n := l.count(t, `
		SELECT count(*) FROM outbox o
		JOIN membership p USING (line_id, pseudonym)
		JOIN firing f USING (line_id, firing_id)
		WHERE o.kind = 'reminder' AND o.state = 'due' AND o.channel = p.channel AND o.due_at = $1 AND o.expires_at = f.expires_at
		  AND p.group_id = f.group_id AND f.start_at = '2026-11-24T19:00-05' AND attempts = 0`, noon); n != 3+7+5+7+3 {
		t.Errorf("%d rows are as they should be", n)
	}
}

// An hour is sixty minutes: whichever of the two a group and its members wrote.
func TestAnOffsetIsOneHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 3, `NULL`)
	l.belongs(t, l.groups[0], 5, `ARRAY['1h']`)
	hour := l.firing("1h")
	hour.Own = true
	for range 2 {
		l.plan(t, hour, l.firing("60m"))
	}
	if n := l.count(t, `SELECT count(*) FROM outbox JOIN firing USING (line_id, firing_id) WHERE purpose = '1h'`); n != 3+5 || l.count(t, `SELECT count(*) FROM firing`) != 1 {
		t.Errorf("%d rows", n)
	}
}

// Whoever joins after a firing was due is not in it.
func TestAFiringIsExpandedOnce(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	if rows := l.plan(t, l.firing("24h")); rows != 0 {
		t.Fatal(rows)
	}
	l.belongs(t, l.groups[0], 1, `NULL`)
	if rows := l.plan(t, l.firing("24h"), l.firing("15m")); rows != 1 {
		t.Errorf("%d rows", rows)
	}
}

func TestWhoIsNotComingIsNotReminded(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 3, `NULL`)
	l.plan(t, l.firing("24h"))
	do(t, l.look, `
		UPDATE outbox SET state = 'accepted', answer = CASE WHEN channel = 'call' THEN 'out' ELSE 'in' END`)
	next := l.firing("24h")
	next.Date, next.Start, next.Expires = next.Date.Add(7), next.Start.AddDate(0, 0, 7), next.Start.AddDate(0, 0, 7)
	if rows := l.plan(t, l.firing("15m"), next); rows != 2+3 {
		t.Errorf("%d rows", rows)
	}
}

func TestPlanLeavesOutWhatIsNotSoAnyMore(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 1, `NULL`)
	moved := l.firing("24h")
	moved.Start = moved.Start.Add(time.Hour)
	gone := l.firing("24h")
	gone.Meeting = l.groups[0]
	for name, stale := range map[string]struct {
		now, later string
		store.Firing
	}{
		"skipped":      {`UPDATE meeting SET skipped = '{2026-11-24}'`, `UPDATE meeting SET skipped = '{}'`, l.firing("24h")},
		"moved":        {`UPDATE meeting SET moved = '{"2026-11-24": "2026-11-24T20:00"}'`, `UPDATE meeting SET moved = '{}'`, l.firing("24h")},
		"moved back":   {`SELECT`, `SELECT`, moved},
		"meeting gone": {`SELECT`, `SELECT`, gone},
		"paused":       {`UPDATE groups SET stage = 'paused'`, `UPDATE groups SET stage = 'open'`, l.firing("24h")},
	} {
		do(t, l.look, stale.now)
		if rows := l.plan(t, stale.Firing); rows != 0 {
			t.Errorf("%s: %d rows", name, rows)
		}
		do(t, l.look, stale.later)
	}
	if n := l.count(t, `SELECT count(*) FROM firing`); n != 0 {
		t.Errorf("%d firings, that would never be expanded", n)
	}
	do(t, l.look, `UPDATE meeting SET moved = '{"2026-11-24": "2026-11-24T20:00"}'`)
	if rows := l.plan(t, moved); rows != 1 {
		t.Errorf("%d rows of one that was moved", rows)
	}
}

func TestPlanRefusesWhatIsNoReminder(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	for _, purpose := range []store.Purpose{store.Starting, store.NotHeld, store.HeldAfterAll, "moved 2026-11-24T20:00", ""} {
		if _, err := l.box.Plan(t.Context(), l.id, []store.Firing{l.firing("24h"), l.firing(purpose)}); err == nil {
			t.Errorf("%q is planned", purpose)
		}
	}
	if n := l.count(t, `SELECT count(*) FROM firing`); n != 0 {
		t.Errorf("%d firings", n)
	}
}

// Four replicas plan at once, each in an order of its own, what overlaps.
func TestFourPlannersAtOnce(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	const members, days = 40, 30
	l.belongs(t, l.groups[0], members, `NULL`)
	var firings []store.Firing
	for day := range days {
		for _, offset := range []store.Purpose{"24h", "15m"} {
			f := l.firing(offset)
			f.Start = f.Start.AddDate(0, 0, 7*day)
			f.Date, f.Expires = f.Date.Add(7*day), f.Start
			firings = append(firings, f)
		}
	}
	var all sync.WaitGroup
	var rows atomic.Int64
	for i := range 4 {
		mine := append(append([]store.Firing{}, firings[15*i:]...), firings[:15*i]...)
		all.Go(func() {
			for half := range 2 {
				made, err := l.box.Plan(t.Context(), l.id, mine[half*days:])
				if err != nil {
					t.Error(err)
				}
				rows.Add(int64(made))
			}
		})
	}
	all.Wait()
	if n := l.count(t, `SELECT count(*) FROM outbox`); n != 2*days*members || rows.Load() != int64(n) {
		t.Errorf("%d rows, and %d were told; want %d", n, rows.Load(), 2*days*members)
	}
	if n := l.count(t, `SELECT count(*) FROM (SELECT DISTINCT pseudonym, firing_id FROM outbox) o`); n != 2*days*members {
		t.Errorf("%d different ones", n)
	}
	if n := l.count(t, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); n != 0 {
		t.Errorf("%d times two waited for each other", n)
	}
}

// A meeting of the sample may be on one side of a change of clocks and its reminder
// on the other: what is stored is the moment, whatever zone it is written in.
func TestAFiringIsAMoment(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 1, `NULL`)
	f := l.firing("24h")
	f.Date, f.Start = schedule.Date{Year: 2027, Month: 3, Day: 16}, time.Date(2027, 3, 16, 19, 0, 0, 0, newYork)
	f.Due, f.Expires = f.Start.AddDate(0, 0, -1), f.Start
	if rows := l.plan(t, f); rows != 1 {
		t.Fatal(rows)
	}
	want := fmt.Sprint(f.Due.Unix(), f.Start.Unix())
	if got := texts(t, l.look, `SELECT concat_ws(' ', extract(epoch FROM due_at)::int, extract(epoch FROM start_at)::int) FROM outbox JOIN firing USING (firing_id)`); got[0] != want {
		t.Errorf("%s, want %s", got[0], want)
	}
}

// What was said to the first reminder of a date, and that it came, is known until the
// last one, whichever nights' sweeps are between.
func TestADateIsRememberedOverAllItsReminders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"silence": {"168h permitted", "72h permitted", "24h enough for this meeting"},
		"out":     {"168h permitted"},
	} {
		l := setUpPlanned(t)
		l.belongs(t, l.groups[0], 1, `NULL`)
		do(t, l.look, `INSERT INTO keys.membership (line_id, pseudonym, data_key) SELECT line_id, pseudonym, 'x' FROM membership`)
		b := box{Outbox: l.box, db: l.db, sql: l.look, line: l.id}
		start := l.firing("24h").Start
		sweeps := store.NewRetention(l.db, func(context.Context, string, time.Time) (int, error) { return 0, nil })
		sweep := func(at time.Time) {
			t.Helper()
			if _, err := sweeps.Sweep(t.Context(), l.id, at); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, offset := range []struct {
			purpose      store.Purpose
			from, before time.Duration
		}{{"168h", 168, 72}, {"72h", 72, 24}, {"24h", 24, 1}} {
			at := start.Add(-offset.from * time.Hour)
			f := l.firing(offset.purpose)
			f.Due, f.Expires = at, start.Add(-offset.before*time.Hour)
			l.plan(t, f)
			for _, ch := range []flows.Channel{flows.ByText, flows.ByCall} {
				for _, x := range b.taken(t, ch, at) {
					p := b.intend(t, at, &x, careful)
					got = append(got, fmt.Sprint(offset.purpose, " ", p))
					if p == store.Permitted {
						b.settle(t, at, x, store.Settled{To: store.SendAccepted})
					}
				}
			}
			if name == "out" {
				do(t, l.look, `UPDATE outbox SET answer = 'out'`)
			}
			for at := at.Add(24 * time.Hour); at.Before(f.Expires); at = at.Add(24 * time.Hour) {
				sweep(at)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if in, out, err := l.box.Expected(t.Context(), l.id, l.groups[0], l.meeting, tuesday); err != nil || in != 0 || (out == 1) != (name == "out") {
			t.Errorf("%s: expected %d, and not %d, %v", name, in, out, err)
		}
		sweep(start.Add(23 * time.Hour))
		if n := l.count(t, `SELECT count(*) FROM outbox`); n != len(want) {
			t.Errorf("%s: %d rows are left after a day", name, n)
		}
		sweep(start.Add(48 * time.Hour))
		if n := l.count(t, `SELECT count(*) FROM outbox`); n != 0 {
			t.Errorf("%s: %d rows are left after two days", name, n)
		}
	}
}
