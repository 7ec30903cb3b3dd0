package schedule

import (
	"cmp"
	"slices"
	"time"
)

// Between returns the occurrences that end after from and start before to, by
// start. A meeting with a fault has none: Validate says which.
func (m Meeting) Between(from, to time.Time) []Occurrence {
	loc, err := LoadZone(m.Zone)
	if err != nil || !m.Start.valid() {
		return nil
	}
	r, fault := parseRule(m.Rule, m.Start, loc)
	if fault != nil {
		return nil
	}
	var found []Occurrence
	add := func(d Date, w Wall) {
		start := w.In(loc)
		o := Occurrence{Meeting: m.ID, Date: d, Start: start, End: start.Add(time.Duration(m.Minutes) * time.Minute)}
		if o.End.After(from) && o.Start.Before(to) {
			found = append(found, o)
		}
	}
	// A day more on each side, because a change of clocks can carry a start
	// past midnight.
	first := DateOf(from.In(loc)).Add(-2 - m.Minutes/(24*60))
	last := DateOf(to.In(loc)).Add(1)
	for _, d := range r.dates(first, last) {
		if !slices.Contains(m.Skipped, d) && !m.moved(d) {
			add(d, Wall{Date: d, Hour: m.Start.Hour, Minute: m.Start.Minute})
		}
	}
	for _, move := range m.Moved {
		if move.To.Date.Compare(first) >= 0 && move.To.Date.Compare(last) <= 0 &&
			!slices.Contains(m.Skipped, move.Date) && r.gives(move.Date) {
			add(move.Date, move.To)
		}
	}
	slices.SortFunc(found, func(a, b Occurrence) int {
		return cmp.Or(a.Start.Compare(b.Start), a.Date.Compare(b.Date))
	})
	return found
}

func (m Meeting) moved(d Date) bool {
	return slices.ContainsFunc(m.Moved, func(move Move) bool { return move.Date == d })
}

// Next returns the first n occurrences that end after that instant, by start;
// fewer if there are no more within ten years.
func (m Meeting) Next(after time.Time, n int) []Occurrence {
	if n <= 0 {
		return nil
	}
	// Most meetings are found at the first look; each further one sees all
	// that the one before saw, because a move may reorder dates.
	for days := 36; ; days = min(8*days, lookAhead) {
		found := m.Between(after, after.AddDate(0, 0, days))
		if len(found) >= n {
			return found[:n]
		}
		if days == lookAhead {
			return found
		}
	}
}
