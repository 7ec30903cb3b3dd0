package schedule

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// seriesWords say how a meeting recurs.
type seriesWords struct {
	once                 string         // {date}
	daily, everyDays     string         // {n}
	plural               [7]string      // Sunday first: "Sundays"
	weekly, mondayToFr   string         // {days}, plural
	everyOther           string         // {weekday} or plural {days}
	everyWeeks           string         // {n}, {weekdays} or plural {days}
	ordinals             map[int]string // of the month; negative from its end
	feminine             map[int]string // before a weekday of womanly gender
	womanly              [7]bool        // Sunday first
	nth, workday         string         // {nths} {weekday}
	monthly, everyMonths string         // {list}, {n}
	monthDay, lastDay    string         // {days}
	dayOf                string         // {day}, "" for bare
	varying              string         // what has no short words
	inMonths             string         // {when} {months}
	and                  string
	two, twoWeeks        string // before days and months, and before weeks: "" for the number's own word
}

// SpokenSeries says when a meeting recurs: "Tuesdays at seven in the evening,
// Eastern time", "the first Monday of the month at…". It leaves out skipped
// and moved dates, and the end. A meeting with a fault gives "".
func SpokenSeries(lang string, m Meeting) string {
	return sayRecurring(lang, m, func(l *language, when string, instants []time.Time) string {
		return fill(l.spoken, "day", when, "time", l.spokenTime(l.clock.at, m.Start), "zone", l.zoneName(l.zone.regions, instants...))
	})
}

// WrittenSeries says it in few letters of the GSM alphabet, for a text: "Tuesdays
// 7 pm ET". Otherwise it is like SpokenSeries.
func WrittenSeries(lang string, m Meeting) string {
	return sayRecurring(lang, m, func(l *language, when string, instants []time.Time) string {
		zone := l.zoneName(l.zone.textedRegions, instants...)
		return inGSM(fill(l.written, "day", when, "time", l.writtenTime(instants[0]), "zone", zone))
	})
}

// sayRecurring has a meeting said by the days on which it recurs, and by instants at
// which its zone's clock shows whether it has one time all year.
func sayRecurring(lang string, m Meeting, say func(l *language, when string, instants []time.Time) string) string {
	loc, err := LoadZone(m.Zone)
	if err != nil || !m.Start.valid() {
		return ""
	}
	r, fault := parseRule(m.Rule, m.Start, loc)
	if fault != nil {
		return ""
	}
	l := wordsOf(lang)
	instants := append(make([]time.Time, 0, 3), m.Start.In(loc))
	if !r.once {
		// The zone database's last word on the zone, in winter and summer.
		for _, month := range []time.Month{time.January, time.July} {
			instants = append(instants, time.Date(lastYear, month, 1, 0, 0, 0, 0, loc))
		}
	}
	return say(l, l.recurrence(r), instants)
}

func (l *language) recurrence(r rule) string {
	if r.once {
		return fill(l.series.once, "date", l.fullDate(r.start.Date))
	}
	when := l.days(r.option)
	if len(r.option.Bymonth) == 0 {
		return when
	}
	months := make([]string, len(r.option.Bymonth))
	for i, month := range r.option.Bymonth {
		months[i] = l.months[month-1]
	}
	return fill(l.series.inMonths, "when", when, "months", l.join(months))
}

// days says a rule's days, whatever its months and its end.
func (l *language) days(o rrule.ROption) string {
	switch {
	case len(o.Byweekday) > 0 && len(o.Bymonthday) > 0:
		return l.series.varying
	case len(o.Bysetpos) > 0:
		return l.byPosition(o)
	case len(o.Bymonthday) > 0:
		return l.byMonthDay(o)
	case o.Freq == rrule.DAILY && len(o.Byweekday) == 0:
		return l.byDay(o.Interval)
	case o.Freq == rrule.WEEKLY || o.Interval == 1 && o.Byweekday[0].N() == 0:
		return l.byWeekday(o)
	case o.Freq == rrule.MONTHLY && o.Byweekday[0].N() != 0:
		return l.byOrdinal(o)
	default:
		return l.series.varying
	}
}

func (l *language) byDay(interval int) string {
	if interval == 1 {
		return l.series.daily
	}
	return fill(l.series.everyDays, "n", l.number(interval, l.series.two))
}

func (l *language) byWeekday(o rrule.ROption) string {
	days := make([]int, len(o.Byweekday))
	for i, d := range o.Byweekday {
		days[i] = d.Day()
	}
	slices.Sort(days)
	days = slices.Compact(days)
	singular, plural := make([]string, len(days)), make([]string, len(days))
	for i, d := range days {
		singular[i], plural[i] = l.weekdays[(d+1)%7], l.series.plural[(d+1)%7]
	}
	switch {
	case o.Interval == 1 && len(days) == 7:
		return l.series.daily
	case o.Interval == 1 && slices.Equal(days, []int{0, 1, 2, 3, 4}):
		return l.series.mondayToFr
	case o.Interval == 1:
		return fill(l.series.weekly, "days", l.join(plural))
	case o.Interval == 2 && len(days) == 1:
		return fill(l.series.everyOther, "weekday", singular[0], "days", plural[0])
	default:
		return fill(l.series.everyWeeks, "n", l.number(o.Interval, l.series.twoWeeks), "weekdays", l.join(singular), "days", l.join(plural))
	}
}

// byOrdinal says numbered weekdays, those of one weekday together: "the first
// and third Monday".
func (l *language) byOrdinal(o rrule.ROption) string {
	var order []int
	ordinals := make(map[int][]string)
	for _, d := range o.Byweekday {
		word, ok := l.ordinal(d.N(), d.Day())
		if !ok {
			return l.series.varying
		}
		if !slices.Contains(order, d.Day()) {
			order = append(order, d.Day())
		}
		ordinals[d.Day()] = append(ordinals[d.Day()], word)
	}
	items := make([]string, len(order))
	for i, day := range order {
		items[i] = fill(l.series.nth, "nths", l.join(ordinals[day]), "weekday", l.weekdays[(day+1)%7])
	}
	return l.everyMonths(l.join(items), o.Interval)
}

// byPosition says BYSETPOS where people have words for it: among one weekday,
// or among the working days of a month.
func (l *language) byPosition(o rrule.ROption) string {
	var days []int
	for _, d := range o.Byweekday {
		if d.N() != 0 {
			return l.series.varying
		}
		days = append(days, d.Day())
	}
	slices.Sort(days)
	day, of := "", manyDays
	switch {
	case o.Freq != rrule.MONTHLY:
		return l.series.varying
	case len(days) == 1:
		day, of = l.weekdays[(days[0]+1)%7], days[0]
	case slices.Equal(days, []int{0, 1, 2, 3, 4}):
		day = l.series.workday
	default:
		return l.series.varying
	}
	words := make([]string, len(o.Bysetpos))
	for i, pos := range o.Bysetpos {
		word, ok := l.ordinal(pos, of)
		if !ok {
			return l.series.varying
		}
		words[i] = word
	}
	return l.everyMonths(fill(l.series.nth, "nths", l.join(words), "weekday", day), o.Interval)
}

// manyDays is no weekday, where the working days of a month are numbered.
const manyDays = -1

// ordinal numbers a weekday, of which Monday is 0.
func (l *language) ordinal(n, day int) (string, bool) {
	if day != manyDays && l.series.womanly[(day+1)%7] {
		word, ok := l.series.feminine[n]
		return word, ok
	}
	word, ok := l.series.ordinals[n]
	return word, ok
}

func (l *language) byMonthDay(o rrule.ROption) string {
	days := make([]string, len(o.Bymonthday))
	for i, day := range o.Bymonthday {
		switch {
		case day > 0:
			days[i] = fill(cmp.Or(l.series.dayOf, "{day}"), "day", l.monthDays[day-1])
		case day == -1:
			days[i] = l.series.lastDay
		default:
			return l.series.varying
		}
	}
	if o.Freq != rrule.MONTHLY && o.Interval > 1 {
		return l.series.varying
	}
	return l.everyMonths(fill(l.series.monthDay, "days", l.join(days)), o.Interval)
}

func (l *language) everyMonths(items string, interval int) string {
	if interval == 1 {
		return fill(l.series.monthly, "list", items)
	}
	return fill(l.series.everyMonths, "list", items, "n", l.number(interval, l.series.two))
}

// number says small numbers in words; larger ones are left to the voice. Two has a
// word of its own before some nouns.
func (l *language) number(n int, two string) string {
	switch {
	case n == 2 && two != "":
		return two
	case n <= 12:
		return l.numbers[n]
	}
	return strconv.Itoa(n)
}

// join makes a list: "a, b and c".
func (l *language) join(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:last], l.marks.name) + l.series.and + items[last]
}
