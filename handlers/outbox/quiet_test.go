package outbox_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
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
		if got := outbox.SafeFrom(tt.p.Complete(), "America/New_York", vault.Number{}, at); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
}

// Who has not chosen a zone may be where the line is, or where their number is from.
func TestSafeFromWithoutAZone(t *testing.T) {
	t.Parallel()
	const ny, la, idaho, free, london = "+12125550143", "+13105550143", "+12085550143", "+18005550143", "+442079460958"
	for _, tt := range []struct {
		name, to, at, want string
		p                  flows.Preferences
	}{
		{"at home", ny, "2026-11-24T09:00-05:00", "2026-11-24T09:00-05:00", flows.Preferences{}},
		{"six in the morning there", la, "2026-11-24T09:00-05:00", "2026-11-24T12:00-05:00", flows.Preferences{}},
		{"night here", la, "2026-11-24T20:00-05:00", "2026-11-25T12:00-05:00", flows.Preferences{}},
		{"day in both", la, "2026-11-24T19:59-05:00", "2026-11-24T19:59-05:00", flows.Preferences{}},
		{"the later of an area's two zones", idaho, "2026-11-24T09:00-05:00", "2026-11-24T12:00-05:00", flows.Preferences{}},
		{"a number of no area", free, "2026-11-24T09:00-05:00", "2026-11-24T09:00-05:00", flows.Preferences{}},
		{"five hours ahead", london, "2026-11-24T15:00-05:00", "2026-11-25T09:00-05:00", flows.Preferences{}},
		{"chosen, it counts alone", la, "2026-11-24T09:00-05:00", "2026-11-24T09:00-05:00", flows.Preferences{Zone: "America/New_York"}},
		{"chosen, and unknown here", la, "2026-11-24T09:00-05:00", "2026-11-24T12:00-05:00", flows.Preferences{Zone: "Mars/Olympus"}},
		{"late", la, "2026-11-24T05:00-05:00", "2026-11-24T05:00-05:00", flows.Preferences{Late: true}},
		{"a weekend in both", la, "2026-11-28T00:30-05:00", "2026-11-28T03:00-05:00", flows.Preferences{Late: true, Days: flows.Weekends}},
		{"evenings that do not meet", la, "2026-11-24T09:00-05:00", "2026-12-02T09:00-05:00", flows.Preferences{Hours: flows.Evenings}},
	} {
		at, want := moment(t, tt.at), moment(t, tt.want)
		if got := outbox.SafeFrom(tt.p.Complete(), "America/New_York", number(t, tt.to), at); !got.Equal(want) {
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
// none waits while it could leave: in the zone that they chose, or else wherever the
// line and their number are.
func TestNothingLeavesAtAnUnsafeHour(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	chosen := []string{"", "", "", "America/New_York", "America/St_Johns", "Pacific/Honolulu", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo"}
	homes := []string{"UTC", "America/New_York", "America/Los_Angeles"}
	var numbers []vault.Number
	for _, n := range []string{"+12125550143", "+13105550143", "+12085550143", "+18085550143", "+19075550143", "+17095550143", "+18005550143"} {
		numbers = append(numbers, number(t, n))
	}
	pick := func(n int) int { return rnd.IntN(n) }
	places := map[string]*time.Location{} // each is read from a file
	for _, name := range slices.Concat(chosen, homes) {
		places[name], _ = time.LoadLocation(name)
	}
	for _, n := range numbers {
		for _, name := range n.Zones() {
			places[name], _ = time.LoadLocation(name)
		}
	}
	for range 10_000 {
		p := flows.Preferences{
			Zone:  chosen[pick(len(chosen))],
			Days:  []flows.Days{flows.AnyDay, flows.Weekdays, flows.Weekends}[pick(3)],
			Hours: []flows.Hours{flows.AllHours, flows.Mornings, flows.Afternoons, flows.Evenings}[pick(4)],
		}
		home, to := homes[pick(len(homes))], numbers[pick(len(numbers))]
		names := []string{p.Zone}
		if p.Zone == "" {
			names = append(to.Zones(), home)
		}
		safeIn := func(at time.Time, zone string) bool {
			at = at.In(places[zone])
			h := at.Hour()
			weekend := at.Weekday()%6 == 0
			return h >= 9 && h < 20 &&
				(p.Hours == flows.AllHours || h < 12 == (p.Hours == flows.Mornings) && h >= 17 == (p.Hours == flows.Evenings)) &&
				(p.Days == flows.AnyDay || weekend == (p.Days == flows.Weekends))
		}
		safe := func(at time.Time) bool {
			return !slices.ContainsFunc(names, func(zone string) bool { return !safeIn(at, zone) })
		}
		at := time.Date(2026, 1, 1, 0, 0, pick(2*365*86400), 0, time.UTC)
		got := outbox.SafeFrom(p, home, to, at)
		if got.Equal(at.AddDate(0, 0, 8)) && len(names) > 1 {
			for h := range 8 * 24 * 4 { // there is none
				if safe(at.Add(time.Duration(h) * 15 * time.Minute)) {
					t.Fatalf("%+v by %v: what is due at %s could leave", p, names, at)
				}
			}
			continue
		}
		if !safe(got) || got.Before(at) || safe(at) && !got.Equal(at) || !got.Equal(at) && safe(got.Add(-time.Minute)) {
			t.Fatalf("%+v by %v: what is due at %s leaves at %s", p, names, at, got)
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

// A landline of Los Angeles on a line of New York is not rung at six in the morning.
func TestWhoChoseNoZoneSleepsWhereTheirNumberIs(t *testing.T) {
	t.Parallel()
	nine, noon := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC), time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC)
	for zone, want := range map[string]time.Time{"": noon, "America/Los_Angeles": noon, "America/New_York": nine} {
		r := newRig(t)
		r.clock.set(nine)
		who := asked(t, "+13105550143")
		who.Preferences.Zone = zone
		id := r.tells(1, store.Reminder, "6h", flows.ByCall, who, nine.Add(8*time.Hour))
		r.pass(outbox.New(r.o))
		if state, _, due := r.row(id); (state == "accepted") != want.Equal(nine) || state == "due" && !due.Equal(want) {
			t.Errorf("whose zone is %q: it is %s, due at %s", zone, state, due)
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
