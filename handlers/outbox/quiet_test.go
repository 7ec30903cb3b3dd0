package outbox_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
)

func TestSafeFrom(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, at, want string
		p              flows.Preferences
	}{
		{"by day", "2026-11-24T13:00-05:00", "2026-11-24T13:00-05:00", flows.Preferences{}},
		{"at nine", "2026-11-24T09:00-05:00", "2026-11-24T09:00-05:00", flows.Preferences{}},
		{"before nine", "2026-11-24T08:59-05:00", "2026-11-24T09:00-05:00", flows.Preferences{}},
		{"at twenty", "2026-11-24T20:00-05:00", "2026-11-25T09:00-05:00", flows.Preferences{}},
		{"their own zone", "2026-11-24T10:00-05:00", "2026-11-24T12:00-05:00", flows.Preferences{Zone: "America/Los_Angeles"}},
		{"no such zone", "2026-11-24T08:00-05:00", "2026-11-24T09:00-05:00", flows.Preferences{Zone: "Mars/Olympus"}},
		{"mornings", "2026-11-24T12:00-05:00", "2026-11-25T09:00-05:00", flows.Preferences{Hours: flows.Mornings}},
		{"afternoons", "2026-11-24T09:00-05:00", "2026-11-24T12:00-05:00", flows.Preferences{Hours: flows.Afternoons}},
		{"evenings", "2026-11-24T09:00-05:00", "2026-11-24T17:00-05:00", flows.Preferences{Hours: flows.Evenings}},
		{"weekdays", "2026-11-27T20:30-05:00", "2026-11-30T09:00-05:00", flows.Preferences{Days: flows.Weekdays}},
		{"weekends", "2026-11-22T21:00-05:00", "2026-11-28T17:00-05:00", flows.Preferences{Days: flows.Weekends, Hours: flows.Evenings}},
		{"late, at night", "2026-11-24T23:59-05:00", "2026-11-24T23:59-05:00", flows.Preferences{Late: true}},
		{"late, and early", "2026-11-24T05:00-05:00", "2026-11-24T05:00-05:00", flows.Preferences{Late: true}},
		{"late, of who is safe in the evening", "2026-11-24T21:00-05:00", "2026-11-24T21:00-05:00", flows.Preferences{Late: true, Hours: flows.Evenings}},
		{"late, of who is safe in the morning", "2026-11-24T21:00-05:00", "2026-11-25T00:00-05:00", flows.Preferences{Late: true, Hours: flows.Mornings}},
		{"late, of who is safe in the afternoon", "2026-11-24T21:00-05:00", "2026-11-25T12:00-05:00", flows.Preferences{Late: true, Hours: flows.Afternoons}},
		{"late, on an unsafe day", "2026-11-24T21:00-05:00", "2026-11-28T00:00-05:00", flows.Preferences{Late: true, Days: flows.Weekends}},
		{"across the change of clocks", "2026-10-31T21:00-04:00", "2026-11-01T09:00-05:00", flows.Preferences{}},
	}
	for _, tt := range tests {
		at, want := moment(t, tt.at), moment(t, tt.want)
		if got := outbox.SafeFrom(tt.p.Complete(), "America/New_York", at); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04Z07:00", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Of 10,000 messages, none leaves outside of what its recipient called safe, and
// none waits while it could leave.
func TestNothingLeavesAtAnUnsafeHour(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	zones := []string{"America/New_York", "America/St_Johns", "Pacific/Honolulu", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo"}
	pick := func(n int) int { return rnd.IntN(n) }
	for range 10_000 {
		p := flows.Preferences{
			Zone:  zones[pick(len(zones))],
			Days:  []flows.Days{flows.AnyDay, flows.Weekdays, flows.Weekends}[pick(3)],
			Hours: []flows.Hours{flows.AllHours, flows.Mornings, flows.Afternoons, flows.Evenings}[pick(4)],
		}
		zone, err := time.LoadLocation(p.Zone)
		if err != nil {
			t.Fatal(err)
		}
		safe := func(at time.Time) bool {
			at = at.In(zone)
			h := at.Hour()
			weekend := at.Weekday()%6 == 0
			return h >= 9 && h < 20 &&
				(p.Hours == flows.AllHours || h < 12 == (p.Hours == flows.Mornings) && h >= 17 == (p.Hours == flows.Evenings)) &&
				(p.Days == flows.AnyDay || weekend == (p.Days == flows.Weekends))
		}
		at := time.Date(2026, 1, 1, 0, 0, pick(2*365*86400), 0, time.UTC)
		got := outbox.SafeFrom(p, "UTC", at)
		if !safe(got) || got.Before(at) || safe(at) && !got.Equal(at) || !got.Equal(at) && safe(got.Add(-time.Minute)) {
			t.Fatalf("%+v: what is due at %s leaves at %s", p, at.In(zone), got.In(zone))
		}
	}
}

func TestWhoIsOnTheLineGetsTheirTextAtOnce(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC) // eleven in New York
	morning := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		channel flows.Channel
		onLine  time.Duration
		at      time.Time
		leaves  time.Time
	}{
		"a text, on the line":            {flows.ByText, 5 * time.Minute, night, night},
		"a text, not any more":           {flows.ByText, -time.Second, night, morning},
		"a text to who was invited":      {flows.ByText, 0, night, morning},
		"a call waits till they hang up": {flows.ByCall, 5 * time.Minute, afternoon, afternoon.Add(5 * time.Minute)},
		"and for a safe hour":            {flows.ByCall, 5 * time.Minute, night, morning},
		"a call to who was invited":      {flows.ByCall, 0, afternoon, afternoon},
	} {
		r := newRig(t)
		r.clock.at = tt.at
		who := store.Recipient{Number: number(t, ida), Asked: true, Preferences: flows.Preferences{Language: "en"}}
		id := r.put(1, tt.channel, who)
		if tt.onLine != 0 {
			if _, err := r.sql.Exec(`UPDATE outbox SET on_line_until = $1`, tt.at.Add(tt.onLine)); err != nil {
				t.Fatal(err)
			}
		}
		r.pass(outbox.New(r.o))
		state, _, due := r.row(id)
		if now := tt.leaves.Equal(tt.at); now != (state == "accepted") || !now && !due.Equal(tt.leaves) {
			t.Errorf("%s: it is %s, due at %s", name, state, due)
		}
	}
}

// What tells of a meeting waits for a safe hour, if it is of use by then.
func TestWhatTellsOfAMeetingKeepsQuietHours(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC) // eleven in New York
	morning := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		kind    store.Kind
		purpose string
		late    bool
		expires time.Time
		state   string
		due     time.Time
	}{
		"a reminder waits":                    {store.Reminder, "24h", false, night.Add(24 * time.Hour), "due", morning},
		"or lapses":                           {store.Reminder, "15m", false, night.Add(time.Hour), "lapsed", night},
		"or comes late to who agreed":         {store.Reminder, "15m", true, night.Add(time.Hour), "accepted", night},
		"a change waits, also for who agreed": {store.Change, "skipped", true, night.Add(24 * time.Hour), "due", morning},
		"but not when it is soon":             {store.Change, "skipped", true, night.Add(12 * time.Hour), "accepted", night},
		"who did not agree is left alone":     {store.Change, "skipped", false, night.Add(9 * time.Hour), "lapsed", night},
		"who asked is rung":                   {store.CallMe, "start", false, night.Add(20 * time.Minute), "accepted", night},
	} {
		r := newRig(t)
		r.clock.set(night)
		who := asked(t, ida)
		who.Preferences.Late = tt.late
		channel := flows.ByText
		if tt.kind == store.CallMe {
			channel = flows.ByCall
		}
		id := r.tells(1, tt.kind, tt.purpose, channel, who, tt.expires)
		r.pass(outbox.New(r.o))
		if state, reason, due := r.row(id); state != tt.state || !due.Equal(tt.due) || reason == "waits for a safe hour" != (tt.state == "due") {
			t.Errorf("%s: it is %s, %q, due at %s", name, state, reason, due)
		}
	}
}

func TestAGroupThatDoesNotMeetTellsNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.do(`UPDATE groups SET stage = 'paused'`)
	r.reload()
	id := r.tells(1, store.Reminder, "6h", flows.ByText, asked(t, ida), begins)
	r.pass(outbox.New(r.o))
	if state, reason, _ := r.row(id); state != "lapsed" || reason != "its group does not meet" || r.carrier.requests() > 0 {
		t.Errorf("%s, %q", state, reason)
	}
}
