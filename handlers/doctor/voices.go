package doctor

import (
	"slices"
	"strings"
)

// borrowed are the languages that no voice of the carrier speaks, by the one whose
// voices come nearest.
var borrowed = map[string]string{"ht": "fr"}

// polly are the voices of Amazon Polly that Twilio has, by the locale they speak.
// A name may end in -Neural or -Generative. Google's say their locale in the name.
// Source: https://www.twilio.com/docs/voice/twiml/say/text-speech
var polly = map[string][]string{
	"en": {"Joanna", "Matthew", "Salli", "Kimberly", "Kendra", "Ivy", "Joey", "Justin", "Kevin", "Ruth", "Stephen", "Danielle", "Gregory", "Amy", "Emma", "Brian", "Arthur", "Olivia", "Nicole", "Russell", "Aria", "Niamh", "Kajal", "Raveena", "Aditi", "Ayanda", "Geraint"},
	"es": {"Lupe", "Miguel", "Penelope", "Pedro", "Mia", "Andres", "Lucia", "Conchita", "Enrique", "Sergio"},
	"fr": {"Lea", "Celine", "Mathieu", "Remi", "Chantal", "Gabrielle", "Liam", "Isabelle"},
	"pt": {"Camila", "Vitoria", "Ricardo", "Thiago", "Ines", "Cristiano"},
	"zh": {"Zhiyu", "Hiujin"},
}

// voices looks at whether each language of the line has a voice that suits it.
func (d *Doctor) voices() []Finding {
	languages := d.Said().Languages
	var bad, lent []Finding
	for _, lang := range languages {
		v, own := d.Voice(lang), base(lang)
		if other, ok := borrowed[own]; ok && v.Name != "" && base(v.Locale) == other {
			own = other
			lent = append(lent, found("voices.languages", "borrowed", "language", lang, "voice", v.Name))
		}
		switch {
		case v.Name == "" || base(v.Locale) != own:
			bad = append(bad, found("voices.languages", "missing", "language", lang))
		case !speaks(v.Name, own):
			bad = append(bad, found("voices.languages", "unknown", "language", lang, "voice", v.Name))
		}
	}
	if len(bad) > 0 {
		return bad
	}
	return append([]Finding{found("voices.languages", "good", "languages", strings.Join(languages, ", "))}, lent...)
}

// base is the language of a tag or a locale.
func base(locale string) string {
	lang, _, _ := strings.Cut(locale, "-")
	if lang == "cmn" || lang == "yue" {
		return "zh"
	}
	return lang
}

func speaks(voice, lang string) bool {
	maker, name, _ := strings.Cut(voice, ".")
	switch maker {
	case "Polly":
		name, _, _ = strings.Cut(name, "-")
		return slices.Contains(polly[lang], name)
	case "Google":
		return base(name) == lang
	}
	return false
}
