package flows

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// ownNames are what languages are called by those who speak them, where CLDR has no
// such name or one that is read rather than said.
var ownNames = map[string]string{"ht": "kreyòl ayisyen", "pt-BR": "português", "zh-Hans": "中文"}

// toldNames are what languages are called in others, where CLDR has no name of them or
// one that nobody says: of a script, or of a country where it makes no difference.
var toldNames = map[string]map[string]string{
	"ht": {
		"ar": "arab", "de": "alman", "en": "anglè", "es": "panyòl", "fr": "franse", "ht": "kreyòl ayisyen", "it": "italyen", "ja": "japonè", "ko": "koreyen",
		"pl": "polonè", "pt": "pòtigè", "ru": "ris", "vi": "vyetnamyen", "zh": "chinwa", "ase": "lang siy ameriken", "fil": "filipino", "tl": "tagalòg", "hi": "indi",
	},
	"pt-BR": {"ht": "crioulo haitiano"},
	"zh-Hans": {
		"ht": "海地克里奥尔语",
	},
}

// otherNames are what else people call a language that they ask for.
var otherNames = map[string][]string{
	"ht":      {"kreyol", "creole", "criollo", "crioulo", "haitian", "haitiano", "ayisyen", "海地语"},
	"pt-BR":   {"brasileiro", "brazilian", "portugues do brasil"},
	"zh-Hans": {"汉语", "普通话", "国语", "华语", "简体中文", "mandarin", "mandarim", "putonghua"},
}

// tongueNames are what a language is called, in another and by those who speak it.
type tongueNames struct {
	told, own string
	plain     []string // all that it may be asked for by, in plain words
}

// tongues keeps tongueNames, which CLDR is slow to tell: by the two languages, of which
// there are as many as catalogues and groups have.
var tongues sync.Map

// tongueIn is what a language is called in another, worked out once.
func tongueIn(in, lang string) *tongueNames {
	key := [2]string{in, lang}
	if known, ok := tongues.Load(key); ok {
		return known.(*tongueNames)
	}
	n := &tongueNames{told: namedIn(in, lang), own: namedBySelf(lang)}
	for _, name := range slices.Concat([]string{n.told, n.own}, otherNames[lang]) {
		n.plain = append(n.plain, plainly(name))
	}
	known, _ := tongues.LoadOrStore(key, n)
	return known.(*tongueNames)
}

// selfName is what the people who speak a language call it, "" where that is not known.
func selfName(lang string) string { return tongueIn(lang, lang).own }

// languageName is what a language is called in another.
func languageName(in, lang string) string { return tongueIn(in, lang).told }

func namedBySelf(lang string) string {
	if own, ok := ownNames[lang]; ok {
		return own
	}
	return display.Self.Name(language.Make(lang))
}

func namedIn(in, lang string) string {
	tag := language.Make(lang)
	if _, ours := ownNames[lang]; ours {
		base, _ := tag.Base()
		tag = language.Make(base.String())
	}
	if told, ok := toldNames[in][tag.String()]; ok {
		return told
	}
	names := display.Languages(language.Make(in))
	if names == nil || in == "ht" { // CLDR takes it for French
		names = display.Languages(language.English)
	}
	return names.Name(tag)
}

// calledTongue says whether a query, in plain words, asks for a language by a name that it has
// in another or by its own.
func calledTongue(query, in, lang string) bool {
	return slices.ContainsFunc(tongueIn(in, lang).plain, func(name string) bool { return names(query, name) })
}

// sameTongue says whether who speaks the one understands the other: Portuguese and that
// of Brazil.
func sameTongue(a, b string) bool {
	return a == b || baseOf(a) == baseOf(b)
}

func baseOf(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	return base
}

// Tongue is the one of some languages that is meant by a tag as people write it: "pt",
// "zh-CN", "ES". It is false where there is none of that language.
func Tongue(tag string, of []string) (string, bool) {
	if slices.Contains(of, tag) {
		return tag, true
	}
	asked, err := language.Parse(tag)
	if err != nil || len(of) == 0 {
		return "", false
	}
	own, _ := asked.Base()
	var near []language.Tag
	var tags []string
	for _, lang := range of {
		have := language.Make(lang)
		if base, _ := have.Base(); base == own {
			near, tags = append(near, have), append(tags, lang)
		}
	}
	if len(near) == 0 {
		return "", false
	}
	_, i, _ := language.NewMatcher(near).Match(asked)
	return tags[i], true
}
