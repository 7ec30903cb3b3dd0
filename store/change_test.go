package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

var (
	tuesday = schedule.Date{Year: 2026, Month: time.November, Day: 24}
	evening = time.Date(2026, 11, 24, 19, 0, 0, 0, newYork)
	eight   = schedule.Wall{Date: tuesday, Hour: 20}
	friday  = schedule.Wall{Date: tuesday.Add(3), Hour: 18}
)

// changing is a group with three members, of whom one chose no reminders.
func changing(t *testing.T) planned {
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 2, `NULL`)
	l.belongs(t, l.groups[0], 1, `ARRAY[]::text[]`)
	do(t, l.look, `
		INSERT INTO membership (line_id, pseudonym, group_id, number, profile, channel, state)
		SELECT $1, uuid_send(gen_random_uuid()), $2, '', '', 'text', 'stopped'`, l.id, l.groups[0])
	return l
}

// adaAt is a member of staff who acts now.
func adaAt(now time.Time) store.By { return store.By{Actor: "Ada", At: now} }

func (l planned) skip(t *testing.T) {
	t.Helper()
	if _, err := l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday}); err != nil {
		t.Fatal(err)
	}
}

func (l planned) unskip(t *testing.T) {
	t.Helper()
	if _, err := l.db.UnskipBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday}); err != nil {
		t.Fatal(err)
	}
}

func (l planned) move(t *testing.T, to schedule.Wall) {
	t.Helper()
	if _, err := l.db.MoveBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday}, to); err != nil {
		t.Fatal(err)
	}
}

// sent has everything that is due be sent.
func (l planned) sent(t *testing.T) {
	t.Helper()
	do(t, l.look, `UPDATE outbox SET state = 'accepted', ended_at = $1 WHERE state = 'due'`, noon)
}

// wantDue checks how many rows are due, as "kind purpose count".
func (l planned) wantDue(t *testing.T, when string, want ...string) {
	t.Helper()
	got := texts(t, l.look, `
		SELECT concat_ws(' ', kind, purpose, count(*)) FROM outbox JOIN firing USING (line_id, firing_id)
		WHERE state = 'due' AND kind <> 'confirmation' GROUP BY kind, purpose ORDER BY 1`)
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), got); diff != "" && len(want)+len(got) > 0 {
		t.Errorf("%s, due (-want +got):\n%s", when, diff)
	}
}

func TestASkippedDateIsTold(t *testing.T) {
	t.Parallel()
	l := changing(t)
	l.plan(t, l.firing("24h"))
	o, err := l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday})
	if err != nil || !o.Start.Equal(evening) || o.Date != tuesday || o.Meeting != l.meeting {
		t.Fatalf("%+v, %v", o, err)
	}
	l.wantDue(t, "skipped", "change skipped 3")
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE kind = 'reminder' AND state = 'lapsed' AND reason = 'the date changed' AND ended_at = $1`, noon); n != 2 {
		t.Errorf("%d reminders lapsed", n)
	}
	if n := l.count(t, `
		SELECT count(*) FROM outbox o JOIN firing f USING (line_id, firing_id) JOIN membership p USING (line_id, pseudonym)
		WHERE kind = 'change' AND o.channel = p.channel AND due_at = $1 AND o.expires_at = $2 AND f.expires_at = $2 AND start_at = $2 AND was_at IS NULL`, noon, evening); n != 3 {
		t.Errorf("%d rows are as they should be", n)
	}
	l.skip(t) // again
	l.wantDue(t, "skipped again", "change skipped 3")
	if rows := l.plan(t, l.firing("15m")); rows != 0 {
		t.Errorf("%d reminders of a date that is skipped", rows)
	}
}

// Each time that a date is skipped, and each time that it is not after all, those
// are told who were told of the time before.
func TestADateThatIsSkippedTwiceIsToldTwice(t *testing.T) {
	t.Parallel()
	l := changing(t)
	for range 3 {
		l.skip(t)
		l.wantDue(t, "skipped", "change skipped 3")
		l.sent(t)
		l.unskip(t)
		l.wantDue(t, "restored", "change held 3")
		l.sent(t)
	}
	for range 2 {
		l.move(t, eight)
		l.wantDue(t, "moved", "change moved 2026-11-24T20:00 3")
		l.sent(t)
		l.move(t, schedule.Wall{Date: tuesday, Hour: 19})
		l.wantDue(t, "moved back", "change moved 2026-11-24T19:00 3")
		l.sent(t)
	}
	if n := l.count(t, `SELECT count(*) FROM meeting WHERE moved <> '{}' AND meeting_id = $1`, l.meeting); n != 0 {
		t.Error("moved back, and still moved")
	}
}

// A moved date is taken back as a cancelled one is, and said to be at the rule's time.
func TestAMoveIsTakenBack(t *testing.T) {
	t.Parallel()
	l := changing(t)
	l.move(t, friday)
	l.sent(t)
	for range 2 {
		o, err := l.db.UnskipBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday})
		if err != nil || !o.Start.Equal(evening) {
			t.Fatalf("%s, %v", o.Start, err)
		}
		l.wantDue(t, "taken back", "change moved 2026-11-24T19:00 3")
	}
	if n := l.count(t, `SELECT count(*) FROM meeting WHERE moved <> '{}' AND meeting_id = $1`, l.meeting); n != 0 {
		t.Error("taken back, and still moved")
	}
}

// Who has not heard of a change, because it waits for the morning, hears nothing
// when it is taken back.
func TestAChangeTakenBackInTimeIsNotTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, back func(planned, *testing.T) }{
		"skipped": {planned.skip, planned.unskip},
		"moved":   {func(l planned, t *testing.T) { l.move(t, eight) }, func(l planned, t *testing.T) { l.move(t, schedule.Wall{Date: tuesday, Hour: 19}) }},
	} {
		l := changing(t)
		for range 2 {
			c.change(l, t)
			c.back(l, t)
			l.wantDue(t, name+" and back")
		}
		c.change(l, t)
		do(t, l.look, `UPDATE outbox SET state = 'accepted' WHERE outbox_id = (SELECT outbox_id FROM outbox WHERE state = 'due' LIMIT 1)`)
		c.back(l, t)
		if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); n != 1 {
			t.Errorf("%s, told one, and back: %d are told", name, n)
		}
	}
	l := changing(t)
	l.skip(t)
	l.move(t, friday) // takes nothing back
	l.wantDue(t, "skipped, then moved", "change moved 2026-11-27T18:00 3")
	l.skip(t)
	l.wantDue(t, "and skipped again", "change skipped 3")
}

// A notice that is being sent is not made again: it says the same.
func TestANoticeUnderWayStays(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"intent", "unknown"} {
		l := changing(t)
		l.skip(t)
		do(t, l.look, `UPDATE outbox SET state = $1`, state)
		l.unskip(t)
		l.sent(t)
		l.skip(t)
		l.wantDue(t, "skipped again while it is being told")
		if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = $1 AND expires_at = $2`, state, evening); n != 3 {
			t.Errorf("%d rows are left", n)
		}
	}
}

// What is being sent when its date changes may come to be due again; it is of no use
// any more then.
func TestWhatIsUnderWayIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"intent", "unknown", "accepted"} {
		l := changing(t)
		l.plan(t, l.firing("24h"))
		do(t, l.look, `UPDATE outbox SET state = $1, lease_until = $2`, state, evening)
		l.skip(t)
		if n := l.count(t, `SELECT count(*) FROM outbox WHERE kind = 'reminder' AND state = $1 AND expires_at = $2 AND lease_until = $3`, state, noon, evening); n != 2 {
			t.Errorf("%s: %d rows are over", state, n)
		}
	}
}

func TestAMovedDateIsTold(t *testing.T) {
	t.Parallel()
	l := changing(t)
	l.plan(t, l.firing("24h"))
	start := `INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, expires_at) VALUES ($1, gen_random_uuid(), $2, $3, $4, 'start', $5::timestamptz, $5::timestamptz + interval '20 minutes')`
	do(t, l.look, start, l.id, l.groups[0], l.meeting, tuesday.String(), evening)
	do(t, l.look, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT line_id, gen_random_uuid(), 'call_me', 'call', pseudonym, firing_id, 'due', start_at, f.expires_at, 0
		FROM firing f JOIN membership USING (line_id, group_id) WHERE purpose = 'start' AND state = 'active'`)
	l.move(t, friday)
	to := time.Date(2026, 11, 27, 18, 0, 0, 0, newYork)
	l.wantDue(t, "moved", "change moved 2026-11-27T18:00 3")
	if n := l.count(t, `SELECT count(*) FROM firing WHERE purpose LIKE 'moved %' AND start_at = $1 AND was_at = $2 AND expires_at = $2`, to, evening); n != 1 {
		t.Error("the firing does not say from when to when")
	}
	later := l.firing("15m")
	later.Start, later.Expires = to, to
	if rows := l.plan(t, later); rows != 2 {
		t.Errorf("%d reminders of the new time", rows)
	}
}

// Who was reminded of a date is reminded of the time to which it is moved, as often
// as of any other, and never twice of one time.
func TestAMovedDateIsRemindedOf(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 3, `NULL`)
	b := box{Outbox: l.box, db: l.db, sql: l.look, line: l.id}
	tell := func(start time.Time, want int) {
		t.Helper()
		for _, offset := range []store.Purpose{"24h", "15m"} {
			f := l.firing(offset)
			f.Start, f.Expires = start, start
			l.plan(t, f)
		}
		sent := 0
		for _, x := range slices.Concat(b.taken(t, flows.ByText, noon), b.taken(t, flows.ByCall, noon)) {
			if p := b.intend(t, noon, &x, generous); p != store.Permitted {
				t.Errorf("%s is %s", x.Firing.Purpose, p)
			}
			b.settle(t, noon, x, store.Settled{To: store.SendAccepted})
			if x.Kind == store.Reminder {
				if sent++; !x.Firing.Start.Equal(start) {
					t.Errorf("told of %s", x.Firing.Start)
				}
			}
		}
		if sent != want {
			t.Errorf("of %s %d reminders are sent, want %d", start, sent, want)
		}
	}
	tell(evening, 6)
	l.move(t, friday)
	tell(friday.In(newYork), 6)
	tell(friday.In(newYork), 0)
	l.move(t, schedule.Wall{Date: tuesday, Hour: 19})
	tell(evening, 0)
	if n := l.count(t, `SELECT max(n) FROM (SELECT count(*) AS n FROM outbox JOIN firing USING (line_id, firing_id) WHERE kind = 'reminder' GROUP BY pseudonym, start_at, purpose) AS of`); n != 1 {
		t.Errorf("%d of one offset and time", n)
	}
}

// A notice that comes too late, or long before, is none.
func TestWhatIsToldIsOfUse(t *testing.T) {
	t.Parallel()
	l := changing(t)
	for _, c := range []struct {
		date schedule.Date
		now  time.Time
		told bool
	}{
		{tuesday, evening.Add(-time.Hour), true},
		{tuesday, evening, false}, // it has begun
		{tuesday.Add(14), evening.Add(-time.Minute), false},
		{tuesday.Add(14), evening, true},
	} {
		_, err := l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(c.now), store.OfDate{Group: l.groups[0], Date: c.date})
		if begun := c.now.Equal(evening) && c.date == tuesday; errors.Is(err, store.ErrBegun) != begun || err != nil && !begun {
			t.Fatal(err)
		}
		if n := l.count(t, `SELECT count(*) FROM firing`); n == 1 != c.told {
			t.Errorf("%s at %s: %d firings", c.date, c.now, n)
		}
		do(t, l.look, `DELETE FROM firing`)
		do(t, l.look, `UPDATE meeting SET skipped = '{}'`)
	}
	// Moved from far away to near, and from the past: until the time that is to come.
	for _, from := range []schedule.Date{tuesday.Add(28), tuesday.Add(-7)} {
		do(t, l.look, `UPDATE meeting SET start = start - interval '28 days' WHERE meeting_id = $1`, l.meeting)
		if _, err := l.db.MoveBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: from}, friday); err != nil {
			t.Fatal(err)
		}
		if n := l.count(t, `SELECT count(*) FROM firing WHERE expires_at = '2026-11-27T18:00-05'`); n != 1 {
			t.Errorf("moved from %s: %d firings", from, n)
		}
		do(t, l.look, `DELETE FROM firing`)
	}
}

func TestNobodyIsToldByAGroupThatDoesNotMeet(t *testing.T) {
	t.Parallel()
	l := changing(t)
	do(t, l.look, `UPDATE groups SET stage = 'paused'`)
	l.skip(t)
	l.wantDue(t, "paused")
}

func TestADateThatCannotBeChanged(t *testing.T) {
	t.Parallel()
	l := changing(t)
	do(t, l.look, `
		INSERT INTO meeting (line_id, group_id, meeting_id, start, zone, rule, minutes, skipped, moved)
		VALUES ($1, $2, $2, '2026-12-01T10:00', 'America/New_York', '', 60, '{}', '{}')`, l.id, l.groups[0])
	skip := func(group string, date schedule.Date, now time.Time) error {
		_, err := l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(now), store.OfDate{Group: group, Date: date})
		return err
	}
	if err := skip(l.groups[0], tuesday.Add(1), noon); err == nil || !contains(err, "no meeting on 2026-11-25") {
		t.Errorf("a Wednesday: %v", err)
	}
	if err := skip(l.groups[0], tuesday.Add(7), noon); err == nil || !contains(err, "several meetings on 2026-12-01, at 19:00 and 10:00") && !contains(err, "at 10:00 and 19:00") {
		t.Errorf("two on one day: %v", err)
	}
	if err := skip(l.groups[0], tuesday, noon.AddDate(0, 0, 1)); err == nil || !contains(err, "that time is past: 2026-11-24T19:00") {
		t.Errorf("yesterday: %v", err)
	}
	if err := skip(l.id, tuesday, noon); !isNotFound(err) {
		t.Errorf("no group: %v", err)
	}
	if _, err := l.db.SkipBy(t.Context(), l.keys, l.groups[0], adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday}); !isNotFound(err) {
		t.Errorf("no line: %v", err)
	}
	if _, err := l.db.MoveBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday}, schedule.Wall{Date: tuesday, Hour: 25}); err == nil {
		t.Error("moved to no time")
	}
	if n := l.count(t, `SELECT count(*) FROM firing`); n != 0 {
		t.Errorf("%d firings", n)
	}
	// One of two that is skipped is the one that can be restored.
	do(t, l.look, `UPDATE meeting SET skipped = '{2026-12-01}' WHERE rule = '' AND group_id = $1`, l.groups[0])
	if o, err := l.db.UnskipBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday.Add(7)}); err != nil || o.Start.Hour() != 10 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestADateIsAdded(t *testing.T) {
	t.Parallel()
	l := changing(t)
	add := func(group string, at schedule.Wall, zone string, minutes int) (store.DateChange, error) {
		return l.db.AddDateBy(t.Context(), l.keys, l.id, adaAt(noon), group, at, zone, minutes)
	}
	begins := time.Date(2026, 11, 27, 18, 0, 0, 0, newYork)
	for changed := range 2 {
		o, err := add(l.groups[0], friday, "America/New_York", 90)
		if err != nil || !o.Start.Equal(begins) || o.Changed != (changed == 0) {
			t.Fatalf("%+v, %v", o, err)
		}
	}
	if o, err := add(l.groups[0], schedule.Wall{Date: tuesday, Hour: 18}, "America/Chicago", 60); err != nil || o.Changed || o.Meeting != l.meeting {
		t.Errorf("when it meets already: %+v, %v", o, err)
	}
	if n := l.count(t, `SELECT count(*) FROM meeting WHERE group_id = $1 AND start = '2026-11-27T18:00' AND rule = '' AND minutes = 90`, l.groups[0]); n != 1 {
		t.Errorf("%d dates", n)
	}
	past := schedule.Wall{Date: tuesday, Hour: 6, Minute: 59}
	for name, c := range map[string]struct {
		group   string
		at      schedule.Wall
		zone    string
		minutes int
		says    string
	}{
		"no zone":  {l.groups[0], friday, "Nowhere", 90, "zone"},
		"no time":  {l.groups[0], friday, "America/New_York", 0, "minutes"},
		"no group": {l.id, friday, "America/New_York", 90, "not found"},
		"past":     {l.groups[0], past, "America/New_York", 90, "that time is past: 2026-11-24T06:59"},
	} {
		if _, err := add(c.group, c.at, c.zone, c.minutes); err == nil || !contains(err, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: friday.Date}); err != nil {
		t.Fatal(err)
	}
	l.wantDue(t, "the added date is skipped", "change skipped 3")
	if _, err := add(l.groups[0], friday, "America/New_York", 90); err == nil || !contains(err, "unskip it") {
		t.Errorf("added, cancelled and added again: %v", err)
	}
}

// A planner whose directory does not know yet that a date is skipped, and who skips
// it: whoever comes first, nobody is reminded of it.
func TestPlanAndSkipAtOnce(t *testing.T) {
	t.Parallel()
	l := changing(t)
	for range 30 {
		planned := make(chan error, 1)
		go func() {
			_, err := l.box.Plan(t.Context(), l.id, []store.Firing{l.firing("24h")})
			planned <- err
		}()
		l.skip(t)
		if err := <-planned; err != nil {
			t.Fatal(err)
		}
		l.wantDue(t, "skipped", "change skipped 3")
		do(t, l.look, `DELETE FROM firing`)
		do(t, l.look, `UPDATE meeting SET skipped = '{}'`)
	}
}

func TestAnImportTellsOfDates(t *testing.T) {
	t.Parallel()
	const series = `{start: "2026-11-24T19:00", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=TU", minutes: 60`
	for _, c := range []struct {
		name, from, to string
		want           []string
	}{
		{"skipped", series + `}`, series + `, skip: ["2026-11-24"]}`, []string{"change skipped 3"}},
		{"restored", series + `, skip: ["2026-11-24"]}`, series + `, skip: []}`, []string{"change held 3"}},
		{"skipped, and nothing is said of it", series + `, skip: ["2026-11-24"]}`, series + `}`, []string{"reminder 24h 2"}},
		{"moved", series + `}`, series + `, move: {"2026-11-24": "2026-11-27T18:00"}}`, []string{"change moved 2026-11-27T18:00 3"}},
		{"moved on", series + `, move: {"2026-11-24": "2026-11-27T18:00"}}`, series + `, move: {"2026-11-24": "2026-11-28T18:00"}}`, []string{"change moved 2026-11-28T18:00 3"}},
		{"moved back", series + `, move: {"2026-11-24": "2026-11-27T18:00"}}`, series + `, move: {}}`, []string{"change moved 2026-11-24T19:00 3"}},
		{"moved, and nothing is said of it", series + `, move: {"2026-11-24": "2026-11-27T18:00"}}`, series + `}`, []string{"reminder 24h 2"}},
		{"restored elsewhere", series + `, skip: ["2026-11-24"]}`, series + `, move: {"2026-11-24": "2026-11-27T18:00"}}`, []string{"change moved 2026-11-27T18:00 3"}},
		{"skipped, and another is removed", series + `}, {start: "2026-11-23T10:00", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=MO", minutes: 60}`, series + `, skip: ["2026-11-24"]}`, []string{"change skipped 3"}},
		{"long before", series + `}`, series + `, skip: ["2026-12-22"]}`, []string{"reminder 24h 2"}},
		{"as it was", series + `}`, series + `}`, []string{"reminder 24h 2"}},
		{"longer", series + `}`, strings.Replace(series, "60", "90", 1) + `}`, []string{"reminder 24h 2"}},
		{"another hour for good", series + `}`, strings.Replace(series, "19:00", "20:00", 1) + `}`, nil},
		{"gone", series + `}`, `{start: "2026-11-23T10:00", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=MO", minutes: 60}`, nil},
		{"paused", series + `}`, series + `, skip: ["2026-11-24"]}], stage: paused, topics: [`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := changing(t)
			file := func(meetings string) []store.Group {
				return parse(t, `groups: [{code: "482105", name: Circle, meetings: [`+meetings+`]}]`)
			}
			for _, meetings := range []string{c.from, c.to} {
				if meetings == c.to {
					do(t, l.look, `DELETE FROM outbox`)
					do(t, l.look, `DELETE FROM firing WHERE purpose = '24h'`)
					l.reminded(t)
				}
				if _, err := l.db.PreviewImport(t.Context(), l.keys, l.id, file(meetings)); err != nil {
					t.Fatal(err)
				}
				if _, err := l.db.ImportGroups(t.Context(), l.keys, l.id, file(meetings)); err != nil {
					t.Fatal(err)
				}
			}
			l.wantDue(t, c.name, c.want...)
		})
	}
}

// reminded puts a reminder of the first group's Tuesday there that waits, whether it
// is held or not.
func (l planned) reminded(t *testing.T) {
	t.Helper()
	do(t, l.look, `
		INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, expires_at)
		SELECT line_id, gen_random_uuid(), group_id, meeting_id, $3, '24h', $4, $4
		FROM meeting WHERE line_id = $1 AND group_id = $2 AND start::time = '19:00'`, l.id, l.groups[0], tuesday.String(), evening)
	do(t, l.look, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT line_id, gen_random_uuid(), 'reminder', channel, pseudonym, firing_id, 'due', expires_at, expires_at, 0
		FROM firing JOIN membership USING (line_id, group_id) WHERE state = 'active' AND offsets IS NULL AND purpose = '24h'`)
}

// What is done for everybody in a large group takes a moment, also before anybody has
// told Postgres how many there are. In a loop within a loop it took a minute.
func TestALargeGroupIsToldInAMoment(t *testing.T) {
	t.Parallel()
	const members = 10_000
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], members, `NULL`)
	within := func(what string, most time.Duration, do func()) {
		t.Helper()
		begun := time.Now()
		do()
		if took := time.Since(begun); took > most*slack {
			t.Errorf("%s takes %s", what, took)
		}
	}
	within("planning", 4*time.Second, func() { l.plan(t, l.firing("24h")) })
	within("a skip", 8*time.Second, func() { l.skip(t) })
	within("undoing it", 5*time.Second, func() { l.unskip(t) })
	l.sent(t)
	do(t, l.look, `UPDATE outbox SET answer = 'out' WHERE kind = 'reminder'`)
	within("planning where all said OUT", 2*time.Second, func() {
		if rows := l.plan(t, l.firing("15m")); rows != 0 {
			t.Errorf("%d are reminded", rows)
		}
	})
}
