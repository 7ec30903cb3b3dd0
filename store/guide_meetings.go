package store

import (
	"errors"
	"fmt"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// weeklyTime is all that a row says of a meeting. Most rows of a feed share
// theirs with another, and to check a rule means to expand it.
type weeklyTime struct {
	day     time.Weekday
	start   int // minutes after midnight
	zone    string
	minutes int
}

type weeklyMeeting struct {
	schedule.Meeting
	err error
}

// meetings returns one meeting for each of the row's days.
func (p *guideParser) meetings(row guideRow) []schedule.Meeting {
	days, ok := parseDays(row.texts("day"))
	switch {
	case !ok:
		p.fault("day", "it is no day of the week", "write 0 for Sunday to 6 for Saturday, or an array of them")
	case len(days) == 0:
		p.fault("day", "it is missing: what meets by appointment cannot be found by day", "write 0 for Sunday to 6 for Saturday, or an array of them")
	}
	start, ok := parseClock(row.text("time"))
	if !ok {
		what := "it is no time of day"
		if row.text("time") == "" {
			what = "it is missing: what meets by appointment cannot be found by day"
		}
		p.fault("time", what, "write it like 19:00")
		return nil
	}
	zone := row.text("timezone")
	if zone == "" {
		zone = p.opt.Timezone
	}
	minutes := p.minutes(row, start)
	var meetings []schedule.Meeting
	for _, day := range days {
		m := p.meeting(weeklyTime{day, start, zone, minutes})
		if m.err != nil {
			p.scheduleFaults(m.err)
			return nil
		}
		meetings = append(meetings, m.Meeting)
	}
	return meetings
}

// minutes is how long a meeting lasts that starts so many minutes after
// midnight. One that ends before it starts ends on the next day.
func (p *guideParser) minutes(row guideRow, start int) int {
	text := row.text("end_time")
	if text == "" {
		return defaultMinutes
	}
	end, ok := parseClock(text)
	if !ok {
		p.add("end_time", reason{fmt.Sprintf("it is no time of day; %d minutes were taken", defaultMinutes), "write it like 20:00"}, true)
		return defaultMinutes
	}
	minutes := (end - start + 24*60) % (24 * 60)
	if minutes == 0 || minutes > longestMeeting {
		p.add("end_time", reason{
			fmt.Sprintf("it makes no meeting of up to %d hours; %d minutes were taken", longestMeeting/60, defaultMinutes),
			"check morning and afternoon in time and end_time",
		}, true)
		return defaultMinutes
	}
	return minutes
}

func (p *guideParser) meeting(t weeklyTime) weeklyMeeting {
	if m, ok := p.weekly[t]; ok {
		return m
	}
	start := schedule.Wall{Date: guideEpoch.Add(int(t.day)), Hour: t.start / 60, Minute: t.start % 60}
	rule := "FREQ=WEEKLY;BYDAY=" + [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[t.day]
	m, err := schedule.New(start.String(), t.zone, rule, t.minutes)
	p.weekly[t] = weeklyMeeting{m, err}
	return p.weekly[t]
}

// scheduleFaults reports what can be wrong with a weekly meeting of known day
// and time: its zone.
func (p *guideParser) scheduleFaults(err error) {
	var fault *schedule.Fault
	if !errors.As(err, &fault) || fault.Field != "timezone" {
		p.fault("day", "it cannot be planned", "check day, time and timezone")
		return
	}
	p.fault("timezone", "it is no IANA time zone", fault.Mend+", or leave it out for that of --timezone, else the line's")
}
