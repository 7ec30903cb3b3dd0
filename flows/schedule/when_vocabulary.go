package schedule

import (
	"regexp"
	"strconv"
	"strings"
)

// whenLanguage is how people of a language say when.
type whenLanguage struct {
	names *language
	known vocabulary
	words map[string]bool // of which the phrases in known are made
	say   whenFaults

	// nth is a number with an ending that makes it one; nil: see ordinalWord.
	nth *regexp.Regexp
	// rewrite puts a plain text into words of the vocabulary, where they do not stand
	// apart by themselves. It makes no text much longer.
	rewrite func(text string) string
	// hourFirst: "19 heures 30" is a time, unless what lasts so long comes before it.
	hourFirst bool
	// andMinutes: "sete e quinze" is a time. bareMinutes: "seven fifteen" is.
	andMinutes, bareMinutes bool
}

// whenLanguages are by the tags of the catalogue.
var whenLanguages = withWords(map[string]*whenLanguage{
	"en": englishWhen(), "es": spanishWhen(), "fr": frenchWhen(), "ht": haitianWhen(), "pt-BR": portugueseWhen(), "zh-Hans": chineseWhen(),
})

func withWords(all map[string]*whenLanguage) map[string]*whenLanguage {
	for _, l := range all {
		l.words = map[string]bool{}
		for phrase := range l.known {
			for word := range strings.FieldsSeq(phrase) {
				l.words[word] = true
			}
		}
	}
	return all
}

func whenLanguageOf(lang string) *whenLanguage { return whenLanguages[near(lang)] }

// meaning is what a word or a number is in a text that says when.
type meaning struct {
	kind
	n      int
	minute int  // of a clockword
	sure   bool // of a clockword: of 24 hours
	digits bool // written as such
	also   int  // of a part of an hour or a weekday: the ordinal that it is as well; of a numeral, the month
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
	halfWord    // n: minutes, fewer than 0 before the hour
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

// vocabulary is what phrases mean, without accents, capitals, hyphens and apostrophes.
type vocabulary map[string]meaning

// vocabularyOf joins what the catalogue of a language has and the phrases by kind,
// with commas between them, each of one kind. What is named first stays.
func vocabularyOf(l *language, phrases map[string]string, ordinals, numerals string) vocabulary {
	v := vocabulary{}
	for name, list := range phrases {
		for phrase := range strings.SplitSeq(list, ",") {
			phrase = spaced(plain(phrase))
			if other, twice := v[phrase]; twice && other != kindNames[name] {
				panic("schedule: the phrase " + phrase + " is of two kinds")
			}
			v[phrase] = kindNames[name]
		}
	}
	add := func(word string, m meaning) {
		if word = spaced(plain(word)); v[word] == (meaning{}) {
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

// counting is v and a language's own numbers, where nothing else has their word.
func (v vocabulary) counting(l *language) vocabulary {
	for n, word := range l.numbers {
		word = spaced(plain(word))
		if _, taken := v[word]; !taken {
			v[word] = meaning{kind: numeral, n: n}
		}
	}
	return v
}

// spaced is a phrase of which the words stand apart.
func spaced(phrase string) string { return strings.NewReplacer("-", " ", "'", " ").Replace(phrase) }
