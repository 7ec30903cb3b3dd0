package schedule

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const longestMinutes = 24 * 60

// The years in which a meeting can start.
const (
	firstYear = 1970
	lastYear  = 2199
)

// Meeting is a recurring time of a group. Start is the wall time of its first
// possible occurrence in the IANA zone Zone; Rule is an RFC 5545 recurrence
// rule, or "" for a meeting that is held once. Each occurrence lasts Minutes
// as a stopwatch counts them, across midnight and changes of clocks.
type Meeting struct {
	ID      string
	Start   Wall
	Zone    string
	Rule    string
	Minutes int
	Skipped []Date // dates that are not held; they may name any date
	Moved   []Move
}

// Move holds the occurrence that the rule gives for Date at To instead, in the
// meeting's zone.
type Move struct {
	Date Date
	To   Wall
}

// Fault is one thing wrong with a meeting: where, what, and how to mend it.
// Field is one of start, timezone, rrule, minutes, skip, move.
type Fault struct{ Field, What, Mend string }

func (f *Fault) Error() string { return f.Field + ": " + f.What + "; " + f.Mend }

// New returns the meeting that a person described. The error joins a *Fault
// for everything that is wrong; the meeting is then zero.
func New(start, zone, rrule string, minutes int) (Meeting, error) {
	m := Meeting{Zone: zone, Rule: rrule, Minutes: minutes}
	var faults []error
	var err error
	if m.Start, err = ParseWall(start); err != nil {
		faults = append(faults, &Fault{
			Field: "start",
			What:  fmt.Sprintf("%q is %v", start, err),
			Mend:  "write the date and the time on the wall, like 2026-11-24T19:00, without an offset: the zone goes into timezone",
		})
		// Any start will do to judge the rest.
		m.Start = Wall{Date: Date{Year: 2000, Month: time.January, Day: 1}}
	}
	if faults = append(faults, m.faults()...); len(faults) > 0 {
		return Meeting{}, errors.Join(faults...)
	}
	return m, nil
}

// Validate reports everything that is wrong with m: nil, or joined *Faults.
func (m Meeting) Validate() error { return errors.Join(m.faults()...) }

// faults are *Faults, as errors because errors.Join takes those.
func (m Meeting) faults() []error {
	var faults []error
	add := func(field, mend, what string, args ...any) {
		faults = append(faults, &Fault{Field: field, What: fmt.Sprintf(what, args...), Mend: mend})
	}
	startOK := m.Start.valid() && m.Start.Date.Year >= firstYear && m.Start.Date.Year <= lastYear
	if !startOK {
		add("start", fmt.Sprintf("give a date from %d to %d and a time of day", firstYear, lastYear), "%s is out of range", m.Start)
	}
	loc, err := LoadZone(m.Zone)
	if err != nil {
		add("timezone", "use a name from the IANA list, like America/New_York", "%q is %v", m.Zone, err)
		loc = time.UTC
	}
	if m.Minutes < 1 || m.Minutes > longestMinutes {
		add("minutes", fmt.Sprintf("give the length as 1 to %d minutes", longestMinutes), "%d is out of range", m.Minutes)
	}
	for _, d := range m.Skipped {
		if !d.valid() {
			add("skip", "write a date like 2026-12-24", "%s is not in the calendar", d)
		}
	}
	if !startOK {
		return faults
	}
	r, fault := parseRule(m.Rule, m.Start, loc)
	if fault == nil && len(r.dates(m.Start.Date, m.Start.Date.Add(lookAhead))) == 0 {
		fault = ruleFault("check that start, UNTIL and the days fit together", "it gives no date within ten years of start")
	}
	if fault != nil {
		return append(faults, fault)
	}
	return append(faults, m.moveFaults(r)...)
}

// moveFaults reports what is wrong with the moved dates under the meeting's
// own rule.
func (m Meeting) moveFaults(r rule) []error {
	var faults []error
	seen := make(map[Date]bool, len(m.Moved))
	for _, move := range m.Moved {
		what, mend := "", ""
		switch {
		case !move.Date.valid() || !r.gives(move.Date):
			what, mend = "is not a date of this meeting", "name a date that the rule gives"
		case !move.To.valid():
			what, mend = "is moved to "+move.To.String()+", which no calendar has", "write the date and time like 2026-12-01T18:00"
		case seen[move.Date]:
			what, mend = "is moved twice", "keep one of the moves"
		case slices.Contains(m.Skipped, move.Date):
			what, mend = "is both skipped and moved", "keep one of them"
		}
		seen[move.Date] = true
		if what != "" {
			faults = append(faults, &Fault{Field: "move", What: move.Date.String() + " " + what, Mend: mend})
		}
	}
	return faults
}
