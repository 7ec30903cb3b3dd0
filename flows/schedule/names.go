package schedule

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Zone names the time of at's location as a person would: "Eastern time".
func Zone(lang string, at time.Time) string {
	l := wordsOf(lang)
	return l.zoneName(l.zone.regions, at)
}

// Place names at's location among others of the same time: "Eastern time (Detroit)";
// "Bogotá time" where the time is named by the place.
func Place(lang string, at time.Time) string {
	l := wordsOf(lang)
	zone := l.zoneName(l.zone.regions, at)
	city, ok := cityOf(at.Location().String())
	if !ok || zone == l.cityTime(city) {
		return zone
	}
	return zone + " (" + l.cityName(city) + ")"
}

// Month names at's month and year: "November 2026".
func Month(lang string, at time.Time) string {
	l := wordsOf(lang)
	return fill(l.day.month, "month", l.months[at.Month()-1], "year", strconv.Itoa(at.Year()))
}

// mostInWords is how far numbers are the same before every noun: Spanish has
// two words for 21.
const mostInWords = 20

// Number says how many: in words up to twenty, in digits beyond, and where the word
// depends on what is counted.
func Number(lang string, n int) string {
	l := wordsOf(lang)
	if n < 0 || n > mostInWords || slices.Contains(l.varied, n) {
		return strconv.Itoa(n)
	}
	return l.numbers[n]
}

// Form is what a number's word follows: what is counted. "" is a number by itself, as of
// a place in a line.
type Form string

const (
	Masculine Form = "masculine" // veintiún minutos
	Feminine  Form = "feminine"  // veintiuna personas, duas pessoas, vingt et une minutes
	Measured  Form = "measured"  // 两个人: in front of a measure word
)

// Forms are those that Counted knows.
var Forms = []Form{Feminine, Masculine, Measured}

// Counted is Number in front of what is counted: in words wherever its form shows, for a
// voice does not look ahead to the noun. Past 99 the voice is left to guess.
func Counted(lang string, n int, form Form) string {
	if word, ok := wordsOf(lang).inflected[form][n]; ok {
		return word
	}
	return Number(lang, n)
}

// ShortWeekday returns the name of a day of the week as it is texted: "Tue", "周二".
func ShortWeekday(lang string, d time.Weekday) string { return wordsOf(lang).shortWeekdays[d] }

// marks set apart what is listed.
type marks struct{ clause, name, item string }

var latinMarks = marks{clause: ", ", name: ", ", item: "; "}

// Clauses joins what belongs to one thing: a group's name, and when it meets.
func Clauses(lang string, all ...string) string { return strings.Join(all, wordsOf(lang).marks.clause) }

// Names joins names: "Ana, Bo, Cy".
func Names(lang string, all []string) string { return strings.Join(all, wordsOf(lang).marks.name) }

// Items joins what may have commas of its own.
func Items(lang string, all []string) string { return strings.Join(all, wordsOf(lang).marks.item) }
