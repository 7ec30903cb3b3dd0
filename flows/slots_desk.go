package flows

import (
	"strconv"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// deskSlots are what who looks after groups is told.
var deskSlots = map[string]func(t *turn) string{
	// desk.status is how things stand in a sentence or three, desk.live who is in.
	"desk.status": (*turn).deskStatus,
	"desk.live":   (*turn).deskLive,
	// desk.reach is how many what was spoken for the group in hand reaches, and how.
	"desk.reach": (*turn).deskReach,
	// desk.date is the date in hand, desk.to the time to which it is moved or at which
	// a group that is set up meets first.
	"desk.date": (*turn).deskDate,
	"desk.to":   (*turn).deskTo,
	// Of who waits and is in hand.
	"applicant.number": func(t *turn) string { a, _ := t.applicant(); return t.number(a.Number) },
	"applicant.group": func(t *turn) string {
		a, _ := t.applicant()
		g, _ := t.view.Directory.Group(a.Group)
		return t.groupName(g)
	},
	// Of a group that is set up.
	"open.name":   func(t *turn) string { return t.openName() },
	"open.title":  (*turn).openTitle,
	"open.topic":  func(t *turn) string { return t.topicName() },
	"open.speaks": func(t *turn) string { return t.languageName(t.s.Vars[varTongue]) },
	"open.series": (*turn).openSeries,
	"opened.code": func(t *turn) string { return t.digitwise(t.s.Vars[varOpened]) },
	"order.code":  func(t *turn) string { return t.digitwise(t.s.Vars[varConfirm]) },
	// question.code are the digits by which a text of ours is answered.
	"question.code": func(t *turn) string { return t.digitwise(t.s.Vars[VarQuestion]) },
}

// deskLabels are the prompts that they say their values by.
var deskLabels = map[string][]string{
	"desk.status": append(plurals("_wait_", "none"), "_live_none", "_live_one", "_live_other", "_ahead"),
	"desk.live":   append(plurals("_in_", "none"), "_live_none"),
	"desk.reach":  append(plurals("_rung_"), plurals("_texted_")...),
}

func (t *turn) deskStatus() string {
	if t.view.Desk == nil {
		return ""
	}
	said := []string{t.countOfDesk("_wait_", len(t.desk().Waiting), ""), t.countOfDesk("_live_", len(t.desk().Live), "")}
	if id, o, ok := t.nextOfTheirs(); ok {
		g, _ := t.view.Directory.Group(id)
		said = append(said, t.sayLabel("_ahead", 0, schedule.Clauses(t.s.Lang, t.groupName(g), t.view.when(t.s.Lang, o.Start))))
	}
	return together(said)
}

// countOfDesk is how a language counts what a desk has; none may have words of its own.
func (t *turn) countOfDesk(prefix string, n int, names string) string {
	if _, ok := t.flow.catalogue(t.s.Lang).prompts[prefix+"none"]; ok && n <= 0 {
		return t.sayLabel(prefix+"none", 0, names)
	}
	return capital(t.sentence(t.counted(prefix, n), n, names))
}

// nextOfTheirs is the first date to come of the groups that they look after.
func (t *turn) nextOfTheirs() (group string, first schedule.Occurrence, ok bool) {
	for _, id := range deskGroups(t) {
		g, _ := t.view.Directory.Group(id)
		if !g.Stage.Meets() {
			continue
		}
		for _, o := range t.view.Directory.Next(id, t.view.Now, 2) {
			if o.Start.After(t.view.Now) && (!ok || o.Start.Before(first.Start)) {
				group, first, ok = id, o, true
			}
		}
	}
	return group, first, ok
}

// mostTold is how many sessions a text tells of.
const mostTold = 3

func (t *turn) deskLive() string {
	live := t.desk().Live
	if t.view.Desk == nil {
		return ""
	}
	if len(live) == 0 {
		return t.label("_live_none")
	}
	if t.view.Text && len(live) > mostTold {
		live = live[:mostTold]
	}
	var said []string
	for _, l := range live {
		if g, ok := t.view.Directory.Group(l.Group); ok {
			said = append(said, t.countOfDesk("_in_", l.Here, t.groupName(g)))
		}
	}
	return together(said)
}

func (t *turn) deskReach() string {
	var said []string
	for _, by := range []struct{ prefix, of string }{{"_rung_", varRung}, {"_texted_", varTexted}} {
		if n, err := strconv.Atoi(t.s.Vars[by.of]); err == nil && n > 0 {
			said = append(said, t.countOfDesk(by.prefix, n, ""))
		}
	}
	return together(said)
}

func (t *turn) deskDate() string {
	o, ok := t.dated()
	if !ok {
		return t.deskDay()
	}
	return t.view.when(t.s.Lang, o.Start)
}

// deskDay is the date in hand when its time is not known any more: it was changed.
func (t *turn) deskDay() string {
	d, err := schedule.ParseDate(t.s.Vars[varDate])
	if err != nil {
		return ""
	}
	return schedule.Weekday(t.s.Lang, d.Weekday())
}

func (t *turn) deskTo() string {
	at, ok := t.toWall()
	if !ok {
		return ""
	}
	return t.view.when(t.s.Lang, at)
}

// minutesOf is how long a meeting is to last.
func (t *turn) minutesOf(w schedule.When) string {
	if w.Minutes > 0 {
		return strconv.Itoa(w.Minutes)
	}
	return strconv.Itoa(openedFor)
}

func (t *turn) topicName() string {
	slug := t.s.Vars[varAbout]
	if p, ok := t.flow.catalogue(t.s.Lang).prompts[topicPrefix+slug]; ok {
		return Utterance{Parts: p.fixed}.Text()
	}
	return strings.ReplaceAll(slug, "-", " ")
}

// openName is what a group is called that is set up: its topic and day, unless a text
// has named it.
func (t *turn) openName() string {
	if name := t.s.Vars[varName]; name != "" {
		return name
	}
	return schedule.Clauses(t.s.Lang, capital(t.topicName()), t.openDay())
}

// openTitle is that name with the topic, when it is not of it: what was understood is
// read back.
func (t *turn) openTitle() string {
	if t.s.Vars[varName] == "" || t.s.Vars[varAbout] == "" {
		return t.openName()
	}
	return t.openName() + " (" + t.topicName() + ")"
}

func (t *turn) openDay() string {
	wall, err := schedule.ParseWall(t.s.Vars[varTo])
	if err != nil {
		return ""
	}
	return schedule.Weekday(t.s.Lang, wall.Date.Weekday())
}

func (t *turn) openSeries() string {
	length, _ := strconv.Atoi(t.s.Vars[varLength])
	start, err := schedule.ParseWall(t.s.Vars[varTo])
	if err != nil {
		return ""
	}
	m := schedule.Meeting{Start: start, Zone: t.view.Directory.zone.String(), Rule: t.s.Vars[varRule], Minutes: length}
	if t.view.Text {
		return schedule.WrittenSeries(t.s.Lang, m)
	}
	return schedule.SpokenSeries(t.s.Lang, m)
}

// FreshName is what a group is called that is set up in a State, for who keeps it.
func (f *Flow) FreshName(v View, s State) string {
	t := &turn{flow: f, view: v, s: s}
	return t.openName()
}

// ToIn is when the time in hand of a State is, in a zone; false if there is none.
func (s State) ToIn(zone *time.Location) (time.Time, bool) {
	wall, err := schedule.ParseWall(s.Vars[varTo])
	return wall.In(zone), err == nil
}
