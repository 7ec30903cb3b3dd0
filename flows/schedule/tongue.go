package schedule

import (
	"maps"
	"slices"

	xlanguage "golang.org/x/text/language"
)

// catalogue holds every language, by the tag of its files and settings.
var catalogue = map[string]*language{
	"en": &english, "es": &spanish, "fr": &french, "ht": &haitian, "pt-BR": &portuguese, "zh-Hans": &chinese,
}

// tags are those of the catalogue, English first: what no other is near to is English.
var tags = slices.Concat([]string{"en"}, slices.DeleteFunc(Languages(), func(tag string) bool { return tag == "en" }))

var matcher = func() xlanguage.Matcher {
	all := make([]xlanguage.Tag, len(tags))
	for i, tag := range tags {
		all[i] = xlanguage.MustParse(tag)
	}
	return xlanguage.NewMatcher(all)
}()

// Languages returns the tags of the languages that this package speaks, sorted.
func Languages() []string { return slices.Sorted(maps.Keys(catalogue)) }

// Speaks reports whether times are said in the language of a tag itself: "es",
// "es-MX", "pt", "zh-CN".
func Speaks(tag string) bool {
	asked, err := xlanguage.Parse(tag)
	if err != nil {
		return false
	}
	own, _ := asked.Base()
	found, _ := xlanguage.MustParse(near(tag)).Base()
	return own == found
}

// near is the tag of the catalogue that people who speak that of a tag understand
// best (CLDR's distances), English where they may understand none.
func near(tag string) string {
	if _, ok := catalogue[tag]; ok {
		return tag
	}
	asked, err := xlanguage.Parse(tag)
	if err != nil || asked == xlanguage.Und {
		return tags[0]
	}
	_, i, _ := matcher.Match(asked) // 0, which is English, for none
	return tags[i]
}

// wordsOf returns the language of a tag, or English.
func wordsOf(lang string) *language { return catalogue[near(lang)] }
