package schedule

import (
	"slices"
	"time"
)

// holiday is a day of the year that people keep.
type holiday struct {
	key       string
	countries []string // ISO 3166
	month     time.Month
	day       int          // of the month; of a weekday, its number there, negative from its end
	weekday   time.Weekday // of one that is a weekday
	moves     bool         // it is that weekday
}

// holidays are those on which most groups would not meet: the federal ones of the
// United States (5 U.S.C. §6103) on which most people are at home, the statutory ones of
// all Canada, those of Mexico (Ley Federal del Trabajo, art. 74), and the eves that
// families keep.
var holidays = []holiday{
	{key: "new_year", month: time.January, day: 1},
	{key: "king", countries: []string{"US"}, month: time.January, day: 3, weekday: time.Monday, moves: true},
	{key: "memorial", countries: []string{"US"}, month: time.May, day: -1, weekday: time.Monday, moves: true},
	{key: "canada", countries: []string{"CA"}, month: time.July, day: 1},
	{key: "independence", countries: []string{"US"}, month: time.July, day: 4},
	{key: "labor", countries: []string{"US", "CA"}, month: time.September, day: 1, weekday: time.Monday, moves: true},
	{key: "mexico", countries: []string{"MX"}, month: time.September, day: 16},
	{key: "thanksgiving_ca", countries: []string{"CA"}, month: time.October, day: 2, weekday: time.Monday, moves: true},
	{key: "thanksgiving", countries: []string{"US"}, month: time.November, day: 4, weekday: time.Thursday, moves: true},
	{key: "christmas_eve", month: time.December, day: 24},
	{key: "christmas", month: time.December, day: 25},
	{key: "new_year_eve", month: time.December, day: 31},
}

// Holidays are the keys of all holidays that are known.
func Holidays() []string {
	var keys []string
	for _, h := range holidays {
		keys = append(keys, h.key)
	}
	return keys
}

// Holiday returns the key of the holiday that a date is in one of countries (ISO 3166),
// "" for none: "thanksgiving".
func Holiday(countries []string, d Date) string {
	for _, h := range holidays {
		if h.on(d) && (len(h.countries) == 0 || slices.ContainsFunc(countries, func(c string) bool { return slices.Contains(h.countries, c) })) {
			return h.key
		}
	}
	return ""
}

func (h holiday) on(d Date) bool {
	switch {
	case d.Month != h.month:
		return false
	case !h.moves:
		return d.Day == h.day
	case d.Weekday() != h.weekday:
		return false
	case h.day < 0:
		return d.Add(7).Month != d.Month
	}
	return (d.Day-1)/7+1 == h.day
}
