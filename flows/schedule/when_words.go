package schedule

import (
	"regexp"
	"strconv"
	"strings"
)

// longestWhen is how long a text is read, in bytes.
const longestWhen = 200

// meaning is what a word or a number is in a text that says when.
type meaning struct {
	kind
	n      int
	minute int  // of a clockword
	sure   bool // of a clockword: of 24 hours
	digits bool // written as such
	date   Date // of a calendar date; without a year, year 0
}

type kind int

const (
	filler kind = iota
	unknown
	weekdayWord  // n
	weekdaysWord // n, in the plural
	workdays
	monthWord
	ordinal // n, -1 for the last
	numeral
	clockword
	calendar
	partWord // n: part
	noonWord
	midnightWord
	halfWord    // n: minutes; minute: as an ordinal, where it is one as well
	pastWord    // half past
	hourMark    // after a time; n 1: of 24 hours
	relativeDay // n: days from today
	tonightWord // n: part
	everyWord   // n: of that unit
	otherWord   // every other
	unitWord
	lengthUnit // n: minutes
	spanWord   // n: minutes
	nextWord   // this, next: one date
	startWord
	forWord
	toWord
	andWord
	atWord
	manyWord // what follows is plural
)

// Units of an interval.
const (
	unitDay = iota + 1
	unitWeek
	unitMonth
)

var kindNames = map[string]meaning{
	"": {}, "workdays": {kind: workdays}, "am": {kind: partWord, n: int(morning)}, "pm": {kind: partWord, n: int(later)},
	"night": {kind: partWord, n: int(night)}, "noon": {kind: noonWord}, "midnight": {kind: midnightWord},
	"half": {kind: halfWord, n: 30}, "quarter": {kind: halfWord, n: 15}, "past": {kind: pastWord}, "clock": {kind: hourMark}, "hours": {kind: hourMark, n: 1},
	"today": {kind: relativeDay}, "tomorrow": {kind: relativeDay, n: 1}, "after": {kind: relativeDay, n: 2},
	"tonight": {kind: tonightWord, n: int(night)}, "this evening": {kind: tonightWord, n: int(later)},
	"every": {kind: everyWord}, "other": {kind: otherWord}, "day": {kind: unitWord, n: unitDay}, "week": {kind: unitWord, n: unitWeek},
	"month": {kind: unitWord, n: unitMonth}, "hour": {kind: lengthUnit, n: 60}, "minute": {kind: lengthUnit, n: 1},
	"30": {kind: spanWord, n: 30}, "60": {kind: spanWord, n: 60}, "90": {kind: spanWord, n: 90},
	"next": {kind: nextWord}, "start": {kind: startWord}, "for": {kind: forWord}, "to": {kind: toWord}, "and": {kind: andWord},
	"at": {kind: atWord}, "many": {kind: manyWord}, "last": {kind: ordinal, n: -1},
}

// longestPhrase is how many words mean one thing at most.
const longestPhrase = 5

// vocabulary is what phrases mean, without accents and capitals.
type vocabulary map[string]meaning

// vocabularyOf joins what the catalogue of a language has and the phrases by kind,
// with commas between them. What is named first stays.
func vocabularyOf(l *language, phrases map[string]string, ordinals, numerals string) vocabulary {
	v := vocabulary{}
	for name, list := range phrases {
		for phrase := range strings.SplitSeq(list, ",") {
			v[phrase] = kindNames[name]
		}
	}
	add := func(word string, m meaning) {
		if word = plain(word); v[word] == (meaning{}) {
			v[word] = m
		}
	}
	for d := range 7 {
		add(l.weekdays[d], meaning{kind: weekdayWord, n: d})
		add(l.shortWeekdays[d], meaning{kind: weekdayWord, n: d})
		add(l.series.plural[d], meaning{kind: weekdaysWord, n: d})
	}
	for m := range 12 {
		add(l.months[m], meaning{kind: monthWord, n: m + 1})
		add(l.shortMonths[m], meaning{kind: monthWord, n: m + 1})
	}
	for i, list := range strings.Split(ordinals, ",") {
		for word := range strings.FieldsSeq(list) {
			add(word, meaning{kind: ordinal, n: i + 1})
		}
	}
	for pair := range strings.SplitSeq(numerals, ",") {
		word, n, _ := strings.Cut(pair, "=")
		value, _ := strconv.Atoi(n)
		add(word, meaning{kind: numeral, n: value})
	}
	return v
}

// with is v and further words of those kinds.
func (v vocabulary) with(kind kind, words string) vocabulary {
	for pair := range strings.SplitSeq(words, ",") {
		word, n, _ := strings.Cut(pair, "=")
		value, _ := strconv.Atoi(n)
		v[word] = meaning{kind: kind, n: value}
	}
	return v
}

var (
	unaccented = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n",
		"a. m.", "am", "p. m.", "pm", "a.m.", "am", "p.m.", "pm", "a.m", "am", "p.m", "pm", "o'clock", "oclock", "o’clock", "oclock", "\u00a0", " ", "\u202f", " ")
	isoWord     = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})t?`)
	slashWord   = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?`)
	dottedWord  = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4})`)
	clockWord   = regexp.MustCompile(`^(\d{1,2})([:.h])(\d{2})`)
	ordinalWord = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er|ro|do|to|o|º|ª|°)\b`)
	numberWord  = regexp.MustCompile(`^\d{1,4}`)
	plainWord   = regexp.MustCompile(`^[a-z]+`)
	aDigit      = regexp.MustCompile(`^\d`)
)

func plain(word string) string { return unaccented.Replace(strings.ToLower(word)) }

// words are what a text says, without what says nothing.
func (r *reading) words(text string) ([]meaning, *Fault) {
	if len(text) > longestWhen {
		return nil, r.fault(r.say.tooLong)
	}
	var all []meaning
	for rest := strings.TrimSpace(plain(text)); rest != ""; rest = strings.TrimLeft(rest, " \t\r\n.") {
		m, n, fault := r.word(rest)
		if fault != nil {
			return nil, fault
		}
		rest = rest[n:]
		if m.kind != filler {
			all = append(all, m)
		}
	}
	return all, nil
}

// word is what stands first in a text, and how many bytes it has.
func (r *reading) word(text string) (meaning, int, *Fault) {
	if aDigit.MatchString(text) {
		m, n, fault := r.digits(text)
		if fault == nil && text[n-1] != 't' && aDigit.MatchString(text[n:]) {
			fault = r.fault(r.say.badNumber)
		}
		return m, n, fault
	}
	if word := plainWord.FindString(text); word != "" {
		return r.phrase(text, word)
	}
	for _, c := range []struct {
		text string
		is   kind
	}{{"–", toWord}, {"—", toWord}, {"-", toWord}, {",", andWord}, {";", andWord}, {"&", andWord}, {"+", andWord}, {"/", andWord}, {"@", atWord}} {
		if strings.HasPrefix(text, c.text) {
			return meaning{kind: c.is}, len(c.text), nil
		}
	}
	return meaning{}, 0, r.fault(r.say.unknownSign)
}

// phrase is the longest one known at the beginning of a text.
func (r *reading) phrase(text, word string) (meaning, int, *Fault) {
	phrase, at, found, width := "", 0, meaning{kind: unknown}, 0
	for range longestPhrase {
		next := plainWord.FindString(text[at:])
		if next == "" {
			break
		}
		at += len(next)
		phrase = strings.TrimPrefix(phrase+" "+next, " ")
		if m, ok := r.known[phrase]; ok {
			found, width = m, at
		}
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n"))
	}
	if found.kind == unknown {
		if len(word) > 20 {
			word = word[:20]
		}
		return found, 0, r.fault(r.say.unknown, "word", word)
	}
	return found, width, nil
}

// digits is a number at the beginning of a text: a date, a time or just so many.
func (r *reading) digits(text string) (meaning, int, *Fault) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // four digits at most
	if m := isoWord.FindStringSubmatch(text); m != nil {
		r.exact = true
		d, err := ParseDate(m[1] + "-" + m[2] + "-" + m[3])
		if err != nil {
			return meaning{}, 0, r.fault(r.say.noDate)
		}
		return meaning{kind: calendar, date: d}, len(m[0]), nil
	}
	if m := dottedWord.FindStringSubmatch(text); m != nil {
		d, fault := r.numbers(number(m[1]), number(m[2]), number(m[3]))
		return meaning{kind: calendar, date: d}, len(m[0]), fault
	}
	if m := slashWord.FindStringSubmatch(text); m != nil {
		year := number(m[3])
		if len(m[3]) == 2 {
			year += 2000
		}
		d, fault := r.numbers(number(m[1]), number(m[2]), year)
		return meaning{kind: calendar, date: d}, len(m[0]), fault
	}
	if m := clockWord.FindStringSubmatch(text); m != nil {
		return meaning{kind: clockword, n: number(m[1]), minute: number(m[3]), sure: m[2] == "h" || m[1][0] == '0'}, len(m[0]), nil
	}
	if m := ordinalWord.FindStringSubmatch(text); m != nil {
		return meaning{kind: ordinal, n: number(m[1]), digits: true}, len(m[0]), nil
	}
	s := numberWord.FindString(text)
	return meaning{kind: numeral, n: number(s), digits: true, sure: len(s) == 2 && s[0] == '0'}, len(s), nil
}

// numbers is a date of which day and month are written as numbers, in whichever
// order makes one; if both do, it is asked.
func (r *reading) numbers(a, b, year int) (Date, *Fault) {
	var found []Date
	for _, pair := range [][2]int{{a, b}, {b, a}} {
		d := dateOf(year, pair[0], pair[1])
		leap := d
		if year == 0 {
			leap.Year = 2000
		}
		if leap.valid() && (len(found) == 0 || found[0] != d) {
			found = append(found, d)
		}
	}
	switch len(found) {
	case 0:
		return Date{}, r.fault(r.say.noDate)
	case 1:
		return found[0], nil
	}
	return Date{}, r.fault(r.say.monthFirst)
}

// fault says what is wrong and how to mend it, in one text with a semicolon between.
func (r *reading) fault(says string, slots ...string) *Fault {
	what, mend, _ := strings.Cut(fill(says, slots...), "; ")
	return &Fault{Field: "when", What: what, Mend: mend}
}

// whenLanguage is how people of a language say when.
type whenLanguage struct {
	names *language
	known vocabulary
	say   whenFaults
}

var whenLanguages = map[string]*whenLanguage{"en": englishWhen(), "es": spanishWhen()}

func whenLanguageOf(lang string) *whenLanguage {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if l, ok := whenLanguages[base]; ok {
		return l
	}
	return whenLanguages["en"]
}
