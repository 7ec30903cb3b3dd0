package schedule

import (
	"time"

	"github.com/teambition/rrule-go"
)

// rule is a recurrence rule, placed in time. COUNT and UNTIL are not left to
// rrule-go: it would count from the start of the first period, where we make
// it begin, and it compares floating times with instants.
type rule struct {
	start  Wall
	loc    *time.Location
	once   bool
	option rrule.ROption // neither Dtstart, Count nor Until
	count  int           // 0: no end
	until  ending
}

// ending is what UNTIL says: an instant if it was given in UTC (RFC 5545
// §3.3.10), else a wall time. The zero ending never comes.
type ending struct {
	at   time.Time
	wall Wall
}

// dates returns those that the rule gives from one date to another, both
// included. A wall time that clocks skip over midnight still belongs to the
// date that the rule gave.
func (r rule) dates(from, to Date) []Date {
	if from.Compare(r.start.Date) < 0 {
		from = r.start.Date
	}
	if from.Compare(to) > 0 {
		return nil
	}
	if r.once {
		if from != r.start.Date {
			return nil
		}
		return []Date{r.start.Date}
	}
	option := r.option
	option.Dtstart = r.origin(from).utc()
	expansion, err := rrule.NewRRule(option)
	if err != nil {
		return nil
	}
	var dates []Date
	next := expansion.Iterator()
	for n := 0; r.count == 0 || n < r.count; {
		t, ok := next()
		d := DateOf(t)
		if !ok || d.Compare(to) > 0 || r.over(d) {
			break
		}
		if d.Compare(r.start.Date) < 0 {
			continue
		}
		n++
		if d.Compare(from) >= 0 {
			dates = append(dates, d)
		}
	}
	return dates
}

// gives reports whether d is one of the rule's dates.
func (r rule) gives(d Date) bool { return len(r.dates(d, d)) == 1 }

// origin is where the expansion begins: the first day of a period (day, week
// or month) that the rule visits, so that BYSETPOS sees whole periods. Without
// a count it is the last such period to begin by from, so that a meeting that
// began years ago is not counted through.
func (r rule) origin(from Date) Date {
	start, interval := r.start.Date, r.option.Interval
	if r.count > 0 {
		from = start
	}
	switch r.option.Freq {
	case rrule.MONTHLY:
		months := 12*(from.Year-start.Year) + int(from.Month-start.Month)
		first := Date{Year: start.Year, Month: start.Month, Day: 1}
		return DateOf(first.utc().AddDate(0, months-months%interval, 0))
	case rrule.WEEKLY:
		intoWeek := (mondayFirst(start.Weekday()) - r.option.Wkst.Day() + 7) % 7
		first := start.Add(-intoWeek)
		days := from.since(first)
		return first.Add(days - days%(7*interval))
	default:
		days := from.since(start)
		return start.Add(days - days%interval)
	}
}

// over reports whether the rule has ended by its date d.
func (r rule) over(d Date) bool {
	w := Wall{Date: d, Hour: r.start.Hour, Minute: r.start.Minute}
	switch {
	case !r.until.at.IsZero():
		return w.In(r.loc).After(r.until.at)
	case r.until.wall != Wall{}:
		return w.utc().After(r.until.wall.utc())
	default:
		return false
	}
}

// mondayFirst numbers weekdays as rrule-go does: Monday is 0.
func mondayFirst(d time.Weekday) int { return (int(d) + 6) % 7 }
