package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustMeeting(t *testing.T, start, zone, rule string, minutes int) Meeting {
	t.Helper()
	m, err := New(start, zone, rule, minutes)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// told writes occurrences down: the date of the rule, then start and end.
func told(all []Occurrence) string {
	var lines []string
	for _, o := range all {
		lines = append(lines, fmt.Sprintf("%s %s/%s", o.Date, o.Start.Format(time.RFC3339), o.End.Format(time.RFC3339)))
	}
	return strings.Join(lines, "\n")
}

func TestNewTellsEveryFault(t *testing.T) {
	t.Parallel()
	_, err := New("Tuesday 7pm", "Eastern", "FREQ=HOURLY", 0)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%v does not join its faults", err)
	}
	var fields []string
	for _, e := range joined.Unwrap() {
		var fault *Fault
		if !errors.As(e, &fault) || fault.What == "" || fault.Mend == "" {
			t.Errorf("%v is not a whole *Fault", e)
			continue
		}
		fields = append(fields, fault.Field)
	}
	if want := []string{"start", "timezone", "minutes", "rrule"}; !slices.Equal(fields, want) {
		t.Errorf("faults in %v, want %v", fields, want)
	}
	const want = `timezone: "Eastern" is not an IANA time zone; use a name from the IANA list, like America/New_York`
	if !strings.Contains(err.Error(), want) {
		t.Errorf("%v\ndoes not say\n%s", err, want)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tuesday := func(n int) Date { return Date{2026, time.November, 24}.Add(7 * n) }
	at := func(d Date) Wall { return Wall{Date: d, Hour: 18} }
	for name, c := range map[string]struct {
		change func(*Meeting)
		says   string // "" for no fault
	}{
		"as it is":         {func(*Meeting) {}, ""},
		"holidays":         {func(m *Meeting) { m.Skipped = []Date{tuesday(5), {2026, time.December, 25}} }, ""},
		"a moved date":     {func(m *Meeting) { m.Moved = []Move{{tuesday(1), at(tuesday(1).Add(1))}} }, ""},
		"no such start":    {func(m *Meeting) { m.Start.Date.Day = 31 }, "start: 2026-11-31T19:00 is out of range"},
		"long ago":         {func(m *Meeting) { m.Start.Date.Year = 1926 }, "start: 1926-11-24T19:00 is out of range"},
		"hour 24":          {func(m *Meeting) { m.Start.Hour = 24 }, "start: "},
		"this machine":     {func(m *Meeting) { m.Zone = "Local" }, `timezone: "Local" is not an IANA time zone`},
		"a whole week":     {func(m *Meeting) { m.Minutes = 7 * 24 * 60 }, "minutes: 10080 is out of range"},
		"no such skip":     {func(m *Meeting) { m.Skipped = []Date{{2026, time.February, 30}} }, "skip: 2026-02-30 is not in the calendar"},
		"not its date":     {func(m *Meeting) { m.Moved = []Move{{tuesday(1).Add(1), at(tuesday(2))}} }, "move: 2026-12-02 is not a date of this meeting"},
		"before its start": {func(m *Meeting) { m.Moved = []Move{{tuesday(-1), at(tuesday(2))}} }, "move: 2026-11-17 is not a date of this meeting"},
		"moved nowhere":    {func(m *Meeting) { m.Moved = []Move{{tuesday(1), Wall{}}} }, "which no calendar has"},
		"moved twice":      {func(m *Meeting) { m.Moved = []Move{{tuesday(1), at(tuesday(2))}, {tuesday(1), at(tuesday(3))}} }, "move: 2026-12-01 is moved twice"},
		"skipped and moved": {func(m *Meeting) { m.Skipped, m.Moved = []Date{tuesday(1)}, []Move{{tuesday(1), at(tuesday(2))}} },
			"move: 2026-12-01 is both skipped and moved"},
	} {
		m := mustMeeting(t, "2026-11-24T19:00", "America/New_York", "FREQ=WEEKLY", 60)
		c.change(&m)
		err := m.Validate()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", name, err, c.says)
		}
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	weekly := mustMeeting(t, "2026-11-24T19:00", "America/New_York", "FREQ=WEEKLY", 60)
	weekly.Skipped = []Date{{2026, time.December, 1}}
	weekly.Moved = []Move{{Date{2026, time.December, 15}, Wall{Date{2026, time.December, 7}, 18, 30}}}
	stray := weekly
	stray.Moved = []Move{{Date{2026, time.December, 9}, Wall{Date{2026, time.December, 10}, 18, 30}}}
	for name, c := range map[string]struct {
		meeting        Meeting
		from, to, want string
	}{
		"skipped and moved": {weekly, "2026-11-24T00:00:00Z", "2026-12-23T00:00:00Z", `
2026-11-24 2026-11-24T19:00:00-05:00/2026-11-24T20:00:00-05:00
2026-12-15 2026-12-07T18:30:00-05:00/2026-12-07T19:30:00-05:00
2026-12-08 2026-12-08T19:00:00-05:00/2026-12-08T20:00:00-05:00`},
		"moved out of the window": {weekly, "2026-12-14T00:00:00Z", "2026-12-20T00:00:00Z", ""},
		"moved into the window": {weekly, "2026-12-07T00:00:00Z", "2026-12-08T00:00:00Z", `
2026-12-15 2026-12-07T18:30:00-05:00/2026-12-07T19:30:00-05:00`},
		"a move of no date of the rule": {stray, "2026-12-09T12:00:00Z", "2026-12-15T12:00:00Z", ""},
		"a minute before its end": {weekly, "2026-11-25T00:59:00Z", "2026-11-26T00:00:00Z", `
2026-11-24 2026-11-24T19:00:00-05:00/2026-11-24T20:00:00-05:00`},
		"at its end":   {weekly, "2026-11-25T01:00:00Z", "2026-11-26T00:00:00Z", ""},
		"at its start": {weekly, "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", ""},
		"over midnight and into the night of a change": {
			mustMeeting(t, "2026-10-31T23:00", "America/New_York", "", 240), "2026-11-01T06:59:00Z", "2026-11-02T00:00:00Z", `
2026-10-31 2026-10-31T23:00:00-04:00/2026-11-01T02:00:00-05:00`},
		"over the hour that is skipped": {
			mustMeeting(t, "2026-03-08T01:30", "America/New_York", "", 60), "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z", `
2026-03-08 2026-03-08T01:30:00-05:00/2026-03-08T03:30:00-04:00`},
		"in the hour that is skipped": {
			mustMeeting(t, "2026-03-07T02:30", "America/New_York", "FREQ=DAILY", 60), "2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z", `
2026-03-07 2026-03-07T02:30:00-05:00/2026-03-07T03:30:00-05:00
2026-03-08 2026-03-08T03:30:00-04:00/2026-03-08T04:30:00-04:00
2026-03-09 2026-03-09T02:30:00-04:00/2026-03-09T03:30:00-04:00`},
		"a whole day long": {
			mustMeeting(t, "2026-11-24T19:00", "Asia/Kolkata", "", 24*60), "2026-11-25T13:29:00Z", "2026-11-26T00:00:00Z", `
2026-11-24 2026-11-24T19:00:00+05:30/2026-11-25T19:00:00+05:30`},
		"an end within the second coming of an hour": {
			mustMeeting(t, "2026-10-30T01:45", "America/New_York", "FREQ=DAILY;UNTIL=20261101T060000Z", 30), "2026-10-31T00:00:00Z", "2026-11-05T00:00:00Z", `
2026-10-31 2026-10-31T01:45:00-04:00/2026-10-31T02:15:00-04:00
2026-11-01 2026-11-01T01:45:00-04:00/2026-11-01T01:15:00-05:00`},
		"of a zone that is none": {Meeting{Start: weekly.Start, Zone: "Eastern", Minutes: 60}, "2026-11-24T00:00:00Z", "2026-12-23T00:00:00Z", ""},
		"of a rule that is none": {
			Meeting{Start: weekly.Start, Zone: "UTC", Rule: "FREQ=HOURLY", Minutes: 60}, "2026-11-24T00:00:00Z", "2026-12-23T00:00:00Z", ""},
	} {
		got := told(c.meeting.Between(instant(t, c.from), instant(t, c.to)))
		if want := strings.TrimPrefix(c.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	after := instant(t, "2026-11-22T12:00:00Z")
	for _, c := range []struct {
		start, rule string
		n, want     int
		first       string
	}{
		{"2019-11-26T19:00", "FREQ=WEEKLY", 8, 8, "2026-11-24"},
		{"2019-11-26T19:00", "FREQ=MONTHLY;INTERVAL=12", 3, 3, "2026-11-26"},
		{"2036-11-01T19:00", "", 3, 1, "2036-11-01"},
		{"2037-11-01T19:00", "", 3, 0, ""},
		{"2026-11-01T19:00", "", 3, 0, ""},
		{"2026-11-01T19:00", "FREQ=WEEKLY;COUNT=5", 8, 2, "2026-11-22"},
		{"2026-11-01T19:00", "FREQ=WEEKLY", 0, 0, ""},
		{"2026-11-01T19:00", "FREQ=WEEKLY", -1, 0, ""},
	} {
		m := mustMeeting(t, c.start, "America/Chicago", c.rule, 60)
		m.ID = "m1"
		got := m.Next(after, c.n)
		if len(got) != c.want || len(got) > 0 && (got[0].Date.String() != c.first || got[0].Meeting != "m1") {
			t.Errorf("%s %q: %d of %d occurrences:\n%s", c.start, c.rule, len(got), c.n, told(got))
		}
	}
}

// TestNextIsTheBeginningOfBetween holds Next to Between, whatever was moved.
func TestNextIsTheBeginningOfBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := Meeting{Start: Wall{Date: Date{2026, time.January, 6}, Hour: 19}, Zone: "Europe/London", Rule: "FREQ=WEEKLY", Minutes: 90}
		for week := range rapid.SliceOfNDistinct(rapid.IntRange(0, 60), 0, 5, rapid.ID).Draw(t, "moved") {
			d := m.Start.Date.Add(7 * week)
			m.Moved = append(m.Moved, Move{Date: d, To: Wall{Date: d.Add(rapid.IntRange(-40, 40).Draw(t, "by")), Hour: 12}})
		}
		after := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "after")) * time.Hour)
		n := rapid.IntRange(1, 20).Draw(t, "n")
		want := m.Between(after, after.AddDate(3, 0, 0))[:n]
		if got := m.Next(after, n); told(got) != told(want) {
			t.Fatalf("Next gives\n%s\nBetween\n%s", told(got), told(want))
		}
	})
}

func TestDoor(t *testing.T) {
	t.Parallel()
	m := mustMeeting(t, "2026-11-24T19:00", "America/New_York", "", 60)
	o := m.Next(instant(t, "2026-11-24T12:00:00Z"), 1)[0]
	for at, open := range map[string]bool{
		"18:49:59": false, "18:50:00": true, "19:00:00": true, "19:59:59": true, "20:00:00": false,
	} {
		if got := o.DoorOpen(instant(t, "2026-11-24T"+at+"-05:00")); got != open {
			t.Errorf("at %s the door is open: %t, want %t", at, got, open)
		}
	}
	opens, closes := o.Door()
	if !opens.Equal(instant(t, "2026-11-24T18:50:00-05:00")) || !closes.Equal(o.End) {
		t.Errorf("the door is open from %s to %s", opens, closes)
	}
}

func BenchmarkBetween(b *testing.B) {
	for _, rule := range []string{"FREQ=WEEKLY;BYDAY=TU", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=1MO,3MO", "FREQ=WEEKLY;COUNT=1000"} {
		b.Run(rule, func(b *testing.B) {
			m, err := New("2016-11-22T19:00", "America/New_York", rule, 60)
			if err != nil {
				b.Fatal(err)
			}
			from := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
			for b.Loop() {
				m.Between(from, from.AddDate(0, 0, 36))
			}
		})
	}
}
