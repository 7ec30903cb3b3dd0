package console

import (
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

const (
	// datesShown is how many dates to come a schedule shows.
	datesShown = 8
	// holidaysAhead is how far ahead holidays are offered to be skipped.
	holidaysAhead = 365 * 24 * time.Hour
)

// schedulePage is when a group meets, and what can be done about it.
type schedulePage struct {
	Series   []series
	Dates    []dateRow
	Holidays []dateRow
	Clashes  []clash
	Paused   bool // it was never opened, or is paused
	timeForm
}

// timeForm is where a time is written.
type timeForm struct {
	When, Minutes, Zone string
	Zones               []zone
}

// zone is an IANA zone and how people call it.
type zone struct{ Name, Words string }

// zonesOffered are those that North Americans go by, named by a city each.
var zonesOffered = []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Halifax", "America/St_Johns", "America/Puerto_Rico"}

// series is a meeting that recurs, in words.
type series struct {
	ID, Words string
	Minutes   int
	Only      bool // the group has no other
}

// dateRow is one date, held or not.
type dateRow struct {
	Key      string // of the forms about it: meeting and date
	Words    string
	Was      string // of one that is moved: when it would be
	Skipped  bool
	Moved    bool
	Holiday  string // a key of the catalogue
	Clocks   string // "forward" or "back" when clocks change since the date before
	Fallback bool   // the wall time does not exist that day
}

// zones are the offered ones, and the one that is needed.
func (p *page) zones(needed string) []zone {
	names := zonesOffered
	if !slices.Contains(names, needed) {
		names = slices.Concat([]string{needed}, names)
	}
	var all []zone
	for _, name := range names {
		loc, err := time.LoadLocation(name)
		if err != nil || name == "" {
			continue
		}
		called := schedule.Zone
		if name == needed && len(names) > len(zonesOffered) {
			called = schedule.Place // which may share its time with one that is offered
		}
		all = append(all, zone{name, sentence(called(p.lang, p.now.In(loc)))})
	}
	return all
}

func (p *page) schedule() error {
	data, err := p.timetable()
	if err != nil {
		return err
	}
	return p.show("schedule", "groups.schedule", data)
}

func (p *page) timetable() (schedulePage, error) {
	line, err := p.thisLine()
	if err != nil {
		return schedulePage{}, err
	}
	g := p.group
	data := schedulePage{Paused: g.Stage == flows.StagePaused, timeForm: timeForm{Minutes: "60", Zone: line.Zone}}
	for _, m := range g.Meetings {
		data.Zone = m.Zone
		if m.Rule != "" {
			data.Series = append(data.Series, series{ID: m.ID, Words: sentence(schedule.SpokenSeries(p.lang, m)), Minutes: m.Minutes, Only: len(g.Meetings) == 1})
		}
	}
	data.Zones = p.zones(data.Zone)
	data.Dates = p.dates(g.Meetings, datesShown)
	data.Holidays = p.holidays(g.Meetings)
	data.Clashes, err = p.clashes(*g)
	return data, err
}

// dates are the next ones of meetings, those that are not held among them.
func (p *page) dates(meetings []schedule.Meeting, n int) []dateRow {
	all := heldOrNot(meetings, p.now, n)
	var rows []dateRow
	for i, o := range all {
		row := p.dateRow(o)
		if i > 0 && all[i-1].meeting.Zone == o.meeting.Zone {
			_, before := all[i-1].Start.Zone()
			_, after := o.Start.Zone()
			switch {
			case after > before:
				row.Clocks = "forward"
			case after < before:
				row.Clocks = "back"
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *page) dateRow(o dated) dateRow {
	row := dateRow{
		Key: o.meeting.ID + "/" + o.Date.String(), Words: longDate(p.lang, o.Start, p.now), Skipped: o.skipped, Moved: o.moved,
		Holiday: schedule.Holiday(p.desk.Setup.Countries, schedule.DateOf(o.Start)),
	}
	if o.moved {
		row.Was = longDate(p.lang, o.byRule, p.now)
	} else {
		row.Fallback = o.Start.Hour() != o.meeting.Start.Hour || o.Start.Minute() != o.meeting.Start.Minute
	}
	return row
}

// longDate is a date with its day of the month, however near.
func longDate(lang string, t, now time.Time) string {
	text := schedule.Written(lang, t, now.AddDate(0, 0, -30))
	return sentence(text)
}

// dated is a date of a meeting, held or not.
type dated struct {
	schedule.Occurrence
	meeting        schedule.Meeting
	byRule         time.Time
	skipped, moved bool
}

// heldOrNot are the next n dates of meetings: those that are skipped at their time.
func heldOrNot(meetings []schedule.Meeting, now time.Time, n int) []dated {
	var all []dated
	for _, m := range meetings {
		for _, o := range m.Next(now, n) {
			d := dated{Occurrence: o, meeting: m}
			if at := slices.IndexFunc(m.Moved, func(move schedule.Move) bool { return move.Date == o.Date }); at >= 0 {
				d.moved = true
				d.byRule = schedule.Wall{Date: o.Date, Hour: m.Start.Hour, Minute: m.Start.Minute}.In(o.Start.Location())
			}
			all = append(all, d)
		}
		plain := m
		plain.Skipped, plain.Moved = nil, nil
		for _, o := range plain.Next(now, n+len(m.Skipped)) {
			if slices.Contains(m.Skipped, o.Date) {
				all = append(all, dated{Occurrence: o, meeting: m, skipped: true})
			}
		}
	}
	slices.SortFunc(all, func(a, b dated) int { return a.Start.Compare(b.Start) })
	return all[:min(n, len(all))]
}

// holidays are the dates of a year that fall on one and are held.
func (p *page) holidays(meetings []schedule.Meeting) []dateRow {
	var rows []dateRow
	for _, m := range meetings {
		if strings.HasPrefix(m.Rule, "FREQ=DAILY") {
			continue // who meets every day meets on them
		}
		for _, o := range m.Between(p.now, p.now.Add(holidaysAhead)) {
			if row := p.dateRow(dated{Occurrence: o, meeting: m}); row.Holiday != "" {
				rows = append(rows, row)
			}
		}
	}
	return rows
}
