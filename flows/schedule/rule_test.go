package schedule

import (
	"strings"
	"testing"
)

// datesOf lists the first n dates of a meeting's rule as one line of text.
func datesOf(t *testing.T, start, rule string, n int) string {
	t.Helper()
	m, err := New(start, "America/New_York", rule, 60)
	if err != nil {
		t.Fatalf("New(%s, %s): %v", start, rule, err)
	}
	var dates []string
	for _, o := range m.Next(m.Start.utc().AddDate(0, 0, -3), n) {
		dates = append(dates, o.Date.String())
	}
	return strings.Join(dates, " ")
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ start, rule, want string }{
		{"2026-11-24T19:00", "", "2026-11-24"},
		{"2026-11-24T19:00", "FREQ=DAILY", "2026-11-24 2026-11-25 2026-11-26"},
		{"2026-11-24T19:00", "FREQ=DAILY;INTERVAL=10", "2026-11-24 2026-12-04 2026-12-14"},
		{"2026-11-24T19:00", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-11-24 2026-11-25 2026-11-26 2026-11-27 2026-11-30"},
		{"2026-11-24T19:00", "FREQ=WEEKLY", "2026-11-24 2026-12-01 2026-12-08"},
		{"2026-11-24T19:00", "rrule:freq=weekly;byday=tu;", "2026-11-24 2026-12-01 2026-12-08"},
		{"2026-11-20T19:00", "FREQ=WEEKLY;BYDAY=TU", "2026-11-24 2026-12-01 2026-12-08"},
		{"2026-11-26T19:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "2026-11-26 2026-12-10 2026-12-24"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", "2026-11-24 2026-11-26 2026-12-01"},
		// RFC 5545 §3.8.5.3: the week's first day matters when weeks are left out.
		{"1997-08-05T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05 1997-08-10 1997-08-19 1997-08-24"},
		{"1997-08-05T09:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05 1997-08-17 1997-08-19 1997-08-31"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;UNTIL=20261208", "2026-11-24 2026-12-01 2026-12-08"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;UNTIL=20261208T190000", "2026-11-24 2026-12-01 2026-12-08"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;UNTIL=20261208T185959", "2026-11-24 2026-12-01"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;UNTIL=20261209T000000Z", "2026-11-24 2026-12-01 2026-12-08"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;UNTIL=20261208T235959Z", "2026-11-24 2026-12-01"},
		{"2026-11-02T19:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", "2026-11-02 2026-11-16 2026-12-07 2026-12-21"},
		{"2026-11-01T19:00", "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27 2026-12-25 2027-01-29"},
		{"2026-11-01T19:00", "FREQ=MONTHLY;BYDAY=5TU", "2026-12-29 2027-03-30 2027-06-29"},
		{"2026-11-01T19:00", "FREQ=MONTHLY;BYDAY=MO,1FR", "2026-11-02 2026-11-06 2026-11-09 2026-11-16"},
		{"2026-11-01T19:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30 2026-12-31 2027-01-29"},
		{"2026-11-25T19:00", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "2026-12-08 2027-01-12"},
		{"2026-10-31T19:00", "FREQ=MONTHLY", "2026-10-31 2026-12-31 2027-01-31"},
		{"2026-11-01T19:00", "FREQ=MONTHLY;BYMONTHDAY=15,-1", "2026-11-15 2026-11-30 2026-12-15 2026-12-31"},
		{"2026-11-01T19:00", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-11-13 2027-08-13"},
		{"2026-11-24T19:00", "FREQ=MONTHLY;INTERVAL=12", "2026-11-24 2027-11-24"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;BYMONTH=12,1;COUNT=6", "2026-12-01 2026-12-08 2026-12-15 2026-12-22 2026-12-29 2027-01-05"},
		// A week that begins before the start is still a whole week.
		{"2026-11-26T19:00", "FREQ=WEEKLY;BYDAY=MO,TH;BYSETPOS=1", "2026-11-30 2026-12-07"},
		{"2028-02-29T19:00", "FREQ=MONTHLY;INTERVAL=12", "2028-02-29 2032-02-29"},
	} {
		n := strings.Count(c.want, " ") + 1
		if strings.Contains(c.rule, "COUNT") || strings.Contains(c.rule, "UNTIL") || c.rule == "" {
			n++ // and no more
		}
		if got := datesOf(t, c.start, c.rule, n); got != c.want {
			t.Errorf("%s from %s gives %s, want %s", c.rule, c.start, got, c.want)
		}
	}
}

func TestRulesRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, says string }{
		{"FREQ=WEEKLY;TZID=America/New_York", "put the zone into timezone"},
		{"FREQ=WEEKLY;DTSTART=20261124T190000", "put the first date and time into start"},
		{"DTSTART;TZID=America/New_York:20261124T190000\nRRULE:FREQ=WEEKLY", "put the zone into timezone"},
		{"FREQ=WEEKLY;EXDATE=20261124", "skipped dates"},
		{"FREQ=SECONDLY", "FREQ=SECONDLY is not supported; use FREQ=DAILY"},
		{"FREQ=MINUTELY;INTERVAL=30", "FREQ=MINUTELY is not supported"},
		{"FREQ=HOURLY", "FREQ=HOURLY is not supported"},
		{"FREQ=YEARLY", "write FREQ=MONTHLY;INTERVAL=12"},
		{"FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY is not supported"},
		{"BYDAY=TU", "FREQ is missing"},
		{"weekly", `"WEEKLY" is not a part of a rule; write parts as NAME=VALUE`},
		{"FREQ=WEEKLY;;BYDAY=TU", "write parts as NAME=VALUE"},
		{"FREQ=WEEKLY;BYDAY=", "write parts as NAME=VALUE"},
		{"FREQ=WEEKLY;BYDAY=TU;BYDAY=TH", "BYDAY is there twice"},
		{"FREQ=WEEKLY;BYDAY=TUE", `"BYDAY=TUE" is not understood`},
		{"FREQ=WEEKLY;DAY=TU", `"DAY" is not a part of a rule`},
		{"FREQ=WEEKLY;BYHOUR=19", "one meeting for each time of day"},
		{"FREQ=WEEKLY;BYDAY=1TU", "use FREQ=MONTHLY, or leave the number out"},
		{"FREQ=MONTHLY;BYDAY=6TU", "a weekday that no month has"},
		{"FREQ=MONTHLY;BYDAY=-53TU", "a weekday that no month has"},
		{"FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY does not go with FREQ=WEEKLY"},
		{"FREQ=MONTHLY;BYMONTHDAY=32", "bymonthday must be between 1 and 31"},
		{"FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS has nothing to choose from"},
		{"FREQ=MONTHLY;BYDAY=TU;BYSETPOS=99", "BYSETPOS=99 is out of range"},
		{"FREQ=WEEKLY;INTERVAL=0", "INTERVAL=0 is out of range"},
		{"FREQ=WEEKLY;INTERVAL=100", "INTERVAL=100 is out of range"},
		{"FREQ=WEEKLY;INTERVAL=two", `"INTERVAL=TWO" is not understood`},
		{"FREQ=WEEKLY;COUNT=0", "COUNT=0 is out of range"},
		{"FREQ=WEEKLY;COUNT=1001", "COUNT=1001 is out of range"},
		{"FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "COUNT and UNTIL are both there"},
		{"FREQ=WEEKLY;UNTIL=tomorrow", "write it like UNTIL=20261231"},
		{"FREQ=WEEKLY;UNTIL=20261101", "no date within ten years"},
		{"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "no date within ten years"},
		{"FREQ=WEEKLY;BYMONTH=" + strings.Repeat("1,", 200) + "1", "longer than 256 characters"},
	} {
		_, err := New("2026-11-24T19:00", "America/New_York", c.rule, 60)
		if err == nil || !strings.HasPrefix(err.Error(), "rrule: ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want it to say %q", c.rule, err, c.says)
		}
	}
}

func FuzzRule(f *testing.F) {
	for _, seed := range []string{
		"", "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=SU", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=4",
		"RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20301231T235959Z", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1;BYMONTH=1,2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := New("2026-11-24T19:00", "America/New_York", text, 60)
		if err != nil {
			return
		}
		next := m.Next(m.Start.utc().AddDate(0, 0, -1), 3)
		if len(next) == 0 {
			t.Fatalf("%q is taken but gives no date", text)
		}
		for i, o := range next {
			if o.Date.Compare(m.Start.Date) < 0 || i > 0 && o.Date.Compare(next[i-1].Date) <= 0 {
				t.Fatalf("%q gives %s after %v", text, o.Date, next[:i])
			}
		}
		for _, lang := range Languages() {
			if words := SpokenSeries(lang, m); words == "" || strings.ContainsAny(words, "{}") {
				t.Fatalf("%q is said as %q", text, words)
			}
		}
	})
}
