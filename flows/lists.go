package flows

import (
	"slices"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// item is one entry of a spoken list. Lang is set when the label is spoken in
// a language of its own.
type item struct {
	label template
	lang  string
}

// itemOf is an item in the caller's language.
func itemOf(label string) item {
	return item{label: template{pieces: []piece{{part: Part{Text: label}}}}}
}

// list names what a `pick` can offer. ids is read once, when the list is first
// spoken; label is read each time, for what was offered. The answer goes into
// the variable into.
type list struct {
	into  string
	ids   func(t *turn) []string
	label func(t *turn, id string) (item, bool)
}

// lists are the sources that a `pick` may name.
var lists = joined(lineLists, deskLists)

// lineLists are those of everybody.
var lineLists = map[string]list{
	"languages":         {into: "lang", ids: otherLanguages, label: languageItem},
	"topics":            {into: "topic", ids: topics, label: topicItem},
	"days":              {into: "day", ids: days, label: dayItem},
	"spoken_languages":  {into: "speaks", ids: spokenLanguages, label: spokenLanguageItem},
	"groups.open_now":   {into: "group", ids: openNow, label: openItem},
	"groups.search":     {into: "group", ids: search, label: foundItem},
	"groups.soon":       {into: "group", ids: soon, label: soonItem},
	"groups.other_open": {into: "group", ids: otherOpen, label: openItem},
	"session.people":    {into: varSeat, ids: people, label: personItem},
	"member.groups":     {into: "group", ids: ownGroups, label: openItem},
	"zones":             {into: varZone, ids: zoneIDs, label: zoneItem},
}

// pageLength is how many items a caller hears before "more": four can be kept
// in mind.
const pageLength = 4

// listed says whether a group is offered to anybody: code and approval groups
// are told to nobody.
func listed(g Group) bool { return g.Access == AccessOpen && g.Stage.Meets() }

func openNow(t *turn) []string {
	var ids []string
	for _, g := range t.view.Directory.Groups() {
		if _, live := t.view.Directory.Live(g.ID, t.view.Now); live && listed(g) && g.Place == "" {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// search keeps the groups that match what the caller has narrowed by, the
// soonest first.
func search(t *turn) []string {
	return t.soonestFirst(func(g Group) (schedule.Occurrence, bool) {
		if t.s.Topic != "" && !slices.Contains(g.Topics, t.s.Topic) || t.s.Speaks != "" && !g.speaks(t.s.Speaks) {
			return schedule.Occurrence{}, false
		}
		return t.date(g.ID)
	})
}

// soon are the groups that have a date, the soonest first.
func soon(t *turn) []string {
	return t.soonestFirst(func(g Group) (schedule.Occurrence, bool) { return t.next(g.ID) })
}

// soonestFirst orders the groups that are listed and have a date by it.
func (t *turn) soonestFirst(date func(Group) (schedule.Occurrence, bool)) []string {
	type dated struct {
		id    string
		start time.Time
	}
	found := make([]dated, 0, len(t.view.Directory.Groups()))
	for _, g := range t.view.Directory.Groups() {
		if !listed(g) {
			continue
		}
		if o, ok := date(g); ok {
			found = append(found, dated{g.ID, o.Start})
		}
	}
	slices.SortStableFunc(found, func(a, b dated) int { return a.start.Compare(b.start) })
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.id
	}
	return ids
}

// next is the group's date in progress or to come.
func (t *turn) next(id string) (schedule.Occurrence, bool) {
	if dates := t.view.Directory.Next(id, t.view.Now, 1); len(dates) > 0 {
		return dates[0], true
	}
	return schedule.Occurrence{}, false
}

// date is the group's next date, on the weekday that the caller asked for if
// they did.
func (t *turn) date(id string) (schedule.Occurrence, bool) {
	if t.s.Day == "" {
		return t.next(id)
	}
	for _, o := range t.view.Directory.week(id, t.view.Now) {
		if weekday(o.Start) == t.s.Day {
			return o, true
		}
	}
	return schedule.Occurrence{}, false
}

func weekday(at time.Time) string { return strconv.Itoa(int(at.Weekday())) }

func topics(t *turn) []string { return t.view.Directory.topics }

func spokenLanguages(t *turn) []string { return t.view.Directory.spoken }

// days are the weekdays that have a listed group within a week, today first.
func days(t *turn) []string {
	held := map[string]bool{}
	for _, g := range t.view.Directory.Groups() {
		if !listed(g) {
			continue
		}
		for _, o := range t.view.Directory.week(g.ID, t.view.Now) {
			held[weekday(o.Start)] = true
		}
	}
	var ids []string
	for i := range 7 {
		if day := weekday(t.view.Now.In(t.view.Directory.zone).AddDate(0, 0, i)); held[day] {
			ids = append(ids, day)
		}
	}
	return ids
}

func otherLanguages(t *turn) []string {
	return slices.DeleteFunc(slices.Clone(t.languages()), func(l string) bool { return l == t.s.Lang })
}

// languages are those the line offers and the flow has words for. The caller
// must not change them.
func (t *turn) languages() []string {
	all := t.view.Directory.Line.Languages
	unspoken := func(l string) bool { return t.flow.catalogues[l] == nil }
	if slices.ContainsFunc(all, unspoken) {
		all = slices.DeleteFunc(slices.Clone(all), unspoken)
	}
	if len(all) == 0 {
		return t.flow.languages[:1]
	}
	return all
}

func languageItem(t *turn, id string) (item, bool) {
	name := selfName(id)
	_, ok := t.flow.catalogues[id]
	return item{label: itemOf(name).label, lang: id}, ok && name != ""
}

func spokenLanguageItem(t *turn, id string) (item, bool) {
	name := t.languageName(id)
	return itemOf(name), name != ""
}

// languageName is what a language is called in the caller's.
func (t *turn) languageName(lang string) string { return languageName(t.s.Lang, lang) }

func topicItem(t *turn, id string) (item, bool) {
	return item{label: t.flow.catalogue(t.s.Lang).topicLabel(id)}, id != ""
}

func dayItem(t *turn, id string) (item, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n < 0 || n > 6 {
		return item{}, false
	}
	return itemOf(schedule.Weekday(t.s.Lang, time.Weekday(n))), true
}

func openItem(t *turn, id string) (item, bool) {
	g, ok := t.view.Directory.Group(id)
	return itemOf(t.groupName(g)), ok
}

func foundItem(t *turn, id string) (item, bool) {
	o, ok := t.date(id)
	return t.datedItem(id, o, ok)
}

func soonItem(t *turn, id string) (item, bool) {
	o, ok := t.next(id)
	return t.datedItem(id, o, ok)
}

// datedItem is a group with one of its dates, if it has one.
func (t *turn) datedItem(id string, o schedule.Occurrence, dated bool) (item, bool) {
	if !dated {
		return item{}, false
	}
	g, _ := t.view.Directory.Group(id)
	if !o.DoorOpen(t.view.Now) || g.Place != "" {
		return itemOf(schedule.Clauses(t.s.Lang, t.groupName(g), t.view.when(t.s.Lang, o.Start))), true
	}
	now := t.flow.catalogue(t.s.Lang).prompts[promptNow]
	return item{label: template{pieces: append(itemOf(schedule.Clauses(t.s.Lang, t.groupName(g), "")).label.pieces, now.pieces...)}}, true
}

// labelled is an item of a list by its id; there is false for one that is gone.
type labelled struct {
	id string
	item
	there bool
	line  []Part // how it is offered, nil until somebody asks
}

// item is what the list at a node says of an id, worked out once while a turn is there.
func (t *turn) item(n *node, id string) *labelled {
	for i := range t.items {
		if t.items[i].id == id {
			return &t.items[i]
		}
	}
	it, there := lists[n.source].label(t, id)
	if t.items == nil {
		t.items = make([]labelled, 0, pageLength)
	}
	t.items = append(t.items, labelled{id: id, item: it, there: there})
	return &t.items[len(t.items)-1]
}

// line is an item of the list at a node as it is offered by a key, in its language; nil of
// what is gone.
func (t *turn) line(n *node, id string, key int) (*catalogue, []Part) {
	it, lang := t.item(n, id), t.s.Lang
	if it.lang != "" {
		lang = it.lang
	}
	c := t.flow.catalogue(lang)
	if it.there && it.line == nil {
		it.line = t.wording(c, promptItem).item(it.label, strconv.Itoa(key))
	}
	return c, it.line
}
