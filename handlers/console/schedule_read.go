package console

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// readTime reads the time of a form, and its length in minutes.
func (p *page) readTime() (schedule.When, int, *schedule.Fault) {
	langs := append([]string{p.lang}, p.lineNow().Languages...)
	w, err := schedule.ParseWhenIn(langs, p.FormValue("when"), p.now, p.FormValue("zone"))
	var fault *schedule.Fault
	if errors.As(err, &fault) {
		return w, 0, fault
	}
	length := strings.TrimSpace(p.FormValue("minutes"))
	if length == "" {
		return w, usualMinutes, nil
	}
	minutes, err := strconv.Atoi(length)
	if err != nil || minutes < 1 || minutes > longestMinutes {
		return w, 0, p.lengthFault()
	}
	return w, minutes, nil
}

// What a meeting lasts where nobody says, and at most, in minutes.
const (
	usualMinutes   = 60
	longestMinutes = 24 * 60
)

// lengthFault says how a length is written.
func (p *page) lengthFault() *schedule.Fault {
	what, _ := p.T("groups.fault_minutes") // the test of words holds that it is there
	mend, _ := p.T("groups.mend_minutes")
	return &schedule.Fault{Field: "minutes", What: what, Mend: mend}
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
	if do == "move" {
		w = w.Near(of.Date)
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

// OneDate is a date for the part that draws it.
func (p *page) OneDate(d dateRow) dateOfPage { return dateOfPage{p, d} }
