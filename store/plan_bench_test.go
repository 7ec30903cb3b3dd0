package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// BenchmarkPlan plans 100,000 reminders of 10,000 groups that are all due at once.
func BenchmarkPlan(b *testing.B) {
	const groups, members = 10_000, 10
	l := setUpCrowd(b, groups, members)
	var took time.Duration
	for b.Loop() {
		l.empty(b)
		start := time.Now()
		rows, err := l.box.Plan(b.Context(), l.id, l.firings)
		took = time.Since(start)
		if err != nil || rows != groups*members {
			b.Fatal(rows, err)
		}
	}
	b.ReportMetric(float64(groups*members)/took.Seconds(), "rows/s")
	b.ReportMetric(took.Seconds(), "s/100000")
}

// BenchmarkPlanOneGroup plans as many for the members of one group.
func BenchmarkPlanOneGroup(b *testing.B) {
	const members = 100_000
	l := setUpCrowd(b, 1, members)
	for b.Loop() {
		l.empty(b)
		if rows, err := l.box.Plan(b.Context(), l.id, l.firings); err != nil || rows != members {
			b.Fatal(rows, err)
		}
	}
}

// BenchmarkTick plans 1,000 reminders of a hundred groups, among few members and
// among many. What it costs is to grow with what is due: the ratio is to stay
// near 1.
func BenchmarkTick(b *testing.B) {
	const due, members = 100, 10
	few, many := setUpCrowd(b, 1_000, members), setUpCrowd(b, 100_000, members)
	var took [2][]time.Duration
	for b.Loop() {
		for i, l := range []crowd{few, many} {
			l.empty(b)
			start := time.Now()
			rows, err := l.box.Plan(b.Context(), l.id, l.firings[len(l.firings)/2:][:due])
			took[i] = append(took[i], time.Since(start))
			if err != nil || rows != due*members {
				b.Fatal(rows, err)
			}
		}
	}
	for i := range took {
		slices.Sort(took[i])
		took[i] = took[i][len(took[i])/2:]
	}
	b.ReportMetric(float64(took[0][0].Milliseconds()), "ms/10k")
	b.ReportMetric(float64(took[1][0].Milliseconds()), "ms/1M")
	b.ReportMetric(took[1][0].Seconds()/took[0][0].Seconds(), "ratio")
}

// crowd is a line with many groups, that all meet at one time, and a firing of
// each.
type crowd struct {
	planned
	firings []store.Firing
}

func setUpCrowd(b *testing.B, groups, members int) crowd {
	b.Helper()
	l := crowd{planned: setUpPlanned(b)}
	do(b, l.look, `
		INSERT INTO groups (line_id, group_id, code, name, discreet_name, topics, languages, format, access, host, stage, capacity, reminders, place)
		SELECT $1, ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, (1000000 + i)::text, '{"": "Group"}', '{}', '{}', '{en}', 'peer-led', 'open', 'none', $3, 50, '{24h,15m}', ''
		FROM generate_series(1, $2) i`, l.id, groups, string(flows.StageOpen))
	do(b, l.look, `
		INSERT INTO meeting (line_id, group_id, meeting_id, start, zone, rule, minutes, skipped, moved)
		SELECT line_id, group_id, group_id, '2026-11-24T19:00', 'America/New_York', 'FREQ=WEEKLY;BYDAY=TU', 60, '{}', '{}'
		FROM groups WHERE line_id = $1 AND length(code) = 7`, l.id)
	// A member's row is as long as a real one, and lies far from those of its group.
	do(b, l.look, `
		INSERT INTO membership (line_id, pseudonym, group_id, number, profile, channel, offsets, state)
		SELECT line_id, uuid_send(gen_random_uuid()), group_id, decode(repeat('00', 128), 'hex'), decode(repeat('00', 288), 'hex'), 'text',
		       CASE WHEN i % 10 = 0 THEN '{24h,1h}'::text[] END, 'active'
		FROM groups, generate_series(1, $2) i WHERE line_id = $1 AND length(code) = 7
		ORDER BY i, random()`, l.id, members)
	do(b, l.look, `VACUUM ANALYZE groups, meeting, membership`)
	for i := range groups {
		f := l.firing("24h")
		f.Group = fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1)
		f.Meeting, f.Date = f.Group, schedule.DateOf(f.Start)
		l.firings = append(l.firings, f)
	}
	return l
}

// empty takes back what was planned.
func (l crowd) empty(b *testing.B) {
	b.Helper()
	b.StopTimer()
	do(b, l.look, `TRUNCATE outbox, firing`)
	b.StartTimer()
}
