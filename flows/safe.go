package flows

import (
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// The hours of somebody's own day at which those end that they may call safe:
// within [DayBegins] and [DayEnds], for who is not reached late.
const (
	safeNoon  = 12
	afternoon = 17
	midnight  = 24
)

// farthest is how many days ahead the next safe hour may be: after a Sunday
// evening, the weekend's is six days away.
const farthest = 8

// SafeFrom returns when somebody may be reached, at or after at: on the days and at
// the hours that they called safe, and never in the quiet ones unless p is Late. It
// is so in each of the zones, of which there is one at least.
func (p Preferences) SafeFrom(zones []*time.Location, at time.Time) time.Time {
	never := at.AddDate(0, 0, farthest) // the row lapses before
	for safe := at; ; at = safe {
		for _, zone := range zones {
			safe = safeIn(p, zone, safe)
		}
		if safe.Equal(at) {
			return safe
		}
		if safe.After(never) {
			return never
		}
	}
}

// safeIn is SafeFrom in one zone.
func safeIn(p Preferences, zone *time.Location, at time.Time) time.Time {
	opens, closes := hours(p.Hours)
	if p.Late {
		opens, closes = late(opens, closes)
	}
	today := schedule.DateOf(at.In(zone))
	for day := range farthest {
		date := today.Add(day)
		if !safeDay(p.Days, date.Weekday()) {
			continue
		}
		from := schedule.Wall{Date: date, Hour: opens}.In(zone)
		until := schedule.Wall{Date: date.Add(closes / midnight), Hour: closes % midnight}.In(zone)
		if at.Before(until) {
			return later(from, at)
		}
	}
	return at.AddDate(0, 0, farthest) // no days are safe
}

// Zones are those by whose clocks somebody is reached: the one that they chose alone.
// Who has chosen none may be at home, where the line is, or where their number is from:
// no message is worth ringing either at night. All are IANA names.
func (p Preferences) Zones(home string, number []string) []*time.Location {
	if zone := load(p.Zone); zone != nil {
		return []*time.Location{zone}
	}
	var all []*time.Location
	for _, name := range append(slices.Clone(number), home) {
		if zone := load(name); zone != nil {
			all = append(all, zone)
		}
	}
	if len(all) == 0 {
		return []*time.Location{time.UTC} // not even the line's is known to this machine
	}
	return all
}

// load is the zone of an IANA name, nil if this machine knows none of that name.
func load(name string) *time.Location {
	zone, err := schedule.LoadZone(name)
	if err != nil {
		return nil
	}
	return zone
}

func hours(h Hours) (opens, closes int) {
	switch h {
	case Mornings:
		return DayBegins, safeNoon
	case Afternoons:
		return safeNoon, afternoon
	case Evenings:
		return afternoon, DayEnds
	}
	return DayBegins, DayEnds
}

// late takes in the hours that are quiet for everybody. Those that somebody has
// left out by themselves stay left out.
func late(opens, closes int) (int, int) {
	if opens == DayBegins {
		opens = 0
	}
	if closes == DayEnds {
		closes = midnight
	}
	return opens, closes
}

func safeDay(d Days, day time.Weekday) bool {
	weekend := day == time.Saturday || day == time.Sunday
	switch d {
	case Weekdays:
		return !weekend
	case Weekends:
		return weekend
	}
	return true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
