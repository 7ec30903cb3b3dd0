package schedule

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the calendar, in no zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// wallLayout is how a date and time are written.
const wallLayout = "2006-01-02T15:04"

// ErrNotDate is what ParseDate reports for anything but a date.
var ErrNotDate = errors.New("not a date of the form 2026-11-24")

// ErrNotWall is what ParseWall reports for anything but a wall time.
var ErrNotWall = errors.New("not a date and time of the form 2026-11-24T19:00")

// DateOf returns the date that a calendar shows at t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// ParseDate reads "2026-11-24".
func ParseDate(s string) (Date, error) {
	if len(s) != len(time.DateOnly) {
		return Date{}, ErrNotDate
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, ErrNotDate
	}
	return DateOf(t), nil
}

// String writes the date as "2026-11-24" (RFC 3339).
func (d Date) String() string {
	return string(d.append(make([]byte, 0, len(wallLayout))))
}

func (d Date) append(b []byte) []byte {
	b = append(padded(b, d.Year, 4), '-')
	b = append(padded(b, int(d.Month), 2), '-')
	return padded(b, d.Day, 2)
}

// padded appends a number with so many digits at least.
func padded(b []byte, n, digits int) []byte {
	var room [20]byte
	number := strconv.AppendInt(room[:0], int64(n), 10)
	for range digits - len(number) {
		b = append(b, '0')
	}
	return append(b, number...)
}

// Weekday returns the date's day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Compare returns -1, 0 or 1 as d is before, is, or is after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Add returns the date n days later; n may be negative.
func (d Date) Add(n int) Date { return DateOf(d.utc().AddDate(0, 0, n)) }

// since returns the number of days from e to d.
func (d Date) since(e Date) int { return int(d.utc().Sub(e.utc()) / (24 * time.Hour)) }

// utc is the date on a clock without changes, where calendar arithmetic is
// plain arithmetic.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// valid reports whether the calendar has the date: not February 30th.
func (d Date) valid() bool { return DateOf(d.utc()) == d }

// Wall is what a calendar and a clock on the wall show, in no zone.
type Wall struct {
	Date         Date
	Hour, Minute int
}

// ParseWall reads "2026-11-24T19:00". Seconds may follow and must be zero. An
// offset or a Z is refused: the zone of a wall time is said elsewhere.
func ParseWall(s string) (Wall, error) {
	if len(s) > len(wallLayout) {
		s = strings.TrimSuffix(s, ":00")
	}
	t, err := time.Parse(wallLayout, s)
	w := wallAt(t)
	// time.Parse is generous: it takes 7:00 for 07:00.
	if err != nil || s != string(w.append(make([]byte, 0, len(wallLayout)))) {
		return Wall{}, ErrNotWall
	}
	return w, nil
}

// String writes the wall time as "2026-11-24T19:00".
func (w Wall) String() string { return string(w.append(make([]byte, 0, len(wallLayout)))) }

func (w Wall) append(b []byte) []byte {
	b = append(w.Date.append(b), 'T')
	b = append(padded(b, w.Hour, 2), ':')
	return padded(b, w.Minute, 2)
}

func (w Wall) valid() bool {
	return w.Date.valid() && w.Hour >= 0 && w.Hour < 24 && w.Minute >= 0 && w.Minute < 60
}
