package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

const (
	longestRule = 256  // bytes
	maxInterval = 99   // days, weeks or months
	maxCount    = 1000 // occurrences: nearly three years of daily meetings
	maxSetPos   = 31
)

// lookAhead is how far ahead a date is looked for, in days. One beyond ten
// years is as good as none.
const lookAhead = 3653

// ruleParts are the parts of a rule that a meeting can have, in the order in
// which they are read.
var ruleParts = []string{"FREQ", "INTERVAL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "COUNT", "UNTIL"}

// partsOf are what a rule says of each of ruleParts, "" for nothing.
type partsOf [9]string

func (p *partsOf) of(name string) string { return p[slices.Index(ruleParts, name)] }

// mends says what to do about things that are often put into a rule and do not
// belong there.
var mends = map[string]string{
	"TZID":      "put the zone into timezone and leave TZID out",
	"DTSTART":   "put the first date and time into start and leave DTSTART out",
	"EXDATE":    "list the dates that are not held as skipped dates",
	"RDATE":     "make a second meeting for the extra date",
	"BYHOUR":    "the time of day is that of start; make one meeting for each time of day",
	"BYMINUTE":  "the time of day is that of start; make one meeting for each time of day",
	"BYSECOND":  "the time of day is that of start",
	"BYYEARDAY": "use BYMONTH and BYMONTHDAY",
	"BYWEEKNO":  "use FREQ=WEEKLY with an INTERVAL",
	"BYEASTER":  "make a meeting that is held once for each date",
}

func ruleFault(mend, what string, args ...any) *Fault {
	return &Fault{Field: "rrule", What: fmt.Sprintf(what, args...), Mend: mend}
}

// parseRule reads an RFC 5545 recurrence rule for a meeting that starts at
// start in loc. Capitals do not matter and a leading "RRULE:" is allowed, so
// that a rule can be copied from a calendar.
func parseRule(text string, start Wall, loc *time.Location) (rule, *Fault) {
	r := rule{start: start, loc: loc, once: strings.TrimSpace(text) == ""}
	if r.once {
		return r, nil
	}
	parts, fault := splitRule(text)
	if fault != nil {
		return rule{}, fault
	}
	if r.option, fault = ruleOption(&parts); fault != nil {
		return rule{}, fault
	}
	if fault := r.readEnd(&parts); fault != nil {
		return rule{}, fault
	}
	if fault := checkDays(r.option, &parts); fault != nil {
		return rule{}, fault
	}
	r.option = completeDays(r.option, start.Date)
	return r, nil
}

// splitRule takes a rule apart into its parts, upper-case, each known and
// there once.
func splitRule(text string) (parts partsOf, fault *Fault) {
	if len(text) > longestRule {
		return parts, ruleFault("shorten it, or make several meetings", "longer than %d characters", longestRule)
	}
	text = strings.ToUpper(strings.TrimSpace(text))
	for _, alien := range []string{"TZID", "DTSTART", "EXDATE", "RDATE"} {
		if strings.Contains(text, alien) {
			return parts, ruleFault(mends[alien], "%s does not belong inside a rule", alien)
		}
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(text, "RRULE:"), ";"), ";") {
		name, value, ok := strings.Cut(part, "=")
		i := slices.Index(ruleParts, name)
		switch {
		case !ok || value == "" || strings.ContainsAny(value, "=\r\n"):
			return parts, ruleFault("write parts as NAME=VALUE with ; between them, like FREQ=WEEKLY;BYDAY=TU", "%q is not a part of a rule", part)
		case mends[name] != "":
			return parts, ruleFault(mends[name], "%s is not supported", name)
		case i < 0:
			return parts, ruleFault("leave it out; the parts are "+strings.Join(ruleParts, ", "), "%q is not a part of a rule", name)
		case parts[i] != "":
			return parts, ruleFault("keep one of them", "%s is there twice", name)
		}
		parts[i] = value
	}
	return parts, nil
}

// ruleOption reads all of a rule but its end.
func ruleOption(parts *partsOf) (rrule.ROption, *Fault) {
	option := rrule.ROption{Interval: 1}
	switch freq := parts.of("FREQ"); freq {
	case "DAILY":
		option.Freq = rrule.DAILY
	case "WEEKLY":
		option.Freq = rrule.WEEKLY
	case "MONTHLY":
		option.Freq = rrule.MONTHLY
	case "":
		return rrule.ROption{}, ruleFault("begin with FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY", "FREQ is missing")
	case "YEARLY":
		return rrule.ROption{}, ruleFault("write FREQ=MONTHLY;INTERVAL=12", "FREQ=YEARLY is not supported")
	default:
		return rrule.ROption{}, ruleFault("use FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY", "FREQ=%s is not supported", freq)
	}
	for i, name := range ruleParts {
		if parts[i] != "" && !readPart(&option, name, parts[i]) {
			return rrule.ROption{}, ruleFault("write it like BYDAY=TU,TH or BYDAY=1MO or BYMONTHDAY=15", "%q is not understood", name+"="+parts[i])
		}
	}
	if len(option.Bymonth)+len(option.Bymonthday)+len(option.Bysetpos) > 0 {
		if _, err := rrule.NewRRule(option); err != nil {
			return rrule.ROption{}, ruleFault("correct that number", "%v", err)
		}
	}
	if option.Interval < 1 || option.Interval > maxInterval {
		return rrule.ROption{}, ruleFault("leave INTERVAL out, or give it as a number from 1 to "+strconv.Itoa(maxInterval), "INTERVAL=%s is out of range", parts.of("INTERVAL"))
	}
	return option, nil
}

// readPart reads what a part of a rule says of its days, and reports whether it is understood.
func readPart(option *rrule.ROption, name, value string) bool {
	var err error
	switch name {
	case "INTERVAL":
		option.Interval, err = strconv.Atoi(value)
	case "WKST":
		option.Wkst, err = readWeekday(value)
	case "BYMONTH":
		option.Bymonth, err = readList(value, strconv.Atoi)
	case "BYMONTHDAY":
		option.Bymonthday, err = readList(value, strconv.Atoi)
	case "BYDAY":
		option.Byweekday, err = readList(value, readWeekday)
	case "BYSETPOS":
		option.Bysetpos, err = readList(value, strconv.Atoi)
	}
	return err == nil
}

func readList[T any](value string, read func(string) (T, error)) (all []T, err error) {
	for one := range strings.SplitSeq(value, ",") {
		v, err := read(one)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

var errNotWeekday = errors.New("not a weekday")

// readWeekday reads a weekday as a rule has it, with its number if there is one: TU, -1FR.
func readWeekday(value string) (rrule.Weekday, error) {
	at := max(len(value)-2, 0)
	day := slices.Index(ruleDays[:], value[at:])
	if day < 0 {
		return rrule.Weekday{}, errNotWeekday
	}
	read := weekdays[mondayFirst(time.Weekday(day))]
	if at == 0 {
		return read, nil
	}
	n, err := strconv.Atoi(value[:at])
	return read.Nth(n), err
}

// readEnd reads COUNT and UNTIL.
func (r *rule) readEnd(parts *partsOf) *Fault {
	count, until := parts.of("COUNT"), parts.of("UNTIL")
	if count != "" && until != "" {
		return ruleFault("keep one of them", "COUNT and UNTIL are both there")
	}
	if count != "" {
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 || n > maxCount {
			return ruleFault(fmt.Sprintf("give a number from 1 to %d, or leave COUNT out for a meeting without an end", maxCount), "COUNT=%s is out of range", count)
		}
		r.count = n
	}
	if until == "" {
		return nil
	}
	if t, err := time.Parse("20060102T150405Z", until); err == nil {
		r.until.at = t
	} else if t, err := time.Parse("20060102T150405", until); err == nil {
		r.until.wall = wallAt(t)
	} else if t, err := time.Parse("20060102", until); err == nil {
		r.until.wall = Wall{Date: DateOf(t), Hour: 23, Minute: 59}
	} else {
		return ruleFault("write it like UNTIL=20261231T235959Z or UNTIL=20261231", "UNTIL=%s is not a date", until)
	}
	return nil
}

// checkDays refuses combinations that RFC 5545 §3.3.10 rules out and those
// that rrule-go ignores or cannot bear.
func checkDays(option rrule.ROption, parts *partsOf) *Fault {
	monthly, weekly := option.Freq == rrule.MONTHLY, option.Freq == rrule.WEEKLY
	for _, day := range option.Byweekday {
		if day.N() != 0 && !monthly {
			return ruleFault("use FREQ=MONTHLY, or leave the number out", "BYDAY=%s numbers a weekday outside FREQ=MONTHLY", parts.of("BYDAY"))
		}
		if day.N() < -5 || day.N() > 5 {
			return ruleFault("number weekdays from 1 to 5, or from -1 to -5 for the last ones", "BYDAY=%s asks for a weekday that no month has", parts.of("BYDAY"))
		}
	}
	if weekly && len(option.Bymonthday) > 0 {
		return ruleFault("use FREQ=MONTHLY", "BYMONTHDAY does not go with FREQ=WEEKLY")
	}
	if len(option.Bysetpos) == 0 {
		return nil
	}
	if !monthly && !weekly || len(option.Byweekday)+len(option.Bymonthday) == 0 {
		return ruleFault("use FREQ=MONTHLY with BYDAY, like FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "BYSETPOS has nothing to choose from")
	}
	for _, pos := range option.Bysetpos {
		if pos < -maxSetPos || pos > maxSetPos {
			return ruleFault("give a number that a month can have", "BYSETPOS=%s is out of range", parts.of("BYSETPOS"))
		}
	}
	return nil
}

// completeDays says in the rule what it leaves to the start: the weekday of a
// weekly meeting and the day of a monthly one. A weekday without a number
// beside one with (BYDAY=MO,1FR) becomes all of that weekday by number,
// because rrule-go asks for both at once where the RFC asks for either.
func completeDays(option rrule.ROption, start Date) rrule.ROption {
	if len(option.Byweekday)+len(option.Bymonthday) == 0 {
		switch option.Freq {
		case rrule.WEEKLY:
			option.Byweekday = []rrule.Weekday{weekdays[mondayFirst(start.Weekday())]}
		case rrule.MONTHLY:
			option.Bymonthday = []int{start.Day}
		}
		return option
	}
	numbered := func(d rrule.Weekday) bool { return d.N() != 0 }
	if !slices.ContainsFunc(option.Byweekday, numbered) {
		return option
	}
	var days []rrule.Weekday
	for _, d := range option.Byweekday {
		if numbered(d) {
			days = append(days, d)
			continue
		}
		for n := 1; n <= 5; n++ {
			days = append(days, d.Nth(n))
		}
	}
	option.Byweekday = days
	return option
}

// weekdays are rrule-go's, Monday first.
var weekdays = []rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}
