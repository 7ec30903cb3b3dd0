package schedule

import (
	"slices"
	"strconv"
	"time"
)

// reading is what was read of a text that says when.
type reading struct {
	*whenLanguage
	left []meaning // that is to be read

	days      []time.Weekday
	numbered  []string // weekdays of the month, as a rule has them: 2TU
	monthDays []string
	date      *Date // of year 0 when none was said
	relative  *int  // days from today
	every     int   // 1: every week; 0: not said
	unit      int
	plural    bool // weekdays
	single    bool // the next one
	starting  bool // the date is the first of several

	start, end *clock
	part       part
	minutes    int
	exact      bool // a date as computers write it, with their clock

	ordinals []int // that wait for what they number
	lasting  bool  // what follows is how long it lasts
	at       bool  // what follows is a time
	to       bool  // what follows is an end
	daysTo   bool  // what came before the "to" is a weekday
}

func readWhen(lang, text string) (*reading, *Fault) {
	r := &reading{whenLanguage: whenLanguageOf(lang)}
	var fault *Fault
	if r.left, fault = r.words(text); fault != nil {
		return nil, fault
	}
	for len(r.left) > 0 {
		if fault := r.read(r.take()); fault != nil {
			return nil, fault
		}
	}
	if len(r.ordinals) > 0 {
		return nil, r.fault(r.say.whichOfMonth)
	}
	return r, nil
}

func (r *reading) take() meaning {
	m := r.left[0]
	r.left = r.left[1:]
	return m
}

// ahead reports whether the next words are of those kinds.
func (r *reading) ahead(kinds ...kind) bool {
	for i, k := range kinds {
		if i >= len(r.left) || r.left[i].kind != k {
			return false
		}
	}
	return true
}

func (r *reading) read(m meaning) *Fault {
	to, at := r.to, r.at
	if m.kind != andWord {
		r.to, r.at = false, false
	}
	lasting := r.lasting
	r.lasting = false
	switch m.kind {
	case weekdayWord, weekdaysWord:
		return r.weekday(m, to)
	case manyWord:
		r.plural = r.ahead(weekdayWord) || r.plural
	case workdays:
		r.days = append(r.days, 1, 2, 3, 4, 5)
		r.plural = true
	case monthWord:
		return r.month(m)
	case ordinal:
		return r.ordinal(m)
	case calendar:
		return r.calendar(m.date)
	case numeral:
		return r.number(m, to, at, lasting)
	case halfWord:
		if m.also > 0 && (r.ahead(weekdayWord) || r.ahead(weekdaysWord)) {
			return r.ordinal(meaning{kind: ordinal, n: m.also})
		}
		return r.clock(meaning{kind: halfWord, n: m.n}, to)
	case clockword, noonWord, midnightWord:
		if lasting && m.kind == clockword {
			return r.length(60*m.n + m.minute)
		}
		return r.clock(m, to)
	case partWord:
		return r.partOf(part(m.n))
	case tonightWord:
		if fault := r.relatively(0); fault != nil {
			return fault
		}
		return r.partOf(part(m.n))
	case relativeDay:
		return r.relatively(m.n)
	case everyWord, otherWord:
		return r.interval(m)
	case unitWord:
		return r.unitOf(m)
	case spanWord:
		return r.length(m.n)
	case nextWord:
		r.single = true
	case startWord:
		r.starting = r.ahead(calendar) || r.ahead(monthWord) || r.ahead(numeral, monthWord) || r.ahead(ordinal, monthWord) || r.ahead(relativeDay)
	case forWord:
		if !r.ahead(spanWord) && !r.ahead(numeral, lengthUnit) && !r.ahead(lengthUnit) && !r.ahead(numeral, hourMark) && !r.ahead(clockword) {
			return r.fault(r.say.howLong)
		}
		r.lasting = true
	case lengthUnit:
		return r.length(m.n)
	case toWord:
		r.to = true
	case atWord:
		r.at = true
	case hourMark, pastWord, unknown:
		return r.fault(r.say.badTime)
	}
	return nil
}

func (r *reading) weekday(m meaning, to bool) *Fault {
	day := time.Weekday(m.n)
	r.plural = r.plural || m.kind == weekdaysWord
	if len(r.ordinals) > 0 {
		if r.every > 0 && r.unit == 0 && !r.monthAhead() && slices.ContainsFunc(r.ordinals, func(n int) bool { return n > 1 }) {
			return r.fault(r.say.otherOrNumbered, "weekday", r.names.weekdays[day])
		}
		for _, n := range r.ordinals {
			if n > 5 || n < -1 {
				return r.fault(r.say.never)
			}
			r.numbered = append(r.numbered, strconv.Itoa(n)+ruleDays[day])
		}
		r.ordinals = nil
		return nil
	}
	if to && r.daysTo && len(r.days) > 0 {
		for d := (r.days[len(r.days)-1] + 1) % 7; d != day; d = (d + 1) % 7 {
			r.days = append(r.days, d)
		}
		r.plural = true
	}
	r.days = append(r.days, day)
	r.daysTo = r.ahead(toWord)
	return nil
}

// monthAhead reports whether "of the month" is to come.
func (r *reading) monthAhead() bool {
	return slices.ContainsFunc(r.left, func(m meaning) bool { return m.kind == unitWord && m.n == unitMonth })
}

// month is a month with its day after it: "November 24". Its day before it is read
// with the day.
func (r *reading) month(m meaning) *Fault {
	if (r.ahead(numeral) || r.ahead(ordinal)) && !r.ahead(numeral, partWord) && !r.ahead(numeral, lengthUnit) {
		return r.calendar(dateOf(r.year(1), m.n, r.take().n))
	}
	return r.fault(r.say.noDate)
}

// dateOf is a date that need not be one.
func dateOf(year, month, day int) Date { return Date{Year: year, Month: time.Month(month), Day: day} }

// year is the one that stands so many words ahead, which it takes; 0 if none does.
func (r *reading) year(skip int) int {
	if len(r.left) <= skip || r.left[skip].kind != numeral || r.left[skip].n < 1000 {
		return 0
	}
	y := r.left[skip].n
	r.left = slices.Concat(r.left[:skip], r.left[skip+1:])
	return y
}

func (r *reading) calendar(d Date) *Fault {
	if r.date != nil {
		return r.fault(r.say.twoDays)
	}
	r.date = &d
	return nil
}

func (r *reading) relatively(days int) *Fault {
	if r.relative != nil {
		return r.fault(r.say.twoDays)
	}
	r.relative = &days
	return nil
}

// ordinal is of a month that is named, of every month, or of a weekday to come.
func (r *reading) ordinal(m meaning) *Fault {
	switch {
	case r.ahead(monthWord) && m.n > 0:
		month := r.take()
		return r.calendar(dateOf(r.year(0), month.n, m.n))
	case m.n == -1 && r.ahead(unitWord) && r.left[0].n == unitDay:
		r.take()
	case r.ahead(unitWord) && r.left[0].n == unitMonth, r.ahead(everyWord, unitWord):
	default:
		r.ordinals = append(r.ordinals, m.n)
		return nil
	}
	for _, n := range append(r.ordinals, m.n) {
		if n == 0 || n > 31 || n < -1 {
			return r.fault(r.say.noDate)
		}
		r.monthDays = append(r.monthDays, strconv.Itoa(n))
	}
	r.ordinals = nil
	return nil
}

func (r *reading) number(m meaning, to, at, lasting bool) *Fault {
	hours := r.ahead(lengthUnit) && r.left[0].n == 60
	switch {
	case r.ahead(monthWord):
		month := r.take()
		return r.calendar(dateOf(r.year(0), month.n, m.n))
	case lasting && r.ahead(hourMark):
		r.take()
		return r.length(60 * m.n)
	case !at && !to && r.ahead(lengthUnit) && (lasting || !hours || !r.hourFirst || r.start != nil):
		length := m.n * r.take().n
		if r.ahead(andWord, halfWord) {
			r.take()
			length += r.take().n
		}
		return r.length(length)
	case !at && r.ahead(unitWord) && r.every > 0 || r.every == 1 && (r.ahead(weekdayWord) || r.ahead(weekdaysWord)):
		if m.n < 1 || m.n > maxInterval {
			return r.fault(r.say.never)
		}
		r.every = m.n
		return nil
	case m.n > 31 && r.date != nil && r.date.Year == 0:
		r.date.Year = m.n
		return nil
	case !at && !to && m.n >= 1 && m.n <= 31 && (r.ahead(everyWord, unitWord) || r.ahead(unitWord) && r.left[0].n == unitMonth):
		return r.ordinal(m) // el 15 de cada mes
	}
	return r.clock(m, to)
}

// interval is every week, or every other.
func (r *reading) interval(m meaning) *Fault {
	if m.kind == otherWord {
		r.every = 2
	}
	r.every = max(r.every, 1)
	if m.n == 0 {
		return nil
	}
	return r.unitOf(meaning{n: m.n})
}

func (r *reading) unitOf(m meaning) *Fault {
	if m.n != unitMonth && r.every == 0 || r.unit != 0 && r.unit != m.n || r.single {
		return r.fault(r.say.noDay)
	}
	r.unit = m.n
	return nil
}

func (r *reading) length(minutes int) *Fault {
	if minutes < 1 || minutes > longestMinutes || r.minutes != 0 {
		return r.fault(r.say.howLong)
	}
	r.minutes = minutes
	return nil
}

func (r *reading) partOf(p part) *Fault {
	if r.part != anyPart && r.part != p {
		return r.fault(r.say.twoTimes)
	}
	r.part = p
	return nil
}

// clock is a time of day, with what says which half of the day it is of.
func (r *reading) clock(m meaning, to bool) *Fault {
	c := clock{hour: m.n, minute: m.minute, sure: m.sure || r.exact}
	switch m.kind {
	case midnightWord:
		if !to || r.start == nil {
			return r.fault(r.say.midnight)
		}
		c = clock{sure: true}
	case noonWord:
		c = clock{hour: 12, sure: true}
	case halfWord: // half past seven, a quarter to eight
		back := r.ahead(toWord, numeral) && m.n == 15
		if !back && !r.ahead(pastWord, numeral) {
			return r.fault(r.say.badTime)
		}
		r.take()
		if c = (clock{hour: r.take().n, minute: m.n}); back {
			c.hour, c.minute = (c.hour+10)%12+1, 45
		}
	}
	told := m.kind == noonWord
	if m.kind == numeral && r.ahead(andWord, halfWord) { // y media
		r.past(&c, told)
	}
	if r.ahead(hourMark) || r.ahead(lengthUnit) && r.left[0].n == 60 {
		c.sure = r.take().n > 0 || c.sure
		told = true
	}
	if m.kind == numeral || m.kind == noonWord {
		r.past(&c, told || r.bareMinutes && m.kind == numeral && !m.digits && r.ahead(numeral) && r.left[0].n >= 10)
	}
	switch {
	case r.ahead(partWord):
		c.part = part(r.take().n)
	case m.kind == numeral && r.ahead(noonWord):
		r.take()
		c.part = midday
	case m.kind == numeral && r.ahead(midnightWord):
		return r.fault(r.say.midnight)
	}
	switch {
	case r.start == nil:
		r.start = &c
	case to && r.end == nil:
		r.end = &c
	default:
		return r.fault(r.say.twoTimes)
	}
	return nil
}

// past is what of an hour is past where it stands behind it: y media, heures trente, e
// quinze, moins le quart. told: that it is an hour has been said.
func (r *reading) past(c *clock, told bool) {
	if c.minute != 0 {
		return
	}
	small := func(at int) bool {
		return r.left[at].n < 60 && (at+1 == len(r.left) || !slices.Contains([]kind{monthWord, lengthUnit, unitWord, weekdayWord, weekdaysWord, hourMark}, r.left[at+1].kind))
	}
	switch {
	case r.ahead(andWord, halfWord):
		r.take()
		c.minute = r.take().n
	case r.hourFirst && r.ahead(halfWord):
		c.minute = r.take().n
	case told && r.ahead(numeral) && (r.hourFirst || !r.left[0].digits) && small(0):
		c.minute = r.take().n
	case r.andMinutes && r.ahead(andWord, numeral) && !r.left[1].digits && small(1):
		r.take()
		c.minute = r.take().n
	}
	if c.minute >= 0 {
		return
	}
	c.minute += 60
	if c.hour--; c.hour == 0 {
		c.hour = 12
	}
}
