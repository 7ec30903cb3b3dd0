package leakscan

import "strings"

// spoken are the digits as they are said.
var spoken = []struct {
	name  string
	words []string
}{
	{"English words", []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}},
	{"English words with oh", []string{"oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}},
	{"Spanish words", []string{"cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"}},
}

// wordings are a number as it is said, digit by digit.
func wordings() []encoding {
	var all []encoding
	for _, tongue := range spoken {
		for _, sep := range []struct{ name, text string }{
			{"spaces", " "}, {"dashes", "-"}, {"commas and spaces", ", "}, {"commas", ","}, {"dots and spaces", ". "}, {"nothing", ""}, {"underscores", "_"},
		} {
			all = append(all, one(tongue.name+" in "+sep.name, func(p phone) string { return said(p, tongue.words, sep.text, strings.ToLower) }))
		}
		all = append(all,
			one(tongue.name+" in capitals", func(p phone) string { return said(p, tongue.words, " ", strings.ToUpper) }),
			one(tongue.name+" as titles", func(p phone) string { return said(p, tongue.words, " ", title) }))
	}
	return all
}

func said(p phone, words []string, sep string, form func(string) string) string {
	var all []string
	for _, digit := range p.national {
		all = append(all, form(words[digit-'0']))
	}
	return strings.Join(all, sep)
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
