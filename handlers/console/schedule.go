package console

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
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
	var all []zone
	for _, name := range slices.Compact(slices.Concat([]string{needed}, slices.DeleteFunc(slices.Clone(zonesOffered), func(z string) bool { return z == needed }))) {
		if loc, err := time.LoadLocation(name); err == nil {
			all = append(all, zone{name, schedule.Zone(p.lang, p.now.In(loc))})
		}
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

// ofDate is the date that a form is about: of a meeting of this group.
func (p *page) ofDate(key string) (store.OfDate, bool) {
	meeting, day, _ := strings.Cut(key, "/")
	date, err := schedule.ParseDate(day)
	ok := err == nil && slices.ContainsFunc(p.group.Meetings, func(m schedule.Meeting) bool { return m.ID == meeting })
	return store.OfDate{Group: p.group.ID, Meeting: meeting, Date: date}, ok
}

// skipDates has the dates that were ticked not be held.
func (p *page) skipDates() error {
	form, err := p.FormParams()
	if err != nil || len(form["date"]) == 0 {
		return p.done(p.schedulePath(), "groups.nothing")
	}
	said := "groups.skipped"
	for _, key := range form["date"] {
		of, ok := p.ofDate(key)
		if !ok {
			return missing
		}
		done, err := p.desk.Setup.DB.SkipBy(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), of)
		switch {
		case errors.Is(err, store.ErrPast), errors.Is(err, store.ErrNoDate):
			return p.done(p.schedulePath(), "groups.over")
		case err != nil:
			return err
		case done.Told > 0:
			said = "groups.skipped_told"
		}
	}
	return p.done(p.schedulePath(), said)
}

func (p *page) unskipDate() error {
	of, ok := p.ofDate(p.FormValue("date"))
	if !ok {
		return missing
	}
	_, err := p.desk.Setup.DB.UnskipBy(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), of)
	switch {
	case errors.Is(err, store.ErrPast), errors.Is(err, store.ErrNoDate):
		return p.done(p.schedulePath(), "groups.over")
	case err != nil:
		return err
	}
	return p.done(p.schedulePath(), "groups.unskipped")
}

func (p *page) removeTime() error {
	id := p.FormValue("meeting")
	left := slices.DeleteFunc(slices.Clone(p.group.Meetings), func(m schedule.Meeting) bool { return m.ID == id })
	switch {
	case len(left) == len(p.group.Meetings):
		return missing
	case len(left) == 0:
		return p.done(p.schedulePath(), "groups.last_time")
	}
	if err := p.desk.Setup.DB.SetMeetings(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), p.group.ID, left); err != nil {
		return err
	}
	return p.done(p.schedulePath(), "groups.removed")
}

func (p *page) schedulePath() string { return p.inGroup("/console/groups/:group/schedule") }

// readTime reads the time of a form, and its length in minutes.
func (p *page) readTime() (schedule.When, int, *schedule.Fault) {
	w, err := schedule.ParseWhen(p.lang, p.FormValue("when"), p.now, p.FormValue("zone"))
	var fault *schedule.Fault
	if errors.As(err, &fault) {
		return w, 0, fault
	}
	minutes, err := strconv.Atoi(strings.TrimSpace(p.FormValue("minutes")))
	if err != nil || minutes < 1 || minutes > 24*60 {
		minutes = 60
	}
	return w, minutes, nil
}

// readPage is a time read back: what it changes once it is confirmed.
type readPage struct {
	// Do is what is confirmed: "add", "replace" or "move".
	Do, Words, Was, Old string
	Minutes             int
	Dates               []dateRow
	Clashes             []clash
	Fields              url.Values // of the form that confirms
}

// readBack shows a time in full before it counts.
func (p *page) readBack() error {
	do := p.FormValue("do")
	w, minutes, fault := p.readTime()
	data := readPage{Do: do, Minutes: minutes, Fields: url.Values{"do": {do}}}
	of, moves := p.ofDate(p.FormValue("date"))
	at := slices.IndexFunc(p.group.Meetings, func(m schedule.Meeting) bool { return m.ID == p.FormValue("meeting") })
	zone := p.FormValue("zone")
	switch {
	case do != "add" && do != "replace" && do != "move", do == "move" && !moves, do == "replace" && at < 0:
		return missing
	case fault != nil:
		return p.askAgain(fault)
	}
	if w.Minutes > 0 {
		data.Minutes = w.Minutes
	}
	m := w.Meeting(zone)
	m.Minutes = data.Minutes
	if do == "move" {
		m.Rule = ""
		data.Fields.Set("date", p.FormValue("date"))
		for _, o := range heldOrNot(p.group.Meetings, p.now, 400) {
			if o.meeting.ID == of.Meeting && o.Date == of.Date {
				data.Was = longDate(p.lang, o.Start, p.now)
			}
		}
	}
	if do == "replace" {
		m.ID = p.group.Meetings[at].ID
		data.Old = sentence(schedule.SpokenSeries(p.lang, p.group.Meetings[at]))
		data.Fields.Set("meeting", m.ID)
	}
	for field, value := range map[string]string{"start": m.Start.String(), "rule": m.Rule, "minutes": strconv.Itoa(m.Minutes), "zone": zone} {
		data.Fields.Set(field, value)
	}
	data.Words = sentence(schedule.SpokenSeries(p.lang, m))
	data.Dates = p.dates([]schedule.Meeting{m}, datesShown)
	g := *p.group
	g.Meetings = append(slices.DeleteFunc(slices.Clone(g.Meetings), func(old schedule.Meeting) bool { return old.ID == m.ID }), m)
	if do != "move" {
		var err error
		if data.Clashes, err = p.clashes(g); err != nil {
			return err
		}
	}
	return p.show("schedule_read", "groups.read", data)
}

// againPage asks for a time once more.
type againPage struct {
	Do, Date, Meeting, WhenFault string
	timeForm
}

// askAgain says what is not clear of the time that was written.
func (p *page) askAgain(fault *schedule.Fault) error {
	zone := p.FormValue("zone")
	data := againPage{
		Do: p.FormValue("do"), Date: p.FormValue("date"), Meeting: p.FormValue("meeting"), WhenFault: asks(fault),
		timeForm: timeForm{When: p.FormValue("when"), Minutes: p.FormValue("minutes"), Zone: zone, Zones: p.zones(zone)},
	}
	return p.wrong("schedule_again", "groups.again_"+data.Do, map[string]string{"when": "groups.fault_when"}, data)
}

// asks is what is wrong with a time and how to mend it, as two sentences.
func asks(fault *schedule.Fault) string {
	what := sentence(fault.What)
	if !strings.HasSuffix(what, "?") {
		what += "."
	}
	return what + " " + sentence(fault.Mend) + "."
}

// setTime does what was read back.
func (p *page) setTime() error {
	start, err := schedule.ParseWall(p.FormValue("start"))
	if err != nil {
		return missing
	}
	minutes, _ := strconv.Atoi(p.FormValue("minutes")) // none is a fault below
	m := schedule.Meeting{Start: start, Zone: p.FormValue("zone"), Rule: p.FormValue("rule"), Minutes: minutes}
	var said string
	switch do := p.FormValue("do"); {
	case do == "move":
		said, err = p.moveDate(start, m.Zone)
	case do == "add" && m.Rule == "":
		said = "groups.added_date"
		_, err = p.desk.Setup.DB.AddDateBy(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), p.group.ID, start, m.Zone, minutes)
	case do == "add":
		said = "groups.added_time"
		if !slices.ContainsFunc(p.group.Meetings, func(old schedule.Meeting) bool {
			return old.Start == m.Start && old.Zone == m.Zone && old.Rule == m.Rule
		}) { // else the form came twice
			err = p.setMeetings(append(slices.Clone(p.group.Meetings), m))
		}
	case do == "replace":
		at := slices.IndexFunc(p.group.Meetings, func(old schedule.Meeting) bool { return old.ID == p.FormValue("meeting") })
		if at < 0 {
			return missing
		}
		said = "groups.replaced"
		all := slices.Clone(p.group.Meetings)
		all[at] = m
		err = p.setMeetings(all)
	default:
		return missing
	}
	var faults store.Faults
	switch {
	case errors.Is(err, store.ErrPast), errors.Is(err, store.ErrNoDate):
		said = "groups.over"
	case errors.As(err, &faults):
		return missing // nobody's page sends that
	case err != nil:
		return err
	}
	return p.done(p.schedulePath(), said)
}

func (p *page) setMeetings(all []schedule.Meeting) error {
	return p.desk.Setup.DB.SetMeetings(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), p.group.ID, all)
}

// moveDate moves the form's date to a time, which was said in a zone.
func (p *page) moveDate(to schedule.Wall, zone string) (said string, err error) {
	of, ok := p.ofDate(p.FormValue("date"))
	if !ok {
		return "", missing
	}
	at := slices.IndexFunc(p.group.Meetings, func(m schedule.Meeting) bool { return m.ID == of.Meeting })
	from, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return "", missing
	}
	own, err := time.LoadLocation(p.group.Meetings[at].Zone)
	if err != nil {
		return "", err
	}
	t := to.In(from).In(own)
	to = schedule.Wall{Date: schedule.DateOf(t), Hour: t.Hour(), Minute: t.Minute()}
	done, err := p.desk.Setup.DB.MoveBy(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), of, to)
	if said = "groups.moved"; done.Told > 0 {
		said = "groups.moved_told"
	}
	return said, err
}

// dateOfPage is a date as its part of a page is drawn.
type dateOfPage struct {
	Page *page
	Date dateRow
}

// WithDate is a date for the part that draws it.
func (p *page) WithDate(d dateRow) dateOfPage { return dateOfPage{p, d} }
