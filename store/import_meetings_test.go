package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// meetingsFile is a groups file of one group with those meetings, each "Tue 10:00"
// or "Tue 10:00 skip 2026-12-01".
func meetingsFile(meetings ...string) string {
	first := map[string]string{"Mon": "2026-11-23", "Tue": "2026-11-24", "Thu": "2026-11-26"}
	file := "groups:\n  - {name: Circle, code: \"482105\", meetings: ["
	for _, m := range meetings {
		day, at, _ := strings.Cut(m, " ")
		at, rest, _ := strings.Cut(at, " ")
		file += fmt.Sprintf(`{start: "%sT%s", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=%s", minutes: 60`, first[day], at, strings.ToUpper(day[:2]))
		if date, ok := strings.CutPrefix(rest, "skip "); ok {
			file += `, skip: ["` + date + `"]`
		}
		file += "}, "
	}
	return file + "]}\n"
}

// What refers to a meeting goes on to refer to it: were its id another's, reminders
// would go twice, or never.
func TestAMeetingKeepsItsID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to []string
		want     []int // of each of to: which of from it is, or -1
	}{
		"another is removed, and it skips a date":       {[]string{"Mon 10:00", "Tue 10:00"}, []string{"Tue 10:00 skip 2026-12-01"}, []int{1}},
		"another of the day is removed":                 {[]string{"Tue 10:00", "Tue 19:00"}, []string{"Tue 19:00 skip 2026-12-01"}, []int{1}},
		"another is removed, and it is later":           {[]string{"Mon 10:00", "Thu 19:00"}, []string{"Thu 20:00"}, []int{1}},
		"both are later":                                {[]string{"Tue 10:00", "Tue 19:00"}, []string{"Tue 11:00", "Tue 20:00"}, []int{0, 1}},
		"all are later, and in another order":           {[]string{"Mon 10:00", "Thu 19:00"}, []string{"Thu 20:00", "Mon 11:00"}, []int{1, 0}},
		"it changes its day":                            {[]string{"Mon 10:00"}, []string{"Tue 10:00"}, []int{0}},
		"one is removed, another is new":                {[]string{"Mon 10:00", "Tue 10:00"}, []string{"Tue 10:00", "Thu 10:00"}, []int{1, 0}},
		"one of two is new, of which it cannot be told": {[]string{"Tue 10:00", "Tue 19:00"}, []string{"Tue 14:00"}, []int{-1}},
		"one is added":                                  {[]string{"Tue 10:00"}, []string{"Mon 10:00", "Tue 10:00", "Thu 10:00"}, []int{-1, 0, -1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := setUpImports(t)
			i.run(t, parse(t, meetingsFile(c.from...)))
			before := i.meetingIDs(t)
			i.run(t, parse(t, meetingsFile(c.to...)))
			after := i.meetingIDs(t)
			var got []int
			for _, m := range c.to {
				m, _, _ = strings.Cut(m, " skip")
				got = append(got, slices.IndexFunc(c.from, func(from string) bool { return before[from] == after[m] }))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// meetingIDs are the ids of meetings, by "Tue 10:00".
func (i imports) meetingIDs(t *testing.T) map[string]string {
	t.Helper()
	groups, err := i.db.Groups(context.Background(), i.line)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, m := range groups[0].Meetings {
		ids[fmt.Sprintf("%s %02d:%02d", m.Start.Date.Weekday().String()[:3], m.Start.Hour, m.Start.Minute)] = m.ID
	}
	return ids
}

// A feed does not know of skipped dates: each of a day's meetings keeps its own.
func TestAFeedKeepsEachMeetingsDates(t *testing.T) {
	t.Parallel()
	i := setUpImports(t)
	feed := func(late string) store.Feed {
		f, faults := store.ParseMeetingGuide("feed.json", strings.NewReader(`[
			{"name": "Circle", "slug": "circle", "day": 2, "time": "10:00", "conference_phone": "+13015550161", "location": "Hall"},
			{"name": "Circle", "slug": "circle-2", "day": 2, "time": "`+late+`", "conference_phone": "+13015550161", "location": "Hall"}]`), guideOptions)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		// Rows of a feed are groups of one meeting: here they are one group's two.
		f.Name, f.Groups[0].Meetings = "feed", append(f.Groups[0].Meetings, f.Groups[1].Meetings...)
		f.Groups = f.Groups[:1]
		return f
	}
	importFeed := func(f store.Feed) {
		if _, err := i.db.ImportFeed(t.Context(), i.keys, i.line, f); err != nil {
			t.Fatal(err)
		}
	}
	importFeed(feed("19:00"))
	do(t, raw(t, i.url), `UPDATE meeting SET skipped = '{2026-12-01}' WHERE start::time = '19:00'`)
	for _, late := range []string{"19:00", "20:00"} {
		importFeed(feed(late))
		groups, err := i.db.Groups(t.Context(), i.line)
		if err != nil {
			t.Fatal(err)
		}
		got := map[int][]schedule.Date{}
		for _, m := range groups[0].Meetings {
			got[m.Start.Hour] = m.Skipped
		}
		want := map[int][]schedule.Date{10: nil, 19: {{Year: 2026, Month: 12, Day: 1}}}
		if late == "20:00" {
			want[20] = want[19]
			delete(want, 19)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", late, d)
		}
	}
}
