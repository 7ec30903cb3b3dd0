package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// recurrence is a rule taken apart, for the day-by-day oracle.
type recurrence struct {
	freq      string
	interval  int
	weekStart time.Weekday
	days      []numbered
	monthDays []int
	months    []int
	positions []int
}

type numbered struct {
	n   int
	day time.Weekday
}

func (r recurrence) String() string {
	text := fmt.Sprintf("FREQ=%s;INTERVAL=%d;WKST=%s", r.freq, r.interval, code(r.weekStart))
	var days []string
	for _, d := range r.days {
		if d.n == 0 {
			days = append(days, code(d.day))
		} else {
			days = append(days, fmt.Sprintf("%d%s", d.n, code(d.day)))
		}
	}
	for _, part := range []struct {
		name   string
		values []string
	}{{"BYDAY", days}, {"BYMONTHDAY", texts(r.monthDays)}, {"BYMONTH", texts(r.months)}, {"BYSETPOS", texts(r.positions)}} {
		if len(part.values) > 0 {
			text += ";" + part.name + "=" + strings.Join(part.values, ",")
		}
	}
	return text
}

func code(d time.Weekday) string { return strings.ToUpper(d.String()[:2]) }

func texts(numbers []int) []string {
	var all []string
	for _, n := range numbers {
		all = append(all, fmt.Sprint(n))
	}
	return all
}

// period says which day, week or month a date is in, by its first day.
func (r recurrence) period(d Date) Date {
	switch r.freq {
	case "MONTHLY":
		return Date{d.Year, d.Month, 1}
	case "WEEKLY":
		for d.Weekday() != r.weekStart {
			d = d.Add(-1)
		}
	}
	return d
}

// visits reports whether the rule, begun on start, looks at d's period.
func (r recurrence) visits(start, d Date) bool {
	first, this := r.period(start), r.period(d)
	switch r.freq {
	case "MONTHLY":
		return (12*(this.Year-first.Year)+int(this.Month)-int(first.Month))%r.interval == 0
	case "WEEKLY":
		return this.since(first)/7%r.interval == 0
	default:
		return this.since(first)%r.interval == 0
	}
}

func (r recurrence) matches(start, d Date) bool {
	last := Date{d.Year, d.Month + 1, 0}.utc().Day()
	if len(r.months) > 0 && !slices.Contains(r.months, int(d.Month)) {
		return false
	}
	if len(r.monthDays) > 0 && !slices.Contains(r.monthDays, d.Day) && !slices.Contains(r.monthDays, d.Day-last-1) {
		return false
	}
	if len(r.days) > 0 {
		nth, nthLast := (d.Day+6)/7, -(last-d.Day)/7-1
		return slices.ContainsFunc(r.days, func(n numbered) bool {
			return n.day == d.Weekday() && (n.n == 0 || n.n == nth || n.n == nthLast)
		})
	}
	switch {
	case r.freq == "WEEKLY":
		return d.Weekday() == start.Weekday()
	case r.freq == "MONTHLY" && len(r.monthDays) == 0:
		return d.Day == start.Day
	default:
		return true
	}
}

// dates walks the calendar from start for so many days.
func (r recurrence) dates(start Date, days int) []Date {
	var all []Date
	sets := make(map[Date][]Date)
	for d := start.Add(-31); d.since(start) < days+31; d = d.Add(1) {
		if r.visits(start, d) && r.matches(start, d) {
			sets[r.period(d)] = append(sets[r.period(d)], d)
		}
	}
	for d := start; d.since(start) < days; d = d.Add(1) {
		set := sets[r.period(d)]
		at := slices.Index(set, d)
		if at < 0 {
			continue
		}
		if len(r.positions) == 0 || slices.Contains(r.positions, at+1) || slices.Contains(r.positions, at-len(set)) {
			all = append(all, d)
		}
	}
	return all
}

func drawRecurrence(t *rapid.T) recurrence {
	weekday := rapid.Custom(func(t *rapid.T) time.Weekday { return time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")) })
	r := recurrence{
		freq:      rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY"}).Draw(t, "freq"),
		interval:  rapid.IntRange(1, 5).Draw(t, "interval"),
		weekStart: weekday.Draw(t, "week start"),
	}
	limit := 0
	if r.freq == "MONTHLY" {
		limit = 5
	}
	r.days = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) numbered {
		return numbered{n: rapid.IntRange(-limit, limit).Draw(t, "n"), day: weekday.Draw(t, "day")}
	}), 0, 4).Draw(t, "days")
	if r.freq != "WEEKLY" && rapid.Bool().Draw(t, "by month day") {
		r.monthDays = rapid.SliceOfN(rapid.OneOf(rapid.IntRange(1, 31), rapid.IntRange(-31, -1)), 1, 12).Draw(t, "month days")
	}
	if rapid.IntRange(0, 3).Draw(t, "by month") == 0 {
		r.months = rapid.SliceOfN(rapid.IntRange(1, 12), 1, 6).Draw(t, "months")
	}
	if r.freq != "DAILY" && len(r.days)+len(r.monthDays) > 0 && rapid.Bool().Draw(t, "by position") {
		r.positions = rapid.SliceOfN(rapid.SampledFrom([]int{-3, -2, -1, 1, 2, 3}), 1, 3).Draw(t, "positions")
	}
	return r
}

// TestRulesAgainstTheCalendar compares rules, through windows like those that
// callers ask for, with a walk over the calendar, day by day.
func TestRulesAgainstTheCalendar(t *testing.T) {
	t.Parallel()
	const days = 5 * 365
	rapid.Check(t, func(t *rapid.T) {
		spec := drawRecurrence(t)
		start := Date{2024, time.January, 1}.Add(rapid.IntRange(0, 800).Draw(t, "start"))
		want := spec.dates(start, days)
		if len(want) == 0 {
			t.Skip("gives no date in five years")
		}
		text := spec.String()
		if count := rapid.IntRange(0, 40).Draw(t, "count"); count > 0 && rapid.Bool().Draw(t, "counted") {
			text += fmt.Sprintf(";COUNT=%d", count)
			want = want[:min(count, len(want))]
		}
		m, err := New(Wall{Date: start, Hour: 19}.String(), "America/New_York", text, 60)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		loc, err := LoadZone(m.Zone)
		if err != nil {
			t.Fatal(err)
		}
		for from := start.Add(-40); from.since(start) < days-36; from = from.Add(29) {
			to := from.Add(36)
			var got []Date
			for _, o := range m.Between(Wall{Date: from}.In(loc), Wall{Date: to}.In(loc)) {
				got = append(got, o.Date)
			}
			in := slices.DeleteFunc(slices.Clone(want), func(d Date) bool { return d.Compare(from) < 0 || d.Compare(to) >= 0 })
			if !slices.Equal(got, in) {
				t.Fatalf("%s from %s, between %s and %s:\n got %v\nwant %v", text, start, from, to, got, in)
			}
		}
	})
}
