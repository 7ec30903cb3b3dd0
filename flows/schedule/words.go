package schedule

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// language holds the words of one language. Patterns name their places in
// braces, so that a language is data alone; catalogue_<lang>.go holds each.
type language struct {
	weekdays      [7]string // Sunday first, as time.Weekday counts
	shortWeekdays [7]string // as texted
	months        [12]string
	shortMonths   [12]string // as texted
	monthDays     [31]string // how the 1st to the 31st are said
	numbers       [60]string // zero to fifty-nine

	day     dayWords
	clock   clockWords
	zone    zoneWords
	spoken  string // {day} {time} {zone}
	written string // {day} {time} {zone}
	series  seriesWords
	marks   marks

	// varied are the numbers whose word depends on what is counted: "uma, dois".
	varied []int
	// inflected are their words, and those past twenty, by that.
	inflected map[Form]map[int]string
}

// dayWords say which day: relative ones, the next six by {weekday}, and others
// by {weekday}, {month} and {date}; and which {month} of which {year}.
type dayWords struct {
	yesterday, today, tomorrow string
	near, far                  string
	texted                     string
	month                      string
}

// clockWords say a time of day: when something is, and what the time is.
type clockWords struct {
	at, now    timeWords
	parts      []partOfDay
	tens, over string         // how {minute} is said below ten, and from ten on: "" for bare
	minutes    map[int]string // minutes with a word of their own
	tonight    string         // the midnight that ends today, whole, with {zone}
	texted     textedTimes
}

// textedTimes write a time of day by {hour}, {minute} and {part}.
type textedTimes struct {
	sharp, past string // on the hour; with minutes
	noon        string
	twelve      bool        // the clock shows twelve hours, not 24
	parts       []partOfDay // nil: as spoken
}

// timeWords say a time by {hour}, {minute} and {part} of the day.
type timeWords struct {
	hours          [24]string // from midnight on, with what stands before them if that depends on the hour
	sharp, past    string     // on the hour; minutes past it
	noon, midnight string
}

// twice makes the hours of a clock that shows twelve, which comes first, out of one line.
func twice(words string) (hours [24]string) {
	twelve := list[[12]string](words)
	copy(hours[:12], twelve[:])
	copy(hours[12:], twelve[:])
	return hours
}

// partOfDay is what the hours from that one on are called; "" where the hour says it.
type partOfDay struct {
	from int
	name string
}

// zoneWords name a zone's time: a region's, else by {city}, else by {offset}.
type zoneWords struct {
	regions, textedRegions map[region]string
	city, offset           string
	elided                 string            // of a city that begins with a vowel, if that matters
	cities                 map[string]string // where the language has its own name for a city
	whole                  map[string]string // whole, where the pattern does not go with a name
}

// Weekday returns the name of a day of the week: "Tuesday", "martes".
func Weekday(lang string, d time.Weekday) string { return wordsOf(lang).weekdays[d] }

// Spoken says when t is, as a person would aloud: "today at seven in the
// evening, Eastern time", "Tuesday at…" within six days, "Tuesday, November
// 24th at…" beyond. The day and the time of day are those of t's own zone,
// whatever zone now is in. A language that is not spoken here is English.
func Spoken(lang string, t, now time.Time) string {
	l := wordsOf(lang)
	daysAway := DateOf(t).since(DateOf(now.In(t.Location())))
	zone := l.zoneName(l.zone.regions, t)
	if w := wallAt(t); daysAway == 1 && w.Hour == 0 && w.Minute == 0 {
		return fill(l.clock.tonight, "zone", zone)
	}
	return fill(l.spoken, "day", l.spokenDay(t, daysAway), "time", l.spokenTime(l.clock.at, wallAt(t)), "zone", zone)
}

// Clock says what t's own clock shows, as it is put into a question: "seven oh five
// in the evening", "son las siete y cinco de la noche".
func Clock(lang string, t time.Time) string {
	l := wordsOf(lang)
	return l.spokenTime(l.clock.now, wallAt(t))
}

func (l *language) spokenDay(t time.Time, daysAway int) string {
	switch {
	case daysAway == -1:
		return l.day.yesterday
	case daysAway == 0:
		return l.day.today
	case daysAway == 1:
		return l.day.tomorrow
	case daysAway > 1 && daysAway <= 6:
		return fill(l.day.near, "weekday", l.weekdays[t.Weekday()])
	default:
		return l.fullDate(DateOf(t))
	}
}

func (l *language) fullDate(d Date) string {
	return fill(l.day.far, "weekday", l.weekdays[d.Weekday()], "month", l.months[d.Month-1], "date", l.monthDays[d.Day-1])
}

func (l *language) spokenTime(say timeWords, w Wall) string {
	switch {
	case w.Hour == 0 && w.Minute == 0:
		return say.midnight
	case w.Hour == 12 && w.Minute == 0:
		return say.noon
	}
	pattern := say.past
	if w.Minute == 0 {
		pattern = say.sharp
	}
	return strings.TrimSpace(fill(pattern, "hour", say.hours[w.Hour], "minute", l.minute(w.Minute), "part", partAt(l.clock.parts, w.Hour)))
}

func (l *language) minute(n int) string {
	if own, ok := l.clock.minutes[n]; ok {
		return own
	}
	pattern := cmp.Or(l.clock.over, "{minute}")
	if n < 10 {
		pattern = cmp.Or(l.clock.tens, "{minute}")
	}
	return fill(pattern, "minute", l.numbers[n])
}

func partAt(parts []partOfDay, hour int) (name string) {
	for _, p := range parts {
		if hour >= p.from {
			name = p.name
		}
	}
	return name
}

// Written says when t is in few letters, for a text: "today 7 pm ET", "Tue Nov 24,
// 7 pm ET". They are of the GSM alphabet where the language can be written in it.
// Otherwise it is like Spoken.
func Written(lang string, t, now time.Time) string {
	l := wordsOf(lang)
	day := ""
	switch DateOf(t).since(DateOf(now.In(t.Location()))) {
	case 0:
		day = l.day.today
	case 1:
		day = l.day.tomorrow
	default:
		day = fill(l.day.texted, "weekday", l.shortWeekdays[t.Weekday()],
			"month", l.shortMonths[t.Month()-1], "date", strconv.Itoa(t.Day()))
	}
	return inGSM(fill(l.written, "day", day, "time", l.writtenTime(t), "zone", l.zoneName(l.zone.textedRegions, t)))
}

func (l *language) writtenTime(t time.Time) string {
	texted, hour := l.clock.texted, t.Hour()
	pattern, parts := texted.past, texted.parts
	switch {
	case hour == 12 && t.Minute() == 0:
		return texted.noon
	case t.Minute() == 0:
		pattern = texted.sharp
	}
	if parts == nil {
		parts = l.clock.parts
	}
	if texted.twelve {
		hour = (hour+11)%12 + 1
	}
	return fill(pattern, "hour", strconv.Itoa(hour), "minute", t.Format("04"), "part", partAt(parts, t.Hour()))
}

// zoneName names the zone of t's location. Each instant has to agree with the
// region's clock for the region's name to be used.
func (l *language) zoneName(regions map[region]string, instants ...time.Time) string {
	t := instants[0]
	r, ok := regionOf(instants)
	if ok {
		return regions[r]
	}
	if city, ok := cityOf(t.Location().String()); ok {
		return l.cityTime(city)
	}
	return fill(l.zone.offset, "offset", strings.TrimSuffix(t.Format("-07:00"), ":00"))
}

// cityTime names the time of a place in a zone's name.
func (l *language) cityTime(city string) string {
	if whole, ok := l.zone.whole[city]; ok {
		return whole
	}
	city = l.cityName(city)
	if l.zone.elided != "" && strings.IndexAny(city, "AEIOUÉ") == 0 {
		return fill(l.zone.elided, "city", city)
	}
	return fill(l.zone.city, "city", city)
}

// cityName is what the language calls a place in a zone's name.
func (l *language) cityName(city string) string {
	if own, ok := l.zone.cities[city]; ok {
		return own
	}
	return city
}

// gsm spells letters that the GSM alphabet (3GPP TS 23.038 §6.2.1) lacks
// without their accents: one of them would make a text cost double.
var gsm = lettersFor("áaâaãaçcêeëeíiîiïióoôoõoúuûuÁAÂAÊEÍIÎIÓOÔOÚUÛU")

// inGSM is a text with the letters so spelled.
func inGSM(text string) string { return strings.Map(gsm.of, text) }

// letters are others that are written in place of some.
type letters map[rune]rune

// lettersFor reads letters, each with the one that is written in its place behind it.
func lettersFor(pairs string) letters {
	all := letters{}
	for each := []rune(pairs); len(each) > 0; each = each[2:] {
		all[each[0]] = each[1]
	}
	return all
}

// of is the letter that is written in place of one, or that one.
func (l letters) of(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	if other, ok := l[r]; ok {
		return other
	}
	return r
}

// fill puts values into the places of a pattern: name, value, name, value.
func fill(pattern string, pairs ...string) string {
	filled := make([]byte, 0, 128)
	for {
		before, rest, opens := strings.Cut(pattern, "{")
		if filled = append(filled, before...); !opens {
			return string(filled)
		}
		name, after, _ := strings.Cut(rest, "}")
		at := 0
		for at < len(pairs) && pairs[at] != name {
			at += 2
		}
		if at == len(pairs) { // no place of ours
			filled, pattern = append(filled, '{'), rest
			continue
		}
		filled, pattern = append(filled, pairs[at+1]...), after
	}
}
