package schedule

import "fmt"

// clock is a time of day as it was written.
type clock struct {
	hour, minute int
	sure         bool // as a clock of 24 hours shows it: 07:00, 19h
	part         part // of the day, beside it
}

// part is a part of the day that tells seven from seven.
type part int

const (
	anyPart part = iota
	morning      // am
	later        // pm: afternoon, evening
	night
	midday
)

// time is the hour at which it begins; of a range of hours it sets the length.
func (r *reading) time() (hour, minute int, fault *Fault) {
	if r.start == nil {
		return 0, 0, r.fault(r.say.noTime)
	}
	start, end := *r.start, r.end
	if start.part == anyPart {
		start.part = r.part
	}
	if end == nil {
		at, fault := r.resolve(start)
		return at / 60, at % 60, fault
	}
	if r.minutes != 0 {
		return 0, 0, r.fault(r.say.twoTimes)
	}
	last := *end
	if last.part == anyPart {
		last.part = r.part
	}
	borrowed := start.part == anyPart && !start.sure
	if borrowed {
		start.part = last.part
	}
	to, fault := r.resolve(last)
	if fault != nil {
		return 0, 0, fault
	}
	from, fault := r.resolve(start)
	if borrowed && last.part == later && (fault != nil || from >= to) { // 11 to 1 pm
		start.part = morning
		from, fault = r.resolve(start)
	}
	switch {
	case fault != nil:
		return 0, 0, fault
	case from == to:
		return 0, 0, r.fault(r.say.twoTimes)
	case to < from: // past midnight
		to += 24 * 60
	}
	r.minutes = to - from
	return from / 60, from % 60, nil
}

// resolve returns a time in minutes of its day.
func (r *reading) resolve(c clock) (int, *Fault) {
	if c.hour > 23 || c.minute > 59 {
		return 0, r.fault(r.say.badTime)
	}
	h := c.hour
	switch {
	case c.part == anyPart && !c.sure && h > 0 && h <= 12:
		return 0, r.fault(r.say.which, "time", c.String())
	case c.part == anyPart:
	case h == 0 && c.part != morning && c.part != night, h > 12 && c.part == morning:
		return 0, r.fault(r.say.badTime)
	case h == 0 || h > 12:
	case c.part == night && h == 12:
		return 0, r.fault(r.say.midnight)
	case c.part == night && h < 5:
		return 0, r.fault(r.say.which, "time", c.String())
	case c.part == midday && h > 3 && h < 12:
		return 0, r.fault(r.say.badTime)
	case c.part == morning:
		h %= 12
	default:
		h = h%12 + 12
	}
	return 60*h + c.minute, nil
}

// String is the time as it was written: "7", "7:30".
func (c clock) String() string {
	if c.minute == 0 {
		return fmt.Sprint(c.hour)
	}
	return fmt.Sprintf("%d:%02d", c.hour, c.minute)
}
