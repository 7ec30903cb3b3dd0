package flows

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// match narrows the search by State.Query. What is named may stand in any
// language of the line.
func (t *turn) match() string {
	for _, lang := range append([]string{t.s.Lang}, otherLanguages(t)...) {
		for _, query := range t.readings(lang) {
			if into, value := t.means(lang, query); into != "" {
				t.s.Lang = lang
				t.take(into, value)
				if into == "group" {
					return "one"
				}
				return "some"
			}
		}
	}
	return "none"
}

// matched is match, after which nobody needs to know any more what was written.
func (t *turn) matched() string {
	came := t.match()
	if came != "none" {
		t.s.Query = ""
	}
	return came
}

// readings are what a query may name: itself, what is left of it without the
// small words around, that without an s at its end, and without what is elided.
func (t *turn) readings(lang string) []string {
	query := t.s.Query
	core := t.flow.catalogue(lang).withoutSmall(query)
	all := []string{query}
	for _, q := range []string{core, strings.TrimSuffix(core, "s"), t.flow.catalogue(lang).withoutElided(core)} {
		if q != "" && !slices.Contains(all, q) {
			all = append(all, q)
		}
	}
	return all
}

// withoutSmall is what is left of plain words without the small ones around.
func (c *catalogue) withoutSmall(words string) string {
	words = " " + words + " "
	for _, phrase := range c.lookedFor.small {
		for strings.Contains(words, phrase) {
			words = strings.ReplaceAll(words, phrase, " ")
		}
	}
	return strings.TrimSpace(words)
}

// withoutElided is plain words without the small ones that run into them, as the l of
// l'anxiété does: one letter before a vowel or an h.
func (c *catalogue) withoutElided(words string) string {
	all := strings.Fields(words)
	for i, w := range all {
		if len(w) > 1 && strings.ContainsRune("aeiouyh", rune(w[1])) && slices.Contains(c.phrases[promptSmall], w[:1]) {
			all[i] = w[1:]
		}
	}
	return strings.Join(all, " ")
}

// means finds what a query names in a language: a topic, a day, a language or
// a listed group.
func (t *turn) means(lang, query string) (into, value string) {
	c := t.flow.catalogue(lang)
	if topic := c.topicCalled(query, topics(t)); topic != "" {
		return "topic", topic
	}
	for day := range 7 {
		if c.isDay(query, time.Weekday(day)) {
			return "day", strconv.Itoa(day)
		}
	}
	for _, spoken := range spokenLanguages(t) {
		if called(query, lang, spoken) {
			return "speaks", spoken
		}
	}
	if slices.Contains(c.phrases[promptToday], query) {
		return "day", weekday(t.view.Now.In(t.view.Directory.zone))
	}
	if id, ok := t.view.Directory.called(query); ok {
		return "group", id
	}
	for _, topic := range topics(t) {
		if own := c.lookedFor.topics[topic]; len(own) > 0 && holds(query, own[0]) {
			return "topic", topic
		}
	}
	if topic, _ := c.spokenOf(query, topics(t)); topic != "" {
		return "topic", topic
	}
	return "", ""
}

// shortestBeginning is how many letters of a name stand for it.
const shortestBeginning = 4

// names says whether a query is a name, in plain words, or begins it.
func names(query, name string) bool {
	return name != "" && strings.HasPrefix(name, query) && (query == name || tells(query, shortestBeginning))
}

// holds says whether a query is one of the words of a name, and not a short one.
func holds(query, name string) bool {
	return strings.Contains(name, query) && tells(query, shortestBeginning) && slices.Contains(strings.Fields(name), query)
}

// chineseDays are what days are called in Chinese beside what CLDR calls them.
var chineseDays = strings.NewReplacer("礼 拜", "星 期", "禮 拜", "星 期", "週", "周", "天", "日")

// isDay says whether a query is a day of the week. In Chinese all of them begin alike.
func (c *catalogue) isDay(query string, day time.Weekday) bool {
	if hasHan(query) {
		query = chineseDays.Replace(query)
	}
	called := &c.lookedFor.days[day]
	return query == called.short || names(query, called.name) && (query == called.name || !hasHan(query))
}

// speaks goes on in the language that State.Query names.
func (t *turn) speaks() string {
	for _, lang := range t.languages() {
		if t.s.Query == strings.Join(plainWords(lang), " ") || t.s.Query == baseOf(lang) || called(t.s.Query, t.s.Lang, lang) {
			t.s.Lang = lang
			return "known"
		}
	}
	return "unknown"
}
