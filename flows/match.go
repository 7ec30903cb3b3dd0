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
	query := t.s.Query
	for _, lang := range append([]string{t.s.Lang}, otherLanguages(t)...) {
		if into, value := t.means(lang, query); into != "" {
			t.s.Lang = lang
			t.take(into, value)
			if into == "group" {
				return "one"
			}
			return "some"
		}
	}
	return "none"
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
	groups := t.view.Directory.Groups()
	at := slices.IndexFunc(groups, func(g Group) bool { return listed(g) && names(query, g.Name.In(lang)) })
	if at >= 0 {
		return "group", groups[at].ID
	}
	return "", ""
}

// names says whether a query is a name, or begins it by four letters or more.
func names(query, name string) bool {
	full := strings.Join(plainWords(name), " ")
	return full != "" && (query == full || len(query) >= 4 && strings.HasPrefix(full, query))
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
