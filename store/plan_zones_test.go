package store_test

import (
	"archive/zip"
	"fmt"
	"go/build"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// In every zone, around every change of clocks from 2024 to 2040, and whatever the
// hour at which a group meets daily: each local date has one firing of each offset,
// one day's after the other's, before it begins; and what holds a firing back that
// is not so any more holds none of them back.
func TestOneFiringForEachLocalDate(t *testing.T) {
	t.Parallel()
	edges := clockChanges(t)
	if len(edges) < 1000 {
		t.Fatalf("only %d changes of clocks", len(edges))
	}
	offsets := make(map[store.Purpose]schedule.Offset)
	for _, text := range []string{"24h", "1h", "15m"} {
		offsets[store.Purpose(text)], _ = schedule.ParseOffset(text)
	}
	for _, edge := range edges {
		for _, at := range []time.Time{edge.Add(-time.Minute), edge, edge.Add(30 * time.Minute), edge.Add(12 * time.Hour)} {
			m := schedule.Meeting{
				ID: "m", Zone: edge.Location().String(), Rule: "FREQ=DAILY", Minutes: 60,
				Start: schedule.Wall{Date: schedule.DateOf(edge).Add(-10), Hour: at.Hour(), Minute: at.Minute()},
			}
			checkFirings(t, m, schedule.DateOf(edge), offsets)
		}
	}
}

func checkFirings(t *testing.T, m schedule.Meeting, day schedule.Date, offsets map[store.Purpose]schedule.Offset) {
	t.Helper()
	middle := time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, time.UTC)
	stored := map[store.Firing]int{} // by what a firing is unique by
	due := map[store.Purpose][]time.Time{}
	for _, o := range m.Between(middle.AddDate(0, 0, -4), middle.AddDate(0, 0, 4)) {
		if at, ok := store.StartOf(m, o.Date); !ok || !at.Equal(o.Start) {
			t.Errorf("%s, %s: begins at %s, and is planned for %s", m.Zone, o.Date, o.Start, at)
		}
		if found, given := store.OccurrenceOn(m, o.Date); !given || !found.Start.Equal(o.Start) {
			t.Errorf("%s, %s: begins at %s, and is skipped at %s", m.Zone, o.Date, o.Start, found.Start)
		}
		for purpose, offset := range offsets {
			at := offset.Before(o.Start)
			if !at.Before(o.Start) {
				t.Errorf("%s, %s: %s before %s is %s", m.Zone, o.Date, purpose, o.Start, at)
			}
			stored[store.Firing{Meeting: m.ID, Date: o.Date, Purpose: purpose}]++
			due[purpose] = append(due[purpose], at)
		}
	}
	for purpose := range offsets {
		for n := -3; n <= 3; n++ {
			if times := stored[store.Firing{Meeting: m.ID, Date: day.Add(n), Purpose: purpose}]; times != 1 {
				t.Errorf("%s, daily at %02d:%02d: %d firings %s for %s", m.Zone, m.Start.Hour, m.Start.Minute, times, purpose, day.Add(n))
			}
		}
		if !slices.IsSortedFunc(due[purpose], time.Time.Compare) || len(slices.CompactFunc(due[purpose], time.Time.Equal)) != len(due[purpose]) {
			t.Errorf("%s, daily at %02d:%02d: %s are due at %s", m.Zone, m.Start.Hour, m.Start.Minute, purpose, due[purpose])
		}
	}
}

// clockChanges are those of every zone, each in its zone; of zones whose clocks
// change alike there is one.
func clockChanges(t *testing.T) []time.Time {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatalf("open Go's own zone database: %v", err)
	}
	defer func() { _ = archive.Close() }()
	alike := map[string]bool{}
	var all []time.Time
	for _, file := range archive.File {
		if strings.HasSuffix(file.Name, "/") {
			continue
		}
		zone, err := time.LoadLocation(file.Name)
		if err != nil {
			t.Fatal(err)
		}
		changes := changesOf(zone)
		var like strings.Builder
		for _, at := range changes {
			fmt.Fprintln(&like, at.Format(time.RFC3339))
		}
		if !alike[like.String()] {
			alike[like.String()] = true
			all = append(all, changes...)
		}
	}
	return all
}

// changesOf finds a zone's changes of clocks to the minute, by looking at its clock
// every six hours and halving.
func changesOf(zone *time.Location) []time.Time {
	offset := func(at time.Time) int {
		_, seconds := at.In(zone).Zone()
		return seconds
	}
	var changes []time.Time
	const step = 6 * time.Hour
	for at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() <= 2040; at = at.Add(step) {
		low, high := at, at.Add(step)
		if offset(low) == offset(high) {
			continue
		}
		for high.Sub(low) > time.Minute {
			if middle := low.Add(high.Sub(low) / 2).Truncate(time.Minute); offset(middle) == offset(low) {
				low = middle
			} else {
				high = middle
			}
		}
		changes = append(changes, high.In(zone))
	}
	return changes
}
