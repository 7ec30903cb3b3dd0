package schedule

import (
	"archive/zip"
	"go/build"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The years that the rule for gaps and overlaps is proved for.
var (
	provedFrom  = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	provedUntil = time.Date(2041, 1, 1, 0, 0, 0, 0, time.UTC)
)

// zoneNames lists every zone of the database that comes with Go.
func zoneNames(t *testing.T) []string {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatalf("open Go's own zone database: %v", err)
	}
	defer archive.Close()
	var names []string
	for _, file := range archive.File {
		if !strings.HasSuffix(file.Name, "/") {
			names = append(names, file.Name)
		}
	}
	if len(names) < 400 {
		t.Fatalf("only %d zones", len(names))
	}
	return names
}

// clockChanges finds the first second of every offset of loc, by looking at
// its clock every twelve hours and halving.
func clockChanges(loc *time.Location) []time.Time {
	offset := func(unix int64) int {
		_, o := time.Unix(unix, 0).In(loc).Zone()
		return o
	}
	var changes []time.Time
	const step = 12 * 60 * 60
	before := offset(provedFrom.Unix())
	for at := provedFrom.Unix() + step; at <= provedUntil.Unix(); at += step {
		after := offset(at)
		if after == before {
			continue
		}
		low, high := at-step, at
		for high-low > 1 {
			if mid := (low + high) / 2; offset(mid) == before {
				low = mid
			} else {
				high = mid
			}
		}
		changes = append(changes, time.Unix(high, 0).In(loc))
		before = after
	}
	return changes
}

// shown is what a wall clock showed in the days around a change: for every
// minute on its face, the first instant at which it was seen.
type shown struct {
	from, to Wall // complete for the minutes between
	first    map[Wall]time.Time
}

// watch reads the wall clock at every minute of UTC from two days before to
// two days after change.
func watch(change time.Time) shown {
	const reach = 48 * 60
	s := shown{first: make(map[Wall]time.Time, 2*reach)}
	at := change.Add(-reach * time.Minute)
	s.from = wallAt(at.Add(3 * time.Hour))
	for range 2 * reach {
		if w := wallAt(at); s.first[w].IsZero() {
			s.first[w] = at
		}
		at = at.Add(time.Minute)
	}
	s.to = wallAt(at.Add(-3 * time.Hour))
	return s
}

// minutesBetween lists the faces of a clock from one to another, existing in
// the zone or not.
func minutesBetween(from, to Wall) []Wall {
	var all []Wall
	for at := from.utc(); !at.After(to.utc()); at = at.Add(time.Minute) {
		all = append(all, wallAt(at))
	}
	return all
}

// want is when a meeting at that wall time must be held: when the clock first
// shows it, else later by as many minutes as the clock skipped.
func (s shown) want(w Wall) time.Time {
	if at := s.first[w]; !at.IsZero() {
		return at
	}
	skipped := 0
	face := w.utc()
	for at := face; s.first[wallAt(at)].IsZero(); at = at.Add(-time.Minute) {
		skipped++
	}
	for at := face.Add(time.Minute); s.first[wallAt(at)].IsZero(); at = at.Add(time.Minute) {
		skipped++
	}
	return s.first[wallAt(face.Add(time.Duration(skipped)*time.Minute))]
}

// edges are the wall times most likely to go wrong at a change: around where
// the clock leaves and where it arrives.
func edges(change time.Time) []Wall {
	leaves, arrives := wallAt(change.Add(-time.Second)), wallAt(change)
	var all []Wall
	for _, w := range []Wall{leaves, arrives} {
		for _, minutes := range []int{-1, 0, 1, 30} {
			all = append(all, wallAt(w.utc().Add(time.Duration(minutes)*time.Minute)))
		}
	}
	return all
}

// TestEveryClockChange proves, for every zone and every change of its clocks,
// that each wall time is placed where a person watching the clock would expect
// it, and that a daily meeting at an edge is held once for each date.
func TestEveryClockChange(t *testing.T) {
	t.Parallel()
	watched := make(map[string]bool)
	changes := 0
	for _, name := range zoneNames(t) {
		loc, err := LoadZone(name)
		if err != nil {
			t.Errorf("zone %s: %v", name, err)
			continue
		}
		for _, change := range clockChanges(loc) {
			changes++
			// Links and neighbours share their changes: one watch serves all.
			_, before := change.Add(-time.Second).Zone()
			key := change.UTC().String() + change.Format("-07:00") + time.Duration(before).String()
			if !watched[key] {
				watched[key] = true
				s := watch(change)
				checkPlacing(t, s, change)
				checkDaily(t, s, change)
			}
		}
	}
	t.Logf("%d changes, %d of them distinct", changes, len(watched))
	if len(watched) < 900 { // of 993 to 1,027, by the age of the zones' data
		t.Errorf("only %d changes of clocks were found", len(watched))
	}
}

func checkPlacing(t *testing.T, s shown, change time.Time) {
	t.Helper()
	loc := change.Location()
	near := []Wall{wallAt(change.Add(-time.Second)), wallAt(change)}
	slices.SortFunc(near, func(a, b Wall) int { return a.utc().Compare(b.utc()) })
	from, to := wallAt(near[0].utc().Add(-5*time.Minute)), wallAt(near[1].utc().Add(5*time.Minute))
	for _, w := range minutesBetween(from, to) {
		if got, want := w.In(loc), s.want(w); !got.Equal(want) {
			t.Errorf("%s: %s is held at %s, want %s", loc, w, got, want)
		}
	}
}

func checkDaily(t *testing.T, s shown, change time.Time) {
	t.Helper()
	loc := change.Location()
	for _, edge := range edges(change) {
		m := Meeting{
			Start: Wall{Date: Date{2023, time.March, 1}, Hour: edge.Hour, Minute: edge.Minute},
			Zone:  loc.String(), Rule: "FREQ=DAILY", Minutes: 60,
		}
		held := make(map[Date][]time.Time)
		for _, o := range m.Between(s.from.utc().AddDate(0, 0, -1), s.to.utc().AddDate(0, 0, 2)) {
			held[o.Date] = append(held[o.Date], o.Start)
		}
		for d := s.from.Date.Add(1); d.Compare(s.to.Date) < 0; d = d.Add(1) {
			w := Wall{Date: d, Hour: edge.Hour, Minute: edge.Minute}
			if got := held[d]; len(got) != 1 || !got[0].Equal(s.want(w)) {
				t.Errorf("%s: daily meeting of %s is held at %v, want %s", loc, w, got, s.want(w))
			}
		}
	}
}

// TestDailyMeetingThroughTheYears holds a daily meeting at any time of day, in
// any zone, for seventeen years: once for each local date, in order, at the
// same time on the wall unless the clock skipped it.
func TestDailyMeetingThroughTheYears(t *testing.T) {
	t.Parallel()
	names := zoneNames(t)
	rapid.Check(t, func(t *rapid.T) {
		m := Meeting{
			Start: Wall{
				Date: Date{rapid.IntRange(2010, 2023).Draw(t, "year"), time.March, 1},
				Hour: rapid.IntRange(0, 23).Draw(t, "hour"), Minute: rapid.IntRange(0, 59).Draw(t, "minute"),
			},
			Zone: rapid.SampledFrom(names).Draw(t, "zone"), Rule: "FREQ=DAILY", Minutes: 45,
		}
		date := Date{2024, time.January, 1}
		moved := 0
		for _, o := range m.Between(provedFrom.AddDate(0, 0, -2), provedUntil.AddDate(0, 0, 2)) {
			if o.Date.Compare(date) < 0 {
				continue
			}
			if o.Date != date {
				t.Fatalf("%s follows %s", o.Date, date.Add(-1))
			}
			if want := (Wall{Date: date, Hour: m.Start.Hour, Minute: m.Start.Minute}); wallAt(o.Start) != want {
				moved++
			}
			date = date.Add(1)
		}
		if date.Compare(DateOf(provedUntil)) < 0 {
			t.Fatalf("nothing is held after %s", date.Add(-1))
		}
		if moved > 4*17 {
			t.Fatalf("%d occurrences are off their wall time", moved)
		}
	})
}

func TestWallInKnownPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, wall, want, why string }{
		{"America/New_York", "2026-03-08T02:30", "2026-03-08T03:30:00-04:00", "a gap moves it forward"},
		{"America/New_York", "2026-03-08T02:00", "2026-03-08T03:00:00-04:00", "the first minute of a gap"},
		{"America/New_York", "2026-03-08T03:00", "2026-03-08T03:00:00-04:00", "the first minute after a gap"},
		{"America/New_York", "2026-03-08T01:59", "2026-03-08T01:59:00-05:00", "the last minute before a gap"},
		{"America/New_York", "2026-11-01T01:30", "2026-11-01T01:30:00-04:00", "the first of two"},
		{"America/New_York", "2026-11-01T02:00", "2026-11-01T02:00:00-05:00", "after the second"},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:45:00+11:00", "a gap of half an hour"},
		{"Antarctica/Troll", "2026-03-29T01:30", "2026-03-29T03:30:00+02:00", "a gap of two hours"},
		{"America/Havana", "2026-03-08T00:30", "2026-03-08T01:30:00-04:00", "a gap at midnight"},
		{"America/Nuuk", "2026-03-28T23:30", "2026-03-29T00:30:00-01:00", "a gap that ends at midnight"},
		{"Pacific/Apia", "2011-12-30T19:00", "2011-12-31T19:00:00+14:00", "a day that never was"},
		{"Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T02:30:00+01:00", "the first of two, as Ramadan begins"},
		{"Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T03:30:00+01:00", "a gap as Ramadan ends"},
		{"America/New_York", "2040-12-31T19:00", "2040-12-31T19:00:00-05:00", "where Time.ZoneBounds goes wrong"},
		{"Asia/Kolkata", "2026-06-01T19:00", "2026-06-01T19:00:00+05:30", "no changes at all"},
	} {
		w, err := ParseWall(c.wall)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := LoadZone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.In(loc).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s (%s) is %s, want %s", c.wall, c.zone, c.why, got, c.want)
		}
	}
}

func TestLoadZoneRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "Eastern", "America/Gotham", "posix/America/New_York", "right/America/New_York", "../etc/passwd", "/etc/localtime"} {
		if loc, err := LoadZone(name); err == nil {
			t.Errorf("LoadZone(%q) = %v; want it refused", name, loc)
		}
	}
}
