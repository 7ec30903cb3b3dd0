package flows

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/hearthline/hearthline/flows/schedule"
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

// readings are what a query may name: itself, what is left of it without the
// small words around, and that without an s at its end.
func (t *turn) readings(lang string) []string {
	query := t.s.Query
	core := strings.Join(slices.DeleteFunc(strings.Fields(query), func(w string) bool {
		return slices.Contains(t.flow.catalogue(lang).phrases[promptSmall], w)
	}), " ")
	all := []string{query}
	for _, q := range []string{core, strings.TrimSuffix(core, "s")} {
		if q != "" && !slices.Contains(all, q) {
			all = append(all, q)
		}
	}
	return all
}

// means finds what a query names in a language: a topic, a day, a language or
// a listed group.
func (t *turn) means(lang, query string) (into, value string) {
	c := t.flow.catalogue(lang)
	for _, topic := range topics(t) {
		if names(query, topic) || names(query, c.prompts[topicPrefix+topic].source) {
			return "topic", topic
		}
	}
	for day := range 7 {
		if names(query, schedule.Weekday(lang, time.Weekday(day))) {
			return "day", strconv.Itoa(day)
		}
	}
	for _, spoken := range spokenLanguages(t) {
		tag := language.Make(spoken)
		if names(query, display.Languages(language.Make(lang)).Name(tag)) || names(query, display.Self.Name(tag)) {
			return "speaks", spoken
		}
	}
	if slices.Contains(c.phrases[promptToday], query) {
		return "day", weekday(t.view.Now.In(t.view.Directory.zone))
	}
	if id, ok := t.view.Directory.called(query); ok {
		return "group", id
	}
	return "", ""
}

// shortestBeginning is how many letters of a name stand for it.
const shortestBeginning = 4

// names says whether a query is a name, or begins it.
func names(query, name string) bool {
	full := strings.Join(plainWords(name), " ")
	return full != "" && (query == full || len(query) >= shortestBeginning && strings.HasPrefix(full, query))
}

// speaks goes on in the language that State.Query names.
func (t *turn) speaks() string {
	for _, lang := range t.languages() {
		tag := language.Make(lang)
		if t.s.Query == lang || names(t.s.Query, display.Self.Name(tag)) || names(t.s.Query, display.Languages(language.Make(t.s.Lang)).Name(tag)) {
			t.s.Lang = lang
			return "known"
		}
	}
	return "unknown"
}
