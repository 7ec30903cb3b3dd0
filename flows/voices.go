package flows

import (
	"slices"
	"strings"
)

// polly are the voices of Amazon Polly that Twilio has, by the language they speak.
// A name may end in -Neural or -Generative. Google's say their locale in the name.
// Source: https://www.twilio.com/docs/voice/twiml/say/text-speech
var polly = map[string][]string{
	"en": {"Joanna", "Matthew", "Salli", "Kimberly", "Kendra", "Ivy", "Joey", "Justin", "Kevin", "Ruth", "Stephen", "Danielle", "Gregory", "Amy", "Emma", "Brian", "Arthur", "Olivia", "Nicole", "Russell", "Aria", "Niamh", "Kajal", "Raveena", "Aditi", "Ayanda", "Geraint"},
	"es": {"Lupe", "Miguel", "Penelope", "Pedro", "Mia", "Andres", "Lucia", "Conchita", "Enrique", "Sergio"},
	"fr": {"Lea", "Celine", "Mathieu", "Remi", "Chantal", "Gabrielle", "Liam", "Isabelle"},
	"pt": {"Camila", "Vitoria", "Ricardo", "Thiago", "Ines", "Cristiano"},
	"zh": {"Zhiyu", "Hiujin"},
}

// SpokenBy is the language that voices of a tag or a locale speak, as the carrier's table of
// voices has it.
func SpokenBy(locale string) string {
	lang := baseOf(locale)
	if lang == "cmn" || lang == "yue" {
		return "zh"
	}
	return lang
}

// VoiceSpeaks says whether the carrier has a voice of that name for a language, as SpokenBy
// has it.
func VoiceSpeaks(voice, lang string) bool {
	maker, name, _ := strings.Cut(voice, ".")
	switch maker {
	case "Polly":
		name, _, _ = strings.Cut(name, "-")
		return slices.Contains(polly[lang], name)
	case "Google":
		return SpokenBy(name) == lang
	}
	return false
}

// checkVoice warns of voices that are called as the carrier's are, and that it has not.
func (c *compiler) checkVoice(cat *catalogue) {
	for _, of := range []*string{&cat.voice.Name, &cat.voice.Fallback} {
		if voiceName.MatchString(*of) && cat.voice.Locale != "" && !VoiceSpeaks(*of, SpokenBy(cat.voice.Locale)) {
			c.warn("F022", c.placeOf(of, top(catalogueFile(cat.lang))), "write one of the carrier's, such as Polly.Joanna-Neural",
				"the carrier is not known to have a voice %q that speaks %s", *of, tongue(cat.voice.Locale))
		}
	}
}
