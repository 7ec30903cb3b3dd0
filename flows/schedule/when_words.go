package schedule

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// longestWhen is how long a text is read, in bytes.
const longestWhen = 200

var (
	unaccented  = lettersFor("áaàaâaãaäaçcéeèeêeëeíiìiîiïiñnóoòoôoõoöoúuùuûuüu’'‘'\u00a0 \u202f ")
	abbreviated = strings.NewReplacer("a. m.", "am", "p. m.", "pm", "a.m.", "am", "p.m.", "pm", "a.m", "am", "p.m", "pm", "o'clock", "oclock")
	isoWord     = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})t?`)
	slashWord   = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?`)
	dottedWord  = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4})`)
	clockWord   = regexp.MustCompile(`^(\d{1,2})([:.he])(\d{2})`)
	ordinalWord = regexp.MustCompile(`^(\d{1,2})(?:(?:st|nd|rd|th|er|ro|do|to|o)\b|[ºª°])`)
	numberWord  = regexp.MustCompile(`^\d{1,4}`)
	plainWord   = regexp.MustCompile(`^(?:[a-z]+|\p{Han}+)`)
	wordsApart  = regexp.MustCompile(`^(?:[ \t\r\n]+|[-'])`)
	aDigit      = regexp.MustCompile(`^\d`)
)

// plain is a text in small letters, without accents and as times are abbreviated.
func plain(text string) string {
	text = strings.Map(func(r rune) rune { return unaccented.of(unicode.ToLower(r)) }, text)
	if strings.ContainsAny(text, ".'") {
		text = abbreviated.Replace(text)
	}
	return text
}

// words are what a text says, without what says nothing.
func (r *reading) words(text string) ([]meaning, *Fault) {
	if len(text) > longestWhen {
		return nil, r.fault(r.say.tooLong)
	}
	text = plain(text)
	if r.rewrite != nil {
		text = r.rewrite(text)
	}
	all := make([]meaning, 0, 8) // most say no more
	for rest := strings.TrimLeft(text, space); rest != ""; rest = strings.TrimLeft(rest, space) {
		m, n, fault := r.word(rest)
		if fault != nil {
			return nil, fault
		}
		rest = rest[n:]
		if m.kind != filler {
			all = append(all, m)
		}
	}
	return disambiguated(all), nil
}

// MayTell reports whether a word, as spaces set it apart, may be of a text that ParseWhenIn
// reads in those languages. It is quick, and true of some that it does not read.
func MayTell(langs []string, word string) bool {
	word = plain(word)
	return slices.ContainsFunc(langs, func(lang string) bool { return whenLanguageOf(lang).mayTell(word) })
}

func (l *whenLanguage) mayTell(word string) bool {
	digits := 0
	for _, r := range word {
		switch {
		case r >= '0' && r <= '9':
			if digits++; digits > longestNumber {
				return false
			}
		case unicode.Is(unicode.Han, r):
			return l.rewrite != nil
		default:
			digits = 0
		}
	}
	if strings.ContainsAny(word, "0123456789") {
		return true
	}
	for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if !l.words[part] {
			return false
		}
	}
	return true
}

// longestNumber is how many digits a number has at most in a text that says when.
const longestNumber = 4

// space is what says nothing.
const space = " \t\r\n.'"

// disambiguated settles what words mean that are a month or a weekday and a number
// as well: "7 sept", "segunda terça-feira", "segunda e quarta".
func disambiguated(all []meaning) []meaning {
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		followed := func(after int, kinds ...kind) bool {
			return i+after < len(all) && slices.Contains(kinds, all[i+after].kind)
		}
		switch {
		case m.also == 0:
		case m.kind == numeral && i > 0 && (all[i-1].kind == numeral || all[i-1].kind == ordinal) && all[i-1].digits:
			all[i] = meaning{kind: monthWord, n: m.also}
		case m.kind == weekdayWord && (followed(1, weekdayWord, weekdaysWord) || followed(1, andWord) && followed(2, ordinal) && followed(3, weekdayWord, weekdaysWord, andWord)):
			all[i] = meaning{kind: ordinal, n: m.also}
		}
	}
	return all
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
	var room [longestWhen]byte
	phrase, at, found, width := room[:0], 0, meaning{kind: unknown}, 0
	for next, n := word, 0; n < longestPhrase && next != ""; n++ {
		at += len(next)
		phrase = append(phrase, next...)
		if m, ok := r.known[string(phrase)]; ok {
			found, width = m, at
		}
		at += len(wordsApart.FindString(text[at:]))
		next, phrase = plainWord.FindString(text[at:]), append(phrase, ' ')
	}
	if found.kind == unknown {
		if strings.ContainsAny(word, hanDigits) {
			return found, 0, r.fault(r.say.unknownSign) // it may be a number, which is not repeated
		}
		letters := []rune(word)
		word = string(letters[:min(len(letters), 20)])
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
	if m := cmp.Or(r.nth, ordinalWord).FindStringSubmatch(text); m != nil {
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
