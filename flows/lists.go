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

// item is one entry of a spoken list. Lang is set when the label is spoken in
// a language of its own.
type item struct {
	id, label, lang string
}

// list names what a `pick` can offer. ids is read once, when the list is first
// spoken; label is read each time, for what was offered.
type list struct {
	ids   func(t *turn) []string
	label func(t *turn, id string) (item, bool)
}

// lists are the sources that a `pick` may name.
var lists = map[string]list{
	"languages":        {ids: otherLanguages, label: languageItem},
	"topics":           {ids: topics, label: topicItem},
	"days":             {ids: days, label: dayItem},
	"spoken_languages": {ids: spokenLanguages, label: spokenLanguageItem},
	"groups.open_now":  {ids: openNow, label: openItem},
	"groups.search":    {ids: search, label: foundItem},
	"groups.soon":      {ids: soon, label: foundItem},
}

// pageLength is how many items a caller hears before "more": four can be kept
// in mind.
const pageLength = 4

// listed says whether a group is offered to anybody: code and approval groups
// are told to nobody.
func listed(g Group) bool { return g.Access == AccessOpen && meets(g) }

// meets says whether a group's stage lets it be held.
func meets(g Group) bool { return g.Stage != StagePaused && g.Stage != StageClosed }

func (t *turn) groupIDs(keep func(Group) bool) []string {
	var ids []string
	for _, g := range t.view.Directory.Groups() {
		if listed(g) && keep(g) {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

func openNow(t *turn) []string {
	return t.groupIDs(func(g Group) bool {
		if g.Place != "" {
			return false
		}
		_, live := t.view.Directory.Live(g.ID, t.view.Now)
		return live
	})
}

// search keeps the groups that match what the caller has narrowed by, the
// soonest first.
func search(t *turn) []string {
	d, now := t.view.Directory, t.view.Now
	ids := t.groupIDs(func(g Group) bool {
		if t.s.Topic != "" && !slices.Contains(g.Topics, t.s.Topic) {
			return false
		}
		if t.s.Speaks != "" && !slices.Contains(g.Languages, t.s.Speaks) {
			return false
		}
		next := d.Next(g.ID, now, 1)
		return len(next) > 0 && (t.s.Day == "" || meetsOn(d, g.ID, t.s.Day, now))
	})
	return t.soonestFirst(ids)
}

// soon are the groups that have a date, the soonest first.
func soon(t *turn) []string {
	return t.soonestFirst(t.groupIDs(func(g Group) bool {
		return len(t.view.Directory.Next(g.ID, t.view.Now, 1)) > 0
	}))
}

func (t *turn) soonestFirst(ids []string) []string {
	d, now := t.view.Directory, t.view.Now
	slices.SortStableFunc(ids, func(a, b string) int {
		return d.Next(a, now, 1)[0].Start.Compare(d.Next(b, now, 1)[0].Start)
	})
	return ids
}

// meetsOn says whether a group has a date on that weekday within a week.
func meetsOn(d *Directory, id, day string, now time.Time) bool {
	for _, o := range d.Next(id, now, 7) {
		if o.Start.After(now.AddDate(0, 0, 7)) {
			return false
		}
		if strconv.Itoa(int(o.Start.Weekday())) == day {
			return true
		}
	}
	return false
}

func topics(t *turn) []string {
	var all []string
	for _, g := range t.view.Directory.Groups() {
		if listed(g) {
			all = append(all, g.Topics...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// days are the weekdays that have a listed group within a week, today first.
func days(t *turn) []string {
	var ids []string
	for i := range 7 {
		day := strconv.Itoa((int(t.today()) + i) % 7)
		if len(t.groupIDs(func(g Group) bool { return meetsOn(t.view.Directory, g.ID, day, t.view.Now) })) > 0 {
			ids = append(ids, day)
		}
	}
	return ids
}

// today is the weekday on the line's own calendar.
func (t *turn) today() time.Weekday {
	zone, err := time.LoadLocation(t.view.Directory.Line.Zone)
	if err != nil {
		return t.view.Now.Weekday()
	}
	return t.view.Now.In(zone).Weekday()
}

func spokenLanguages(t *turn) []string {
	var all []string
	for _, g := range t.view.Directory.Groups() {
		if listed(g) {
			all = append(all, g.Languages...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func otherLanguages(t *turn) []string {
	return slices.DeleteFunc(slices.Clone(t.languages()), func(l string) bool { return l == t.s.Lang })
}

// languages are those the line offers and the flow has words for.
func (t *turn) languages() []string {
	var both []string
	for _, l := range t.view.Directory.Line.Languages {
		if _, ok := t.flow.catalogues[l]; ok {
			both = append(both, l)
		}
	}
	if len(both) == 0 {
		return t.flow.languages[:1]
	}
	return both
}

func languageItem(t *turn, id string) (item, bool) {
	_, ok := t.flow.catalogues[id]
	return item{id: id, label: display.Self.Name(language.Make(id)), lang: id}, ok
}

func spokenLanguageItem(t *turn, id string) (item, bool) {
	name := display.Languages(language.Make(t.s.Lang)).Name(language.Make(id))
	return item{id: id, label: name}, name != ""
}

func topicItem(t *turn, id string) (item, bool) {
	if p, ok := t.flow.catalogue(t.s.Lang).prompts["topic_"+id]; ok {
		return item{id: id, label: p.source}, true
	}
	return item{id: id, label: strings.ReplaceAll(id, "-", " ")}, true
}

func dayItem(t *turn, id string) (item, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n < 0 || n > 6 {
		return item{}, false
	}
	return item{id: id, label: schedule.Weekday(t.s.Lang, time.Weekday(n))}, true
}

func openItem(t *turn, id string) (item, bool) {
	g, ok := t.view.Directory.Group(id)
	return item{id: id, label: g.Name.In(t.s.Lang)}, ok
}

func foundItem(t *turn, id string) (item, bool) {
	g, ok := t.view.Directory.Group(id)
	next := t.view.Directory.Next(id, t.view.Now, 1)
	if !ok || len(next) == 0 {
		return item{}, false
	}
	when := schedule.Spoken(t.s.Lang, next[0].Start, t.view.Now)
	if next[0].DoorOpen(t.view.Now) && g.Place == "" {
		when = t.flow.catalogue(t.s.Lang).prompts[promptNow].source
	}
	return item{id: id, label: g.Name.In(t.s.Lang) + ", " + when}, true
}
