package schedule

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// usualMinutes is how long a meeting is of which nobody said how long.
const usualMinutes = 60

// When is a time as somebody wrote it. Start is its first coming after now; Rule is
// "" for one date. A weekday alone is weekly: who asks for one date has it in Start.
type When struct {
	Start   Wall
	Rule    string // RFC 5545
	Minutes int    // 0: not said
}

// Meeting is a meeting at that time, in a zone; of an hour, where nothing was said.
func (w When) Meeting(zone string) Meeting {
	m := Meeting{Start: w.Start, Zone: zone, Rule: w.Rule, Minutes: w.Minutes}
	if m.Minutes == 0 {
		m.Minutes = usualMinutes
	}
	return m
}

// ParseWhen reads a time as people write it in a language, at now in an IANA zone:
// "2nd tuesday 7pm", "every other friday 6:30 pm for 90 minutes", "mañana a las 8 de
// la noche". What could be meant in two ways is asked, never guessed. Its error is a
// *Fault of the field "when", in words of that language, which repeats no number.
//
// It is for reading back: what it returns is told in full ([SpokenSeries],
// [Written]) before it counts.
func ParseWhen(lang, text string, now time.Time, zone string) (When, error) {
	r, fault := readWhen(lang, text)
	if fault != nil {
		return When{}, fault
	}
	w, fault := r.when(now, zone)
	if fault != nil {
		return When{}, fault
	}
	return w, nil
}

// ParseWhenIn is ParseWhen in the first of some languages in which the text makes
// sense. Its error is what the first of them has to say.
func ParseWhenIn(langs []string, text string, now time.Time, zone string) (When, error) {
	var first error
	for _, lang := range langs {
		w, err := ParseWhen(lang, text, now, zone)
		if err == nil {
			return w, nil
		}
		if first == nil {
			first = err
		}
	}
	return When{}, first
}

// Near is w in the week around a date, if it is every week: who says "Wednesday" of
// a date that is to be moved means the one beside it.
func (w When) Near(d Date) When {
	if !strings.HasPrefix(w.Rule, "FREQ=WEEKLY") {
		return w
	}
	for w.Start.Date.Compare(d.Add(-3)) < 0 {
		w.Start.Date = w.Start.Date.Add(7)
	}
	for w.Start.Date.Compare(d.Add(3)) > 0 {
		w.Start.Date = w.Start.Date.Add(-7)
	}
	return w
}

// ParseDay reads a day as ParseWhen does, without a time: "24 november", "next
// tuesday", "mañana". It is today, or the first such day after.
func ParseDay(lang, text string, now time.Time, zone string) (Date, error) {
	r, fault := readWhen(lang, text)
	if fault != nil {
		return Date{}, fault
	}
	r.start, r.end = &clock{hour: 23, minute: 59, sure: true}, nil
	w, fault := r.when(now, zone)
	if fault != nil {
		return Date{}, fault
	}
	return w.Start.Date, nil
}

// when places what was read after now.
func (r *reading) when(now time.Time, zone string) (When, *Fault) {
	loc, err := LoadZone(zone)
	if err != nil {
		return When{}, &Fault{Field: "timezone", What: "it is " + err.Error(), Mend: "use a name from the IANA list, like America/New_York"}
	}
	hour, minute, fault := r.time()
	if fault != nil {
		return When{}, fault
	}
	w := When{Minutes: r.minutes}
	today := DateOf(now.In(loc))
	from, fault := r.from(today)
	if fault != nil {
		return When{}, fault
	}
	series, rule, fault := r.rules()
	if fault != nil {
		return When{}, fault
	}
	at := Wall{Date: from, Hour: hour, Minute: minute}
	if series == "" {
		return r.once(w, at, now, loc)
	}
	if !r.single {
		w.Rule = rule
	}
	if len(r.numbered)+len(r.monthDays) == 0 {
		return r.firstDay(w, at, now, loc)
	}
	first := Meeting{Start: at, Zone: zone, Rule: series, Minutes: 1}
	for _, o := range first.Next(now, 2) {
		if o.Start.After(now) {
			w.Start = Wall{Date: o.Date, Hour: hour, Minute: minute}
			return w, nil
		}
	}
	return When{}, r.fault(r.say.never)
}

// firstDay is the first of the weekdays that were named, or of all, from a day on and after
// now.
func (r *reading) firstDay(w When, at Wall, now time.Time, loc *time.Location) (When, *Fault) {
	today := DateOf(now.In(loc))
	if at.Date.Compare(today) < 0 {
		at.Date = today
	}
	for at.Date.since(today) <= lookAhead {
		if (len(r.days) == 0 || slices.Contains(r.days, at.Date.Weekday())) && at.In(loc).After(now) {
			w.Start = at
			return w, nil
		}
		at.Date = at.Date.Add(1)
	}
	return When{}, r.fault(r.say.never)
}

// once is one date, at the first of its years that is to come.
func (r *reading) once(w When, at Wall, now time.Time, loc *time.Location) (When, *Fault) {
	if r.date != nil && r.date.Year == 0 {
		for !at.Date.valid() || !at.In(loc).After(now) {
			if at.Date.Year++; at.Date.Year > lastYear {
				return When{}, r.fault(r.say.never)
			}
		}
	}
	if len(r.days) > 0 && !slices.Contains(r.days, at.Date.Weekday()) {
		return When{}, r.fault(r.say.otherDay, "weekday", r.names.weekdays[at.Date.Weekday()])
	}
	if !at.In(loc).After(now) {
		return When{}, r.fault(r.say.past)
	}
	if at.Date.since(DateOf(now)) > lookAhead {
		return When{}, r.fault(r.say.far)
	}
	w.Start = at
	return w, nil
}

// from is the day that was named, or the first from which the named ones count.
func (r *reading) from(today Date) (Date, *Fault) {
	switch {
	case r.relative != nil && r.date != nil:
		return Date{}, r.fault(r.say.twoDays)
	case r.relative != nil:
		return today.Add(*r.relative), nil
	case r.date == nil:
		return today, nil
	}
	d := *r.date
	leap := d
	leap.Year = 2000
	if d.Year != 0 && !d.valid() || !leap.valid() {
		return Date{}, r.fault(r.say.noDate)
	}
	if d.Year != 0 && (d.Year < firstYear || d.Year > lastYear) {
		return Date{}, r.fault(r.say.noDate)
	}
	if d.Year == 0 {
		d.Year = today.Year
		if r.recurs() {
			for !d.valid() || d.Compare(today) < 0 {
				d.Year++
			}
		}
	}
	return d, nil
}

// recurs reports whether it is more than the day that was named.
func (r *reading) recurs() bool {
	return r.starting || r.every > 0 || r.plural || len(r.numbered)+len(r.monthDays) > 0
}

// rules returns the rule as it is and as it finds the first date, without an
// interval: "" if it is one date. What is every second week begins in the first that
// is to come.
func (r *reading) rules() (series, rule string, fault *Fault) {
	named := r.date != nil || r.relative != nil
	switch {
	case named && !r.recurs():
		return "", "", nil
	case len(r.monthDays) > 0 && len(r.numbered)+len(r.days) > 0:
		return "", "", r.fault(r.say.twoDays)
	case len(r.monthDays) > 0:
		series = "FREQ=MONTHLY;BYMONTHDAY=" + strings.Join(r.monthDays, ",")
	case len(r.numbered) > 0 && len(r.days) > 0:
		return "", "", r.fault(r.say.twoDays)
	case len(r.numbered) > 0:
		series = "FREQ=MONTHLY;BYDAY=" + strings.Join(r.numbered, ",")
	case len(r.days) > 0 && r.unit == unitMonth:
		return "", "", r.fault(r.say.whichOfMonth)
	case len(r.days) > 0:
		series = "FREQ=WEEKLY;BYDAY=" + joinDays(r.days)
	case r.unit == unitDay:
		series = "FREQ=DAILY"
	default:
		return "", "", r.fault(r.say.noDay)
	}
	interval := r.every
	if r.unit == unitDay && len(r.days) > 0 {
		if interval != 14 && interval != 15 { // a fortnight, in days
			return "", "", r.fault(r.say.twoDays)
		}
		interval = 2
	}
	if len(r.numbered)+len(r.monthDays) > 0 && r.unit != unitMonth && interval > 1 {
		return "", "", r.fault(r.say.whichOfMonth)
	}
	if interval > maxInterval {
		return "", "", r.fault(r.say.never)
	}
	rule = series
	if interval > 1 {
		freq, days, _ := strings.Cut(series, ";")
		rule = strings.TrimSuffix(freq+";INTERVAL="+strconv.Itoa(interval)+";"+days, ";")
	}
	return series, rule, nil
}

var ruleDays = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// joinDays are weekdays as a rule has them, Monday first.
func joinDays(days []time.Weekday) string {
	days = slices.Clone(days)
	slices.SortFunc(days, func(a, b time.Weekday) int { return mondayFirst(a) - mondayFirst(b) })
	all := make([]byte, 0, len("SU,")*len(days))
	for _, d := range slices.Compact(days) {
		all = append(append(all, ruleDays[d]...), ',')
	}
	return strings.TrimSuffix(string(all), ",")
}
