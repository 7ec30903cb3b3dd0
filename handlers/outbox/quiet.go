package outbox

import (
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// The hours of somebody's own day at which those end that they may call safe:
// within [flows.DayBegins] and [flows.DayEnds], for who is not reached late.
const (
	noon      = 12
	afternoon = 17
	midnight  = 24
)

// farthest is how many days ahead the next safe hour may be: after a Sunday
// evening, the weekend's is six days away.
const farthest = 8

// safeFrom returns when somebody may be reached, at or after at: on the days and
// at the hours that they called safe, and never in the quiet ones unless p is Late.
// The zone is their own; home is that of their line, for who has none.
func safeFrom(p flows.Preferences, home string, at time.Time) time.Time {
	zone := zoneOf(p.Zone, home)
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
	return at.AddDate(0, 0, farthest) // no days are safe; the row lapses before
}

// zoneOf never fails: a zone that this machine does not know is not worth a
// message at night, but UTC is all that is left when home is unknown too.
func zoneOf(names ...string) *time.Location {
	for _, name := range names {
		if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
			return zone
		}
	}
	return time.UTC
}

func hours(h flows.Hours) (opens, closes int) {
	switch h {
	case flows.Mornings:
		return flows.DayBegins, noon
	case flows.Afternoons:
		return noon, afternoon
	case flows.Evenings:
		return afternoon, flows.DayEnds
	}
	return flows.DayBegins, flows.DayEnds
}

// late takes in the hours that are quiet for everybody. Those that somebody has
// left out by themselves stay left out.
func late(opens, closes int) (int, int) {
	if opens == flows.DayBegins {
		opens = 0
	}
	if closes == flows.DayEnds {
		closes = midnight
	}
	return opens, closes
}

func safeDay(d flows.Days, day time.Weekday) bool {
	weekend := day == time.Saturday || day == time.Sunday
	switch d {
	case flows.Weekdays:
		return !weekend
	case flows.Weekends:
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
