package flows

import (
	"slices"
	"strconv"
	"strings"
)

// match narrows the search by State.Query. What is named may stand in any
// language of the line.
func (t *turn) match() string {
	came := "none"
	t.anyLanguage(func(c *catalogue) bool {
		topics := c.topicSet(t.view.Directory.topics)
		for _, query := range c.readings(t.s.Query) {
			if query == "" {
				continue
			}
			if into, value := t.means(topics, query); into != "" {
				t.s.Lang = c.lang
				t.take(into, value)
				if came = "some"; into == "group" {
					came = "one"
				}
				return true
			}
		}
		return false
	})
	return came
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
// small words around, that without an s at its end, and without what is elided;
// "" for what would be the same again.
func (c *catalogue) readings(query string) (all [4]string) {
	core := c.withoutSmall(query)
	for i, q := range [...]string{query, core, strings.TrimSuffix(core, "s"), c.withoutElided(core)} {
		if !slices.Contains(all[:i], q) {
			all[i] = q
		}
	}
	return all
}

// withoutSmall is what is left of plain words without the small ones around.
func (c *catalogue) withoutSmall(words string) string {
	if !anyOf(words, c.lookedFor.around) {
		return words
	}
	words = " " + words + " "
	for _, phrase := range c.lookedFor.small {
		for strings.Contains(words, phrase) {
			words = strings.ReplaceAll(words, phrase, " ")
		}
	}
	return strings.TrimSpace(words)
}

// anyOf says whether any of plain words is one of these.
func anyOf(words string, these map[string]bool) bool {
	for word := range strings.FieldsSeq(words) {
		if these[word] {
			return true
		}
	}
	return false
}

// withoutElided is plain words without the small ones that run into them, as the l of
// l'anxiété does: one letter before a vowel or an h.
func (c *catalogue) withoutElided(words string) string {
	if len(c.lookedFor.elided) == 0 || hasHan(words) {
		return words
	}
	rest := words
	for w := range strings.FieldsSeq(words) {
		if len(w) > 1 && strings.IndexByte("aeiouyh", w[1]) >= 0 && c.lookedFor.elided[w[:1]] {
			at := standsIn(rest, w)
			rest = rest[:at] + rest[at+1:]
		}
	}
	return rest
}

// means finds what a query names in a language: a topic, a day, a language or
// a listed group.
func (t *turn) means(of topicSet, query string) (into, value string) {
	c := of.catalogue
	if topic := of.called(query); topic != "" {
		return "topic", topic
	}
	if day, ok := c.dayCalled(query); ok {
		return "day", strconv.Itoa(day)
	}
	if spoken, ok := t.view.Directory.tongueCalled(query, c.lang); ok {
		return "speaks", spoken
	}
	if slices.Contains(c.phrases[promptToday], query) {
		return "day", weekday(t.view.Now.In(t.view.Directory.zone))
	}
	if id, ok := t.view.Directory.called(query); ok {
		return "group", id
	}
	for _, topic := range of.topics {
		if own := c.lookedFor.topics[topic]; len(own) > 0 && holds(query, own[0]) {
			return "topic", topic
		}
	}
	if topic, _ := of.spoken(query); topic != "" {
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

// dayCalled is the day of the week that a query names. In Chinese all of them begin alike.
func (c *catalogue) dayCalled(query string) (day int, ok bool) {
	han := hasHan(query)
	if han && !hasHan(c.lookedFor.days[0].name) {
		return 0, false
	}
	if han && strings.ContainsAny(query, "礼禮週天日") {
		query = chineseDays.Replace(query)
	}
	for day := range c.lookedFor.days {
		called := &c.lookedFor.days[day]
		if query == called.short || query == called.name || !han && names(query, called.name) {
			return day, true
		}
	}
	return 0, false
}

// speaks goes on in the language that State.Query names.
func (t *turn) speaks() string {
	for _, lang := range t.languages() {
		if t.s.Query == plainly(lang) || t.s.Query == baseOf(lang) || calledTongue(t.s.Query, t.s.Lang, lang) {
			t.s.Lang = lang
			return "known"
		}
	}
	return "unknown"
}
