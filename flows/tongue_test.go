package flows

import (
	"strings"
	"testing"
	"time"
)

// Each language of the line has a name in each, and none of them is English's.
func TestLanguageNames(t *testing.T) {
	t.Parallel()
	langs := []string{"en", "es", "fr", "ht", "pt-BR", "zh-Hans"}
	for lang, want := range map[string]string{"en": "English", "es": "español", "fr": "français", "ht": "kreyòl ayisyen", "pt-BR": "português", "zh-Hans": "中文"} {
		if got := selfName(lang); got != want {
			t.Errorf("%s calls itself %q, want %q", lang, got, want)
		}
	}
	for in, want := range map[string]string{
		"en": "English, Spanish, French, Haitian Creole, Portuguese, Chinese", "es": "inglés, español, francés, criollo haitiano, portugués, chino",
		"fr": "anglais, espagnol, français, créole haïtien, portugais, chinois", "ht": "anglè, panyòl, franse, kreyòl ayisyen, pòtigè, chinwa",
		"pt-BR": "inglês, espanhol, francês, crioulo haitiano, português, chinês", "zh-Hans": "英语, 西班牙语, 法语, 海地克里奥尔语, 葡萄牙语, 中文",
	} {
		var all []string
		for _, lang := range langs {
			all = append(all, languageName(in, lang))
		}
		if got := strings.Join(all, ", "); got != want {
			t.Errorf("in %s they are %q, want %q", in, got, want)
		}
	}
	for query, lang := range map[string]string{
		"creole": "ht", "kreyol": "ht", "haitian creole": "ht", "chinese": "zh-Hans", "中 文": "zh-Hans", "普 通 话": "zh-Hans", "mandarin": "zh-Hans", "portugues": "pt-BR", "brazilian": "pt-BR",
	} {
		if !calledTongue(query, "en", lang) || calledTongue(query, "en", "fr") {
			t.Errorf("%q does not ask for %s alone", query, lang)
		}
	}
}

func TestTongue(t *testing.T) {
	t.Parallel()
	line := []string{"en", "es", "fr", "ht", "pt-BR", "zh-Hans"}
	for tag, want := range map[string]string{
		"en": "en", "EN": "en", "en-GB": "en", "es-419": "es", "fr-CA": "fr", "ht-HT": "ht", "pt": "pt-BR", "pt-PT": "pt-BR", "pt_BR": "pt-BR", "zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-TW": "zh-Hans",
		"de": "", "gl": "", "tlh": "", "": "", "english": "", "x-y": "",
	} {
		if got, ok := Tongue(tag, line); got != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
	if got, _ := Tongue("zh-TW", []string{"zh-Hans", "zh-Hant"}); got != "zh-Hant" {
		t.Errorf("zh-TW is %q beside zh-Hant", got)
	}
}

// Whoever speaks Portuguese is understood in a group of Brazil's.
func TestAGroupSpeaks(t *testing.T) {
	t.Parallel()
	g := Group{Languages: []string{"pt", "zh-Hans"}}
	for lang, want := range map[string]bool{"pt-BR": true, "zh": true, "es": false} {
		if g.speaks(lang) != want {
			t.Errorf("the group speaks %s: %t", lang, !want)
		}
	}
}

// A language is offered once, of wherever its groups are.
func TestALanguageIsOfferedOnce(t *testing.T) {
	t.Parallel()
	var groups []Group
	for i, lang := range []string{"pt-BR", "es", "pt", "zh-Hant", "zh-Hans"} {
		groups = append(groups, Group{ID: string(rune('a' + i)), Name: Words{"": lang}, Languages: []string{lang}, Access: AccessOpen, Stage: StageOpen})
	}
	d := NewDirectory(Line{Zone: "America/New_York", Languages: []string{"en"}}, groups, time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC))
	if got := strings.Join(d.spoken, " "); got != "es pt zh-Hans" {
		t.Errorf("%s are offered", got)
	}
}
