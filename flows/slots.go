package flows

import (
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// slots are the values that a prompt may name. A slot reads the View and the
// State, and puts them into the catalogue's words; none can reach a telephone
// number, and none a PIN.
var slots = joined(lineSlots, sessionSlots, inflectedSlots, deskSlots, studioSlots)

// lineSlots are of the line: its groups, callers and members.
var lineSlots = map[string]func(t *turn) string{
	"line.name":   func(t *turn) string { return t.view.Directory.Line.Name },
	"line.number": (*turn).lineNumber,
	"line.time":   func(t *turn) string { return schedule.Clock(t.s.Lang, t.view.Now.In(t.view.Directory.zone)) },
	"crisis.name": func(t *turn) string { return t.digitwise(t.view.Directory.Line.CrisisName) },
	"group.code":  func(t *turn) string { return t.view.group(t.s).Code },

	"emergency.number": func(t *turn) string { return t.digitwise(t.view.Directory.Line.Urgent()) },
	"query":            func(t *turn) string { return closed(t.s.Query) },
	"group.name":       func(t *turn) string { return t.groupName(t.view.group(t.s)) },
	"group.place":      func(t *turn) string { return t.view.clip(t.view.group(t.s).Place, longestPlace) },
	"group.next":       func(t *turn) string { return strings.Join(nextDates(t.view, t.s, 1), "") },
	"group.dates":      func(t *turn) string { return schedule.Items(t.s.Lang, nextDates(t.view, t.s, 3)) },
	"reminder.name":    (*turn).reminderName,
	"reminder.call":    (*turn).reminderCall,
	"reminder.when":    func(t *turn) string { return t.moment(t.s.About.Start, t.s.About.Was) },
	"reminder.was":     func(t *turn) string { return t.moment(t.s.About.Was, t.s.About.Start) },

	"message.words": func(t *turn) string { return t.toldBy().Words },
	"group.series":  func(t *turn) string { return series(t.view, t.s) },

	"member.number":   func(t *turn) string { return t.digitwise(t.s.Vars[varTold]) },
	"member.code":     func(t *turn) string { return t.digitwise(t.s.Vars[varCode]) },
	"member.channel":  func(t *turn) string { return t.chosen("channel") },
	"member.clear":    func(t *turn) string { return t.chosen("clear") },
	"member.days":     func(t *turn) string { return t.chosen("days") },
	"member.hours":    func(t *turn) string { return t.chosen("hours") },
	"member.late":     func(t *turn) string { return t.chosen(varLate) },
	"member.pace":     func(t *turn) string { return t.chosen(varPace) },
	"member.machine":  func(t *turn) string { return t.chosen("machine") },
	"member.stopped":  func(t *turn) string { return t.label("_stopped_" + t.stopped()) },
	"member.zone":     func(t *turn) string { return t.zoneName(t.zone()) },
	"member.language": func(t *turn) string { return t.languageName(t.member().Language) },
	"member.enrolled": func(t *turn) string { return t.month(t.member().Enrolled) },
	"member.agreed":   func(t *turn) string { return t.month(t.member().Consent.Month) },
	"member.groups":   (*turn).memberGroups,
	"member.quick":    (*turn).quickName,
}

func (t *turn) groupName(g Group) string { return t.view.clip(g.Name.In(t.s.Lang), longestName) }

func (v View) group(s State) Group {
	g, _ := v.Directory.Group(s.Group)
	return g
}

// nextDates says the next n dates of the group in hand. A date in progress is
// not a next one; it is said when there is no other, for a caller may hear of
// a date again while it begins.
func nextDates(v View, s State, n int) []string {
	dates := v.Directory.Next(s.Group, v.Now, n+1)
	if later := slices.IndexFunc(dates, func(o schedule.Occurrence) bool { return o.Start.After(v.Now) }); later > 0 {
		dates = dates[later:]
	}
	said := make([]string, 0, n)
	for _, o := range dates[:min(n, len(dates))] {
		said = append(said, v.when(s.Lang, o.Start))
	}
	return said
}

// What a text has room for of a name and of an address, in characters.
const (
	longestName  = 60
	longestPlace = 110
)

const ellipsis = "..."

// clip shortens a value for a text.
func (v View) clip(s string, most int) string {
	letters := []rune(s)
	if !v.Text || len(letters) <= most {
		return s
	}
	return strings.TrimSpace(string(letters[:max(most-len(ellipsis), 0)])) + ellipsis[:min(most, len(ellipsis))]
}

// when is a time as the channel gives it.
func (v View) when(lang string, at time.Time) string {
	if v.Text {
		return schedule.Written(lang, at, v.Now)
	}
	return schedule.Spoken(lang, at, v.Now)
}

// digitwise is a number that a voice says digit by digit.
func (t *turn) digitwise(s string) string {
	if t.view.Text {
		return s
	}
	return spelled(s)
}

// lineNumber is the line's number, whose digits a voice says one by one, with a
// breath where it is written apart: "2, 0, 2. 5, 5, 5. 0, 1, 0, 0".
func (t *turn) lineNumber() string {
	if t.view.Text {
		return t.view.Number
	}
	groups := strings.FieldsFunc(t.view.Number, func(r rune) bool { return r < '0' || r > '9' })
	for i, digits := range groups {
		groups[i] = spelled(digits)
	}
	return strings.Join(groups, ". ")
}

func series(v View, s State) string {
	var said []string
	for _, m := range v.group(s).Meetings {
		said = append(said, schedule.SpokenSeries(s.Lang, m))
	}
	return schedule.Items(s.Lang, said)
}

// spelled sets digits apart so that a voice reads them one by one: "9, 8, 8".
// Anything else is left as it is.
func spelled(s string) string {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return s
	}
	return strings.Join(strings.Split(s, ""), ", ")
}
